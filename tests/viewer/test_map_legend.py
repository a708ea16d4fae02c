"""The legend: what it leaves out where there is little room, and what it says of discs."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.values import Status
from viewer.look.theme import ThemeManager
from viewer.views.map.crowd import TONES, tone_color
from viewer.views.map.overlays.legend import Entry, Legend, Tones


def test_the_legend_leaves_out_states_first_and_then_takes_rows(look: ThemeManager, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    legend = Legend(look, parent)
    names = ("Battles", "Talks", "Movement of people", "Views")
    kinds = [Entry(look.mark("circle", Status.OCCURRED, look.theme.text, 5), name) for name in names]
    states = [Entry(look.mark("circle", Status.PLANNED, look.theme.text3, 5), "Planned")]
    legend.show_entries(kinds, states, 14, 500, 600)
    assert [entry.text for entry in legend.entries] == [*names, "Planned"]
    assert legend.body().bottom == 500
    row = legend.body().h
    legend.show_entries(kinds, states, 14, 500, 400)
    assert [entry.text for entry in legend.entries] == [*names]
    assert legend.body().h == row
    legend.show_entries(kinds, states, 14, 500, 300)
    assert [entry.text for entry in legend.entries] == [*names]
    assert legend.body().bottom == 500
    assert row < legend.body().h < 2 * row
    assert legend.body().w <= 300
    assert legend.accessibleName() == "Legend: Battles, Talks, Movement of people, Views"
    legend.show_entries(kinds, states, 14, 500, 300, 120)
    assert legend.isHidden()


def test_of_tones_and_what_has_no_room_beside_them_the_tones_stand_alone(look: ThemeManager, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    legend = Legend(look, parent)
    mark = look.mark("circle", Status.OCCURRED, look.theme.text, 5)
    kinds, states = [Entry(mark, "Battles"), Entry(mark, "Talks")], [Entry(mark, "A layer")]
    colors = tuple(tone_color(look.theme, tone) for tone in range(TONES))
    tones = Tones(("Tone: events in the last year", "Tone: last year", "Year"), "none", "300 or more", colors)
    shown, words = [], []
    for room in range(700, 100, -10):
        legend.show_entries(kinds, states, 14, 500, room, None, tones)
        if legend.isHidden():
            shown.append(None)
            continue
        assert legend.body().w <= room
        shown.append(tuple(entry.text for entry in legend.entries))
        words.append(legend.accessibleName().split(",")[0])
    assert list(dict.fromkeys(shown[: shown.index(None)]))[:3] == [("Battles", "Talks", "A layer"), ("A layer",), ()]
    assert list(dict.fromkeys(words)) == [f"Legend: {each}" for each in tones.words]
    legend.show_entries(kinds, states, 14, 500, 700)
    assert legend.accessibleName() == "Legend: Battles, Talks, A layer"
