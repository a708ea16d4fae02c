"""A project in whose columns other programs have left what does not belong there is opened all the same."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path

import pytest

from db import queries
from tests.helpers.desk import make_desk
from tests.helpers.project import small_project
from viewer.core.finder import find_in_project
from viewer.models import wording

ODD = (
    "UPDATE project SET opens_at = 'when it began', west = 'far', south = 1, east = 2, north = 3, title = x'536dff'",
    "UPDATE event SET title = x'4d6f73756cff', edtf = 'once', earliest = 'soon' WHERE id = 1",
    "UPDATE event SET edtf = 'once upon a time', precision = 'fine' WHERE id = 2",
    "UPDATE claim SET title = x'4d6f73756c', earliest = 'soon' WHERE event_id = 1",
    "UPDATE place SET radius_m = 'wide', name = x'5261717161' WHERE id = 2",
    "UPDATE kind SET name = x'4b' WHERE id = 1",
    "UPDATE source SET published = 'last summer', title = x'4865', publisher = 7 WHERE id = 1",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    store = small_project(tmp_path / "odd.gpkg")
    store.close()
    con = sqlite3.connect(store.path)
    triggers = con.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in triggers:
        con.execute(f"DROP TRIGGER {name}")
    for statement in ODD:
        con.execute(statement)
    for _name, sql in triggers:
        con.execute(sql)
    con.commit()
    con.close()
    return store.path


def test_the_queries_answer_with_the_types_they_promise(path: Path) -> None:
    con = sqlite3.connect(path)
    for hidden in (frozenset(), frozenset({2})):
        columns = queries.event_columns(con, hidden)
        assert set(columns.id.tolist()) >= {1, 3}
        assert not columns.dated[columns.id.tolist().index(1)]
        assert all(type(title) is str for title in queries.event_titles(con, None, hidden).values())
    project = queries.project(con)
    assert (project.title, project.extent) == ("Sm\ufffd", None)
    raqqa = next(place for place in queries.places(con) if place.id == 2)
    assert (raqqa.name, raqqa.radius_m) == ("Raqqa", 0.0)
    assert math.isfinite(raqqa.lon)
    source = next(source for source in queries.sources(con) if source.id == 1)
    assert (source.title, source.publisher) == ("He", "7")
    assert wording.published(source) == "last summer"
    assert queries.kinds(con)[0].name == "K"
    detail = queries.event_detail(con, 1)
    assert detail is not None
    assert detail.title == "Mosul"
    con.close()


def test_a_zero_byte_in_a_text_is_left_out(tmp_path: Path, qapp: object) -> None:
    """SQLite keeps one that another program writes; texts are joined by it to be read."""
    store = small_project(tmp_path / "odd.gpkg")
    store.close()
    con = sqlite3.connect(store.path)
    before = queries.event_titles(con), queries.event_columns(con)
    for column in ("title", "edtf", "uid"):
        con.execute(
            f"UPDATE event SET {column} = substr({column}, 1, 3) || char(0) || substr({column}, 4) WHERE id = 3"
        )
    con.commit()
    after = queries.event_titles(con), queries.event_columns(con)
    assert dict(after[0].items()) == dict(before[0].items())
    assert after[1].edtf.tolist() == before[1].edtf.tolist()
    assert len(queries.event_uids(con)) == len(before[0])
    con.close()
    desk = make_desk(store.path, tmp_path)
    assert [desk.data.title(row) for row in range(desk.data.index.n)].count("") == 0
    desk.close()

    con = sqlite3.connect(store.path)
    for column in ("title", "edtf"):  # a text that is none, beside it
        con.execute(f"UPDATE event SET {column} = CAST(x'4dff' AS TEXT) WHERE id = 1")
    con.commit()
    assert queries.event_titles(con)[1] == "M\ufffd"
    assert queries.event_titles(con)[3] == before[0][3]
    assert queries.event_titles(con, (1,))[1] == "M\ufffd"
    assert "M\ufffd" in queries.event_columns(con).edtf.tolist()
    con.close()


def test_the_desk_is_built_and_the_palette_finds(path: Path, tmp_path: Path, qapp: object) -> None:
    desk = make_desk(path, tmp_path)
    assert desk.data.loaded.project.opens_at == "when it began"
    con = desk.data.store.reader()
    for text in ("mosul", "statement", "raqqa", "he"):
        find_in_project(text, desk.data)(con)
    con.close()
    desk.close()
