"""The lanes by something else than kinds: chosen, collapsed, alone, hidden and put into another order."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest

from db.tables import Actor
from tests.helpers.window import Program, painted
from viewer.core.grouping import Grouping
from viewer.core.settings import LANES

ALT = Qt.KeyboardModifier.AltModifier
ARABIC = "المقاتلون الأجانب في الموصل والرقة ودير الزور"


def lanes_of(app: Program) -> list[str]:
    """The names of the lanes that are not hidden, once they stand for what was asked."""
    app.settle()
    lanes = app.window.timeline_view.lanes
    lanes.grab()
    assert not lanes.sight.frames.sorting
    return [lane.name for lane in lanes.sight.layout_now().lanes if not lane.hidden]


def at_header(app: Program, name: str) -> QPoint:
    """Where to click a lane's header, brought into sight."""
    lanes = app.window.timeline_view.lanes
    lanes.grab()
    row = next(lane for lane in lanes.sight.layout_now().lanes if lane.name == name)
    lanes.sight.scroll_into_view(row.top, row.top + min(row.height, lanes.height()))
    at = lanes.sight.layout_now().lanes.index(row)
    return lanes.sight.name_rect(at).center()


def choose(app: Program, words: str) -> None:
    """Choose what lanes stand for from the list over their headers, by the keyboard."""
    app.window.map_view.setFocus()
    app.key("B")
    menu = app.window.timeline_view.head.menu
    assert menu is not None
    app.wait(menu.isVisible)
    for _ in range(12):
        if menu.activeAction().text() == words:
            break
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def test_lanes_by_actor_collapsed_alone_and_in_another_order(app: Program) -> None:
    window = app.window
    lanes, head = window.timeline_view.lanes, window.timeline_view.head
    assert lanes_of(app)[0] == "Control change"
    app.click(lanes, at_header(app, "Statements"))
    assert head.show_all.text() == "Show 1 hidden"
    choose(app, "Actor")
    by_actor = lanes_of(app)
    assert head.choose.text() == "Lanes by actor"
    assert by_actor[0] == "ISIS"
    assert by_actor[-1] == "No actor"
    assert by_actor[-2].startswith("All others (")
    assert head.show_all.isHidden()  # a kind that is filtered out is no lane here
    first = lanes.sight.layout_now().lanes[0]
    assert 0 < first.shown < first.total == 73
    window.desk.commands.clear_filters()

    # Thin, by the chevron and by the keyboard
    at = lanes.sight.chevron_rect(0).center()
    tall = lanes.sight.layout_now().lanes[0].height
    app.click(lanes, at)
    assert lanes.sight.layout_now().lanes[0].height < tall / 3
    assert painted(lanes, "ISIS lane, 73 of 73 shown, on, collapsed").isValid()
    assert lanes.sight.layout_now().lanes[0].columns.counts.sum() > 20
    lanes.setFocus()
    app.key("Right")
    assert lanes.sight.layout_now().lanes[0].height == tall
    app.key("Left")
    assert lanes.sight.layout_now().lanes[0].collapsed
    app.key("Shift+Up")
    assert all(lane.collapsed for lane in lanes.sight.layout_now().lanes)
    app.key("Shift+Down")
    assert not any(lane.collapsed for lane in lanes.sight.layout_now().lanes)

    # Alone, and all again; the map does not mind
    shown = window.desk.data.index.shown_count
    app.click(lanes, at_header(app, "Russia"), ALT)
    assert lanes_of(app) == ["Russia"]
    assert head.show_all.text() == f"Show {len(by_actor) - 1} hidden"
    assert window.desk.data.index.shown_count == shown
    app.click(lanes, at_header(app, "Russia"), ALT)
    assert lanes_of(app) == by_actor
    app.click(lanes, at_header(app, "Russia"), ALT)
    app.click(lanes, at_header(app, f"{len(by_actor) - 1} hidden lanes"))
    assert lanes_of(app) == by_actor

    # The same from the menu of a header, by a right click and by keys
    def from_menu(words: str) -> None:
        menu = lanes.menu
        assert menu is not None
        app.wait(menu.isVisible)
        for _ in menu.actions():
            if menu.activeAction().text().startswith(words):
                break
            QTest.keyClick(menu, Qt.Key.Key_Down)
        assert menu.activeAction().text().startswith(words)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    def by_key(keys: str, words: str) -> None:
        app.back_in_window()
        lanes.setFocus()
        app.key(keys)
        from_menu(words)

    handle, at = app._place(lanes, at_header(app, "Russia"))
    QTest.mouseClick(handle, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, at)
    from_menu("Show alone")
    assert lanes_of(app) == ["Russia"]
    for keys, words, left in (
        ("Shift+F10", "Show all again", by_actor),
        ("Menu", "Hide", [name for name in by_actor if name != "Russia"]),
        ("Shift+F10", "Show\t", by_actor),
    ):
        by_key(keys, words)
        assert lanes_of(app) == left
    by_key("Shift+F10", "Move up")
    by_key("Shift+F10", "Collapse")
    went = lanes_of(app)
    assert went.index("Russia") == by_actor.index("Russia") - 1
    assert lanes.sight.layout_now().lanes[went.index("Russia")].collapsed
    by_key("Shift+F10", "Expand")
    by_key("Shift+F10", "Move down")
    assert lanes_of(app) == by_actor
    window.desk.commands.lanes.reset_order()

    # Hidden: a thin lane in its place, shown again by a click on it or on the words above
    app.click(lanes, at_header(app, "United States"))
    assert "United States" not in lanes_of(app)
    app.click(lanes, at_header(app, "United States"))
    assert lanes_of(app) == by_actor
    app.click(lanes, at_header(app, "United States"))
    app.click(head.show_all)
    assert lanes_of(app) == by_actor

    # Another order, by mouse and by keys; it is still there the next time
    app.key("Shift+Up")
    end, start = at_header(app, by_actor[0]), at_header(app, by_actor[3])
    app.drag(lanes, [start, start - QPoint(0, 6), (start + end) / 2, end - QPoint(0, 5)])
    moved = [by_actor[3], *by_actor[:3], *by_actor[4:]]
    assert lanes_of(app) == moved
    app.drag(lanes, [end, end + QPoint(0, 8), start], meanwhile=lambda: app.key("Escape"))
    assert lanes_of(app) == moved
    lanes.setFocus()
    lanes.focus.put(0, None)
    app.key("Alt+Down", 2)
    app.key("Alt+Up")
    moved = [by_actor[0], by_actor[3], *by_actor[1:3], *by_actor[4:]]
    assert lanes_of(app) == moved
    assert painted(lanes, f"{by_actor[3]} lane").isValid()
    assert next(child.name for child in lanes.painted_children() if child.focused).startswith(f"{by_actor[3]} lane")
    path = window.desk.data.store.path
    window.close()
    window = app.open(path)
    lanes = window.timeline_view.lanes
    assert window.desk.settings.get(LANES) == "actor"
    assert lanes_of(app) == moved
    assert all(lane.collapsed for lane in lanes.sight.layout_now().lanes)
    window.desk.commands.lanes.reset_order()
    assert lanes_of(app) == by_actor
    window.desk.commands.lanes.group_by(Grouping.KIND)
    assert lanes_of(app)[0] == "Control change"
    assert not any(lane.collapsed for lane in lanes.sight.layout_now().lanes)
    window.desk.history.back()  # all of it since the window came up was one moment's work
    assert lanes_of(app) == moved


