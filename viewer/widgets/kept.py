"""What is drawn once and copied from then on, as long as it stays the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

Draw = Callable[[QPainter], None]


class KeptDrawing:
    """One drawing, kept as a picture from the second time on that it is asked for with the same key.

    What changes from frame to frame is drawn straight: a picture of it would never be copied.
    """

    def __init__(self) -> None:
        self._key: Hashable = None
        self._picture: QPixmap | None = None

    def forget(self) -> None:
        """What the key does not tell has changed."""
        self._key = self._picture = None

    def paint(self, painter: QPainter, size: QSizeF, ratio: float, key: Hashable, draw: Draw) -> None:
        """Draw ``size`` logical px at the painter's origin, with ``ratio`` device pixels to one of them.

        ``key`` names all that the drawing depends on but the size and the ratio; ``draw`` draws it with the origin at
        its corner.
        """
        wanted = (key, size.width(), size.height(), ratio)
        if wanted != self._key:
            self._key, self._picture = wanted, None
            if ratio.is_integer():  # between device pixels a copy stands elsewhere than what is drawn straight
                painter.save()
                draw(painter)
                painter.restore()
                return
        if self._picture is None:
            self._picture = QPixmap((size * ratio).toSize())
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(QColor(Qt.GlobalColor.transparent))
            with QPainter(self._picture) as inner:
                draw(inner)
        painter.drawPixmap(QPointF(0, 0), self._picture)
