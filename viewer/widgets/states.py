"""What stands where there is nothing to show: a sentence with a way out, or grey bars while something loads."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.theme import ThemeManager
from viewer.widgets.pictures import IconLabel
from viewer.widgets.text import label

_WAIT_MS = 300
_PULSE_MS = 1200


class EmptyState(QWidget):
    """What stands where there is nothing: an icon, a sentence that says what happened, and what to do about it."""

    def __init__(self, look: ThemeManager, icon: str, sentence: str, buttons: tuple[QWidget, ...] = ()) -> None:
        super().__init__()
        self._look = look
        self._icon = IconLabel(look, icon, "ctl", 28)
        self._words = label(sentence, "body", "text2", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self._column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self._words)
        for button in buttons:
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        self._on_look()
        look.changed.connect(self._on_look)

    def sentence(self) -> str:
        """What it says."""
        return self._words.text()

    def set_sentence(self, sentence: str) -> None:
        """Say something else."""
        self._words.setText(sentence)

    def _on_look(self) -> None:
        px = self._look.theme.px
        self._column.setSpacing(px(12))
        self._column.setContentsMargins(px(24), px(16), px(24), px(16))


class Skeleton(QWidget):
    """Grey bars while something loads. It stays unseen for 300 ms, so that quick answers do not flicker."""

    def __init__(self, look: ThemeManager, lines: int = 4) -> None:
        super().__init__()
        self._look = look
        self._lines = lines
        self._shown = False
        self._wait = QTimer(self)
        self._pulse = QVariantAnimation(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MS)
        self._wait.timeout.connect(self._begin)
        self._pulse.setStartValue(0.45)
        self._pulse.setKeyValueAt(0.5, 1.0)
        self._pulse.setEndValue(0.45)
        self._pulse.setDuration(_PULSE_MS)
        self._pulse.setLoopCount(-1)
        self._pulse.valueChanged.connect(self.update)
        self.setAccessibleName("Loading")
        look.changed.connect(self.update)

    def is_drawn(self) -> bool:
        """Whether the bars are to be seen yet."""
        return self._shown

    def _begin(self) -> None:
        self._shown = True
        if self._look.duration(_PULSE_MS):
            self._pulse.start()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.theme.px(200), self._look.theme.px(22) * self._lines)

    def showEvent(self, event: QShowEvent) -> None:
        self._wait.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._wait.stop()
        self._pulse.stop()
        self._shown = False
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shown:
            return
        theme = self._look.theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            value = self._pulse.currentValue()
            painter.setOpacity(float(value) if value is not None else 0.8)
            painter.setBrush(theme.border)
            for line in range(self._lines):
                share = (0.9, 1.0, 0.7, 0.85)[line % 4]
                painter.drawRoundedRect(
                    QRectF(0, line * theme.px(22) + theme.px(6), self.width() * share, theme.px(10)), 4, 4
                )
