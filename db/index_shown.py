"""What of the full-text index is found while sources are hidden."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

_CLAIMS_OF: Final = {
    "event": ("SELECT source_id FROM claim WHERE event_id = {id}",),
    "place": (
        "SELECT source_id FROM claim WHERE place_id = {id}",
        "SELECT source_id FROM claim WHERE control_place_id = {id}",
        "SELECT c.source_id FROM claim_place AS p JOIN claim AS c ON c.id = p.claim_id WHERE p.place_id = {id}",
    ),
    "actor": (
        "SELECT source_id FROM claim WHERE control_holder_id = {id}",
        "SELECT c.source_id FROM claim_actor AS a JOIN claim AS c ON c.id = a.claim_id WHERE a.actor_id = {id}",
    ),
}
"""SQL for the sources of the claims that speak of a thing, NULL for a claim of the analyst's own."""


def shown(codes: Mapping[str, int], hidden: frozenset[int], added: Collection[int] = ()) -> str:
    """SQL that is true of a row of the index unless a hidden source is all that says it; of an event, unless one says
    anything of it, for what is left of that is derived again. A place or an actor of which no claim speaks is shown.

    ``codes``: of the tables, in the ids of the index. ``added``: ids of actors that are shown whatever claims say.
    """
    if not hidden:
        return "1"
    row, of = "search_index.rowid / 8", f"IN ({','.join(map(str, sorted(hidden)))})"
    source = "SELECT 1 FROM document AS d"
    each = {
        "event": f"NOT {_any(_CLAIMS_OF['event'], row, of)}",
        "quote": f"NOT EXISTS ({source} JOIN quote AS q ON d.id = document_id WHERE q.id = {row} AND +source_id {of})",
        "source": f"{row} NOT {of}",
        "document": f"NOT EXISTS ({source} WHERE d.id = {row} AND +d.source_id {of})",
    }
    for table in ("place", "actor"):
        claims = _CLAIMS_OF[table]
        others = _any(claims, row, f"IS NULL OR source_id NOT {of}")
        each[table] = f"({others} OR NOT {_any(claims, row, of)})"
    each["actor"] = f"({row} IN ({','.join(map(str, sorted(added)))}) OR {each['actor']})"
    cases = " ".join(f"WHEN {codes[table]} THEN {sql}" for table, sql in each.items())
    return f"CASE search_index.rowid % 8 {cases} ELSE 1 END"


def _any(claims: Sequence[str], row: str, condition: str) -> str:
    """SQL that is true where any of the sources is as a condition says; each part ends as soon as one is."""
    # The plus sign keeps SQLite from going through all claims of the hidden sources for each row.
    parts = (f"EXISTS (SELECT 1 FROM ({sql.format(id=row)}) WHERE +source_id {condition})" for sql in claims)
    return f"({' OR '.join(parts)})"
