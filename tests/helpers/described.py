"""Every event of a project in one form that says all that an export carries, whatever its rows are called inside."""

from __future__ import annotations

import sqlite3
from typing import Any

import shapely

from db import queries
from db.geometry import read_blob
from db.values import TimeSpan

Described = dict[str, dict[str, Any]]


def described(con: sqlite3.Connection, *, published: bool = True) -> Described:
    """By uid: what is displayed, who takes part, what is counted, and what each claim says, in order. A claim of the
    analyst's own, or of a file, has no source. ``published`` of sources.
    """
    sources = {row.id: row for row in queries.sources(con)}
    reliability = dict(con.execute("SELECT id, reliability FROM source").fetchall())
    counts = queries.event_quantities(con)
    found: Described = {}
    for event_id in queries.event_columns(con).id.tolist():
        detail = queries.event_detail(con, event_id)
        assert detail is not None
        claims = []
        for each in sorted(detail.claims, key=lambda claim: claim.id):
            source = sources.get(each.source_id) if each.source_id is not None else None
            own = source is None or any(one.role == "table" and one.title is None for one in source.documents)
            claims.append(
                {
                    "source": None
                    if own
                    else (source.title, source.publisher, source.published if published else None),
                    "letter": None if own else reliability[source.id],
                    "credibility": each.grade.credibility,
                    "stance": each.stance,
                    "title": each.title,
                    "summary": each.summary,
                    "status": each.status,
                    "when": _when(each.when),
                    "place": _place(con, None if each.place is None else each.place.place_id),
                    "actors": tuple(dict.fromkeys(actor.name for actor in each.actors)),
                    "attributed_to": each.attributed_to,
                    "quantity": each.quantity,
                }
            )
        row = con.execute("SELECT disagrees, grade FROM event WHERE id = ?", (event_id,)).fetchone()
        found[detail.uid] = {
            "title": detail.title,
            "summary": detail.summary or None,
            "when": _when(detail.when),
            "place": _place(con, None if detail.place is None else detail.place.id),
            "kind": None if detail.kind is None else detail.kind.name,
            "status": detail.status,
            "actors": sorted(actor.name for actor in detail.actors),
            "tags": tuple(detail.tags),
            "note": detail.note or None,
            "counts": counts.of(event_id),
            "grade": row[1],
            "disagrees": row[0],
            "claims": claims,
        }
    return found


def _when(when: TimeSpan | None) -> Any:
    return when and (when.edtf, when.shape, when.earliest_start, when.latest_start, when.earliest_end, when.latest_end)


def _place(con: sqlite3.Connection, place_id: int | None) -> Any:
    if place_id is None:
        return None
    name, blob, radius = con.execute("SELECT name, geom, radius_m FROM place WHERE id = ?", (place_id,)).fetchone()
    shape = None if blob is None else read_blob(blob)
    if shape is None:
        return name, None, radius or None
    polygons = shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in shape.polygons])
    return name, tuple(shape.points) or shapely.normalize(polygons).wkt, radius or None
