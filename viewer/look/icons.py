"""Icons by name: Lucide outlines from resources/icons, drawn crisply in any colour, each drawing made once.

Marks of events are not icons (viewer/look/marks.py). Widgets get theirs through ThemeManager.pixmap and
ThemeManager.icon, which know the colours.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from viewer.paths import resource

STROKE: Final = 1.75
"""Line width on the 24 unit grid of Lucide, whose own is 2."""
ICON_PIXELS: Final = 16


class Icons:
    """Draws and remembers icons. Names are those of the files, e.g. ``zoom-in``. GUI thread only."""

    def __init__(self) -> None:
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, int, int, float], QPixmap] = {}

    def pixmap(self, name: str, color: QColor, size: int = ICON_PIXELS, ratio: float = 1.0) -> QPixmap:
        """The icon as a square of ``size`` logical px at device pixel ratio ``ratio``, in one colour (alpha counts).

        Raises:
            EnvironmentFault: there is no such icon.
        """
        key = (name, color.rgba(), size, ratio)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = self._draw(name, color, size, ratio)
        return found

    def icon(self, name: str, color: QColor, disabled: QColor, size: int, ratio: float, gap: int = 0) -> QIcon:
        """A QIcon for actions and Qt's own buttons, at screen densities 1, 2 and ``ratio``.

        ``gap``: empty logical px to its right, where the style leaves too few before the words.
        """
        icon = QIcon()
        for each in sorted({1.0, 2.0, ratio}):
            icon.addPixmap(_widen(self.pixmap(name, color, size, each), gap), QIcon.Mode.Normal)
            icon.addPixmap(_widen(self.pixmap(name, disabled, size, each), gap), QIcon.Mode.Disabled)
        return icon

    def _draw(self, name: str, color: QColor, size: int, ratio: float) -> QPixmap:
        if name not in self._sources:
            text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
            self._sources[name] = text.replace('stroke-width="2"', f'stroke-width="{STROKE}"')
        opaque = color.name(QColor.NameFormat.HexRgb)
        renderer = QSvgRenderer(QByteArray(self._sources[name].replace("currentColor", opaque).encode()))
        side = round(size * ratio)
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setOpacity(color.alphaF())
            renderer.render(painter, QRectF(0, 0, side, side))
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


def _widen(pixmap: QPixmap, gap: int) -> QPixmap:
    if not gap:
        return pixmap
    ratio = pixmap.devicePixelRatio()
    wide = QPixmap(pixmap.width() + round(gap * ratio), pixmap.height())
    wide.setDevicePixelRatio(ratio)
    wide.fill(Qt.GlobalColor.transparent)
    with QPainter(wide) as painter:
        painter.drawPixmap(0, 0, pixmap)
    return wide
