"""Events as GeoJSON: RFC 7946, one FeatureCollection in UTF-8, a feature on each line.

The geometry is in WGS 84, longitude first (RFC 7946, 4): a point, the polygons of a place that is an area, or null
where the place is not known. ``start`` and ``end`` are the earliest start and the latest end as ``dates.iso`` writes
them, any year; null where an end is open or unknown, or the event is undated: ``edtf`` tells which. ``actors``,
``sources``, ``attributed_to``, ``tags`` and ``row_ids`` (``row_ids.py``) are lists, as is what each claim says
(``claim_columns.py``); all but ``sources`` and ``tags`` are null where they name nobody and say nothing, because GDAL
takes a column that begins with an empty list for JSON in a text. A feature's id is the uid.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from db.claim_columns import COLUMNS
from db.exporters.claims import texts_of
from db.exporters.dates import iso
from db.exporters.rows import COUNTED, About, Exported


def write(path: Path, _about: About, events: Iterable[Exported]) -> int:
    """Write the events to a file and answer how many there were. Raises OSError."""
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type":"FeatureCollection","features":[')
        for event in events:
            file.write(",\n" if count else "\n")
            file.write(encode(_feature(event)))
            count += 1
        file.write("\n]}\n")
    return count


def _feature(event: Exported) -> dict[str, Any]:
    claims = texts_of(event.claimed)
    return {
        "type": "Feature",
        "id": event.uid,
        "geometry": _geometry(event),
        "properties": {
            "title": event.title,
            "summary": event.summary,
            "kind": event.kind,
            "status": event.status,
            "edtf": event.edtf,
            "start": iso(event.start),
            "end": iso(event.end),
            "date_precision": event.precision,
            "date_shape": event.shape,
            "grade": event.grade,
            "place": event.place,
            "radius_m": event.radius_m,
            "actors": event.actors or None,
            "sources": event.sources,
            "attributed_to": event.attributed_to or None,
            "claims": event.claims,
            "disagrees": event.disagrees,
            "tags": event.tags,
            "note": event.note,
            "uid": event.uid,
            "row_ids": event.row_ids or None,
            **dict(zip(COUNTED, event.counted, strict=True)),
            **{column: claims.get(column) for column in COLUMNS},
        },
    }


def _geometry(event: Exported) -> dict[str, Any] | None:
    if event.area is not None:
        polygons = event.area.coordinates()
        one = len(polygons) == 1
        return {"type": "Polygon" if one else "MultiPolygon", "coordinates": polygons[0] if one else polygons}
    if event.lon is None or event.lat is None:
        return None
    return {"type": "Point", "coordinates": [event.lon, event.lat]}
