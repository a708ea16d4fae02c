"""What is exported, read back: every field of every event is as displayed, in every format."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from db import edtf
from db.displayed import span_columns
from db.exporters import export_events
from db.geometry import geometry_blob, point_blob
from db.importers import bundle
from db.store import Store
from db.tables import Claim, Event, Kind, Place, Source
from db.values import Shape, TimeSpan
from tests.helpers.examples import examples
from tests.helpers.exports import FORMATS, TEXTS, displayed, ms_of, read
from viewer.paths import resource

XML_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("sample") / "sample.gpkg"
    bundle.build(resource("sample"), path)
    store = Store.open(path, read_only=True)
    con = store.reader()
    yield con
    con.close()
    store.close()


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_sample_comes_back(sample: sqlite3.Connection, tmp_path: Path, suffix: str):
    target = tmp_path / f"sample{suffix}"
    assert export_events(sample, target) == 130
    assert read(target) == displayed(sample)


@pytest.mark.parametrize("suffix", FORMATS)
def test_gdal_reads_the_sample(sample: sqlite3.Connection, tmp_path: Path, suffix: str):
    target = tmp_path / f"sample{suffix}"
    export_events(sample, target)
    meta, _fids, geometry, columns = pyogrio.raw.read(target, layer="events" if suffix == ".gpkg" else 0)
    found = dict(zip(meta["fields"], columns, strict=True))
    expected = displayed(sample)
    if "Name" in found:
        found["title"] = found["Name"]
    for name in TEXTS:
        values = [_words(value) for value in found[name]] if name in found else [None] * 130
        assert values == [event[name] for event in expected], name
    for name in ("radius_m", "claims"):
        values = [_number(value) for value in found[name]]
        assert values == [event[name] for event in expected], name
    truths = [value in (True, 1, "true") for value in found["disagrees"]]
    assert truths == [event["disagrees"] for event in expected]
    if suffix == ".csv":
        points = [(float(x), float(y)) if x else (None, None) for x, y in zip(found["lon"], found["lat"], strict=True)]
    else:
        points = [(None, None) if each is None else shapely.from_wkb(each).coords[0][:2] for each in geometry]
    assert points == [(event["lon"], event["lat"]) for event in expected]
    start, end = {".geojson": ("start", "end"), ".csv": ("start", "end")}.get(suffix, ("start_iso", "end_iso"))
    for name, key in ((start, "start"), (end, "end")):
        assert [_ms(value) for value in found[name]] == [event[key] for event in expected]
    if suffix == ".gpkg":
        assert meta["crs"] == "EPSG:4326"
        assert meta["geometry_type"] == "Point"
        for name, key in (("begins", "start"), ("ends", "end")):
            assert found[name].dtype == "datetime64[ms]"
            assert [_ms(value) for value in found[name]] == [event[key] for event in expected]


def _words(value: Any) -> str | None:
    """A text as GDAL gives it; a list joined, nothing None. Lists that are all empty come as text."""
    if value is None or isinstance(value, str):
        return None if value in (None, "", "[ ]") else value
    return "; ".join(value) or None


def _number(value: Any) -> float | None:
    return None if value in (None, "") or np.isnan(float(value)) else float(value)


def _ms(value: Any) -> int | None:
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else int(value.astype("datetime64[ms]").astype(np.int64))
    return ms_of(value)


# Events of every kind

DATES = (
    "../2014", "2014/..", "2014/", "/2014-05", "-0044-03-15", "0000", "-0001-12", "0001-01-01", "Y-10000", "Y12000",
    "9999-12-31", "2016-12-01T10:00:00Z", "2016-12-01T10:30+03:00", "2016-11-27", "2016-12", "2016-09?", "2016~",
    "201X", "[2016-11-27,2016-11-28]", "2015-10/2016-03", "-0050/0020", "2016-21",
)  # fmt: skip
TITLES = (
    '=HYPERLINK("http://example.com";"x")', "+1", "-2+3", "@SUM(A1)", "\tTab", "\rReturn", "'=quoted", "''-twice",
    "'s", "الموصل تسقط", "two\nlines", "two\r\nlines", 'a "quoted", title', "<b>&amp;</b>]]>", "😀 \u202eturned",
    " spaces ", "-5", "\x01control\x1f", "semi; colon", "null", "0",
)  # fmt: skip
words = st.one_of(st.sampled_from(TITLES), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))


@dataclass(frozen=True)
class Made:
    title: str
    when: TimeSpan | None
    place: int | None
    kind: int | None
    note: str | None
    tags: list[str]
    sources: list[int]


@st.composite
def spans(draw: st.DrawFn) -> TimeSpan:
    if draw(st.booleans()):
        return edtf.parse(draw(st.sampled_from(DATES)), draw(st.sampled_from(Shape)))
    first = draw(st.integers(-(10**15), 10**15))
    last = first + draw(st.one_of(st.just(0), st.integers(0, 10**13)))
    return TimeSpan(edtf.date_text(first), first, last, first, last, draw(st.sampled_from(edtf.Precision)))


events = st.builds(
    Made,
    words,
    st.none() | spans(),
    st.none() | st.integers(1, 5),
    st.none() | st.integers(1, 2),
    st.none() | words,
    st.lists(words, max_size=2),
    st.lists(st.integers(1, 3), max_size=3),
)


def make(path: Path, made: list[Made]) -> Store:
    store = Store.create(path, "=Title & <more>")
    with store.step("Make") as session:
        session.add(Kind(id=1, name="=Fighting & more", shape="chevron", light="#102030", dark="#ffffff"))
        session.add(Kind(id=2, name="قتال", shape="none", light="red", dark="#ffffff"))
        area = shapely.Polygon([(40, 35), (42, 35), (42, 36), (40, 36)])
        session.add(Place(id=1, name="الموصل", geom=point_blob(43.13, 36.34)))
        session.add(Place(id=2, name="@Raqqa\n", geom=point_blob(-179.99999999, -89.5), radius_m=20_000.5))
        session.add(Place(id=3, name="Nowhere", radius_m=1e6))
        session.add(Place(id=4, name="Desert", kind="area", geom=geometry_blob(area)))
        session.add(Place(id=5, name="0, 0", geom=point_blob(0, 0)))
        for number in (1, 2, 3):
            session.add(Source(id=number, title=f"-Source {number}", publisher=None if number == 2 else "Herald; Co"))
        session.flush()
        for number, each in enumerate(made, 1):
            session.add(Event(id=number, kind_id=each.kind, note=each.note, tags=json.dumps(each.tags)))
            session.flush()
            for source in each.sources or [None]:
                claim = Claim(event_id=number, source_id=source, title=each.title, place_id=each.place)
                if each.when is not None:
                    claim.edtf, claim.time_shape = each.when.edtf, each.when.shape.value
                    for name, value in span_columns(each.when).items():
                        setattr(claim, name, value)
                session.add(claim)
    return store


@settings(max_examples=examples(12), deadline=None)
@given(st.lists(events, max_size=20))
@example([Made("Twice tagged", None, 1, 1, None, ["front", "front"], [1])])
def test_generated_events_come_back(made: list[Made]):
    with TemporaryDirectory() as folder:
        store = make(Path(folder) / "made.gpkg", made)
        try:
            with closing(store.reader()) as con:
                expected = displayed(con)
                assert len(expected) == len(made)
                for suffix in FORMATS:
                    target = Path(folder) / f"out{suffix}"
                    assert export_events(con, target) == len(made)
                    assert read(target) == [_as_xml(event) if "km" in suffix else event for event in expected]
                meta, _fids, _geometry, columns = pyogrio.raw.read(Path(folder) / "out.gpkg", layer="events")
        finally:
            store.close()
        found = dict(zip(meta["fields"], columns, strict=True))
        for name in TEXTS:
            assert [value or None for value in found[name]] == [event[name] for event in expected]
        assert [None if np.isnan(value) else value for value in found["radius_m"]] == [
            event["radius_m"] for event in expected
        ]


def _as_xml(event: dict[str, Any]) -> dict[str, Any]:
    """An event with what XML cannot hold replaced, as the format says."""
    return {name: XML_UNFIT.sub("\ufffd", value) if isinstance(value, str) else value for name, value in event.items()}


@pytest.mark.parametrize("text", DATES)
@pytest.mark.parametrize("shape", Shape)
def test_every_sort_of_date_comes_back(tmp_path: Path, text: str, shape: Shape):
    store = make(tmp_path / "made.gpkg", [Made("=x", edtf.parse(text, shape), 1, 1, None, [], [1])])
    with closing(store.reader()) as con:
        for suffix in FORMATS:
            export_events(con, tmp_path / f"out{suffix}")
            assert read(tmp_path / f"out{suffix}") == displayed(con)
    store.close()


def test_what_no_file_can_hold_is_replaced(tmp_path: Path):
    store = make(tmp_path / "made.gpkg", [Made("one\0two", None, None, None, None, ["\ud800x"], [])])
    with closing(store.reader()) as con:
        for suffix in FORMATS:
            export_events(con, tmp_path / f"out{suffix}")
            (event,) = read(tmp_path / f"out{suffix}")
            assert (event["title"], event["tags"]) == ("one\ufffdtwo", "\ufffdx")
    store.close()
