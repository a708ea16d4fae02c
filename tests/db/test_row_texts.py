"""What rows of tables say is found by their words, without a word of them being kept twice."""

from __future__ import annotations

import json
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest

from db import edits, queries, row_texts
from db.importers.tables.columns import Field
from db.importers.tables.importer import About, import_table
from db.importers.tables.known import recognise
from db.importers.tables.reading import open_table
from db.kept.dialect import Part
from db.kept.tables import packed
from db.store import Store
from tests.helpers import tables
from tests.helpers.imported import HEADER, MAPPING, bring, own, rows, sound
from tests.helpers.imported import store as store_fixture

store = store_fixture
TEXT = HEADER + (
    "2016,,Bridge,Here,36.3,43.1,,,,Residents said that windows broke in two streets\n"
    "2016,,Market,Here,36.3,43.1,,,,سقط الجسر عند الفجر في المَوصل\n"
    "2016,,Bad,Here,36.3,43.1,,,,Windows of a row that is left,a cell too many\n"
    '2016,,Mill,Here,36.3,43.1,,,,"Café_window\nbroken"\n'
    "2016,,Nothing said,Here,36.3,43.1,,,,\n"
)

DAMAGED = (
    {"mapping": [1]},
    {"mapping": {"columns": {"quote": 5}}},
    {"mapping": {"columns": {"quote": [{}, 5]}, "codebook": []}},
    {"mapping": {"columns": {"quote": [], "title": []}}},
    {"columns": ["what"], "mapping": {"columns": {"id": "remark", "title": "what"}, "publisher": "UN"}},
    {"encoding": 5},
    {"delimiter": ""},
    {"encoding": "\0"},
    {"rows": [["", float("inf"), 0]]},
)
"""What a layout may say that is damaged, or that nobody made who knows what belongs there."""


def damage_layout(con: sqlite3.Connection, file: str, said: dict[str, object]) -> None:
    (sha256,) = con.execute("SELECT text_sha256 FROM document WHERE file_name = ?", (file,)).fetchone()
    (body,) = con.execute("SELECT body FROM content WHERE sha256 = ?", (sha256,)).fetchone()
    data = json.dumps(json.loads(zlib.decompress(body)) | said).encode()
    other, packed_body = packed(Part(data, 0))
    con.execute("UPDATE content SET sha256 = ?, body = ? WHERE sha256 = ?", (other, packed_body, sha256))
    con.execute("UPDATE document SET text_sha256 = ? WHERE text_sha256 = ?", (other, sha256))


def found(store: Store, text: str, limit: int = 9, hidden: frozenset[int] = frozenset()) -> list[str]:
    """The titles of the events whose rows say it, with what is shown of the row in the same order."""
    with closing(store.reader()) as con:
        hits = queries.rows_saying(con, text, limit, hidden)
        quotes = queries.quotes_by_id(con, [hit.id for hit in hits])
        titles = dict(con.execute("SELECT uid, title FROM event").fetchall())
        assert all(queries.table_row(con, hit.id).cells[-1] == hit.text for hit in hits)  # type: ignore[union-attr]
        return [titles[quotes[hit.id].claims[0].event_uid] for hit in hits]


def test_rows_are_found_by_the_words_of_their_passage(store: Store, tmp_path: Path) -> None:
    bring(store, own(tmp_path, TEXT), MAPPING)
    assert found(store, "windows broke") == ["Bridge"]
    assert found(store, "WIND brok") == ["Bridge", "Mill"]
    assert found(store, "cafe_window") == ["Mill"], "marks and lines do not count"
    assert found(store, "الموصل فجر") == []
    assert found(store, "الموصل الفجر") == ["Market"]
    assert found(store, "wi br") == [], "too short to say anything"
    assert found(store, "bridge") == [], "the other columns are the event's own"
    assert found(store, "windo", 1) == ["Bridge"]
    (source,) = rows(store, "SELECT id FROM source")[0]
    assert found(store, "windows", hidden=frozenset((source,))) == []
    with store.step("Delete") as session:
        edits.delete_events(session, [1])
    assert found(store, "windo") == ["Mill"], "a row of which no event is left leads nowhere"
    store.undo()
    store.undo()
    assert found(store, "windo") == []
    bring(store, own(tmp_path, TEXT.replace("2016", "2017"), "other.csv"), MAPPING)
    assert found(store, "windo") == ["Bridge", "Mill"], "numbers of what was undone are not used again"
    store.undo()
    store.close()
    again = Store.open(store.path)
    again.redo()
    assert found(again, "windo") == ["Bridge", "Mill"], "and what is redone is there once"
    with closing(sqlite3.connect(again.path)) as con:
        con.execute("INSERT INTO row_index (row_index) VALUES ('integrity-check')")
    sound(again)
    again.close()


