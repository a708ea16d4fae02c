"""Pictures of the lanes that scrubbing copies, and the viewport that they show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from viewer.views.timeline.lane_model import Item


@dataclass(slots=True)
class Pictures:
    """The lanes of one window at one scroll position; arrays of one length describe the painted items (px, ms)."""

    base: QImage
    base_after: QImage
    top: QImage
    top_after: QImage
    items: list[Item]
    lefts: NDArray[np.float64]
    rights: NDArray[np.float64]
    ys: NDArray[np.float64]  # in the picture
    begins: NDArray[np.int64]  # earliest start; smallest for what is never dimmed
    label_lefts: NDArray[np.float64]  # NaN without a label
    label_rights: NDArray[np.float64]


def shows_line(y: float, row: float, height: float) -> bool:
    """Whether a line of ``row`` px with its middle at ``y`` is in sight as a whole: none is shown cut in half."""
    return y - row / 2 >= 0 and y + row / 2 + 2 <= height


@dataclass(frozen=True, slots=True)
class Viewport:
    """What is seen of the lanes: ``width`` x ``height`` px, ``scroll`` px from the top, at a device pixel ``ratio``."""

    width: int
    height: int
    scroll: int
    ratio: float

    def picture(self, kind: QImage.Format) -> QImage:
        image = QImage(max(round(self.width * self.ratio), 1), max(round(self.height * self.ratio), 1), kind)
        image.setDevicePixelRatio(self.ratio)
        return image

    def clear(self) -> QImage:
        """A picture with nothing in it."""
        image = self.picture(QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        return image

    def snap(self, at: float) -> float:
        """To whole device pixels, so that copied pictures stay crisp."""
        return round(at * self.ratio) / self.ratio
