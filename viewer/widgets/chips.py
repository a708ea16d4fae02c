"""Chips and badges: short facts on a coloured ground, and small switches for filters."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from viewer.look.marks import MarkLook
from viewer.look.theme import ThemeManager
from viewer.look.tokens import RADIUS_CHIP, TARGET, Theme

MarkMaker = Callable[[ThemeManager], MarkLook]
"""Makes the mark anew for each theme, e.g. ``lambda look: look.mark("circle", status, look.theme.text, 5)``."""


def tone_colors(theme: Theme, tone: str) -> tuple[QColor, QColor, QColor]:
    """Ground, outline and text of a tone: neutral, outline, amber (sources disagree), ok, accent."""
    match tone:
        case "amber":
            return theme.warn_soft, theme.warn_line, theme.warn
        case "ok":
            return theme.ok_soft, theme.ok_soft, theme.ok
        case "warn":
            return theme.warn_soft, theme.warn_soft, theme.warn
        case "accent":
            return theme.accent_soft, theme.accent_soft, theme.accent
        case "outline":
            return theme.surface2, theme.border2, theme.text2
        case _:
            return theme.hover, theme.hover, theme.text2


class Badge(QWidget):
    """A short text on a tone (see tone_colors): square-cornered for codes like ``B2``, a pill for words."""

    def __init__(
        self, look: ThemeManager, text: str, tone: str = "neutral", *, pill: bool = False, meaning: str = ""
    ) -> None:
        """``meaning`` says it in words: tooltip and accessible name."""
        super().__init__()
        self._look = look
        self._text = text
        self._tone = tone
        self._pill = pill
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_badge(text, tone, meaning)
        look.changed.connect(self._on_look)

    def text(self) -> str:
        """What it shows."""
        return self._text

    def set_badge(self, text: str, tone: str, meaning: str = "") -> None:
        """Show something else."""
        self._text, self._tone = text, tone
        self.setToolTip(meaning)
        self.setAccessibleName(meaning or text)
        self._on_look()

    def _on_look(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return badge_size(self._look, self._text, pill=self._pill)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            paint_badge(painter, QRectF(self.rect()), self._look, self._text, self._tone, pill=self._pill)


def badge_size(look: ThemeManager, text: str, *, pill: bool = False) -> QSize:
    """The size in logical px at which paint_badge shows all of ``text``."""
    theme = look.theme
    width = QFontMetrics(theme.font("meta_strong")).horizontalAdvance(text)
    return QSize(width + theme.px(14 if pill else 10), theme.px(20 if pill else 18))


def paint_badge(
    painter: QPainter, rect: QRectF, look: ThemeManager, text: str, tone: str, *, pill: bool = False
) -> None:
    """Draw a badge into ``rect``, for delegates and painted views."""
    theme = look.theme
    ground, line, ink = tone_colors(theme, tone)
    radius = rect.height() / 2 if pill else theme.px(RADIUS_CHIP)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setPen(ink)
    painter.setFont(theme.font("meta_strong"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


class Chip(QAbstractButton):
    """A small switch or button in the shape of a pill, with an icon or an event mark before its words.

    Checkable chips are filters: on is outlined, off is pale and dashed. Others are buttons in a tone.
    """

    def __init__(
        self,
        look: ThemeManager,
        text: str,
        *,
        checkable: bool = False,
        tone: str = "outline",
        icon: str = "",
        mark: MarkMaker | None = None,
        tip: str = "",
    ) -> None:
        super().__init__()
        self._look = look
        self._tone = tone
        self._icon = icon
        self._mark = mark
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(tip)
        self.setCheckable(checkable)
        self.setChecked(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("focus_radius", 14.0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        look.changed.connect(self._on_look)

    def set_text(self, text: str) -> None:
        """Other words."""
        self.setText(text)
        self.setAccessibleName(text)
        self._on_look()

    def _on_look(self) -> None:
        self.updateGeometry()
        self.update()

    def _lead(self) -> int:
        return self._look.theme.px(18) if self._icon or self._mark else 0

    def sizeHint(self) -> QSize:
        theme = self._look.theme
        width = QFontMetrics(theme.font("label")).horizontalAdvance(self.text())
        return QSize(max(theme.px(TARGET), width + self._lead() + theme.px(18)), theme.px(TARGET))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        off = self.isCheckable() and not self.isChecked()
        ground, line, ink = tone_colors(theme, self._tone)
        if self.isCheckable():
            ground, line, ink = (theme.surface, theme.ctl, theme.text) if not off else (_NONE, theme.ctl, theme.text3)
        if self.underMouse() and self.isEnabled():
            ground = theme.hover if self._tone == "outline" else ground
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(line, 1)
            if off:
                pen.setDashPattern([3, 2.5])
            painter.setPen(pen)
            painter.setBrush(ground if not self.isDown() else theme.border)
            height = theme.px(26)
            rect = QRectF(0.5, (self.height() - height) / 2 + 0.5, self.width() - 1, height - 1)
            painter.drawRoundedRect(rect, height / 2, height / 2)
            painter.setOpacity(1.0 if self.isEnabled() else 0.5)
            self._paint_lead(painter, "text3" if off else "text2", 0.5 if off else 1.0)
            painter.setPen(ink)
            painter.setFont(theme.font("label"))
            text = rect.adjusted(theme.px(9) + self._lead(), 0, -theme.px(6), 0)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())

    def _paint_lead(self, painter: QPainter, role: str, opacity: float) -> None:
        px = self._look.theme.px
        center = QPointF(px(9) + px(6), self.height() / 2)
        painter.save()
        painter.setOpacity(painter.opacity() * opacity)
        if self._mark is not None:
            self._look.marks.draw(painter, center, self._mark(self._look))
        elif self._icon:
            pixmap = self._look.pixmap(self._icon, role, 14, self)
            side = pixmap.width() / pixmap.devicePixelRatio()
            painter.drawPixmap(center - QPointF(side / 2, side / 2), pixmap)
        painter.restore()


_NONE = QColor(0, 0, 0, 0)