def test_short_words_of_scripts_without_spaces_are_looked_for(store: Store, tmp_path: Path) -> None:
    text = (
        "2016,,Quake,Here,36.3,43.1,,,,土耳其南部发生地震，伊斯坦布尔无人受伤\n"
        "2016,,Fire,Here,36.3,43.1,,,,ビルで火災 けが人なし\n"
        "2016,,Flood,Here,36.3,43.1,,,,น้ำท่วม\n"
        "2016,,Raid,Here,36.3,43.1,,,,서울 공습\n"
    )
    bring(store, own(tmp_path, HEADER + text), MAPPING)
    assert found(store, "土耳") == ["Quake"]
    assert found(store, "伊斯 土") == ["Quake"], "a mark parts words as well"
    assert found(store, "ビル") == found(store, "けが") == ["Fire"]
    assert found(store, "น้ำ") == ["Flood"]
    assert found(store, "서울") == ["Raid"]
    assert found(store, "地震") == found(store, "火災") == [], "within what stands unparted nothing is found"


def test_what_was_stopped_is_not_found(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.importers.tables.parts.BATCH", 100)
    monkeypatch.setattr("db.importers.tables.importer.TOLD", 50)
    table = open_table(tables.acled(tmp_path / "events.csv", 600))
    heard: list[int] = []

    def stop(done: int, _total: int) -> None:
        heard.append(done)
        if len(heard) > 8:
            raise KeyboardInterrupt

    mapping = recognise(table.dialect.names)
    assert mapping is not None
    with pytest.raises(KeyboardInterrupt):
        import_table(store, table, mapping, report=stop)
    assert rows(store, "SELECT count(*) FROM row_index WHERE row_index MATCH 'shelling'")[0][0] > 0
    with closing(store.reader()) as con:
        assert queries.rows_saying(con, "shelling hills", 9) == []
    bring(store, tmp_path / "events.csv")
    with closing(store.reader()) as con:
        assert len(queries.rows_saying(con, "shelling hills", 999)) == 150


def test_tables_of_an_older_project_are_found_once_it_is_brought_up_to_date(store: Store, tmp_path: Path) -> None:
    bring(store, own(tmp_path, TEXT), MAPPING)
    bring(store, own(tmp_path, "title,date\nNo notes,2016\n", "plain.csv"))
    for number in range(len(DAMAGED)):
        bring(store, own(tmp_path, TEXT.replace("2016", str(1900 + number)), f"{number}.csv"), MAPPING)
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as con:
        for number, said in enumerate(DAMAGED):
            damage_layout(con, f"{number}.csv", said)
        con.execute("DROP TABLE row_index")
        con.execute("DELETE FROM migration WHERE version = ?", (row_texts.SINCE,))
        con.executemany(
            "UPDATE app_meta SET value = ? WHERE key = ?",
            [(2, "schema_version"), (1, "min_reader"), (2, "min_writer")],
        )
    older = Store.open(store.path, read_only=True)
    assert found(older, "windo") == []
    older.close()
    newer = Store.open(store.path)
    assert found(newer, "windo") == ["Bridge", "Mill"]
    # An import looks at the earlier tables too.
    numbered = MAPPING.with_column(Field.ID, "remark")
    assert (
        bring(
            newer, own(tmp_path, TEXT.replace("windows", "doors"), "next.csv"), numbered, About(publisher="UN")
        ).events
        == 4
    )
    newer.close()
