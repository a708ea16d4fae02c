"""Packs lists of coordinate sequences into small byte strings, and back.

A pack holds parts (rings or lines), each with one whole number (a country, a rank) and its points in whole
steps of a level's quantum. Values are differenced, zigzagged, split into byte planes and deflated: neighbouring
points differ little, so three of the four planes are nearly all zero.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.int32]
Floats: TypeAlias = npt.NDArray[np.float64]

_HEAD = struct.Struct("<II")


@dataclass(frozen=True, slots=True)
class Parts:
    """Coordinate sequences of one pack.

    ``offsets`` int32[n + 1] bounds part i as points offsets[i]:offsets[i + 1]; ``tags`` int32[n] one number a
    part; ``x``, ``y`` int32[m] in steps of the level's quantum.
    """

    offsets: Ints
    tags: Ints
    x: Ints
    y: Ints


def _planes(values: Ints) -> bytes:
    wide = np.zeros(len(values), np.int64)
    wide[:1] = values[:1]
    np.subtract(values[1:], values[:-1], out=wide[1:], dtype=np.int64)
    zigzag = ((wide << 1) ^ (wide >> 63)).astype("<u4")
    return bytes(zigzag.view(np.uint8).reshape(-1, 4).T.tobytes())


def _unplanes(data: memoryview, count: int) -> Ints:
    planes = np.frombuffer(data, np.uint8).reshape(4, count)
    zigzag = np.ascontiguousarray(planes.T).view("<u4").ravel().astype(np.int64)
    return np.cumsum((zigzag >> 1) ^ -(zigzag & 1)).astype(np.int32)


def encode(parts: Parts) -> bytes:
    """The byte string of ``parts``. Neighbouring values may differ by less than 2**31."""
    count, points = len(parts.tags), len(parts.x)
    body = b"".join(
        (_planes(np.diff(parts.offsets).astype(np.int32)), _planes(parts.tags), _planes(parts.x), _planes(parts.y))
    )
    return _HEAD.pack(count, points) + zlib.compress(body, 9)


def decode(blob: bytes) -> Parts:
    """The parts of a byte string made by `encode`.

    :raises ValueError: the bytes are not a whole pack.
    """
    try:
        count, points = _HEAD.unpack_from(blob)
        body = memoryview(zlib.decompress(memoryview(blob)[_HEAD.size :]))
    except (struct.error, zlib.error) as error:
        raise ValueError("not a pack of coordinates") from error
    if len(body) != 8 * count + 8 * points:
        raise ValueError("a pack of coordinates is cut short")
    tags_at, x_at, y_at = 4 * count, 8 * count, 8 * count + 4 * points
    offsets = np.zeros(count + 1, np.int32)
    np.cumsum(_unplanes(body[:tags_at], count), out=offsets[1:])
    return Parts(
        offsets,
        _unplanes(body[tags_at:x_at], count),
        _unplanes(body[x_at:y_at], points),
        _unplanes(body[y_at:], points),
    )
