"""Colours of the ground by what was measured there: of the sea by its nearness to land, of land by light and height.

Whole tables at once, so that a picture only looks its pixels up.
"""

from __future__ import annotations

import functools
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from viewer.views.map.basemap.palette import PALETTES, Style

Channel: TypeAlias = NDArray[np.uint32]


def blurred(grey: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Three running means of 2 * reach + 1 px along both axes, near to a Gaussian; 3 * reach px less on each side.

    No matrix product: its threads and ours would wait for each other.
    """
    for _ in range(3):
        for _ in range(2):
            total = np.cumsum(grey, axis=0, dtype=np.float32)
            wide = total[2 * reach :].copy()
            wide[1:] -= total[: -2 * reach - 1]
            grey = np.ascontiguousarray(wide.T)
    return grey / np.float32((2 * reach + 1) ** 6)


@functools.lru_cache(maxsize=16)
def glow_table(style: Style, dark: bool, reach: int, distances: tuple[float, ...]) -> Channel:
    """Colour of the sea by the share of land around it, uint32[1024] as 0xFFRRGGBB: bands with soft edges.

    ``distances``: of each band's edge from a straight coast, in px of the blurred picture.
    """
    colors = PALETTES[style, dark]
    coast = np.repeat((np.arange(12 * reach + 1) <= 6 * reach).astype(np.float32)[:, None], 6 * reach + 1, axis=1)
    profile = blurred(coast, reach)[:, 0]
    away = np.arange(len(profile)) - 3.0 * reach - 0.5
    levels = (np.arange(1024) / 1020.0)[:, None]
    shown = np.tile(_rgb(colors.sea), (1024, 1))
    for color, distance in zip(colors.glow, distances, strict=True):
        edge = float(np.interp(distance, away, profile))
        blend = np.clip((levels - edge) / (0.12 * edge) + 0.5, 0, 1)
        shown = shown * (1 - blend) + _rgb(color) * blend
    whole = np.rint(shown * 255).astype(np.uint32)
    return _packed(np.full(1024, 255, np.uint32), whole[:, 0], whole[:, 1], whole[:, 2])


@functools.lru_cache(maxsize=16)
def relief_table(style: Style, dark: bool, muted: bool, eighths: int) -> NDArray[np.uint32]:
    """Premultiplied colour to lay on land for each (light, height), uint32[256, 256].

    ``eighths`` of the full relief, 0 to 8; the tint by height stays. Muted halves both.
    """
    colors = PALETTES[style, dark]
    strength = eighths / 8 * (0.45 if muted else 1.0)
    metres = (np.arange(256) / 3.0) ** 2
    stops = np.array([stop for stop, _ in colors.tint])
    shown = np.array([_rgb(color) for _, color in colors.tint])
    tint = np.stack([np.interp(metres, stops, shown[:, channel]) for channel in range(3)], axis=1)
    tint_alpha = colors.tint_alpha / 255 * (0.45 if muted else 1.0)
    light = (np.arange(256) - 128) / 127.0
    dark_side = np.clip(-light * colors.shadow_strength, 0, 0.72) * strength
    bright_side = np.clip(light * colors.light_strength, 0, 0.75) * strength
    over = np.where((light < 0)[:, None], _rgb(colors.shadow), _rgb(colors.light))
    alpha = (dark_side + bright_side)[:, None, None]
    rgb = over[:, None, :] * alpha + tint[None] * tint_alpha * (1 - alpha)
    total = np.broadcast_to(alpha[..., 0] + tint_alpha * (1 - alpha[..., 0]), (256, 256))
    r, g, b, a = (np.rint(np.clip(plane, 0, 1) * 255).astype(np.uint32) for plane in (*np.moveaxis(rgb, 2, 0), total))
    a = np.maximum.reduce([a, r, g, b])
    return _packed(a, r, g, b)


def _packed(a: Channel, r: Channel, g: Channel, b: Channel) -> Channel:
    """0xAARRGGBB of each pixel."""
    packed: Channel = (a << np.uint32(24)) | (r << np.uint32(16)) | (g << np.uint32(8)) | b
    return packed


def _rgb(color: str) -> NDArray[np.float64]:
    value = QColor(color)
    return np.array([value.redF(), value.greenF(), value.blueF()])
