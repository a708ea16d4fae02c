"""Pictures of the lanes that scrubbing copies, and the viewport that they show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from viewer.views.timeline.lane_model import Item

AFTER_OPACITY: Final = 0.62
"""What is still to come is drawn so far through."""
NEVER_DIMMED: Final = np.iinfo(np.int64).min
"""Stands for when something begins that is shown in full wherever the playhead is."""


@dataclass
class Pictures:
    """The lanes of one window at one scroll position: the ``ground``, ``bands`` and columns on it, on ``top`` marks and
    labels; ``hatching`` lies on the ground where time has not come yet. Arrays of one length describe the painted items
    (px, ms).
    """

    ground: QImage
    bands: QImage
    top: QImage
    hatching: QImage
    items: list[Item]
    lefts: NDArray[np.float64]
    rights: NDArray[np.float64]
    ys: NDArray[np.float64]  # in the picture
    begins: NDArray[np.int64]  # earliest start, or NEVER_DIMMED
    label_lefts: NDArray[np.float64]  # NaN without a label
    label_rights: NDArray[np.float64]
    seen: bool = False
    """Whether they have been painted: then they are likely to be again, and are put together for it."""

    @cached_property
    def base(self) -> QImage:
        """Ground and bands, as they were."""
        base = self.ground.copy()
        with QPainter(base) as painter:
            painter.drawImage(0, 0, self.bands)
        return base

    @cached_property
    def base_after(self) -> QImage:
        """The same, still to come."""
        after = self.ground.copy()
        with QPainter(after) as painter:
            painter.drawImage(0, 0, self.hatching)
            painter.setOpacity(AFTER_OPACITY)
            painter.drawImage(0, 0, self.bands)
        return after

    @cached_property
    def top_after(self) -> QImage:
        """Marks and labels that are still to come."""
        after = self.top.copy()
        after.fill(Qt.GlobalColor.transparent)
        with QPainter(after) as painter:
            painter.setOpacity(AFTER_OPACITY)
            painter.drawImage(0, 0, self.top)
        return after


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
