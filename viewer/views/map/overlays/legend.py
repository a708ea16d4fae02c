"""The strip that names the marks now on the map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from viewer.look.marks import MarkLook
from viewer.look.theme import ThemeManager
from viewer.views.map.overlays.card import Card

HEIGHT: Final = 30
_ROW: Final = 17
"""Height of a row where there are several."""
_MARGIN: Final = 12
_PAD: Final = 4
_MARK: Final = 18
_GAP: Final = 14
_MOST_ROWS: Final = 3
_LARGE: Final = 0.5
"""On a small map states are left out where they would make the legend larger than this share of it."""
_DISC: Final = 5
_STEP: Final = 12
"""Half a disc among the tones, and from one to the next."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One mark and what it means."""

    mark: MarkLook
    text: str


@dataclass(frozen=True, slots=True)
class Tones:
    """What the tones of discs mean: words for the whole, the longest first, and for the first and the last tone."""

    words: tuple[str, ...]
    least: str
    most: str
    colors: tuple[QColor, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """Entries in rows: how many in one, how wide each of its columns, and the size of the body."""

    across: int
    columns: tuple[float, ...]
    width: int
    height: int
    tones: Tones | None = None
    before: float = 0.0
    """Of the row, taken by the tones (px)."""


class Legend(Card):
    """Kinds first, then states; where there are discs, their tones before. The mouse passes through to the map."""

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.entries: tuple[Entry, ...] = ()
        self._table = _Table(0, (), 0, 0)

    def show_entries(
        self,
        kinds: Sequence[Entry],
        states: Sequence[Entry],
        left: float,
        bottom: float,
        room: float,
        less: float | None = None,
        tones: Tones | None = None,
        small: tuple[float, float] | None = None,
    ) -> None:
        """Show what fits in ``room`` px: all in one row, or the kinds alone, in several rows if need be, or nothing.

        The body's lower left is given; several rows have ``less`` room, where something lies above the first. Of
        ``tones`` and what does not fit beside them in one row the tones alone are shown: discs have no kind. ``small``
        is the size of a map on which the legend takes the shape that leaves most of it free.
        """
        entries, table = self._choose(tuple(kinds), tuple(states), room, less, tones, small)
        if table is None:
            self.entries = ()
            self.hide()
            return
        self.place(left, bottom - table.height, table.width, table.height)
        if (entries, table) != (self.entries, self._table):
            self.entries, self._table = entries, table
            said = [] if table.tones is None else [_said(table.tones)]
            self.setAccessibleName("Legend: " + ", ".join([*said, *(entry.text for entry in entries)]))
            self.renew()
        self.show()

    def _choose(
        self,
        kinds: tuple[Entry, ...],
        states: tuple[Entry, ...],
        room: float,
        less: float | None,
        tones: Tones | None,
        small: tuple[float, float] | None,
    ) -> tuple[tuple[Entry, ...], _Table | None]:
        """What is shown, and how it is laid out; None where nothing has room."""
        if tones is None and small is not None:
            alone, table = (self.fit(each, room, less, small) for each in (kinds, (*kinds, *states)))
            low = not kinds or (alone is not None and table is not None and table.height == alone.height)
            if table is not None and low and _share(table, small) <= _LARGE:
                return (*kinds, *states), table
            return kinds, alone
        if tones is None:
            table = self._lay_out((*kinds, *states), room, 1)
            return ((*kinds, *states), table) if table else (kinds, self.fit(kinds, room, less))
        tried = (
            (entries, self._lay_out(entries, room, 1, replace(tones, words=(words,))))
            for words in tones.words
            for entries in ((*kinds, *states), states, ())
        )
        return next((found for found in tried if found[1] is not None), ((), None))

    def fit(
        self,
        entries: Sequence[Entry],
        room: float,
        less: float | None = None,
        small: tuple[float, float] | None = None,
    ) -> _Table | None:
        """The fewest rows in which entries have room, on a ``small`` map those that leave most of it free; None when
        they have none.
        """
        tables = [
            table
            for rows in range(1, _MOST_ROWS + 1)
            if (table := self._lay_out(entries, room if rows == 1 or less is None else less, rows)) is not None
        ]
        if small is None or not tables:
            return tables[0] if tables else None
        return min(tables, key=lambda table: _share(table, small))

    def paint_body(self, painter: QPainter, _width: int, height: int) -> None:
        theme, table = self.look.theme, self._table
        rows = max(math.ceil(len(self.entries) / max(table.across, 1)), 1)
        pad = theme.px(_PAD) if rows > 1 else 0
        step = (height - 2 * pad) / rows
        painter.setFont(self._font(rows))
        if table.tones is not None:
            self._paint_tones(painter, table.tones, height / 2)
        painter.setPen(theme.text2)
        for number, entry in enumerate(self.entries):
            row, column = divmod(number, table.across)
            x = theme.px(_MARGIN) + table.before + sum(table.columns[:column])
            middle = pad + (row + 0.5) * step
            self.look.marks.draw(painter, QPointF(x + 6, middle), entry.mark)
            space = QRectF(x + theme.px(_MARK), middle - step / 2, table.columns[column], step)
            painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, entry.text)

    def _paint_tones(self, painter: QPainter, tones: Tones, middle: float) -> None:
        """The words, and a disc of each tone between those for the first and the last."""
        theme = self.look.theme
        px, wide = theme.px, QFontMetricsF(painter.font()).horizontalAdvance
        x = float(px(_MARGIN))
        for text, gap in ((tones.words[0], _GAP), (tones.least, _PAD)):
            painter.setPen(theme.text2)
            painter.drawText(QRectF(x, 0, wide(text) + 1, 2 * middle), Qt.AlignmentFlag.AlignVCenter, text)
            x += wide(text) + px(gap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.ctl)
        for color in tones.colors:
            painter.setBrush(color)
            painter.drawEllipse(QPointF(x + px(_STEP) / 2, middle), px(_DISC), px(_DISC))
            x += px(_STEP)
        painter.setPen(theme.text2)
        x += px(_PAD)
        painter.drawText(QRectF(x, 0, wide(tones.most) + 1, 2 * middle), Qt.AlignmentFlag.AlignVCenter, tones.most)

    def _wide_tones(self, tones: Tones, metrics: QFontMetricsF) -> float:
        px = self.look.theme.px
        words = sum(metrics.horizontalAdvance(text) for text in (*tones.words, tones.least, tones.most))
        return words + len(tones.colors) * px(_STEP) + px(2 * _GAP + 2 * _PAD)

    def _font(self, rows: int) -> QFont:
        return self.look.theme.font("note" if rows == 1 else "meta")

    def _lay_out(self, entries: Sequence[Entry], room: float, rows: int, tones: Tones | None = None) -> _Table | None:
        """Entries row by row, in columns as wide as their widest; None when that is wider than ``room``."""
        if tones is None and (not entries or rows > len(entries)):
            return None
        px = self.look.theme.px
        metrics = QFontMetricsF(self._font(rows))
        across = math.ceil(len(entries) / rows)
        widths = [metrics.horizontalAdvance(entry.text) + px(_MARK + _GAP) for entry in entries]
        columns = tuple(max(widths[column::across]) for column in range(across))
        before = 0.0 if tones is None else self._wide_tones(tones, metrics)
        width = math.ceil(before + sum(columns) - px(_GAP) + px(2 * _MARGIN))
        height = px(HEIGHT) if rows == 1 else px(_ROW) * rows + 2 * px(_PAD)
        return _Table(across, columns, width, height, tones, before) if width <= room else None


def _share(table: _Table, size: tuple[float, float]) -> float:
    """How much of a map of a size it takes to one side or the other; height counts twice, as maps are wide."""
    width, height = size
    return max(table.width / width, 2 * table.height / height)


def _said(tones: Tones) -> str:
    return f"{tones.words[0]}, from {tones.least} to {tones.most}"
