"""What a user can do with the layers of the map: add, style, order, hide and remove them, and fly to one."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from sqlmodel import Session

from db.layers import adding
from db.layers.adding import Added, Kept, put_layer, read_layer
from db.layers.style import LayerStyle
from db.queries import LayerRow
from db.values import Extent
from viewer.core.changes import Changes
from viewer.core.jobs import Cancelled, Progress

LEAST_SPAN: Final = 0.02
"""A layer is flown to with at least so many degrees around it."""
_AROUND: Final = 0.06
HIGHEST: Final = 84.0
"""So near to a pole maps go, in degrees."""


@dataclass(frozen=True, slots=True)
class LayerSettings:
    """All of a layer that a user sets in one go; dates as EDTF, empty for none."""

    name: str
    style: LayerStyle
    begins: str = ""
    ends: str = ""
    begin_field: str = ""
    end_field: str = ""


def settings_of(row: LayerRow) -> LayerSettings:
    """What a layer is set to."""
    return LayerSettings(row.name, row.style, row.begins, row.ends, row.begin_field, row.end_field)


class LayerChanges:
    """The changes of layers, each a step that can be undone; layers by their rows."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    @property
    def rows(self) -> tuple[LayerRow, ...]:
        """The layers, from the lowest to the highest."""
        return self._changes.data.loaded.layers

    def add(self, path: Path, part: str | None = None) -> None:
        """Add a file as the topmost layer, beside the window; ``part`` names a table in it."""
        store, messages, jobs = self._changes.data.store, self._changes.messages, self._changes.jobs
        if not self._changes.is_writable():
            return

        def work(_connection: sqlite3.Connection, progress: Progress) -> Kept:
            return read_layer(path, part, progress.report)

        def put(kept: Kept) -> None:
            jobs.write(lambda: put_layer(store, kept), tell, failed)

        def tell(added: Added) -> None:
            said, more = f"Added layer {added.name}", None
            if any(added.times):
                fields = " and ".join(f"“{each}”" for each in added.times if each)
                said += f". Its {'fields' if all(added.times) else 'field'} {fields} can say when a feature shows"
                more = "Show by these", partial(self._show_by, added)
            messages.done(said, "Undo", self._changes.undo, more)
            if added.left:
                one = added.left == 1
                messages.warn(
                    f"{added.left:,} {'feature' if one else 'features'} of {path.name} {'has' if one else 'have'} no "
                    f"shape that could be drawn, and {'was' if one else 'were'} left out."
                )

        def failed(error: Exception) -> None:
            if isinstance(error, Cancelled):
                messages.done(f"Stopped; {path.name} was not added")
            else:
                messages.fault(error)

        jobs.read_long(f"Adding {path.name}", work, put, failed)  # other changes do not wait for a large file

    def _show_by(self, added: Added) -> None:
        """Have each feature of a layer show at the time that its fields say."""
        row = next((each for each in self.rows if each.uid == added.uid), None)
        if row is not None and self._changes.is_writable():
            begin, end = added.times
            self.set(row, replace(settings_of(row), begins="", ends="", begin_field=begin, end_field=end))

    def show(self, row: LayerRow, visible: bool) -> None:
        """Have a layer on the map, or not."""
        word = "Show" if visible else "Hide"

        def work(session: Session) -> None:
            adding.layer_of(session, row.id).visible = int(visible)

        self._changes.write(f"{word} layer {row.name}", f"{'Shown' if visible else 'Hidden'}: {row.name}", work)

    def set(self, row: LayerRow, settings: LayerSettings) -> None:
        """Set what a dialog has asked for, as one step."""

        def work(session: Session) -> None:
            layer = adding.layer_of(session, row.id)
            layer.name = " ".join(settings.name.split()) or row.name
            layer.style = settings.style.to_json()
            layer.begins, layer.ends = settings.begins or None, settings.ends or None
            layer.begin_field, layer.end_field = settings.begin_field or None, settings.end_field or None

        if settings != settings_of(row):
            self._changes.write(f"Change layer {row.name}", f"Changed layer {row.name}", work)

    def order(self, ids: list[int], name: str) -> None:
        """Draw the layers in this order, the first at the bottom; ``name`` of the one that was moved."""
        if ids != [row.id for row in self.rows]:
            self._changes.write(
                f"Move layer {name}", f"Moved layer {name}", lambda session: adding.reorder(session, ids)
            )

    def move(self, row: LayerRow, step: int) -> None:
        """Raise (+1) or lower (-1) a layer by one."""
        ids = [each.id for each in self.rows]
        at = ids.index(row.id)
        to = min(max(at + step, 0), len(ids) - 1)
        ids.insert(to, ids.pop(at))
        self.order(ids, row.name)

    def remove(self, row: LayerRow) -> None:
        """Take a layer out of the project; a raster's file stays where it is."""

        def work(session: Session) -> None:
            session.delete(adding.layer_of(session, row.id))

        self._changes.write(f"Remove layer {row.name}", f"Removed layer {row.name}", work)

    def relink(self, row: LayerRow, path: Path) -> None:
        """Have a raster's layer look for another file."""
        project = self._changes.data.store.path
        self._changes.write(
            f"Find the file of layer {row.name}",
            f"Found the file of {row.name}",
            lambda session: adding.relink(session, row.id, path, project),
        )

    def fly_to(self, row: LayerRow) -> None:
        """Show all of a layer in the map."""
        if row.extent is None:
            self._changes.messages.warn(f"The layer {row.name} does not say where it lies.")
            return
        self._changes.state.set("command", extent=around(row.extent))


def around(extent: Extent) -> Extent:
    """An extent with some room around it, between -180 and 180 degrees."""
    wide = max((extent.east - extent.west) * _AROUND, LEAST_SPAN / 2)
    south, north = (min(max(each, -HIGHEST), HIGHEST) for each in (extent.south, extent.north))
    high = max((north - south) * _AROUND, LEAST_SPAN / 2)
    grown = Extent(extent.west - wide, max(south - high, -HIGHEST), extent.east + wide, min(north + high, HIGHEST))
    if grown.east - grown.west >= 360.0:
        return replace(grown, west=-180.0, east=180.0)
    return replace(grown, west=(grown.west + 180.0) % 360.0 - 180.0, east=(grown.east + 180.0) % 360.0 - 180.0)
