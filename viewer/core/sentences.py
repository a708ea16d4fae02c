"""Events as sentences, for assistive technology: what is painted, in words."""

from __future__ import annotations

from typing import Final

from db.queries import STATUS_CODES
from db.values import Status
from viewer.core.desk import Desk

STATUS_WORDS: Final = {
    Status.OCCURRED: "reported",
    Status.PLANNED: "planned",
    Status.PREDICTED: "predicted",
    Status.CLAIMED: "claimed",
    Status.DENIED: "denied",
}


def event_sentence(desk: Desk, row: int) -> str:
    """A row of the index: "Statements, Abadi says ..., 27 or 28 Nov 2016, Mosul, reported, two claims disagree"."""
    columns, loaded = desk.data.index.columns, desk.data.loaded
    kind = loaded.kinds.get(int(columns.kind[row]))
    place = loaded.places.get(int(columns.place[row]))
    parts = [
        kind.name if kind else "",
        desk.data.title(row),
        desk.commands.when(row),
        place.name if place else "",
        STATUS_WORDS[STATUS_CODES[columns.status[row]]],
        disagreement(int(columns.claims[row])) if columns.disagrees[row] else "",
        "" if columns.supported[row] else "no quote",
    ]
    return ", ".join(part for part in parts if part)


def disagreement(claims: int) -> str:
    """What is said of an event with so many claims that are not of one mind."""
    return "two claims disagree" if claims == 2 else "claims disagree"  # of more, not necessarily all
