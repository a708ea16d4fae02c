"""The session of a step, and what the step tells of itself once it is on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from sqlmodel import Session

from db.errors import StoreBug


@dataclass(frozen=True, slots=True)
class Change:
    """What a step changed: table name -> ids of rows, those inserted and deleted included. ``origin`` is who asked.

    Under ``event`` stand also the events whose displayed values may be others. ``stamp`` is the number of the commit,
    one more for each; 0 where nobody knows what went before. ``note`` is a sentence for the user where not all was done
    that was asked for.
    """

    label: str
    rows: Mapping[str, frozenset[int]]
    origin: str
    stamp: int = field(default=0, compare=False)
    note: str = field(default="", compare=False)


class StepSession(Session):
    """The session of a step. The step commits, and nobody else: a half of it must never be on disk.

    ``change`` is what the step changed, once it is over; None when that is nothing.
    """

    change: Change | None = None

    def commit(self) -> NoReturn:
        raise StoreBug("a session of a step is committed by the step itself")

    def rollback(self) -> NoReturn:
        raise StoreBug("leave a step by an exception to have it rolled back")
