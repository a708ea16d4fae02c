"""Movements: what claims say of the ways that people, arms or goods took, from place to place."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class Movement(NamedTuple):
    """One claim's way of an event: ids of its places in order, at least two. ``source_id``: None where it has none."""

    event_id: int
    source_id: int | None
    places: tuple[int, ...]


def movements(con: sqlite3.Connection) -> tuple[Movement, ...]:
    """All ways that supporting claims tell of, in order of the claims; they lead from a place over others to one.

    Where a claim names no place *to* which, its own is meant.
    """
    rows = con.execute(
        # CROSS: the few ways are gone through, not all claims (https://sqlite.org/optoverview.html#crossjoin).
        "SELECT c.id, c.event_id, c.source_id, c.place_id, cp.role, cp.place_id FROM claim_place AS cp "
        "CROSS JOIN claim AS c ON c.id = cp.claim_id WHERE cp.role IN ('from', 'via', 'to') AND c.stance = 'supports' "
        "ORDER BY c.id, cp.id"
    ).fetchall()
    claims: dict[int, tuple[int, int | None, int | None]] = {}
    ways: dict[int, dict[str, list[int]]] = {}
    for claim_id, event_id, source_id, own, role, place_id in rows:
        claims[claim_id] = event_id, source_id, own
        ways.setdefault(claim_id, {"from": [], "via": [], "to": []})[role].append(place_id)
    found = []
    for claim_id, way in ways.items():
        event_id, source_id, own = claims[claim_id]
        goals = way["to"] or ([own] if own is not None else [])
        for start in way["from"]:
            found += [Movement(event_id, source_id, (start, *way["via"], goal)) for goal in goals if goal != start]
    return tuple(found)
