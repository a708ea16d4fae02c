"""Many events chosen on the map and in the lanes: the bar says how many, and changes them in one step."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.helpers.window import Program
from viewer.core.settings import SCALE
from viewer.shell.stage import rect_of
from viewer.views.many.bar import NO_TAGS
from viewer.views.many.choosers import Chooser
from viewer.views.map.geometry import Rect

pytestmark = pytest.mark.real_window

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_what_a_box_or_the_lanes_choose_is_changed_from_the_bar(app: Program) -> None:
    stage, view, lanes = app.window.stage, app.window.map_view, app.window.timeline_view.lanes
    before = view.viewport

    def cards() -> list[Rect]:
        panel = view.panel
        fixed = (panel.legend, panel._style_card, panel._zoom_card)
        return [*(each.body() for each in fixed), *panel._scale.rects(view.viewport)]

    placed = cards()
    middle = view.rect().center()
    first = middle - QPoint(150, 100)
    app.drag(view, [first, middle, middle + QPoint(250, 120)], SHIFT)
    app.settle()
    chosen = len(app.state.selection)
    assert chosen > 2
    assert stage.bar.isVisible()
    assert stage.bar.words.text() == f"{chosen} selected"
    assert view.viewport == before, "the map has not moved under the hand"
    bar = rect_of(stage.bar.body())
    assert cards() == placed, "nothing on the map has made room"
    assert not any(bar.meets(card) for card in cards())
    assert bar in view.panel.cards(), "labels and the callout keep clear of it"

    # One more from the lanes; what filters hide stays as it is, and the bar says so.
    name = "Turkey apologises to Russia"
    assert app.event(name) not in app.state.selection
    app.click(lanes, app.in_lanes(name), CTRL)
    app.settle()
    assert stage.bar.words.text() == f"{chosen + 1} selected"
    app.window.desk.commands.toggle_kind(next(k.uid for k in app.window.desk.data.loaded.kinds.values() if k.key == 1))
    app.settle()
    shown = int(stage.bar.words.text().split()[0])
    assert 2 <= shown < chosen + 1
    assert f"{chosen + 1 - shown} selected events are hidden by filters" in stage.bar.words.toolTip()

    # The first tag of the project: the picker says what to do.
    app.click(stage.bar.tag)
    app.settle()
    (chooser,) = app.window.findChildren(Chooser)
    app.wait(lambda: chooser.nothing.text() == NO_TAGS)
    assert chooser.nothing.isVisible()
    app.type("الموصل")
    app.wait(lambda: not chooser.nothing.isVisible())
    app.key("Return")
    app.settle()
    app.says(f"Tagged {shown} events with “الموصل”")

    # The same bar takes its room from the table, with what is selected there.
    app.window.desk.commands.clear_filters()
    app.window.show_table()
    app.settle()
    assert stage.bar.words.text() == f"{chosen + 1} selected"
    table = app.window.table_view
    assert table.mapTo(stage, table.rect().bottomLeft()).y() < stage.bar.geometry().top()
    app.window.show_table()
    app.settle()

    # Undo takes all of it back; Escape clears what is chosen, and the map is its own again.
    app.key("Ctrl+Z")
    app.settle()
    app.says("Undone: tag")
    assert len(app.state.selection) == chosen + 1
    app.window.map_view.setFocus()
    app.key("Escape")
    app.settle()
    assert app.state.selection == frozenset()
    assert not stage.bar.isVisible()
    assert bar not in view.panel.cards()

    # In a narrow window one event brings the drawer, many do not: it would lie over the bar.
    app.window.desk.settings.set(SCALE, 125)
    app.window.resize(1180, 800)
    app.settle()
    app.drag(view, [QPoint(250, 90), view.rect().center(), view.rect().bottomRight() - QPoint(90, 60)], SHIFT)
    app.settle()
    assert len(app.state.selection) > 1
    assert app.window._right.is_drawer
    assert not app.window._right.is_open
    app.window.desk.commands.fly_to_event(app.event(name))
    app.settle()
    assert app.window._right.is_open
