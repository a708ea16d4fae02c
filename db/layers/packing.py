"""Shapes packed in blocks for the project file, and unpacked as arrays: no work for each feature on the way back.

A block holds some thousand features. Its shapes are one piece of ``content`` and their properties another, so that what
only draws reads no properties. A list of the blocks, as JSON, is content too, and the layer's row names it. Content is
outside the journal: it carries rows of a few hundred bytes for a layer of any size.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from db.errors import EnvironmentFault
from db.geometry import Geometry
from db.values import Extent

Floats = NDArray[np.float64]
POINT, LINE, OUTER, HOLE = range(4)
"""Kinds of parts."""
VERSION: Final = 1
BLOCK_FEATURES: Final = 4096
BLOCK_POINTS: Final = 65_536
BLOCK_CHARACTERS: Final = 1 << 20
_HEAD: Final = struct.Struct("<4i")


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Parts of features: ``feature`` int32[n] its number, ``kind`` uint8[n], ``offsets`` int64[n + 1] its points.

    ``lon``, ``lat`` float64[m] in degrees. Outer rings run anticlockwise, holes clockwise, and all are closed.
    """

    count: int
    feature: NDArray[np.int32]
    kind: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    lon: Floats
    lat: Floats


@dataclass(frozen=True, slots=True)
class Block:
    """Where a block is kept, and how many features are in it."""

    shapes: str
    properties: str
    count: int


@dataclass(frozen=True, slots=True)
class Index:
    """What is kept of a layer: its blocks in order, and the names of its fields."""

    blocks: tuple[Block, ...]
    fields: tuple[str, ...]

    def to_bytes(self) -> bytes:
        blocks = [[each.shapes, each.properties, each.count] for each in self.blocks]
        return json.dumps({"version": VERSION, "fields": self.fields, "blocks": blocks}, ensure_ascii=False).encode()


class Packer:
    """Takes features one by one and gives blocks as bytes."""

    def __init__(self) -> None:
        self._parts: list[Floats] = []
        self._kinds: list[int] = []
        self._features: list[int] = []
        self._properties: list[str] = []
        self._points, self._characters = 0, 0
        self.count, self.points = 0, 0
        self.fields: dict[str, None] = {}
        self._west, self._south, self._east, self._north = np.inf, np.inf, -np.inf, -np.inf

    @property
    def full(self) -> bool:
        """Whether the block is to be taken before the next feature."""
        many = len(self._properties) >= BLOCK_FEATURES or self._points >= BLOCK_POINTS
        return many or self._characters >= BLOCK_CHARACTERS

    @property
    def extent(self) -> Extent | None:
        """Of all features so far, in degrees, west before east; None for none."""
        return Extent(self._west, self._south, self._east, self._north) if self.count else None

    def add(self, geometry: Geometry, properties: Mapping[str, Any]) -> bool:
        """Take a feature; False where nothing of it could be drawn."""
        parts = [(POINT, np.array([point], np.float64)) for point in geometry.points]
        parts += [(LINE, line) for line in geometry.lines if len(line) > 1]
        for rings in geometry.polygons:
            if rings and len(rings[0]) > 2:
                parts.append((OUTER, rings[0]))
                parts += [(HOLE, ring) for ring in rings[1:] if len(ring) > 2]
        if not parts:
            return False
        for kind, part in parts:
            if kind in (OUTER, HOLE):
                if (part[0] != part[-1]).any():
                    part = np.concatenate((part, part[:1]))
                if _turns_left(part) != (kind == OUTER):
                    part = part[::-1]
            self._kinds.append(kind)
            self._parts.append(part)
            self._features.append(len(self._properties))
            self._points += len(part)
            self.points += len(part)
        self.fields |= dict.fromkeys(properties)
        said = json.dumps(properties, ensure_ascii=False, default=str)
        self._characters += len(said)
        self._properties.append(said)
        self.count += 1
        return True

    def take(self) -> tuple[bytes, bytes, int]:
        """The shapes and the properties of the block so far, and the number of its features; a new block begins."""
        points = np.concatenate(self._parts) if self._parts else np.empty((0, 2))
        if len(points):
            self._west, self._east = min(self._west, points[:, 0].min()), max(self._east, points[:, 0].max())
            self._south, self._north = min(self._south, points[:, 1].min()), max(self._north, points[:, 1].max())
        count = len(self._properties)
        lengths = np.array([len(part) for part in self._parts], "<i4")
        shapes = b"".join(
            (
                _HEAD.pack(VERSION, count, len(lengths), len(points)),
                np.array(self._features, "<i4").tobytes(),
                np.array(self._kinds, np.uint8).tobytes(),
                lengths.tobytes(),
                _planes(points[:, 0]),
                _planes(points[:, 1]),
            )
        )
        properties = ("[" + ",\n".join(self._properties) + "]").encode("utf-8", "surrogatepass")
        self._parts, self._kinds, self._features, self._properties = [], [], [], []
        self._points = self._characters = 0
        return shapes, properties, count


