"""A card in the middle of the map that says why nothing is on it, and the banner while a point is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from viewer.look.sizes import gap
from viewer.look.theme import ThemeManager
from viewer.views.map.overlays.card import SHADOW, Card
from viewer.widgets.buttons import Button
from viewer.widgets.text import label

_SIDE: Final = 18
_TOP: Final = 12
_GAP: Final = 8
_MOST_WIDTH: Final = 420


@dataclass(frozen=True, slots=True)
class Offer:
    """A button of a notice. Equal ones are not made anew."""

    text: str
    act: Callable[[], object] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """What to say: one line, perhaps a smaller one, perhaps what can be done."""

    text: str
    detail: str = ""
    offers: tuple[Offer, ...] = ()


class NoticeCard(Card):
    """Shows a Notice, or is hidden."""

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.notice: Notice | None = None
        self._text = label("", "body_strong")
        self._detail = label("", "note", "text2")
        for each in (self._text, self._detail):
            each.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            each.setWordWrap(True)
        self._row = QHBoxLayout()
        self._row.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        gap(self._row, 8)
        self._buttons: list[Button] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + _SIDE, SHADOW + _TOP, SHADOW + _SIDE, SHADOW + _TOP)
        gap(column, _GAP)
        column.addWidget(self._text)
        column.addWidget(self._detail)
        column.addLayout(self._row)
        self.hide()

    def show_notice(self, notice: Notice | None, middle: float, y: float, room: float) -> None:
        """Say it with the body's top middle at a point of the map and at most ``room`` px wide; None hides the card."""
        if notice is None:
            self.notice = None
            self.hide()
            return
        if notice != self.notice:
            self.notice = notice
            self._text.setText(notice.text)
            self._detail.setText(notice.detail)
            self._detail.setVisible(bool(notice.detail))
            self._offer(notice.offers)
            self.setAccessibleName(" ".join(f"{notice.text} {notice.detail}".split()))
        shown = [each for each in (self._text, self._detail) if each.text()]
        row = self._row.sizeHint()
        wide = max(
            math.ceil(each.fontMetrics().horizontalAdvance(line)) + 2
            for each in shown
            for line in each.text().split("\n")
        )
        inner = min(max(wide, row.width()), int(room) - 2 * _SIDE, self.look.theme.px(_MOST_WIDTH))
        heights = [each.heightForWidth(inner) for each in shown] + ([row.height()] if self._buttons else [])
        height = sum(heights) + _GAP * (len(heights) - 1)
        self.place(middle - inner / 2 - _SIDE, y, inner + 2 * _SIDE, height + 2 * _TOP)
        self.show()

    def buttons(self) -> Sequence[Button]:
        """The buttons of the offers, in their order."""
        return self._buttons

    def _offer(self, offers: Sequence[Offer]) -> None:
        for old in self._buttons:
            self._row.removeWidget(old)
            old.deleteLater()
        self._buttons = []
        for offer in offers:
            button = Button(self.look, offer.text)
            button.clicked.connect(lambda _checked=False, act=offer.act: act())
            self._row.addWidget(button)
            button.show()
            self._buttons.append(button)
