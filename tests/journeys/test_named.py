"""Actors and tags of the current event: seen, added and taken away in its panel, by the mouse and by the keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from tests.helpers.window import Program, detail_on_disk
from viewer.views.inspector.named import NO_TAGS
from viewer.widgets.chip_field import ChipField
from viewer.widgets.pictures import IconLabel

pytestmark = pytest.mark.real_window

ARABIC = "قوات سوريا الديمقراطية"


def names(field: ChipField) -> list[str]:
    return [chip.item.text for chip in field.chips]


def test_actors_and_tags_are_chips_that_come_and_go(app: Program, sample: Path) -> None:
    event = app.event("Abadi says ISIS is collapsing")
    app.window.desk.commands.fly_to_event(event)
    app.settle()
    inspector = app.window.right_panel.inspector
    actors, tags = inspector.named.actors, inspector.named.tags
    assert names(actors) == ["Haider al-Abadi", "Iraqi army", "ISIS"]
    assert [chip.item.note for chip in actors.chips] == ["speaker", "about, acting", "about, target"]
    assert [chip.width() >= chip.sizeHint().width() for chip in actors.chips] == [True] * 3
    selection = app.state.selection

    # A click takes the focus and nothing else; keys go from chip to chip.
    app.click(actors.chips[0], QPoint(15, 14))
    assert QApplication.focusWidget() is actors.chips[0]
    app.key("Right")
    assert QApplication.focusWidget() is actors.chips[1]
    assert (app.state.selection, app.state.current) == (selection, event)

    # An actor that the project knows by another name, then a new one; the line stays for the next.
    app.click(actors.add)
    app.settle()
    app.type("Daesh")
    app.key("Return")
    app.settle()
    assert names(actors) == ["Haider al-Abadi", "Iraqi army", "ISIS"], "Daesh is ISIS"
    app.type(ARABIC)
    app.key("Return")
    app.settle()
    app.says(f"Added actor “{ARABIC}”")
    assert names(actors) == ["Haider al-Abadi", "Iraqi army", "ISIS", ARABIC]
    app.key("Escape")
    assert QApplication.focusWidget() is actors.add
    assert app.state.current == event, "Escape has left the line and nothing else"

    # Its cross, and keys on the chip.
    app.click(actors.chips[1], actors.chips[1].cross().center())
    app.settle()
    assert names(actors) == ["Haider al-Abadi", "ISIS", ARABIC]
    actors.chips[0].setFocus()
    app.key("Delete")
    app.settle()
    assert names(actors) == ["ISIS", ARABIC]
    assert QApplication.focusWidget() is actors.chips[0], "the next one has the focus"
    kept = detail_on_disk(sample, event)
    assert kept is not None
    assert [each.name for each in kept.actors] == ["ISIS", ARABIC]

    # The first tag of the project, and its completion for the second.
    app.click(tags.add)
    app.settle()
    assert tags.line.placeholderText() == NO_TAGS
    app.type("to check")
    app.key("Return")
    app.settle()
    app.key("Escape")
    app.key("Return")
    app.settle()
    assert tags.line.placeholderText() != NO_TAGS
    app.type("che")
    found = tags.line.completer()
    assert found is not None
    assert found.currentCompletion() == "to check"
    app.key("Escape")  # the list goes, then the line
    assert tags.line.isVisible()
    app.key("Escape")
    assert not tags.line.isVisible()
    assert names(tags) == ["to check"]

    # The form has the same chips; each change was a step of its own.
    app.key("F2")
    app.settle()
    form = inspector.editor.named
    assert (names(form.actors), names(form.tags)) == (["ISIS", ARABIC], ["to check"])
    app.click(form.tags.chips[0], form.tags.chips[0].cross().center())
    app.settle()
    assert names(form.tags) == names(tags) == []
    app.key("Escape")
    app.window.map_view.setFocus()
    for tags_then, actors_then in (
        (["to check"], ["ISIS", ARABIC]),
        ([], ["ISIS", ARABIC]),
        ([], ["Haider al-Abadi", "ISIS", ARABIC]),
        ([], ["Haider al-Abadi", "Iraqi army", "ISIS", ARABIC]),
        ([], ["Haider al-Abadi", "Iraqi army", "ISIS"]),
    ):
        app.key("Ctrl+Z")
        app.settle()
        assert (names(tags), names(actors)) == (tags_then, actors_then)


def test_the_signs_before_facts_actors_and_tags_say_what_they_mean(app: Program) -> None:
    app.window.desk.commands.fly_to_event(app.event("Abadi says ISIS is collapsing"))
    app.settle()
    signs = {icon.toolTip(): icon for icon in app.window.right_panel.inspector.findChildren(IconLabel)}
    for meaning in ("Date", "Place", "Count", "Actors", "Tags"):
        assert signs[meaning].isVisible()
        assert signs[meaning].accessibleName() == meaning
