"""The committed stores of the basemap: the pack, one coverage for fills and lines, names in both scripts, credits."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import EnvironmentFault
from tests.helpers.basemaps import WHOLE, box_around, edges
from viewer.paths import resource
from viewer.views.map.basemap.packing import Parts, decode, encode
from viewer.views.map.basemap.relief import ReliefStore
from viewer.views.map.basemap.store import WorldStore
from viewer.views.map.basemap.worldview import View
from viewer.views.map.projection import to_world

STEPS = st.integers(-1_800_000, 1_800_000)
PART = st.tuples(st.integers(0, 10**6), st.lists(st.tuples(STEPS, STEPS), min_size=1, max_size=40))


@pytest.fixture(scope="module")
def store() -> Iterator[WorldStore]:
    store = WorldStore(resource("basemap", "world.sqlite"))
    yield store
    store.close()


@given(st.lists(PART, min_size=1, max_size=12))
def test_a_pack_comes_back_as_it_was(parts: list[tuple[int, list[tuple[int, int]]]]) -> None:
    lengths = [len(points) for _, points in parts]
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    flat = np.array([point for _, points in parts for point in points], np.int32)
    tags = np.array([tag for tag, _ in parts], np.int32)
    back = decode(encode(Parts(offsets, tags, flat[:, 0], flat[:, 1])))
    assert np.array_equal(back.offsets, offsets)
    assert np.array_equal(back.tags, tags)
    assert np.array_equal(back.x, flat[:, 0])
    assert np.array_equal(back.y, flat[:, 1])


@pytest.mark.parametrize("blob", [b"", b"12345678", encode(Parts(*(np.zeros(n, np.int32) for n in (1, 0, 0, 0))))[:-3]])
def test_a_damaged_pack_is_refused(blob: bytes) -> None:
    with pytest.raises(ValueError, match="pack"):
        decode(blob)


@pytest.mark.parametrize("make", [WorldStore, ReliefStore])
def test_a_missing_or_damaged_store_is_said_plainly(make: type, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match=r"missing\. Install"):
        make(tmp_path / "none.sqlite")
    (tmp_path / "bad.sqlite").write_bytes(b"not a database, but long enough to be read as one" * 20)
    with pytest.raises(EnvironmentFault, match=r"cannot be read\. Install"):
        make(tmp_path / "bad.sqlite")


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize(
    "spot", [(38.5, 36.7, 1.2), (46.6, 33.4, 1.1), (6.3, 51.2, 1.0)], ids=["kobani", "diyala", "aachen"]
)
def test_borders_are_edges_of_the_fills(store: WorldStore, level: int, spot: tuple[float, float, float]) -> None:
    box = box_around(*spot)
    if level == 3:
        box = box_around(spot[0], spot[1], 8.0)
    lines = edges(store.shapes(level, "border", box), box)
    assert lines
    assert lines <= edges(store.shapes(level, "country", box), box)


@pytest.mark.parametrize("level", [0, 2])
def test_coasts_are_edges_of_one_fill_only(store: WorldStore, level: int) -> None:
    box = box_around(35.8, 35.3, 0.9)
    coast = edges(store.shapes(level, "coast", box), box)
    assert coast
    assert coast <= edges(store.shapes(level, "country", box), box)
    assert not coast & edges(store.shapes(level, "border", box), box)
    assert not coast & edges(store.shapes(level, "province", box), box)


@pytest.mark.parametrize(
    ("view", "spots"),
    [
        ("control", {"SYR": (38.0, 34.6), "IRQ": (43.2, 33.1), "TUR": (33.0, 39.0), "RUS": (34.2, 45.2)}),
        ("control", {"ISR": (35.78, 33.0), "MAR": (-13.2, 27.0), "SAH": (-8.9, 26.9), "CYN": (33.5, 35.3)}),
        ("un", {"SYR": (35.78, 33.0), "ISR": (35.3, 32.9), "UKR": (34.2, 45.2), "SOM": (44.0, 9.5)}),
        ("un", {"SAH": (-13.2, 27.0), "MAR": (-11.3, 28.0), "SRB": (20.9, 42.6), "CYP": (33.5, 35.3)}),
    ],
)
def test_each_place_is_in_one_country(store: WorldStore, view: View, spots: dict[str, tuple[float, float]]) -> None:
    """Crossings of a ray from inland points: every country's pieces of one cell enclose them once, all others never."""
    numbers = {country.code: country.number for country in store.countries()}
    for code, (lon, lat) in spots.items():
        x, y = (float(v) for v in to_world(lon, lat))
        hits: dict[int, int] = {}
        for shapes in store.shapes(0, "country", (x, y, x, y)):
            for part, tag in enumerate(shapes.tags.tolist()):
                a, b = int(shapes.offsets[part]), int(shapes.offsets[part + 1])
                x0, y0, x1, y1 = shapes.x[a : b - 1], shapes.y[a : b - 1], shapes.x[a + 1 : b], shapes.y[a + 1 : b]
                across = (y0 > y) != (y1 > y)
                at = x0[across] + (y - y0[across]) / (y1[across] - y0[across]) * (x1[across] - x0[across])
                hits[tag] = hits.get(tag, 0) + int((at > x).sum())
        enclosing = np.array([tag for tag, count in hits.items() if count % 2], np.int32)
        assert store.worldview(view).whose(enclosing).tolist() == [numbers[code]], code


