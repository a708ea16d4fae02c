"""Columns of events with some rows taken out and others put in: without sorting the rest again. No Qt."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from db.queries import EventColumns
from viewer.core.counts import Mask, Orders

_SOURCES: Final = ("source_offsets", "source_ids")
_KEYS: Final = ("best", "latest", "id")
_PLACE: Final = ("id", "earliest", "best", "latest")
"""What an event's row and its places in the orders follow from."""


def merged(old: EventColumns, orders: Orders, gone: Mask, new: EventColumns) -> tuple[EventColumns, Orders]:
    """``old`` without the rows ``gone``, and with those of ``new``, none of which is one that stays; and the orders."""
    where = np.flatnonzero(gone)
    if all(_same(getattr(old, name)[where], getattr(new, name)) for name in _PLACE):
        return _overwritten(old, gone, new), orders
    stays = ~gone
    rows = np.flatnonzero(stays)
    earliest, ids = old.earliest[rows], old.id[rows]
    at = _places(earliest, ids, new.earliest, new.id)  # before which of those that stay each new one goes
    columns: dict[str, NDArray[Any]] = {}
    for field in fields(EventColumns):
        if field.name not in _SOURCES:
            kept = getattr(old, field.name)[rows]
            columns[field.name] = np.insert(kept, at, getattr(new, field.name)) if len(at) else kept
    columns["source_offsets"], columns["source_ids"] = _sources(old, stays, new, at)
    number = np.cumsum(stays) - 1  # of an old row among those that stay
    put = np.sort(at)
    own = at + np.arange(len(at))  # rows of the new ones; ``new`` is sorted as the columns are
    both = []
    for order, key in zip(orders, _KEYS, strict=True):
        kept = number[order[stays[order]]]
        if len(at):
            kept += np.searchsorted(put, kept, "right")
            values = columns[key]
            mine = own[np.lexsort((own, values[own]))]
            kept = np.insert(kept, _places(values[kept], kept, values[mine], mine), mine)
        both.append(kept)
    for array in columns.values():
        array.flags.writeable = False
    return EventColumns(**columns), (both[0], both[1], both[2])


def _overwritten(old: EventColumns, gone: Mask, new: EventColumns) -> EventColumns:
    """``new`` in place of the rows ``gone``, each where one of them was; columns that stay as they are are shared."""
    where = np.flatnonzero(gone)
    columns: dict[str, NDArray[Any]] = {}
    for field in fields(EventColumns):
        column, values = getattr(old, field.name), getattr(new, field.name)
        if field.name not in _SOURCES and not _same(column[where], values):
            column = column.copy()
            column[where] = values
            column.flags.writeable = False
        columns[field.name] = column
    offsets, ids = _sources(old, ~gone, new, where - np.arange(len(where)))
    if not (_same(offsets, old.source_offsets) and _same(ids, old.source_ids)):
        columns |= {"source_offsets": offsets, "source_ids": ids}
    return EventColumns(**columns)


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    floats = one.dtype.kind == "f"
    return one.shape == other.shape and bool(np.array_equal(one, other, equal_nan=floats))


def nothing(like: EventColumns) -> EventColumns:
    """No events, in columns of the same types."""
    columns = {field.name: getattr(like, field.name)[:0] for field in fields(EventColumns)}
    return EventColumns(**columns | {"source_offsets": like.source_offsets[:1]})


def _places(
    first: NDArray[np.int64], second: NDArray[np.int64], new_first: NDArray[np.int64], new_second: NDArray[np.int64]
) -> NDArray[np.intp]:
    """Before which of the pairs (first, second), which ascend, each of some new pairs belongs."""
    low = np.searchsorted(first, new_first, "left")
    high = np.searchsorted(first, new_first, "right")
    for at in np.flatnonzero(high > low).tolist():
        low[at] += np.searchsorted(second[low[at] : high[at]], new_second[at])
    return low


def _sources(
    old: EventColumns, stays: Mask, new: EventColumns, at: NDArray[np.intp]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The sources of those that stay and of the new ones, as offsets and ids."""
    before = np.diff(old.source_offsets)
    counts, ids = before[stays], old.source_ids[np.repeat(stays, before)]
    if len(at):
        starts = np.concatenate(([0], np.cumsum(counts)))
        more = np.diff(new.source_offsets)
        ids = np.insert(ids, np.repeat(starts[at], more), new.source_ids)
        counts = np.insert(counts, at, more)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64), ids
