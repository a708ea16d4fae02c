"""Picture tests: what a widget paints against a stored reference, with tolerance.

    compare(widget.grab(), "timeline-light")

References are tests/reference/<name>.png. ``DATELINE_UPDATE_PICTURES=1`` stores what was painted instead of comparing;
look at the new pictures before committing them. On a difference both pictures and a map of the differences are left
in build/pictures.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPixmap

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "tests" / "reference"
LEFTOVERS = ROOT / "build" / "pictures"
LEVELS = 40
"""A pixel differs when a channel is off by more than this many of 255 levels, in its whole neighbourhood."""


def compare(picture: QImage | QPixmap, name: str, tolerance: float = 0.004) -> None:
    """Fail the test when more than the share ``tolerance`` (0..1) of the pixels differ from the reference.

    A pixel counts as equal when each picture has a like one of the other's within one pixel, so that text set by
    another release of a font engine does not fail. Raises the failure with where to look.
    """
    image = picture.toImage() if isinstance(picture, QPixmap) else picture
    path = REFERENCE / f"{name}.png"
    if os.environ.get("DATELINE_UPDATE_PICTURES") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        image.convertToFormat(QImage.Format.Format_RGB888).save(str(path))
        return
    if not path.is_file():
        _leave(image, f"{name}-got")
        pytest.fail(
            f"no reference for {name}; DATELINE_UPDATE_PICTURES=1 stores one (got: build/pictures/{name}-got.png)"
        )
    got, wanted = pixels(image), pixels(QImage(str(path)))
    if got.shape != wanted.shape:
        _leave(image, f"{name}-got")
        pytest.fail(f"{name} is {got.shape[1]}x{got.shape[0]}, its reference {wanted.shape[1]}x{wanted.shape[0]}")
    bad = _differs(got, wanted) | _differs(wanted, got)
    share = float(bad.mean())
    if share > tolerance:
        _leave(image, f"{name}-got")
        _leave(_as_image(np.where(bad[..., None], np.array([255, 0, 60], np.uint8), wanted // 3)), f"{name}-diff")
        pytest.fail(
            f"{name} differs in {share:.2%} of its pixels (allowed {tolerance:.2%}); see build/pictures/{name}-*"
        )


def pixels(image: QImage | QPixmap) -> np.ndarray:
    """The picture as uint8 (height, width, 3), red first."""
    if isinstance(image, QPixmap):
        image = image.toImage()
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : rgb.width() * 3].reshape(rgb.height(), rgb.width(), 3).copy()


def _differs(got: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """(height, width) bool: no pixel of ``wanted`` within one pixel is like the one of ``got``."""
    height, width = got.shape[:2]
    framed = np.pad(wanted.astype(np.int16), ((1, 1), (1, 1), (0, 0)), mode="edge")
    bad = np.ones((height, width), bool)
    for down in range(3):
        for right in range(3):
            near = framed[down : down + height, right : right + width]
            bad &= (np.abs(got - near) > LEVELS).any(axis=2)
    return bad


def _leave(image: QImage, name: str) -> None:
    LEFTOVERS.mkdir(parents=True, exist_ok=True)
    image.save(str(LEFTOVERS / f"{name}.png"))


def _as_image(array: np.ndarray) -> QImage:
    rows = np.ascontiguousarray(array, np.uint8)
    height, width = rows.shape[:2]
    return QImage(rows.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()
