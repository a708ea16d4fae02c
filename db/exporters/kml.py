"""Events as KML 2.2 (OGC 07-147r2), plain or zipped as KMZ, a style for each kind; areas are polygons.

A moment that just fills one day (UTC) is a TimeStamp with that date, an instant one with its time; every other date is
a TimeSpan, without ``begin`` or ``end`` where that end is open or unknown; an undated event has neither, and is then
always shown. Years before 1 are numbered as KML does, without a year 0 (``dates.kml_iso``); ``start_iso`` and
``end_iso`` in ExtendedData are as ``dates.iso`` writes them. What is not known is left out there. Characters that XML
1.0 cannot hold become U+FFFD.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from itertools import repeat
from pathlib import Path
from typing import Final, TextIO
from xml.sax.saxutils import escape

from db.errors import InputFault
from db.exporters.areas import Area
from db.exporters.claims import joined_texts
from db.exporters.dates import is_moment, iso, kml_day, kml_iso
from db.exporters.rows import COUNTED, About, Exported
from db.geometry import Part
from db.joined import join_names
from db.queries import KindRow

_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_COLOUR: Final = re.compile("#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")
_GREY: Final = "ff808080"
_FAINT: Final = "40"  # a quarter, in place of full opacity
_CR: Final = {"\r": "&#13;"}  # a parser would make a bare one a line feed


def write(path: Path, about: About, events: Iterable[Exported]) -> int:
    """Write the events to a .kml and answer how many there were. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        return _write(file, about, events)


def write_zipped(path: Path, about: About, events: Iterable[Exported]) -> int:
    """As ``write``, as a .kmz: a zip archive with one file doc.kml (OGC 07-147r2, annex C).

    Raises OSError, and InputFault for more than 2 GB of KML: the larger kind of archive is not read by libkml.
    """
    try:
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("doc.kml", "w") as inner,
            TextIOWrapper(inner, encoding="utf-8", newline="\n") as file,
        ):
            return _write(file, about, events)
    except RuntimeError as error:
        if "zip64" not in str(error).lower():
            raise
        raise InputFault("These are too many events for KMZ. Nothing was written; choose .kml or .gpkg.") from error


def _write(file: TextIO, about: About, events: Iterable[Exported]) -> int:
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n')
    file.write(f"<name>{_text(about.title)}</name>\n")
    for kind in about.kinds:
        file.write(
            f'<Style id="kind-{kind.id}"><IconStyle><color>{_colour(kind)}</color></IconStyle>'
            f"<LabelStyle><scale>0.8</scale></LabelStyle><LineStyle><color>{_colour(kind)}</color></LineStyle>"
            f"<PolyStyle><color>{_FAINT}{_colour(kind)[2:]}</color></PolyStyle></Style>\n"
        )
    count = 0
    for event in events:
        file.write(_placemark(event))
        count += 1
    file.write("</Document>\n</kml>\n")
    return count


def _placemark(event: Exported) -> str:
    parts = [f"<Placemark><name>{_text(event.title)}</name>{_time(event)}"]
    if event.kind_id is not None:
        parts.append(f"<styleUrl>#kind-{event.kind_id}</styleUrl>")
    parts.append("\n<ExtendedData>")
    parts += [f'<Data name="{name}"><value>{_text(value)}</value></Data>' for name, value in _data(event)]
    parts.append("</ExtendedData>")
    if event.area is not None:
        parts.append(f"\n{_polygons(event.area)}")
    elif event.lon is not None and event.lat is not None:
        parts.append(f"\n<Point><coordinates>{event.lon!r},{event.lat!r}</coordinates></Point>")
    parts.append("</Placemark>\n")
    return "".join(parts)


def _polygons(area: Area) -> str:
    shapes = "".join(
        "<Polygon>"
        + "".join(
            f"<{tag}><LinearRing>{_ring(ring)}</LinearRing></{tag}>" for tag, ring in zip(_tags(), rings, strict=False)
        )
        + "</Polygon>"
        for rings in area.polygons
    )
    return shapes if len(area.polygons) == 1 else f"<MultiGeometry>{shapes}</MultiGeometry>"


def _tags() -> Iterator[str]:
    """What the rings of a polygon stand in, one after another."""
    yield "outerBoundaryIs"
    yield from repeat("innerBoundaryIs")


def _ring(ring: Part) -> str:
    return f"<coordinates>{' '.join(f'{x!r},{y!r}' for x, y in ring.tolist())}</coordinates>"


def _time(event: Exported) -> str:
    start, end = event.start, event.end
    if event.when is not None and start is not None and end is not None and is_moment(event.when):
        when = kml_iso(start) if start == end else kml_day(start, end)
        if when is not None:
            return f"<TimeStamp><when>{when}</when></TimeStamp>"
    begin = "" if start is None else f"<begin>{kml_iso(start)}</begin>"
    finish = "" if end is None else f"<end>{kml_iso(end)}</end>"
    return f"<TimeSpan>{begin}{finish}</TimeSpan>" if begin or finish else ""


def _data(event: Exported) -> Iterator[tuple[str, str]]:
    """What is known of an event beside its name, time and point."""
    values = {
        "summary": event.summary,
        "kind": event.kind,
        "status": event.status,
        "edtf": event.edtf,
        "start_iso": iso(event.start),
        "end_iso": iso(event.end),
        "date_precision": event.precision,
        "date_shape": event.shape,
        "grade": event.grade,
        "place": event.place,
        "radius_m": None if event.radius_m is None else repr(event.radius_m),
        "actors": join_names(event.actors) or None,
        "sources": join_names(event.sources) or None,
        "attributed_to": join_names(event.attributed_to) or None,
        "claims": str(event.claims),
        "disagrees": "true" if event.disagrees else "false",
        "tags": join_names(event.tags) or None,
        "note": event.note,
        "uid": event.uid,
        "row_ids": join_names(event.row_ids) or None,
    }
    values |= {
        name: repr(each) if isinstance(each, float) else each for name, each in zip(COUNTED, event.counted, strict=True)
    }
    return ((name, value) for name, value in (values | joined_texts(event.claimed)).items() if value is not None)


def _text(text: str) -> str:
    return escape(_UNFIT.sub("\ufffd", text), _CR)


def _colour(kind: KindRow) -> str:
    """aabbggrr (OGC 07-147r2, 16.6)."""
    found = _COLOUR.fullmatch(kind.light)
    return _GREY if found is None else "ff{2}{1}{0}".format(*found.groups()).lower()
