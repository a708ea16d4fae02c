"""A text file as a source: what is kept of it, what is refused, and in which words."""

from __future__ import annotations

import os

import pytest

from db.errors import EnvironmentFault, InputFault
from db.importers.text import guess_title, import_text
from db.queries.sources import document_bytes, document_text, sources
from db.reading.anchors import document_fields
from db.reading.attach import Outcome, attach
from db.store import Store
from db.tables import Document, Source
from db.uid import new_uid
from db.values import DocumentRole, RefKind
from tests.helpers.shared import SHARED, needs_shared

TEXT = "Bridge blown at dawn\n\nThe bridge was blown at dawn on Tuesday, said a man who ‘saw it fall’.\n"


@pytest.fixture
def store(tmp_path):
    made = Store.create(tmp_path / "project.gpkg", "Imports")
    yield made
    made.close()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "bridge_report.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode("cp1252"))
    return path


def all_sources(store):
    con = store.reader()
    try:
        return sources(con)
    finally:
        con.close()


def test_a_text_becomes_a_source_with_its_original(store, file):
    made = import_text(store, file, "2016-11~", publisher="The Gazette")
    (source,) = all_sources(store)
    (document,) = source.documents
    assert (made.source.kind, made.source.uid) == (RefKind.SOURCE, source.uid)
    assert (made.document.kind, made.document.uid) == (RefKind.DOCUMENT, document.uid)
    assert (source.title, source.publisher, source.published) == ("Bridge blown at dawn", "The Gazette", "2016-11~")
    assert source.published_first < source.published_last
    assert source.reliability is None
    assert (document.role, document.file_name) == (DocumentRole.ORIGINAL, "bridge_report.txt")
    assert (document.encoding, made.encoding, document.media_type) == ("cp1252", "cp1252", "text/plain")
    con = store.reader()
    assert document_text(con, document.id) == TEXT
    assert document_bytes(con, document.id) == file.read_bytes()
    con.close()
    assert document.text_length == len(TEXT)


def test_it_is_one_undoable_step(store, file):
    changes = []
    store.subscribe(changes.append)
    import_text(store, file, None)
    assert [(change.label, sorted(change.rows)) for change in changes] == [
        ("Import bridge_report.txt", ["document", "source"])
    ]
    store.undo()
    assert all_sources(store) == []
    import_text(store, file, None)  # what was undone does not count as there
    store.undo()
    store.redo()
    assert [source.title for source in all_sources(store)] == ["Bridge blown at dawn"]


def test_sources_stand_in_the_order_of_their_import(store, tmp_path):
    for number in range(3):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Report {number}\n\nSomething happened {number} times.")
        import_text(store, path, None, title=f"Own title {number}")
    assert [(s.title, s.published, s.position) for s in all_sources(store)] == [
        (f"Own title {n}", None, n) for n in range(3)
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("\n\n  A  heading\u00a0here \nText", "A heading here"),
        ("* * *\n2016\nThe heading\n", "The heading"),
        ("Word " * 60, "some file"),
        ("1 2 3", "some file"),
        ("الموصل اليوم\nنص", "الموصل اليوم"),
    ],
)
def test_the_title_is_the_first_line_or_the_files_name(text, title):
    assert guess_title(text, "some_file") == title


def test_a_named_encoding_is_used(store, tmp_path):
    path = tmp_path / "old.txt"
    path.write_bytes("Überschrift\n\nGrüße".encode("cp437"))
    assert import_text(store, path, None, encoding="cp437").title == "Überschrift"


@pytest.mark.parametrize("date", ["2016-13", "yesterday", "2016-11-31", "31.11.2016"])
def test_an_impossible_date_is_refused_and_nothing_written(store, file, date):
    with pytest.raises(InputFault):
        import_text(store, file, date)
    assert all_sources(store) == []
    assert store.undo_label is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"%PDF-1.4 ...", "a PDF"),
        (bytes(range(256)) * 8, "not a text"),
    ],
)
def test_what_is_no_text_is_refused_and_nothing_written(store, tmp_path, data, words):
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    with pytest.raises(InputFault, match=words):
        import_text(store, path, None)
    assert all_sources(store) == []


def test_what_cannot_be_read_is_told(store, tmp_path):
    with pytest.raises(EnvironmentFault, match="no such file"):
        import_text(store, tmp_path / "nowhere.txt", None)
    with pytest.raises(InputFault, match="folder"):
        import_text(store, tmp_path, None)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputFault, match="ordinary file"):
        import_text(store, pipe, None)


@pytest.mark.parametrize("change", [lambda t: t, lambda t: "\ufeff" + t.replace("\n", "\r\n"), str.rstrip])
def test_the_same_text_twice_names_the_source_that_has_it(store, file, tmp_path, change):
    import_text(store, file, None)
    again = tmp_path / "again.txt"
    again.write_text(change(TEXT), "utf-8", newline="")
    with pytest.raises(InputFault, match="in the project already: it is that of “Bridge blown at dawn”"):
        import_text(store, again, None)
    assert len(all_sources(store)) == 1
    assert store.undo_label == "Import bridge_report.txt"


def test_the_text_of_a_standoff_source_is_to_be_attached(store, file):
    with store.step("Set up") as session:
        source = Source(uid=new_uid(), title="A stand-off source")
        session.add(source)
        session.flush()
        fields = document_fields(TEXT)
        fields["taken_sha256"] = fields.pop("text_sha256")
        session.add(Document(uid=new_uid(), source_id=source.id, **fields))
    with pytest.raises(InputFault, match=r"missing text of “A stand-off source”.* Attach it"):
        import_text(store, file, None)
    assert attach(store, [file]).rows[0].outcome is Outcome.ATTACHED


def test_a_file_that_is_a_source_already_is_not_attached(store, file):
    import_text(store, file, None)
    assert attach(store, [file]).rows[0].outcome is Outcome.ALREADY


@needs_shared
def test_the_articles_are_imported(store):
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        import_text(store, path, "2016")
    titles = [source.title for source in all_sources(store)]
    assert titles[4] == "As the Mosul Offensive Peters out, ISIS Poises for Its Comeback"
    assert titles[3].startswith("003 ")  # begins with a paragraph, no heading
