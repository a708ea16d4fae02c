"""The claims beside the events of an exported GeoPackage: all of them, as they stand, without what is hidden."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pyogrio

from db import queries
from db.exporters import PROTECTED, export_events
from db.importers import bundle
from db.joined import split_names
from db.store import Store
from db.tables import Claim, Source
from viewer.paths import resource


def rows_of(path: Path) -> list[dict[str, object]]:
    with closing(sqlite3.connect(path)) as con:
        con.row_factory = sqlite3.Row
        return [dict(row) for row in con.execute("SELECT * FROM claims ORDER BY fid").fetchall()]


def expected(con: sqlite3.Connection, hidden: frozenset[int] = frozenset()) -> list[dict[str, object]]:
    """The claims as the window shows them, event by event."""
    found = []
    names = {
        row.id: PROTECTED if row.protected else f"{row.publisher}: {row.title}" if row.publisher else row.title
        for row in queries.sources(con)
    }
    nobody = {row.id for row in queries.sources(con) if row.protected}
    for event_id in queries.event_columns(con, hidden).id.tolist():
        detail = queries.event_detail(con, event_id, hidden)
        assert detail is not None
        for claim in sorted(detail.claims, key=lambda each: each.id):
            silent = claim.protected or claim.source_id in nobody
            found.append(
                {
                    "event_uid": detail.uid,
                    "source": None if claim.source_id is None else names[claim.source_id],
                    "reliability": claim.grade.reliability,
                    "credibility": claim.grade.credibility,
                    "stance": claim.stance.value,
                    "status": claim.status.word,
                    "title": claim.title or None,
                    "edtf": claim.when.edtf if claim.when else None,
                    "place": claim.place.name if claim.place else None,
                    "actors": "; ".join(dict.fromkeys(actor.name for actor in claim.actors)) or None,
                    "attributed_to": None if silent else claim.attributed_to or None,
                }
            )
    return found


def test_each_claim_has_a_row_and_hidden_ones_have_none(tmp_path: Path) -> None:
    bundle.build(resource("sample"), tmp_path / "sample.gpkg")
    store = Store.open(tmp_path / "sample.gpkg")
    with store.step("Protect") as session:
        source = session.get(Source, 2)
        assert source is not None
        source.protected = 1
        for number in (1, 2, 3):
            claim = session.get(Claim, number)
            assert claim is not None
            claim.attributed_to, claim.protected = f"colonel {number}", number % 2
    with closing(store.reader()) as con:
        for hidden in (frozenset[int](), frozenset((1,))):
            out = tmp_path / f"out{len(hidden)}.gpkg"
            export_events(con, out, hidden_sources=hidden)
            wanted, found = expected(con, hidden), rows_of(out)
            assert [{name: row[name] for name in wanted[0]} for row in found] == wanted
        assert len(rows_of(tmp_path / "out0.gpkg")) == 162
        assert {row["stance"] for row in rows_of(tmp_path / "out0.gpkg")} >= {"supports", "disputes"}
        # In the other formats they stand in columns, one text for each claim; GDAL reads them.
        for suffix in (".csv", ".geojson", ".kml"):
            out = tmp_path / f"out{suffix}"
            export_events(con, out)
            meta, _fids, _geometry, columns = pyogrio.raw.read(out)
            read = dict(zip(meta["fields"], columns, strict=True))
            sources = [
                each.tolist() if hasattr(each, "tolist") else split_names(each) for each in read["claim_sources"]
            ]
            assert [len(each) for each in sources] == [int(each) for each in read["claims"]]
            told = [each["source"] for each in expected(con)]
            assert [name for each in sources for name in each] == told
            # Of a protected source neither publisher nor date is told.
            protected = queries.sources(con)[1]
            assert protected.publisher is not None
            assert PROTECTED in told
            assert protected.publisher.encode() not in out.read_bytes()
            assert protected.title.encode() not in out.read_bytes()
        assert {row["publisher"] for row in rows_of(tmp_path / "out0.gpkg") if row["source"] == PROTECTED} == {None}
        assert {row["published"] for row in rows_of(tmp_path / "out0.gpkg") if row["source"] == PROTECTED} == {None}
    store.close()
    meta, _fids, geometry, columns = pyogrio.raw.read(tmp_path / "out0.gpkg", layer="claims")
    assert geometry is None
    assert columns[list(meta["fields"]).index("event_uid")][0] == rows_of(tmp_path / "out0.gpkg")[0]["event_uid"]
