"""The date in large figures and what stands on the map then."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from db import timewords
from db.values import MS_DAY
from viewer.core.state import EVER, ViewState
from viewer.look.theme import ThemeManager
from viewer.models.wording import count
from viewer.views.map.overlays.card import Card

WIDTH, HEIGHT = 268, 92
SMALL_WIDTH, SMALL_HEIGHT = 186, 46
_INSET, _SMALL_INSET = 14, 10
_LINES: Final = (("map_date", 36), ("label_strong", 59), ("note", 78))
_SMALL_LINES: Final = (("event_title", 21), ("note", 38))
"""The role and the baseline of each line."""


class DateCard(Card):
    """Shows three lines, on a small map the first two; the mouse passes through it to the map.

    It widens to its longest line so far, as far as the map has room: a card that also shrank would tremble while the
    cursor moves.
    """

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.lines = ("", "", "")
        self._small = False
        self._left = self._top = 0.0
        self._wide = 0
        """The longest line since the card was arranged, px."""
        self._advances: list[float] = []
        """Of each line, px."""

    def arrange(self, left: float, top: float, *, small: bool) -> None:
        """Put the upper left corner of the body at a point of the parent."""
        self._small, self._left, self._top, self._wide = small, left, top, 0
        self._lay()

    def show_lines(self, date: str, headline: str, detail: str) -> None:
        """Set the three lines; equal ones cost nothing."""
        if self.lines != (date, headline, detail):
            self.lines = (date, headline, detail)
            self.setAccessibleName(". ".join(line for line in self.lines if line))
            self._lay()
            self.renew()

    def _lay(self) -> None:
        px, parent = self.look.theme.px, self.parentWidget()
        lines = _SMALL_LINES if self._small else _LINES
        fonts = [self.look.theme.font(role) for role, _base in lines]
        self._advances = [
            QFontMetricsF(font).horizontalAdvance(line) for font, line in zip(fonts, self.lines, strict=False)
        ]
        inset = px(_SMALL_INSET if self._small else _INSET)
        self._wide = max(self._wide, math.ceil(max(self._advances)) + 2 * inset)
        least, height = (SMALL_WIDTH, SMALL_HEIGHT) if self._small else (WIDTH, HEIGHT)
        room = parent.width() - 2 * round(self._left) if parent is not None else self._wide
        self.place(self._left, self._top, max(px(least), min(self._wide, room)), px(height))

    def paint_body(self, painter: QPainter, width: int, _height: int) -> None:
        theme = self.look.theme
        room = theme.px(_SMALL_INSET if self._small else _INSET)
        for at, (role, base) in enumerate(_SMALL_LINES if self._small else _LINES):
            font = theme.font(role)
            painter.setFont(font)
            painter.setPen(theme.text2 if role == "note" else theme.text)
            line, space = self.lines[at], width - 2 * room + 4
            if self._advances[at] > space:
                line = QFontMetricsF(font).elidedText(line, Qt.TextElideMode.ElideRight, space)
            painter.drawText(QPointF(room, theme.px(base)), line)


def trail_words(trail: int) -> str:
    """A trail (ms) as people say it: 24 hours, 90 days, year, 10 years."""
    days = max(round(trail / MS_DAY), 1)
    if days == 1:
        return "day"
    if days % 365 == 0:
        return "year" if days == 365 else f"{days // 365} years"
    return f"{days} days"


def figures(view: ViewState, lit: int, older: int, ahead: int, nowhere: int) -> tuple[str, str, str]:
    """The three lines for counts of events: in the trail, before it, announced for later.

    ``nowhere``: how many of those in and before the trail are not on the map because they have no place.
    """
    date = timewords.show_instant(view.time_cursor)
    events = count(lit, "event") if lit else "No events"
    headline = f"{events} so far" if view.trail >= EVER else f"{events} in the last {trail_words(view.trail)}"
    before = f"{older:,} before that" if older else "" if view.trail >= EVER else "none before that"
    hidden = " not shown" if older and not view.with_older else ""
    parts = [before + hidden, f"{ahead:,} announced" if ahead else ""]
    parts.append(f"{nowhere:,} without a place" if nowhere else "")
    return date, headline, " · ".join(part for part in parts if part)
