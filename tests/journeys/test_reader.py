"""The reader at its edges: text that goes on out of sight fades, and nothing stands there alone."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from tests.helpers.pictures import pixels
from tests.helpers.window import Program, picture


def colourful(app: Program, rows: np.ndarray) -> bool:
    """Whether anything but the ground of the panel is to be seen."""
    ground = np.array(QColor(app.application.look.theme.surface).getRgb()[:3])
    return bool((abs(rows.astype(int) - ground).max(axis=2) > 8).any())


def test_no_underline_of_a_line_out_of_sight_is_left_at_the_top(app: Program) -> None:
    reader = app.window.right_panel.source.reader
    bar = reader.verticalScrollBar()
    assert bar.maximum() > 60
    for scrolled in range(20, 60):
        bar.setValue(scrolled)
        assert not colourful(app, pixels(picture(reader.viewport()))[:5]), scrolled


def test_the_first_and_the_last_line_do_not_fade(app: Program) -> None:
    reader = app.window.right_panel.source.reader
    bar = reader.verticalScrollBar()
    bar.setValue(0)
    top = pixels(picture(reader.viewport()))
    reader._paint_edges = lambda _painter: None
    reader.viewport().update()
    assert np.array_equal(top[:60], pixels(picture(reader.viewport()))[:60])
    bar.setValue(bar.maximum())
    plain = pixels(picture(reader.viewport()))
    del reader._paint_edges
    reader.viewport().update()
    assert np.array_equal(plain[-60:], pixels(picture(reader.viewport()))[-60:])
