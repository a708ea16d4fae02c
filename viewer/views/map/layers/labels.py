"""What is written beside the features of a layer: which of them are offered for a part of the world. Any thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from viewer.views.map.basemap.outlines import Frame
from viewer.views.map.layers.plane import Plane
from viewer.views.map.projection import Floats

MOST_LABELS: Final = 400
"""More of them at once find no room, and looking for it takes time."""
_LONGEST: Final = 60
_GRID: Final = (80.0, 18.0)
"""Of labels that are as weighty as each other the first in each field of so many px comes before the others there."""


@dataclass(frozen=True, slots=True)
class FeatureLabel:
    """A text and the anchor of its feature in world units, 0 to 1; what a feature's ``number`` is in its layer.

    ``beside``: the feature is a point, and the text stands beside it; ``room``: how wide an area is about, world units.
    """

    number: int
    text: str
    x: float
    y: float
    beside: bool
    room: float


@dataclass(frozen=True, slots=True)
class Written:
    """A label of a layer on the map."""

    layer: str
    opacity: float
    label: FeatureLabel

    @property
    def key(self) -> str:
        """What it is called among the names of the map."""
        return f"layer:{self.layer}:{self.label.number}"


def labels_in(
    frame: Frame, plane: Plane, texts: tuple[str, ...], shown: NDArray[np.bool_] | None, px: float = 1.0
) -> tuple[FeatureLabel, ...]:
    """The labels of a frame that come first: those of the weightiest features, up to MOST_LABELS.

    ``texts`` by number of feature, none for none; ``shown``: which features, bool[count], None for all; ``px``: the
    device px of one at scale 1.
    """
    if not texts:
        return ()
    has_text = np.array([bool(text) for text in texts])
    wanted = has_text if shown is None else has_text & shown
    x, y, which = spots(frame, plane.anchor_x, plane.anchor_y, 0.0)
    seen = wanted[which]
    x, y, which = x[seen], y[seen], which[seen]
    which, once = np.unique(which, return_index=True)
    x, y = x[once], y[once]
    field = np.floor(x / (_GRID[0] * px)).astype(np.int64) * (1 << 20) + np.floor(y / (_GRID[1] * px)).astype(np.int64)
    _fields, first = np.unique(field, return_index=True)
    crowded = np.ones(len(which), np.bool_)
    crowded[first] = False
    order = np.lexsort((which, crowded, -plane.weight[which]))[:MOST_LABELS]
    beside = np.zeros(plane.count, np.bool_)
    beside[plane.tags] = True
    room = np.sqrt(np.maximum(plane.weight - 1.0, 0.0)) / 360.0
    return tuple(
        FeatureLabel(
            number,
            texts[number],
            float(plane.anchor_x[number]),
            float(plane.anchor_y[number]),
            bool(beside[number]),
            float(room[number]),
        )
        for number in which[order].tolist()
    )


def spots(frame: Frame, x: Floats, y: Floats, margin: float) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Device px of the points in a frame and around it, in each world, and which they are."""
    left, top, right, bottom = frame.box(margin)
    found = []
    for shift in range(int(np.floor(left)), int(np.ceil(right)) + 1) if frame.projection.wraps else (0,):
        near = np.flatnonzero((x + shift >= left) & (x + shift <= right) & (y >= top) & (y <= bottom))
        found.append(((x[near] + shift - frame.left) * frame.scale, (y[near] - frame.top) * frame.scale, near))
    return tuple(np.concatenate(each) for each in zip(*found, strict=True))  # type: ignore[return-value]


def label_text(value: object) -> str:
    """A value as it is written beside a feature."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
