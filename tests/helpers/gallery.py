"""Every widget in one window, to look at and to compare between themes.

python -m tests.helpers.gallery [scale]      writes build/gallery-light.png and build/gallery-dark.png
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from db.values import Status
from viewer.look.theme import ThemeManager
from viewer.widgets.banner import Banner
from viewer.widgets.buttons import Button, IconButton, Menu
from viewer.widgets.cards import Card, FloatingCard
from viewer.widgets.check_row import CheckRow
from viewer.widgets.chips import Badge, Chip
from viewer.widgets.flow_layout import FlowLayout
from viewer.widgets.popover import Popover
from viewer.widgets.rows import ROW_ROLE, RowContent, RowDelegate
from viewer.widgets.search_field import SearchField
from viewer.widgets.sections import CollapsiblePanel, SectionHeader, TabBar
from viewer.widgets.segmented import Choice, Segmented
from viewer.widgets.select import Select
from viewer.widgets.splitter import Splitter
from viewer.widgets.states import EmptyState
from viewer.widgets.text import ElidedLabel, KeyCap, hairline, label
from viewer.widgets.toast import Toasts

SIZE = QSize(1240, 860)


def _row(*widgets: QWidget | None, gap: int = 8) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(gap)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row


def _filters(look: ThemeManager) -> QWidget:
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(16, 4, 16, 12)
    column.setSpacing(4)
    column.addWidget(TabBar(look, (("f", "Filter"), ("o", "Outline"), ("p", "Places")), "Left panel"))
    column.addWidget(hairline())
    column.addWidget(SectionHeader(look, "Status"))
    chips = QWidget()
    flow = FlowLayout(chips, gap=6)
    for status, words in ((Status.OCCURRED, "Reported"), (Status.PLANNED, "Planned"), (Status.PREDICTED, "Predicted")):
        chip = Chip(
            look,
            words,
            checkable=True,
            mark=lambda look, status=status: look.mark("hexagon", status, look.theme.text, 5, halo=False),
        )
        chip.setChecked(status is not Status.PREDICTED)
        flow.addWidget(chip)
    column.addWidget(chips)
    column.addWidget(SectionHeader(look, "Sources", "4 of 5"))
    for name, small, grade, count in (
        ("Reuters", "undated, early 2016", ("B", "ok", "usually reliable"), "11 quotes"),
        ("The Cipher Brief", "undated, Jul 2016", ("B", "ok", "usually reliable"), "5 quotes"),
        ("Al-Masdar News", "undated, Sep 2016", ("D", "warn", "not usually reliable"), "7 quotes"),
        ("A source with quite a long name that wraps", "27 Jan 2017", ("C", "neutral", "fairly"), "9 quotes"),
    ):
        row = CheckRow(look, name, small=small, count=count, badge=grade)
        row.setChecked(name != "Al-Masdar News")
        column.addWidget(row)
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, 5)
    slider.setValue(3)
    column.addWidget(SectionHeader(look, "Least reliable source shown", "D"))
    column.addWidget(slider)
    part = CollapsiblePanel(look, "Show only")
    part.set_note("2 active")
    part.body.addWidget(CheckRow(look, "Conflicting claims", count="4", checked=False))
    part.body.addWidget(CheckRow(look, "Vague date, 30+ days", count="14", checked=False))
    off = CheckRow(look, "Place is only a region", count="2")
    off.setEnabled(False)
    part.body.addWidget(off)
    column.addWidget(part)
    folded = CollapsiblePanel(look, "Kinds", open_at_first=False)
    column.addWidget(folded)
    column.addStretch(1)
    return side


def _controls(look: ThemeManager) -> QWidget:
    middle = QWidget()
    middle.setProperty("panel", "app")
    column = QVBoxLayout(middle)
    column.setContentsMargins(16, 12, 16, 12)
    column.setSpacing(12)
    magnet = IconButton(look, "magnet", "Snap", "S", checkable=True)
    magnet.setChecked(True)
    off = IconButton(look, "redo-2", "Redo", "Ctrl+Shift+Z")
    off.setEnabled(False)
    play = IconButton(look, "play", "Play", "Space", disc=True, size=17)
    icons = [IconButton(look, name, name) for name in ("skip-back", "step-back")]
    after = [IconButton(look, name, name) for name in ("step-forward", "skip-forward", "repeat", "zoom-out", "zoom-in")]
    column.addLayout(_row(*icons, play, *after, magnet, off, None, gap=4))
    speeds = (("month", "1 month / s"), ("day", "1 day / s"))
    date = QLineEdit("28 Nov 2016")
    date.setFixedWidth(120)
    column.addLayout(
        _row(date, Select(look, "Speed", speeds), Select(look, "Trail", (("90", "90 days"),), prefix="Trail"), None)
    )
    modes = (Choice("explore", "Explore", "Ctrl+1"), Choice("annotate", "Annotate"), Choice("brief", "Brief"))
    layers = tuple(Choice(name, name) for name in ("Areas", "Corridors", "Places", "Off"))
    column.addLayout(_row(Segmented(look, modes, "Mode"), Segmented(look, layers, "Control", tone="accent"), None))
    column.addWidget(SearchField(look, "Find an event, place, quote or command", "Ctrl+K"))
    primary = Button(look, "Present", "primary", icon="play")
    dead = Button(look, "Create event", "primary")
    dead.setEnabled(False)
    column.addLayout(_row(primary, dead, Button(look, "Only the quote"), Button(look, "Delete", icon="trash-2"), None))
    column.addLayout(
        _row(Button(look, "Resolve date", "link"), Button(look, "Reported", "ghost"), QPushButton("Plain"), None)
    )
    check, radio = QCheckBox("Follow the system"), QRadioButton("Atlas")
    check.setChecked(True)
    radio.setChecked(True)
    part = QCheckBox("Some")
    part.setTristate(True)
    part.setCheckState(Qt.CheckState.PartiallyChecked)
    column.addLayout(_row(check, part, radio, QRadioButton("Plain"), QSpinBox(), None))
    amber = Badge(look, "2 claims disagree", "amber", pill=True)
    column.addLayout(
        _row(
            Badge(look, "Reported", "outline", pill=True),
            amber,
            Badge(look, "B2", "ok"),
            Badge(look, "C4"),
            Badge(look, "D3", "warn"),
            Chip(look, "Brussels, Nice · 2 events", icon="arrow-left"),
            KeyCap("Space"),
            KeyCap("Ctrl+Z"),
            None,
        )
    )
    column.addWidget(Banner(look, "This project is open for reading only: another program has locked it.", "info"))
    column.addWidget(Banner(look, "Reverses “Palmyra retaken by Syrian army”, Mar 2016", "warn", (("Link", print),)))
    bar = QProgressBar()
    bar.setValue(64)
    column.addWidget(bar)
    text = QTextEdit("A field of several lines.\nالموصل · Мосул · 28 Nov 2016")
    text.setProperty("field", "true")
    text.setFixedHeight(64)
    bad = QLineEdit("31 Feb 2016")
    bad.setProperty("invalid", "true")
    column.addLayout(_row(text, bad))
    claims = QHBoxLayout()
    for who, role, words, grade in (
        ("Haider al-Abadi", "Iraqi prime minister, quoted", "ISIS is collapsing;\na huge area is freed.", "C4"),
        ("DEBKA Weekly", "own assessment", "About a tenth of the\nground; momentum lost.", "D3"),
    ):
        card = Card(look, inset=True, clickable=True, name=who)
        card.set_stripe(lambda theme, grade=grade: theme.kinds[3 if grade == "C4" else 5].color)
        card.body.addWidget(label(who, "body_strong"))
        card.body.addWidget(label(role, "meta", "text2"))
        card.body.addWidget(label(words, "quote"))
        card.body.addLayout(_row(Badge(look, grade), label("para 1", "meta", "text2"), None))
        claims.addWidget(card)
    column.addLayout(claims)
    column.addStretch(1)
    return middle


def _lists(look: ThemeManager) -> QWidget:
    right = QWidget()
    column = QVBoxLayout(right)
    column.setContentsMargins(16, 12, 16, 12)
    column.addWidget(label("Abadi says ISIS is collapsing at Mosul", "event_title", wrap=True))
    column.addWidget(ElidedLabel("Source says Monday 27th, but the 27th was a Sunday in that year.", "note", "text2"))
    column.addWidget(SectionHeader(look, "Also about Mosul", "6 quotes, 4 sources"))
    model = QStandardItemModel(right)
    kinds = look.theme.kinds
    for number, (words, fact, grade) in enumerate(
        (
            ("Aim: retake Mosul this year", "2016", "B"),
            ("Liberation is “in sight”, envoy says", "Jul 2016", "B"),
            ("Troops push into Al-Intisar with a long title", "31 Dec 2016", "C"),
        )
    ):
        item = QStandardItem(words)
        shape = kinds[number].shape
        content = RowContent(
            words,
            fact=fact,
            badge=(grade, "ok" if grade == "B" else "neutral"),
            mark=lambda look, n=number, shape=shape: look.mark(
                shape, Status.PLANNED if n == 0 else Status.OCCURRED, look.theme.kinds[n].color, 5, halo=False
            ),
            bold=((8, 14),) if number == 0 else (),
        )
        item.setData(content, ROW_ROLE)
        model.appendRow(item)
    place = QStandardItem("Palmyra")
    place.setData(RowContent("Palmyra (Tadmur)", "Homs Governorate, Syria", "pop. 51,015", icon="map-pin"), ROW_ROLE)
    model.appendRow(place)
    view = QListView()
    view.setModel(model)
    view.setItemDelegate(RowDelegate(look, view))
    view.setMouseTracking(True)
    view.setFixedHeight(150)
    view.setCurrentIndex(model.index(3, 0))
    column.addWidget(view)
    table = QTableWidget(6, 3)
    table.setHorizontalHeaderLabels(["Date", "Event", "Place"])
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    for row in range(6):
        for number, words in enumerate((f"{row + 1} Nov 2016", "Tal Afar airfield", "Mosul")):
            table.setItem(row, number, QTableWidgetItem(words))
    table.selectRow(1)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setStretchLastSection(True)
    table.setFixedHeight(150)
    column.addWidget(table)
    column.addWidget(
        EmptyState(look, "filter", "No events match. 32 are hidden by 2 filters.", (Button(look, "Clear"),))
    )
    return right


class Gallery(QWidget):
    """The window. Its parts are ``toasts``, ``popover`` and ``menu``."""

    def __init__(self, look: ThemeManager) -> None:
        super().__init__()
        self.look = look
        self.setProperty("panel", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        split = Splitter(Qt.Orientation.Horizontal, look)
        for part in (_filters(look), _controls(look), _lists(look)):
            part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            split.addWidget(part)
        split.setSizes([248, 620, 372])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(split)
        self.resize(SIZE)
        self.toasts = Toasts(look, self)
        self.popover = Popover(look, self, "New event")
        self.popover.body.addWidget(label("10 or 11 Dec 2016", "body_strong"))
        self.popover.body.addWidget(
            label("No year in the text; 2016 taken\nfrom the date of the article.", "note", "text2")
        )
        self.popover.body.addLayout(_row(None, Button(look, "Only the quote"), Button(look, "Create event", "primary")))
        self.card = FloatingCard(look, self)
        self.card.body.addWidget(label("28 Nov 2016", "map_date"))
        self.card.hide()
        self.menu = Menu()
        for words in ("Add event here", "Copy coordinates"):
            self.menu.addAction(look.icon("map-pin" if "Add" in words else "copy"), words)
        self.menu.addSeparator()
        self.menu.addAction("Snap").setCheckable(True)
        self.menu.actions()[-1].setChecked(True)

    def open_all(self) -> None:
        """Show what is above the window: toasts, popover, card."""
        self.toasts.show("Date changed", ("Undo", lambda: None), name="edit", milliseconds=600_000)
        self.toasts.show("The file could not be read", tone="warn", milliseconds=600_000)
        self.popover.open_at(QRect(900, 560, 40, 20))
        self.card.resize_pane(self.card.pane_hint())
        self.card.move_pane(QPoint(700, 690))
        self.card.show()


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    app = QApplication([])
    look = ThemeManager(app, "light", scale=scale, reduce_motion=True)
    gallery = Gallery(look)
    gallery.show()
    app.processEvents()
    gallery.open_all()
    out = Path("build")
    out.mkdir(exist_ok=True)
    for theme in ("light", "dark"):
        look.set_preference(theme)
        for _ in range(5):
            app.processEvents()
        gallery.grab().save(str(out / f"gallery-{theme}.png"))
        gallery.menu.popup(QPoint(0, 0))
        app.processEvents()
        gallery.menu.grab().save(str(out / f"menu-{theme}.png"))
        gallery.menu.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
