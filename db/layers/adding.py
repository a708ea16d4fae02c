"""Files becoming layers of a project: shapes are kept in it, rasters stay where they are and are linked."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import func
from sqlmodel import Session, select

from db.change import Change
from db.errors import EnvironmentFault, InputFault
from db.layers.opening import RASTERS, open_raster, open_vector
from db.layers.packing import Block, Index, Packer
from db.layers.style import COLORS, PLAIN, LayerStyle
from db.layers.table import Layer
from db.layers.times import LOOKED_AT, guess_fields
from db.store import Store
from db.tables import Content
from db.values import Extent

MOST_POINTS: Final = 10_000_000
"""Points of a layer: so many are drawn in seconds and take 160 MB of memory."""
PARTS: Final = 1000
_LEVEL: Final = 6
Told = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Kept:
    """A layer as it was read, not in the project yet. ``contents``: its blocks, packed, by hash; a raster has none.

    ``times``: the fields that seem to say when a feature begins and ends, empty for none.
    """

    path: Path
    name: str
    contents: dict[str, bytes]
    index: str
    features: int
    points: int
    left: int
    extent: Extent
    times: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Added:
    """What has become of a file. ``left``: features without a shape that could be drawn; ``times`` as of ``Kept``."""

    uid: str
    name: str
    features: int
    left: int
    change: Change | None
    times: tuple[str, str] = ("", "")


def is_raster(path: Path) -> bool:
    """Whether a file is taken as a raster, by its ending."""
    return path.suffix.lower() in RASTERS


def tables_of(path: Path) -> tuple[str, ...]:
    """The tables of shapes in a file that can have several. Raises InputFault as ``open_vector``."""
    return () if is_raster(path) else open_vector(path).parts


def add_layer(store: Store, path: Path, part: str | None = None, told: Told = lambda _done, _total: None) -> Added:
    """Add a file as the topmost layer, in one step: as ``read_layer`` and then ``put_layer``. Nothing is added where
    either of them raises.
    """
    return put_layer(store, read_layer(path, part, told))


def read_layer(path: Path, part: str | None = None, told: Told = lambda _done, _total: None) -> Kept:
    """Read and pack a file, of a raster its extent only; ``part`` names a table in it, ``told`` hears of the progress.

    Raises InputFault when the file cannot be taken; what ``told`` raises is raised again.
    """
    try:
        if not is_raster(path):
            return read_vector(path, part, told)
        with open_raster(path) as raster:
            return Kept(path, path.stem, {}, "", 0, 0, 0, raster.extent)
    except OSError as error:
        raise InputFault(f"{path.name} cannot be read: {error.strerror or error}. Nothing was written.") from error


def put_layer(store: Store, kept: Kept) -> Added:
    """Add what has been read as the topmost layer, in one step. Raises EnvironmentFault as ``Store.step``."""
    path, name = kept.path, kept.name
    with store.step(f"Add layer {name}", origin="command") as session:
        for sha256, body in kept.contents.items():
            if session.exec(select(Content.id).where(Content.sha256 == sha256)).first() is None:
                session.add(Content(sha256=sha256, body=body))
                session.flush()
        if is_raster(path):
            row = _new(session, name, "raster", path, PLAIN)
            row.path = path_in_project(path, store.path)
        else:
            count = session.exec(select(func.count()).select_from(Layer)).one()
            row = _new(session, name, "vector", path, LayerStyle(color=next_color(count)))
            row.sha256, row.features, row.points = kept.index, kept.features, kept.points
        _put_extent(row, kept.extent)
        session.flush()
        uid = row.uid
    return Added(uid, name, kept.features, kept.left, session.change, kept.times)


def read_vector(path: Path, part: str | None, told: Told = lambda _done, _total: None) -> Kept:
    """Read all features of a file and pack them. Memory holds them packed. Raises as ``read_layer``."""
    file, packer = open_vector(path, part), Packer()
    contents: dict[str, bytes] = {}
    blocks: list[Block] = []
    left = 0
    looked: list[Mapping[str, object]] = []

    def keep(data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 not in contents:
            contents[sha256] = zlib.compress(data, _LEVEL)
        return sha256

    def close_block() -> None:
        shapes, properties, count = packer.take()
        blocks.append(Block(keep(shapes), keep(properties), count))
        told(int(PARTS * file.progress()), PARTS)

    try:
        for number, (geometry, properties) in enumerate(file):
            if number < LOOKED_AT:
                looked.append(properties)
            if geometry is None or not packer.add(geometry, properties):
                left += 1
            if packer.full:
                close_block()
            elif number % 256 == 0:
                told(int(PARTS * file.progress()), PARTS)
            if packer.points > MOST_POINTS:
                raise InputFault(
                    f"{path.name} has more than {MOST_POINTS:,} points, too many to be drawn. Simplify it first. "
                    "Nothing was written."
                )
        close_block()
    except RecursionError:
        raise InputFault(f"{path.name} is nested too deeply to be read. Nothing was written.") from None
    extent = packer.extent
    if extent is None:
        why = "none of its features has a shape on the earth" if left else "it is empty"
        raise InputFault(f"There is nothing in {path.name} that could be drawn: {why}. Nothing was written.")
    index = keep(Index(tuple(blocks), tuple(packer.fields)).to_bytes())
    times = guess_fields(looked)
    return Kept(path, part or path.stem, contents, index, packer.count, packer.points, left, extent, times)


def path_in_project(path: Path, project: Path) -> str:
    """How a raster is linked: relative to the project's folder where it lies in or beside it, so that both may move."""
    path, folder = path.absolute(), project.absolute().parent
    for base, up in ((folder, ""), (folder.parent, "../")):
        if path.is_relative_to(base) and base != base.parent:
            return up + path.relative_to(base).as_posix()
    return path.as_posix()


