"""Measuring and the graticule by the keys of the window, and what is remembered of them."""

from __future__ import annotations

from PySide6.QtCore import QPoint

from tests.helpers.window import Program
from viewer.core.settings import COORDINATES, GRATICULE


def test_shift_m_measures_on_the_map_wherever_the_keyboard_is(app: Program) -> None:
    app.window.show_table()
    app.settle()
    app.window.actions_by_id["measure"].trigger()
    app.settle()
    view = app.window.map_view
    assert view.isVisible()
    assert view.hasFocus()
    chosen = app.state.selection
    for at in (QPoint(400, 300), QPoint(520, 300), QPoint(520, 380)):
        app.click(view, at)
    app.key("Return")
    assert view.survey.measure is not None
    assert len(view.survey.measure.points) == 3
    assert app.state.selection == chosen, "no event was chosen by it"
    app.key("Esc")
    assert not view.survey.active
    assert app.state.selection == chosen, "Escape left measuring and nothing else"
    app.key("Shift+M")
    assert view.survey.active
    app.click(view.panel.ruler)
    assert not view.survey.active


def test_the_graticule_and_the_form_of_coordinates_are_remembered(app: Program) -> None:
    app.key("G")
    app.window.actions_by_id["coordinates"].trigger()
    settings = app.window.desk.settings
    assert settings.get(GRATICULE)
    assert settings.get(COORDINATES) == "dms"
    path = app.window.desk.data.store.path
    app.window.close()
    app.open(path)
    assert app.window.desk.settings.get(GRATICULE)
    assert app.window.map_view.survey.covered(app.window.map_view.picture.view)
    app.key("G")
    assert not app.window.map_view.survey.covered(app.window.map_view.picture.view)
