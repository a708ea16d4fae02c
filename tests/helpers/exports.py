"""Exports read back by other means than those that wrote them, and what the project displays, in one form.

An event is a dict: texts or None, ``start`` and ``end`` in ms or None, ``sources`` and ``tags`` joined by ``; ``.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import struct
import zipfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import shapely

from db import queries
from db.civil import instant
from db.formulas import unguarded
from db.geometry import geometry_blob, marker_point
from db.values import MS_DAY, OPEN_FUTURE, OPEN_PAST, Stance

Event = dict[str, Any]
FORMATS: Final = (".csv", ".geojson", ".kml", ".kmz", ".gpkg")
TEXTS: Final = (
    "title", "summary", "kind", "status", "edtf", "date_precision", "date_shape", "grade", "place", "actors", "sources",
    "attributed_to", "tags", "note", "uid", "row_ids", "quantity_what", "quantity_unit",
)  # fmt: skip
LISTS: Final = ("actors", "sources", "attributed_to", "tags", "row_ids")
COUNTS: Final = ("quantity", "quantity_low", "quantity_high")
NUMBERS: Final = ("lon", "lat", "radius_m", "claims", *COUNTS)
_MOMENT: Final = re.compile(r"(-?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})Z")
_DAY: Final = re.compile(r"(-?\d{4,})-(\d\d)-(\d\d)")
_KML: Final = "{http://www.opengis.net/kml/2.2}"


def displayed(con: sqlite3.Connection, hidden: frozenset[int] = frozenset()) -> list[Event]:
    """What the window shows of each event without some sources, by time."""
    sources = queries.sources(con)
    result = []
    for event_id in queries.event_columns(con, hidden).id.tolist():
        detail = queries.event_detail(con, event_id, hidden)
        assert detail is not None
        told = {claim.source_id for claim in detail.claims}
        names = [f"{row.publisher}: {row.title}" if row.publisher else row.title for row in sources if row.id in told]
        protected = {row.id for row in sources if row.protected}
        supports = [claim for claim in detail.claims if claim.stance is Stance.SUPPORTS]
        actors = dict.fromkeys(actor.name for claim in supports for actor in claim.actors)
        said = dict.fromkeys(
            claim.attributed_to
            for claim in supports
            if claim.attributed_to and not claim.protected and claim.source_id not in protected
        )
        when, place = detail.when, detail.place
        nowhere = place is None or place.lon != place.lon
        result.append(
            {
                "title": detail.title,
                "summary": detail.summary or None,
                "kind": detail.kind.name if detail.kind else None,
                "status": detail.status.word,
                "edtf": when.edtf if when else None,
                "start": when.earliest_start if when and when.earliest_start > OPEN_PAST else None,
                "end": when.latest_end if when and when.latest_end < OPEN_FUTURE else None,
                "date_precision": when.precision.name.lower() if when else None,
                "date_shape": when.shape.value if when else None,
                "grade": detail.grade.code or None,
                "place": place.name if place else None,
                "lon": None if nowhere else place.lon,
                "lat": None if nowhere else place.lat,
                "radius_m": place.radius_m if place else None,
                "actors": _joined(actors),
                "sources": _joined(names),
                "attributed_to": _joined(said),
                "claims": len(detail.claims),
                "disagrees": detail.disagrees,
                "tags": _joined(detail.tags),
                "note": detail.note or None,
                "uid": detail.uid,
                "row_ids": None,  # no event rests on a row of a table with ids
                **_counted(detail.claims),
            }
        )
    return result


def _counted(claims: Iterable[queries.ClaimRow]) -> Event:
    """What the one claim counts that has a number."""
    found = [each.quantity for each in claims if each.quantity is not None]
    found = [each for each in found if (each.value, each.low, each.high) != (None, None, None)]
    assert len(found) <= 1, "of several tests/db/test_quantities.py tells"
    one = found[0] if found else queries.QuantityRow(None, None, None, None, None)
    return dict(
        zip(
            ("quantity_what", "quantity_unit", *COUNTS), (one.what, one.unit, one.value, one.low, one.high), strict=True
        )
    )


def _joined(names: Iterable[str]) -> str | None:
    """Names as columns have them: one that would not come apart again has quotation marks."""
    odd = re.compile(r'.*;|"|\[|\s|.*\s\Z|\Z', re.DOTALL)
    return "; ".join('"' + each.replace('"', '""') + '"' if odd.match(each) else each for each in names) or None


def _where(shape: Any) -> Event:
    """The position of a point, or of the mark of an area."""
    if shape is None:
        return {"lon": None, "lat": None}
    marker = marker_point(geometry_blob(shape))
    assert marker is not None
    return {"lon": marker[0], "lat": marker[1]}


def read(path: Path) -> list[Event]:
    """The events in an exported file, in its order."""
    readers = {".csv": _csv, ".geojson": _geojson, ".kml": _kml, ".kmz": _kmz, ".gpkg": _gpkg}
    return readers[path.suffix](path)


def ms_of(text: str | None) -> int | None:
    """The instant of an ISO 8601 text with milliseconds, UTC."""
    if not text:
        return None
    found = _MOMENT.fullmatch(text)
    assert found is not None, text
    return instant(*map(int, found.groups()))


def _csv(path: Path) -> list[Event]:
    text = path.read_bytes().decode("utf-8-sig")
    events = []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        assert None not in row
        event: Event = {name: unguarded(row[name]) or None for name in TEXTS}
        event |= {name: float(row[name]) if row[name] else None for name in NUMBERS}
        event |= {name: ms_of(unguarded(row[name])) for name in ("start", "end")}
        event["disagrees"] = {"true": True, "false": False}[row["disagrees"]]
        events.append(event)
    return events


def _geojson(path: Path) -> list[Event]:
    found = json.loads(path.read_bytes().decode("utf-8"))
    assert set(found) == {"type", "features"}
    assert found["type"] == "FeatureCollection"
    events = []
    for feature in found["features"]:
        event: Event = {name: value for name, value in feature["properties"].items() if not name.startswith("claim_")}
        assert (feature["type"], feature["id"]) == ("Feature", event["uid"])
        shape = feature["geometry"] and shapely.from_geojson(json.dumps(feature["geometry"]))
        event |= _where(shape)
        event |= {name: _joined(event[name] or ()) for name in LISTS}
        event |= {name: ms_of(event[name]) for name in ("start", "end")}
        event |= {name: event[name] or None for name in ("note", "summary")}
        events.append(event)
    return events


def _kmz(path: Path) -> list[Event]:
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["doc.kml"]
        assert archive.testzip() is None
        return _placemarks(archive.read("doc.kml"))


def _kml(path: Path) -> list[Event]:
    return _placemarks(path.read_bytes())


def _placemarks(data: bytes) -> list[Event]:
    root = ElementTree.fromstring(data)
    styles = {f"#{each.get('id')}" for each in root.iter(f"{_KML}Style")}
    events = []
    for mark in root.iter(f"{_KML}Placemark"):
        values = {each.get("name"): each.findtext(f"{_KML}value") for each in mark.iter(f"{_KML}Data")}
        event: Event = {name: values.get(name) or None for name in TEXTS}
        event["title"] = mark.findtext(f"{_KML}name")
        event["start"], event["end"] = ms_of(values.get("start_iso")), ms_of(values.get("end_iso"))
        assert _time(mark) == (event["start"], event["end"])
        point = mark.findtext(f"{_KML}Point/{_KML}coordinates")
        outer = mark.iterfind(f".//{_KML}outerBoundaryIs/{_KML}LinearRing/{_KML}coordinates")
        rings = [each.text or "" for each in outer]
        shapes = [shapely.Polygon([tuple(map(float, pair.split(","))) for pair in each.split()]) for each in rings]
        shape = shapely.Point(tuple(map(float, point.split(",")))) if point else None
        event |= _where(shapely.MultiPolygon(shapes) if shapes else shape)
        event |= {name: float(values[name]) if name in values else None for name in ("radius_m", "claims", *COUNTS)}
        event["disagrees"] = {"true": True, "false": False}[str(values["disagrees"])]
        style = mark.findtext(f"{_KML}styleUrl")
        assert (style in styles) if event["kind"] else style is None
        events.append(event)
    return events


def _time(mark: ElementTree.Element) -> tuple[int | None, int | None]:
    """Start and end (ms) by what the map program goes by."""
    when = mark.findtext(f"{_KML}TimeStamp/{_KML}when")
    if when is not None:
        day = _DAY.fullmatch(when)
        if day is None:
            return _kml_ms(when), _kml_ms(when)
        first = instant(_year(int(day[1])), int(day[2]), int(day[3]))
        return first, first + MS_DAY - 1
    begin, end = (mark.findtext(f"{_KML}TimeSpan/{_KML}{name}") for name in ("begin", "end"))
    return _kml_ms(begin), _kml_ms(end)


def _kml_ms(text: str | None) -> int | None:
    if text is None:
        return None
    found = _MOMENT.fullmatch(text)
    assert found is not None, text
    year, *rest = map(int, found.groups())
    return instant(_year(year), *rest)


def _year(year: int) -> int:
    """A year numbered without a year 0, as civil.py numbers it."""
    assert year != 0
    return year + 1 if year < 0 else year


def _gpkg(path: Path) -> list[Event]:
    with closing(sqlite3.connect(path)) as con:
        con.row_factory = sqlite3.Row
        rows = con.execute("SELECT * FROM events ORDER BY fid").fetchall()
    events = []
    for number, row in enumerate(rows, 1):
        assert row["fid"] == number
        event: Event = {name: row[name] or None for name in TEXTS}
        event |= {name: row[name] for name in ("radius_m", "claims", *COUNTS)}
        event["disagrees"] = {0: False, 1: True}[row["disagrees"]]
        event["start"], event["end"] = ms_of(row["start_iso"]), ms_of(row["end_iso"])
        for iso, moment in ((row["start_iso"], row["begins"]), (row["end_iso"], row["ends"])):
            four = iso is not None and re.match(r"\d{4}-", iso) is not None and not iso.startswith("0000")
            assert moment == (iso if four else None)
        event["lon"], event["lat"] = (None, None) if row["geom"] is None else struct.unpack_from("<dd", row["geom"], 13)
        events.append(event)
    return events
