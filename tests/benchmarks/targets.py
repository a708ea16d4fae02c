"""What the figures ought to be, by their names: one table, so that it can be read beside the measured one."""

from __future__ import annotations

from typing import Final, NamedTuple


class Target(NamedTuple):
    """The most that median and p95 may be, in the figure's unit, and the longest block (ms); None where it is open."""

    median: float | None = None
    p95: float | None = None
    block: float | None = None


LARGE: Final = 1_000_000
OF_LARGE: Final = {
    "scrub": Target(8, 16, 50),
    "map frame": Target(8, 16),
    "map pan": Target(8, 20, 50),
    "map zoom": Target(8, 20, 50),
    "lanes pan": Target(8, None, 50),
    "lanes zoom": Target(8, None, 50),
    "filter toggle": Target(33, None, 50),
    "source hidden, seen": Target(33, None, 50),
    "source shown again": Target(33, None, 50),
    "edit, to announced": Target(block=50),
    "undo, to announced": Target(block=50),
    "open, nothing kept": Target(4_000, None, 50),
    "open, columns kept": Target(1_000, None, 50),
    "search": Target(p95=50, block=50),
}
"""By how the names begin, for a million events and more."""
OF_ALL: Final = {
    "scrub": Target(p95=16),
    "map frame": Target(8, 16),
    "open, to first scrub": Target(1_000),
}
"""The same for fewer events; figures of the import have their own by the number of rows."""


def target_of(name: str, events: int | None) -> Target:
    """The target of a figure."""
    table = OF_LARGE if events is not None and events >= LARGE else OF_ALL
    return next((target for begin, target in table.items() if name.startswith(begin)), Target())
