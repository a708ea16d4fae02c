"""The transport bar: play and step at the left, date, speed and trail, the view of the lanes at the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.values import MS_DAY
from viewer.core.commands import TRAILS
from viewer.core.desk import Desk
from viewer.core.playback import SPEEDS
from viewer.core.settings import LOOP, SNAP, SPEED
from viewer.core.state import EVER_DAYS
from viewer.look.sizes import add_gap
from viewer.look.theme import ThemeManager
from viewer.views.timeline.date_field import DateField
from viewer.widgets.buttons import IconButton, Menu
from viewer.widgets.select import Select
from viewer.widgets.text import key_text

HEIGHT: Final = 44
SIDE: Final = 12
GAP: Final = 6
APART: Final = 8
_TRAIL_WORDS: Final = {1: "1 day", 365: "1 year", 3650: "10 years", EVER_DAYS: "no end"}


def trail_words(days: int) -> str:
    """A trail as it is offered: ``90 days``, ``1 year``."""
    return _TRAIL_WORDS.get(days, f"{days} days")


class TransportBar(QWidget):
    """Buttons and fields; everything it does is a command, its keys are those of the actions."""

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        commands, playback = desk.commands, desk.playback
        self.setAccessibleName("Transport")
        self.first = self._button("skip-back", "First event", "first_event", commands.first_event)
        self.previous = self._button("step-back", "Previous event", "previous_event", lambda: commands.step_event(-1))
        self.play = IconButton(look, "play", "Play", size=17, disc=True)
        desk.keymap.bind("play", self.play.set_keys)
        self.play.clicked.connect(lambda: playback.toggle())
        self.next = self._button("step-forward", "Next event", "next_event", lambda: commands.step_event(1))
        self.last = self._button("skip-forward", "Last event", "last_event", commands.last_event)
        self.loop = self._button("repeat", "Start over at the end", "", self._on_loop, checkable=True)
        self.date = DateField(desk, look)
        self.speed = Select(look, "Speed", tuple((key, speed.label) for key, speed in SPEEDS.items()))
        self.speed.setToolTip("How fast time passes while playing")
        self.speed.chosen.connect(lambda key: desk.settings.set(SPEED, key))
        self.trail = Select(look, "Trail", tuple((str(days), trail_words(days)) for days in TRAILS), prefix="Trail")
        for action in ("trail_narrow", "trail_widen"):
            desk.keymap.bind(action, self._tell_trail_keys)
        self.trail.chosen.connect(lambda days: commands.set_trail(int(days)))
        self.older = self._button("eye", "Older events, pale", "older", commands.toggle_older, checkable=True)
        self.snap = self._button("magnet", "Snap to events", "snap", commands.toggle_snap, checkable=True)
        self.out = self._button("zoom-out", "Show more time", "", lambda: commands.zoom_time(-1))
        self.closer = self._button("zoom-in", "Show less time", "", lambda: commands.zoom_time(1))
        self.fit = self._button("maximize-2", "Show all events", "fit_time", commands.fit_time)
        self.more = IconButton(look, "ellipsis", "More playback controls", size=17)
        self.more.clicked.connect(lambda _checked=False: self._show_more())
        self._folded: list[IconButton | Select] = []
        self._place()
        desk.settings.changed.connect(self._on_setting)
        playback.changed.connect(self._on_playback)
        look.changed.connect(self._on_look)
        self._on_look()
        self._on_setting("")
        self.trail_changed()
        self.data_changed()

    def _tell_trail_keys(self, _key: str) -> None:
        keys = [key_text(self._desk.keymap.first(action)) for action in ("trail_narrow", "trail_widen")]
        self.trail.setToolTip("How long events stay lit on the map" + (f" ({' and '.join(keys)})" if all(keys) else ""))

    def trail_changed(self) -> None:
        """Show the trail that holds."""
        self.trail.set_value(str(self._desk.state.view.trail // MS_DAY))
        self.older.setChecked(self._desk.state.view.with_older)

    def data_changed(self) -> None:
        """There are or are no events to play through; without a single date there is nothing to set either."""
        for button in (self.first, self.previous, self.play, self.next, self.last):
            button.setEnabled(self._desk.data.index.dated.total > 0)
        for part in (
            self.loop,
            self.date,
            self.speed,
            self.trail,
            self.older,
            self.snap,
            self.out,
            self.closer,
            self.fit,
        ):
            part.setEnabled(self._desk.data.has_dates)
        self.date.show_cursor()

    def _button(
        self, icon: str, text: str, action: str, run: Callable[[], object], *, checkable: bool = False
    ) -> IconButton:
        button = IconButton(self._look, icon, text, checkable=checkable, size=17)
        if action:
            self._desk.keymap.bind(action, button.set_keys)
        button.clicked.connect(lambda: run())
        return button

    def _place(self) -> None:
        self._row = QHBoxLayout(self)
        for button in (self.first, self.previous, self.play, self.next, self.last, self.loop):
            self._row.addWidget(button)
        add_gap(self._row, APART)
        for field in (self.date, self.speed, self.trail, self.older):
            self._row.addWidget(field)
        self._row.addStretch(1)
        for button in (self.snap, self.out, self.closer, self.fit, self.more):
            self._row.addWidget(button)
        self._can_fold: tuple[IconButton | Select, ...] = (
            self.loop,
            self.out,
            self.closer,
            self.first,
            self.last,
            self.snap,
            self.older,
            self.fit,
            self.speed,
            self.trail,
        )
        self._parts = (self.previous, self.play, self.next, self.date, *self._can_fold)

    def _fold(self) -> None:
        """Where there is no room for all, put what is needed least into a menu at the end."""
        px = self._look.theme.px
        widths = {part: part.sizeHint().width() + px(GAP) for part in (*self._parts, self.more)}
        room = self.width() - px(2 * SIDE + APART) - px(GAP)
        needed = sum(widths[part] for part in self._parts)
        self._folded = []
        if needed > room:
            needed += widths[self.more]
            for part in self._can_fold:
                if needed > room:
                    self._folded.append(part)
                    needed -= widths[part]
        for part in self._can_fold:
            part.setVisible(part not in self._folded)
        self.more.setVisible(bool(self._folded))

    def _show_more(self) -> None:
        menu = Menu("More", self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for part in self._parts:
            if part in self._folded:
                if isinstance(part, Select):
                    menu.addMenu(self._choices(part, menu))
                else:
                    item = menu.addAction(part.accessibleName(), part.click)
                    item.setCheckable(part.isCheckable())
                    item.setChecked(part.isChecked())
                    item.setEnabled(part.isEnabled())
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _choices(self, part: Select, parent: Menu) -> Menu:
        menu = Menu(part.accessibleName(), parent)
        menu.setEnabled(part.isEnabled())
        for row in range(part.count()):
            item = menu.addAction(part.itemText(row), partial(part.choose, part.itemData(row)))
            item.setCheckable(True)
            item.setChecked(row == part.currentIndex())
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _on_loop(self) -> None:
        self._desk.settings.set(LOOP, not self._desk.settings.get(LOOP))

    def _on_setting(self, _key: str) -> None:
        settings = self._desk.settings
        self.loop.setChecked(settings.get(LOOP))
        self.snap.setChecked(settings.get(SNAP))
        self.speed.set_value(settings.get(SPEED))

    def _on_playback(self) -> None:
        playing = self._desk.playback.playing
        self.play.set_icon("pause" if playing else "play")
        self.play.set_text("Pause" if playing else "Play")

    def _on_look(self) -> None:
        px = self._look.theme.px
        self.setFixedHeight(px(HEIGHT))
        self._row.setContentsMargins(px(SIDE), 0, px(SIDE), 0)
        self._row.setSpacing(px(GAP))
        self._fold()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.surface)
            painter.fillRect(0, 0, self.width(), 1, theme.border)
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.border)
