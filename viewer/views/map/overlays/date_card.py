"""The date in large figures and what stands on the map then."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from db import timewords
from db.values import MS_DAY
from viewer.models.wording import count
from viewer.theme import ThemeManager
from viewer.views.map.overlays.card import Card

WIDTH: Final = 268
HEIGHT: Final = 92
_INSET: Final = 14


class DateCard(Card):
    """Shows three lines; the mouse passes through it to the map."""

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.lines = ("", "", "")

    def show_lines(self, date: str, headline: str, detail: str) -> None:
        """Set the three lines; equal ones cost nothing."""
        if self.lines != (date, headline, detail):
            self.lines = (date, headline, detail)
            self.setAccessibleName(". ".join(line for line in self.lines if line))
            self.update()

    def paint_body(self, painter: QPainter, _width: int, _height: int) -> None:
        theme = self.look.theme
        for line, role, color, base in zip(
            self.lines,
            ("map_date", "label_strong", "note"),
            (theme.text, theme.text, theme.text2),
            (36, 59, 78),
            strict=True,
        ):
            painter.setFont(theme.font(role))
            painter.setPen(color)
            painter.drawText(QPointF(theme.px(_INSET), theme.px(base)), line)


def trail_words(trail: int) -> str:
    """A trail (ms) as people say it: 24 hours, 90 days, year, 10 years."""
    days = max(round(trail / MS_DAY), 1)
    if days == 1:
        return "day"
    if days % 365 == 0:
        return "year" if days == 365 else f"{days // 365} years"
    return f"{days} days"


def figures(cursor: int, trail: int, lit: int, older: int, ahead: int, nowhere: int) -> tuple[str, str, str]:
    """The three lines for counts of events: in the trail, before it, announced for later, in the trail but unplaced."""
    date = timewords.show_instant(cursor)
    headline = f"{count(lit, 'event') if lit else 'No events'} in the last {trail_words(trail)}"
    parts = [f"{older:,} earlier" if older else "", f"{ahead:,} announced" if ahead else ""]
    parts.append(f"{nowhere:,} without a place" if nowhere else "")
    detail = " · ".join(part for part in parts if part)
    return date, headline, detail or "nothing earlier on the map"