def _new(session: Session, name: str, kind: str, path: Path, style: LayerStyle) -> Layer:
    last = session.exec(select(func.max(Layer.position))).one()
    row = Layer(
        name=name, kind=kind, file_name=path.name, position=0 if last is None else last + 1, style=style.to_json()
    )
    session.add(row)
    return row


def _put_extent(row: Layer, extent: Extent) -> None:
    row.west, row.south, row.east, row.north = extent.west, extent.south, extent.east, extent.north


def next_color(count: int) -> str:
    """The colour of a new layer where there are so many: far from that of the one before, and first none of those that
    marks of events mostly have.
    """
    return COLORS[(5 + 3 * count) % len(COLORS)]


def layer_of(session: Session, layer_id: int) -> Layer:
    """The row of a layer within a step. Raises EnvironmentFault when it is gone."""
    row = session.get(Layer, layer_id)
    if row is None:
        raise EnvironmentFault("That layer is no longer in the project. Nothing was changed.")
    return row


def reorder(session: Session, ids: list[int]) -> None:
    """Draw layers in this order, the first at the bottom."""
    for position, layer_id in enumerate(ids):
        row = layer_of(session, layer_id)
        if row.position != position:
            row.position = position
            session.add(row)
    session.flush()


def relink(session: Session, layer_id: int, path: Path, project: Path) -> None:
    """Have a raster's layer look for another file. Raises InputFault when that is no raster."""
    with open_raster(path) as raster:
        extent = raster.extent
    row = layer_of(session, layer_id)
    row.path, row.file_name = path_in_project(path, project), path.name
    _put_extent(row, extent)
    session.add(row)
    session.flush()


def link_rasters(project: Path, files: Mapping[int, Path]) -> None:
    """Have the layers (by id) of a copy of a project look for their files where those are, wherever the copy lies."""
    store = Store.open(project)
    try:
        with store.step("Link layers") as session:
            for layer_id, file in files.items():
                layer_of(session, layer_id).path = file.as_posix()
    finally:
        store.close()