def test_what_a_hidden_source_tells_of_is_in_no_lane(app: Program) -> None:
    desk = app.window.desk
    desk.commands.lanes.group_by(Grouping.SOURCE)
    everything = lanes_of(app)
    source = next(row for row in desk.data.loaded.sources.values() if row.events)
    desk.commands.toggle_source(source.uid)
    left = lanes_of(app)
    assert len(left) == len(everything) - 1
    assert app.window.timeline_view.head.show_all.isHidden()  # no lane is hidden: there is none
    desk.commands.lanes.group_by(Grouping.ACTOR)
    with_less = lanes_of(app)
    desk.commands.clear_filters()
    assert lanes_of(app) != with_less
    desk.commands.lanes.group_by(Grouping.STATUS)
    assert lanes_of(app)[0] == "Reported"
    app.click(app.window.timeline_view.lanes, at_header(app, "Reported"))
    assert [str(status) for status in app.state.filters.hidden_statuses] == ["occurred"]
    app.key("Shift+A")
    assert not app.state.filters.count


def test_an_event_of_two_lanes_is_left_where_it_is_seen(app: Program) -> None:
    desk, sight = app.window.desk, app.window.timeline_view.lanes.sight
    desk.commands.clear_selection()
    desk.commands.lanes.group_by(Grouping.ACTOR)
    lanes_of(app)
    layout = sight.layout_now()
    items = [item for item in layout.items if item.y > 2 * app.window.timeline_view.lanes.height()]
    again = next(item for item in items if item.label is not None and layout.item_of(item.row) is not item)
    sight.scroll_into_view(again.y - 30, again.y + 30)
    before = sight.offset
    assert before > 0
    desk.commands.select((desk.data.row_ref(again.row),), "map")
    lanes_of(app)
    assert sight.offset == before
    sight.scroll_to(0)
    sight.scroll_to_event(again.row, again.lane)
    assert sight.offset > 0


