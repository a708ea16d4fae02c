"""Marks of events: shapes and fillings that can be told apart, sprites that are copies."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from db.values import Status
from viewer.look.marks import SHAPES, MarkLook, Marks, mark_path, paint_mark
from viewer.look.theme import ThemeManager

SIDE = 40
COLOR = QColor("#1260C4")


def _pixels(mark: MarkLook) -> np.ndarray:
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(QColor("#D3E0EA"))
    painter = QPainter(image)
    paint_mark(painter, QPointF(SIDE / 2, SIDE / 2), mark)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, SIDE, 4)[..., :3].astype(int)


def _ink(pixels: np.ndarray) -> int:
    """How many pixels are of the mark's colour."""
    return int((np.abs(pixels - [COLOR.blue(), COLOR.green(), COLOR.red()]).max(axis=2) < 40).sum())


@pytest.mark.parametrize("radius", [5.2, 7.5])
def test_every_status_of_every_shape_looks_different(look: ThemeManager, radius: float) -> None:
    looks = [look.mark(shape, status, COLOR, radius) for shape in SHAPES for status in Status]
    looks += [look.mark(shape, Status.OCCURRED, COLOR, radius, supported=False) for shape in SHAPES]
    pictures = [_pixels(mark) for mark in looks]
    for (one, first), (other, second) in itertools.combinations(zip(looks, pictures, strict=True), 2):
        differing = int((np.abs(first - second).max(axis=2) > 60).sum())
        assert differing >= 5, f"{one.shape} {one.status} and {other.shape} {other.status} look alike"


@pytest.mark.parametrize("shape", SHAPES)
def test_fillings_mean_what_they_should(look: ThemeManager, shape: str) -> None:
    ink = {status: _ink(_pixels(look.mark(shape, status, COLOR, 12))) for status in Status}
    assert ink[Status.OCCURRED] > ink[Status.CLAIMED] > ink[Status.PLANNED] > ink[Status.PREDICTED] > 0
    center = _pixels(look.mark(shape, Status.PLANNED, COLOR, 12))[SIDE // 2, SIDE // 2 + 1]
    assert center.tolist() == [255, 255, 255]
    assert _ink(_pixels(look.mark(shape, Status.OCCURRED, COLOR, 12, supported=False))) == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_weigh_alike(shape: str) -> None:
    box = mark_path(shape).boundingRect()
    assert abs(box.center().x()) < 0.1
    assert 1.7 <= max(box.width(), box.height()) <= 2.5


def test_an_unknown_shape_is_a_circle() -> None:
    assert mark_path("star") == mark_path("circle")


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("selected", [False, True])
def test_a_sprite_holds_the_whole_mark(look: ThemeManager, ratio: float, selected: bool) -> None:
    for shape, status in itertools.product(SHAPES, Status):
        image = look.marks.sprite(look.mark(shape, status, COLOR, 7.5, selected=selected), ratio).toImage()
        last = image.width() - 1
        for step in range(image.width()):
            for x, y in ((step, 0), (step, last), (0, step), (last, step)):
                assert image.pixelColor(x, y).alpha() == 0


def test_the_selected_one_has_a_ring_of_accent_around_its_halo(look: ThemeManager) -> None:
    pixels = _pixels(look.mark("circle", Status.OCCURRED, COLOR, 7.5, selected=True))
    accent = [look.theme.accent.blue(), look.theme.accent.green(), look.theme.accent.red()]
    row = [tuple(pixel) for pixel in pixels[SIDE // 2]]
    assert any(np.abs(np.array(pixel) - accent).max() < 12 for pixel in row[: SIDE // 2 - 8])
    assert (255, 255, 255) in row[: SIDE // 2 - 6]


def test_sprites_are_made_once(look: ThemeManager) -> None:
    marks = Marks()
    mark = look.mark("square", Status.OCCURRED, COLOR, 5.2)
    assert marks.sprite(mark, 1.0).cacheKey() == marks.sprite(mark, 1.0).cacheKey()
    look.set_preference("dark")
    other = look.mark("square", Status.OCCURRED, COLOR, 5.2)
    assert marks.sprite(other, 1.0).cacheKey() != marks.sprite(mark, 1.0).cacheKey()