def _turns_left(ring: Floats) -> bool:
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return bool(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]) > 0)


def _planes(values: Floats) -> bytes:
    """The bytes of numbers, all first bytes first: neighbours are alike, so that zlib finds something to save."""
    return np.ascontiguousarray(values.astype("<f8")).view(np.uint8).reshape(-1, 8).T.tobytes()


def _numbers(data: bytes, at: int, count: int) -> Floats:
    planes = np.frombuffer(data, np.uint8, 8 * count, at).reshape(8, count)
    return np.ascontiguousarray(planes.T).view("<f8").reshape(count).astype(np.float64, copy=False)


def shapes_of(blocks: Iterable[bytes]) -> Shapes:
    """The shapes of blocks in order as one. Raises EnvironmentFault when one of them is not as it was packed."""
    features, kinds, lengths, lons, lats = [], [], [], [], []
    total = 0
    for data in blocks:
        try:
            version, count, parts, points = _HEAD.unpack_from(data)
            if version != VERSION:
                raise EnvironmentFault("A layer was kept by a later version of Dateline, and is not drawn.")
            at = _HEAD.size
            feature = np.frombuffer(data, "<i4", parts, at)
            kind = np.frombuffer(data, np.uint8, parts, at + 4 * parts)
            length = np.frombuffer(data, "<i4", parts, at + 5 * parts)
            at += 9 * parts
            lon, lat = _numbers(data, at, points), _numbers(data, at + 8 * points, points)
        except (struct.error, ValueError) as error:
            raise _damaged() from error
        sound = int(length.sum()) == points and (length > 0).all() and (kind <= HOLE).all()
        if not sound or not ((feature >= 0) & (feature < count)).all() or not np.isfinite(lon + lat).all():
            raise _damaged()
        features.append(feature.astype(np.int32) + total)
        kinds.append(kind)
        lengths.append(length)
        lons.append(lon)
        lats.append(lat)
        total += count
    if not lons:
        nothing = np.empty(0)
        offsets = np.zeros(1, np.int64)
        return Shapes(0, np.empty(0, np.int32), np.empty(0, np.uint8), offsets, nothing, nothing)
    offsets = np.concatenate(([0], np.cumsum(np.concatenate(lengths), dtype=np.int64)))
    return Shapes(
        total, np.concatenate(features), np.concatenate(kinds), offsets, np.concatenate(lons), np.concatenate(lats)
    )


def properties_of(data: bytes) -> list[dict[str, Any]]:
    """The properties of a block's features. Raises EnvironmentFault when they are damaged."""
    try:
        said = json.loads(data.decode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise _damaged() from error
    if not isinstance(said, list) or not all(isinstance(each, dict) for each in said):
        raise _damaged()
    return said


def index_of(data: bytes) -> Index:
    """The list of a layer's blocks. Raises EnvironmentFault when it is damaged."""
    try:
        said = json.loads(data)
        blocks = tuple(Block(str(shapes), str(properties), int(count)) for shapes, properties, count in said["blocks"])
        return Index(blocks, tuple(map(str, said["fields"])))
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged() from error


def _damaged() -> EnvironmentFault:
    return EnvironmentFault("A part of this layer is damaged and is not drawn. Open a backup, or add the layer again.")
