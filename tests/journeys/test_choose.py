"""Choosing an event anywhere chooses it everywhere, and the reader stands at its quote."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from db.values import Ref
from tests.helpers.maps import on_screen
from tests.helpers.window import Program, picture
from viewer.models.events import Column

pytestmark = pytest.mark.real_window

ABADI = "Abadi says ISIS is collapsing"


def assert_chosen_everywhere(app: Program, event: Ref) -> None:
    """Map, lanes, outline, table, inspector, claims and reader all show this event."""
    app.settle()
    window, data = app.window, app.window.desk.data
    row, title = data.row(event), app.title(event)
    assert app.state.current == event
    assert app.state.selection == {event}
    inspector = window.right_panel.inspector
    assert inspector.isVisible()
    assert inspector.detail.title == title
    for view, model in (
        (window.table_view.table, window.table_view.model),
        (window.left_panel.outline, window.left_panel.outline.events),
    ):
        if view.isVisible():  # else it selects when it is seen, as another test has it
            lines = {index.row() for index in view.selectionModel().selectedIndexes()}
            assert lines == {model.line_of(row)}
    picture(window)
    lanes = [child.name for child in window.timeline_view.lanes.painted_children() if child.selected]
    assert len(lanes) <= 1
    assert all(title in name for name in lanes)
    on_map = [child.name for child in window.map_view.painted_children() if child.selected]
    assert all(title in name for name in on_map)
    assert_reader_at_quote_of(app, event)


def assert_reader_at_quote_of(app: Program, event: Ref) -> None:
    source = app.window.right_panel.source
    detail = app.window.right_panel.inspector.detail
    assert app.state.quote is not None
    quote = next(each for each in source.page.quotes if each.uid == app.state.quote.uid)
    assert detail.uid == event.uid
    assert quote.id in {claim.quote.id for claim in detail.claims if claim.quote}
    app.wait(lambda: _is_painted_as_active(app, quote.id))


def _is_painted_as_active(app: Program, quote_id: int) -> bool:
    """Whether a quote is in sight and has the active colour about its letters."""
    source = app.window.right_panel.source
    span = next(each for each in source.reader.spans if each.quote.id == quote_id)
    area = source.reader.viewport().rect()
    rects = [rect.toAlignedRect() for rect in source.reader.rects_of(span.start, span.end)]
    seen = picture(source.reader.viewport())
    middle = next((rect for rect in rects if area.contains(rect.center())), None)
    if middle is None or area != source.reader.viewport().rect():  # the panel above it has just grown
        return False
    active = app.application.look.theme.color("hl").rgb()
    around = {seen.pixel(x, middle.top() + 1) for x in range(middle.left() + 2, middle.right() - 2, 3)}
    return active in around


def line_point(view: QAbstractItemView, line: int, column: int) -> QPointF:
    index = view.model().index(line, column)
    view.scrollTo(index)
    rect = view.visualRect(index)
    return QPointF(rect.left() + 40, rect.bottom() - 12)


def test_a_list_that_is_shown_later_has_what_is_chosen(app: Program) -> None:
    window = app.window
    event = app.event("Mosul offensive begins")
    window.desk.commands.select((event,), "test")
    app.settle()
    row = window.desk.data.row(event)
    outline, table = window.left_panel.outline, window.table_view.table
    assert not outline.isVisible()
    assert not table.isVisible()
    app.show_tab("Outline")
    app.key("Ctrl+Shift+E")
    app.settle()
    for view, model in ((outline, outline.events), (table, window.table_view.model)):
        assert view.isVisible()
        lines = {index.row() for index in view.selectionModel().selectedIndexes()}
        assert lines == {model.line_of(row)}
        shown = view.visualRect(model.index(model.line_of(row), Column.TITLE))
        assert view.viewport().rect().intersects(shown)


def test_a_lone_mark_on_the_map(app: Program) -> None:
    window = app.window
    app.key("Escape")
    app.settle()
    assert not app.state.selection
    alone = next(
        child
        for child in window.map_view.painted_children()
        if "events, on top" not in child.name and window.map_view.rect().contains(child.rect)
    )
    app.click(window.map_view, alone.rect.center())
    assert app.state.current is not None
    assert app.title(app.state.current) in alone.name
    assert_chosen_everywhere(app, app.state.current)


def test_a_stack_on_the_map_lists_its_events(app: Program) -> None:
    map_view = app.window.map_view
    app.key("Escape")
    app.settle()
    stack = next(child for child in map_view.painted_children() if "events, on top" in child.name)
    app.click(map_view, stack.rect.center())
    assert map_view.popover.isVisible()
    rows = map_view.popover.rows
    assert len(rows) > 1
    app.key("Down")
    app.key("Return")
    assert not map_view.popover.isVisible()
    assert app.state.current in {app.window.desk.data.row_ref(row) for row in rows}
    assert_chosen_everywhere(app, app.state.current)


def test_an_event_in_a_lane(app: Program) -> None:
    lanes = app.window.timeline_view.lanes
    event = app.event("YPG takes Tel Abyad")
    app.click(lanes, app.in_lanes("YPG takes Tel Abyad"))
    assert_chosen_everywhere(app, event)


def test_a_double_click_in_a_lane_flies_there(app: Program) -> None:
    lanes = app.window.timeline_view.lanes
    event = app.event("YPG takes Tel Abyad")
    app.double_click(lanes, app.in_lanes("YPG takes Tel Abyad"))
    assert_chosen_everywhere(app, event)
    index = app.window.desk.data.index
    row = app.window.desk.data.row(event)
    assert app.state.time_cursor == index.columns.best[row]
    x, y = on_screen(app.window.map_view.viewport, index.columns.lon[row], index.columns.lat[row])
    assert app.window.map_view.rect().contains(round(x), round(y))


def test_a_line_of_the_outline(app: Program) -> None:
    window = app.window
    app.show_tab("Outline")
    outline = window.left_panel.outline
    assert outline.isVisible()
    event = app.event("Mosul offensive begins")
    line = outline.events.line_of(window.desk.data.row(event))
    app.click(outline.viewport(), line_point(outline, line, Column.TITLE))
    assert_chosen_everywhere(app, event)
    cursor = app.state.time_cursor
    app.key("Down")
    assert app.state.current != event
    assert_chosen_everywhere(app, app.state.current)
    assert app.state.time_cursor == cursor
    app.key("Return")
    row = window.desk.data.row(app.state.current)
    assert app.state.time_cursor == window.desk.data.index.columns.best[row]
    app.settle()


def test_a_place_of_the_list(app: Program) -> None:
    window = app.window
    app.show_tab("Places")
    places = window.left_panel.places
    app.click(places.field)
    app.type("سرت")
    app.wait(lambda: places.model.rowCount() == 1)
    sirte = places.model.place_at(0)
    assert sirte.name == "Sirte"
    app.click(places.list.viewport(), QPointF(60, 12))
    app.settle()
    view = window.map_view.viewport
    x, y = on_screen(view, sirte.lon, sirte.lat)
    assert abs(x - view.width / 2) < 20
    assert abs(y - view.height / 2) < 20


def test_a_line_of_the_table(app: Program) -> None:
    window = app.window
    app.key("Ctrl+Shift+E")
    table = window.table_view.table
    assert table.isVisible()
    assert not window.map_view.isVisible()
    event = app.event("Coup attempted in Turkey")
    line = window.table_view.model.line_of(window.desk.data.row(event))
    app.click(table.viewport(), line_point(table, line, 1))
    assert_chosen_everywhere(app, event)
    app.key("Ctrl+Shift+E")
    assert window.map_view.isVisible()


def test_a_highlighted_quote(app: Program) -> None:
    source = app.window.right_panel.source
    reader = source.reader
    area, bar = reader.viewport().rect(), reader.verticalScrollBar()
    here = app.state.quote
    found = []
    while not found:
        found = [
            (span, rect)
            for span in reader.spans
            for rect in reader.rects_of(span.start, span.end)
            if span.quote.uid != here.uid
            and span.quote.claims
            and area.contains(rect.toAlignedRect())
            and rect.width() > 40
            if all(other is span or not (other.start < span.end and span.start < other.end) for other in reader.spans)
        ]
        assert found or bar.value() < bar.maximum()
        if not found:
            bar.setValue(bar.value() + area.height() // 2)
    span, rect = found[0]
    app.click(reader.viewport(), rect.center())
    app.settle()
    assert app.state.quote.uid == span.quote.uid
    assert app.state.current.uid == span.quote.claims[0].event_uid
    assert_chosen_everywhere(app, app.state.current)


def test_the_pager_walks_all_quotes_of_a_document(app: Program) -> None:
    source = app.window.right_panel.source
    app.settle()
    total = len(source.reader.spans)
    app.key("P", times=total)
    app.settle()
    seen = [app.quote_text()]
    for _ in range(total - 1):
        app.key("N")
        seen.append(app.quote_text())
    assert len(seen) == total == len(source.page.quotes)
    app.settle()
    assert_reader_at_quote_of(app, app.state.current)


def test_a_claim_card_brings_the_reader_to_its_own_quote(app: Program) -> None:
    inspector = app.window.right_panel.inspector
    claims = inspector.claims
    other = next(claim for claim in inspector.detail.claims if claim.quote.uid != app.state.quote.uid)
    card = next(card for uid, card in claims._cards.items() if uid == other.quote.uid)
    app.click(card, QPointF(20, 14))
    app.settle()
    assert app.state.quote.uid == other.quote.uid
    assert app.state.current == app.event(ABADI)
    assert_reader_at_quote_of(app, app.state.current)


def test_shift_and_a_box_choose_several(app: Program) -> None:
    map_view = app.window.map_view
    app.key("Escape")
    app.settle()
    marks = [child for child in map_view.painted_children() if map_view.rect().contains(child.rect)]
    alone = [child for child in marks if "events, on top" not in child.name][:2]
    for child in alone:
        app.click(map_view, child.rect.center(), Qt.KeyboardModifier.ShiftModifier)
    both = app.state.selection
    assert len(both) == 2
    app.click(map_view, alone[0].rect.center(), Qt.KeyboardModifier.ShiftModifier)
    (left,) = app.state.selection
    assert left in both
    assert app.title(left) in alone[1].name
    path = [QPointF(300, 150), QPointF(500, 300), QPointF(map_view.width() - 120, map_view.height() - 60)]
    app.drag(map_view, path, Qt.KeyboardModifier.ShiftModifier)
    assert len(app.state.selection) > 2
    app.settle()


def test_escape_leaves_the_nearest_thing_first(app: Program) -> None:
    window = app.window
    app.key("Ctrl+Shift+E")
    app.key("Space")
    app.key("Ctrl+K")
    field = QApplication.focusWidget()
    assert field is not None
    app.key("Escape")
    assert QApplication.focusWidget() is not field
    assert window.table_view.isVisible()
    app.key("Escape")
    assert window.map_view.isVisible()
    window.desk.playback.go(1)
    app.key("Escape")
    assert not window.desk.playback.playing
    assert app.state.selection
    app.key("Escape")
    assert not app.state.selection
    assert app.state.current is None
    app.settle()
    assert not window.right_panel.inspector.isVisible()


def test_f6_goes_round_all_regions_and_back_where_it_was(app: Program) -> None:
    window = app.window
    regions: dict[str, QWidget] = {
        "top": window.top_bar,
        "left": window.left_panel,
        "map": window.map_view,
        "transport": window.timeline_view.transport,
        "lanes": window.timeline_view.lanes,
        "right": window.right_panel,
    }

    def region() -> str:
        focus = QApplication.focusWidget()
        return next(name for name, part in regions.items() if part is focus or part.isAncestorOf(focus))

    window.map_view.setFocus()
    went = []
    for _ in regions:
        app.key("F6")
        went.append(region())
    assert went == ["transport", "lanes", "right", "top", "left", "map"]
    app.key("Shift+F6")
    assert region() == "left"
    app.key("Tab")
    left = QApplication.focusWidget()
    app.key("F6")
    app.key("Shift+F6")
    assert QApplication.focusWidget() is left
    app.key("Ctrl+B")
    assert not window.left_panel.isVisible()
    window.map_view.setFocus()
    app.key("Shift+F6")
    assert region() == "top"
