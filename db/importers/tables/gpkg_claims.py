"""The table of claims of a GeoPackage that we wrote, as columns of the events (claim_columns.py)."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from db.claim_columns import COLUMNS, columns_of, number_text
from db.displayed import grade_of
from db.errors import InputFault
from db.geometry import read_blob
from db.importers.tables.spots import OUTLINE, Spots
from db.joined import join_names

_NUMBERS: Final = frozenset(("lon", "lat", "radius_m", "quantity", "quantity_low", "quantity_high"))
_NEEDED: Final = frozenset(("event_uid", "source", "reliability", "credibility", "stance", "status"))


def claim_names(con: sqlite3.Connection) -> frozenset[str]:
    """The columns of the table of claims; none where there is no such table."""
    kind = con.execute("SELECT type FROM main.sqlite_master WHERE name = 'claims'").fetchone()
    names = frozenset(str(row[1]) for row in con.execute("PRAGMA main.table_info(claims)").fetchall())
    return names if kind == ("table",) and names >= _NEEDED else frozenset()


class Claims:
    """What claims say of events, by columns that the table has; ``areas``: whether there are shapes."""

    def __init__(self, names: frozenset[str], spots: Spots, areas: bool) -> None:
        self._names = tuple(sorted(names & {*COLUMNS.values(), "reliability", "credibility", "area"}))
        self._there, self._spots, self._areas = bool(names), spots, areas and "area" in names

    def of(self, con: sqlite3.Connection, uids: Sequence[object]) -> dict[str, dict[str, str]]:
        """The columns of claims by uid of the event."""
        if not self._there:
            return {}
        wanted = json.dumps([each for each in uids if isinstance(each, str)])
        sql = (
            f"SELECT event_uid, {', '.join(self._names)} FROM main.claims "
            "WHERE event_uid IN (SELECT value FROM json_each(?)) ORDER BY rowid"
        )
        found: dict[str, list[dict[str, str]]] = defaultdict(list)
        rows = con.execute(sql, (wanted,)).fetchall()
        at = self._names.index("area") + 1 if self._areas else None
        outlines = self._outlines(con, set() if at is None else {row[at] for row in rows})
        for uid, *values in rows:
            row = dict(zip(self._names, values, strict=True))
            said = {name: _text(name, value) for name, value in row.items() if name in COLUMNS.values()}
            said["grade"] = grade_of(row["reliability"], row["credibility"]).code
            said["outline"] = outlines.get(row.get("area"), "")
            found[str(uid)].append(said)
        return {
            uid: {column: join_names(texts) for column, texts in columns_of(several).items()}
            for uid, several in found.items()
        }

    def _outlines(self, con: sqlite3.Connection, uids: set[Any]) -> Mapping[Any, str]:
        """The cells that name the shapes of areas."""
        found = {}
        for uid in uids:
            if not isinstance(uid, str):
                continue
            row = con.execute("SELECT geom FROM main.areas WHERE uid = ?", (uid,)).fetchone()
            try:
                geometry = read_blob(row[0]) if row and isinstance(row[0], bytes) else None
            except InputFault:
                continue
            if geometry is not None:
                found[uid] = self._spots.columns(geometry, ())[0].get(OUTLINE, "")
        return found


def _text(name: str, value: object) -> str:
    if isinstance(value, int | float):
        return number_text(value) if name in _NUMBERS else str(value)
    return value if isinstance(value, str) else ""