def test_sorting_is_told_of_done_once_and_can_be_stopped(app: Program) -> None:
    desk, head = app.window.desk, app.window.timeline_view.head
    told: list[str] = []
    desk.jobs.long_began.connect(lambda _progress, label, _cancel: told.append(label))
    by_kind = lanes_of(app)
    for grouping in (Grouping.PLACE, Grouping.KIND, Grouping.PLACE):
        desk.commands.lanes.group_by(grouping)
        by_place = lanes_of(app)
    assert told == ["Sorting the lanes by place"]
    assert by_place != by_kind
    stop = Qt.ConnectionType.DirectConnection  # on the thread that works, before it has done anything
    desk.jobs.long_began.connect(lambda _progress, _label, cancel: cancel(), stop)
    desk.commands.lanes.group_by(Grouping.TAG)
    assert head.choose.text() == "Sorting by tag"
    app.wait(lambda: head.choose.text() == "Lanes by place")
    assert lanes_of(app) == by_place
    assert not app.window.toasts.toasts()


def test_lanes_follow_a_change_and_are_read_aloud(app: Program) -> None:
    window = app.window
    desk, lanes = window.desk, window.timeline_view.lanes
    desk.commands.lanes.group_by(Grouping.ACTOR)
    lanes_of(app)
    isis = next(row for row in desk.data.loaded.actors.values() if row.name == "ISIS")
    sorted_then: list[bool] = []
    desk.data.changed.connect(lambda _change: sorted_then.append(desk.data.grouped(Grouping.ACTOR) is not None))
    with desk.data.store.step("Rename an actor") as session:
        actor = session.get(Actor, isis.id)
        assert actor is not None
        actor.name = ARABIC
    app.wait(lambda: ARABIC in lanes_of(app))
    assert sorted_then == [True]  # with the events, not after them: no lane by kind in between
    interface = QAccessible.queryAccessibleInterface(lanes)
    children = [interface.child(at) for at in range(interface.childCount())]
    names = [child.text(QAccessible.Text.Name) for child in children]
    assert names[0] == f"{ARABIC} lane, 73 of 73 shown, on"
    chevron = names.index(f"Collapse {ARABIC}")
    assert children[chevron].role() == QAccessible.Role.Button
    children[chevron].actionInterface().doAction("Press")
    assert lanes.sight.layout_now().lanes[0].collapsed
    assert any(child.name == f"Expand {ARABIC}" for child in lanes.painted_children())


def test_lanes_that_are_away_for_a_while_keep_their_places(app: Program) -> None:
    desk = app.window.desk
    desk.commands.lanes.group_by(Grouping.SOURCE)
    names = lanes_of(app)
    keys = desk.commands.lanes._keys()
    last, third = keys[3], keys[2]
    desk.commands.lanes.place(last, keys[0])
    assert lanes_of(app)[:4] == [names[3], *names[:3]]
    for key in (last, third):
        desk.commands.toggle_source(key)
    assert lanes_of(app)[:2] == names[:2]
    desk.commands.lanes.place(keys[1], keys[0])
    assert lanes_of(app)[:2] == [names[1], names[0]]
    for key in (last, third):
        desk.commands.toggle_source(key)
    assert lanes_of(app)[:4] == [names[3], names[1], names[0], names[2]]