def test_the_border_of_crimea_is_dashed(store: WorldStore) -> None:
    box = box_around(34.0, 46.1, 0.5)
    assert edges(store.shapes(0, "disputed", box), box)
    assert not edges(store.shapes(0, "border", box), box)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Raqqa", "Raqqa"), ("الرقة", "Raqqa"), ("deir ez", "Deir ez-Zor"), ("تلعفر", "Tal Afar"), ("Kobani", "Kobani"),
        ("Palmyra", "Palmyra"), ("تدمر", "Palmyra"), ("Fallujah", "Fallujah"), ("Ramadi", "Ramadi"), ("Dabiq", "Dabiq"),
        ("دابق", "Dabiq"), ("Sinjar", "Sinjar"), ("Hawija", "Hawija"), ("الموصل", "Mosul"), ("Brussels", "Brussels"),
        ("القدس", "Jerusalem"), ("Kyiv", "Kyiv"),
    ],
)  # fmt: skip
def test_places_are_found_in_latin_and_arabic(store: WorldStore, typed: str, name: str) -> None:
    assert name in [place.name for place in store.find(typed)]


def test_typed_text_is_not_a_pattern(store: WorldStore) -> None:
    assert store.find("%") == []
    assert store.find("_aghdad") == []


def test_suburbs_wait_for_their_city(store: WorldStore) -> None:
    west, south, east, north = 4.2, 50.7, 4.6, 51.0
    assert [place.name for place in store.places(west, south, east, north, 7.5, 50)] == ["Brussels"]
    assert len(store.places(west, south, east, north, 11.0, 50)) > 5


def test_all_but_three_contested_areas_have_a_name_of_their_own(store: WorldStore) -> None:
    """The Golan is named as a region, Western Sahara as a whole, the Siachen Glacier not at all."""
    countries = store.countries()
    drawn = {int(tag) for shapes in store.shapes(3, "country", WHOLE) for tag in np.unique(shapes.tags)}
    assert len(drawn - {country.number for country in countries}) == 3
    assert [country.name for country in countries if not country.name_ar and country.number >= 0] == []


def test_the_rivers_of_the_region_have_courses(store: WorldStore) -> None:
    extra = WorldStore(resource("basemap", "tributaries.sqlite"))
    try:
        names = {course.name: course for course in [*store.courses(), *extra.courses()]}
        for name, spot in (("Euphrates", (40.2, 35.2)), ("Tigris", (43.6, 34.7)), ("Khabur", (40.7, 36.0))):
            course = names[name]
            x, y = (float(v) for v in to_world(*spot))
            lines = (extra if name == "Khabur" else store).course_lines(course)
            assert min(float(np.hypot(line_x - x, line_y - y).min()) for line_x, line_y in lines) < 0.0006, name
    finally:
        extra.close()


def test_the_data_is_small() -> None:
    assert sum(path.stat().st_size for path in resource("basemap").glob("*.sqlite")) < 25_000_000


def test_the_stores_are_sound() -> None:
    for path in resource("basemap").glob("*.sqlite"):
        con = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        try:
            assert con.execute("PRAGMA quick_check").fetchone() == ("ok",)
        finally:
            con.close()


def test_the_credits_name_every_source_and_licence() -> None:
    credits_text = resource("basemap", "CREDITS.md").read_text("utf-8")
    sources = tomllib.loads(resource("basemap", "sources.toml").read_text("utf-8"))
    for name, source in sources.items():
        assert re.search(rf"^\| {re.escape(name)} \| {re.escape(source['version'])} \|.*\|$", credits_text, re.M), name
        assert re.fullmatch(r"[0-9a-f]{64}", source["sha256"])
    for licence in re.findall(r"([\w.-]+\.txt)", credits_text):
        assert resource("basemap", "licences", licence).stat().st_size > 500
    for made in ("world.sqlite", "relief.sqlite", "tributaries.sqlite"):
        assert f"`{made}`" in credits_text
    assert "CC BY 4.0" in credits_text
