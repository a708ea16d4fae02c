"""The command line on bad input: a plain sentence, exit code 2, and that nothing of it was written."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from db import queries
from db.errors import EnvironmentFault
from db.header import read_header
from db.store import Store
from tests.helpers.commands import TEXT, Run, contents, process, statements
from tests.helpers.generate import generate
from viewer.cli import FAULT
from viewer.core.desk import read_project

# What is refused


@pytest.mark.parametrize(
    "arguments", [["open"], ["open", "{}"], ["{}"], []], ids=["open", "open FILE", "FILE", "alone"]
)
def test_with_no_display_opening_is_refused(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    said = run(*(each.format(project) for each in arguments))
    assert said.code == FAULT
    assert said.sentence.startswith("There is no display")
    assert "dateline render" in said.sentence


def flipped(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[16:24] = b"\xff" * 8  # page size and versions
    path.write_bytes(raw)


def zeroed(path: Path) -> None:
    size = read_header(path).size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(min(8192, size - 4096)))


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: path.unlink(), "There is no file"),
    "folder": (lambda path: (path.unlink(), path.mkdir()), "is a folder"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "text": (lambda path: path.write_text(TEXT * 200), "is not a Dateline project"),
    "picture": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(9000)), "is not a Dateline project"),
    "cut short": (lambda path: path.write_bytes(path.read_bytes()[:50_000]), "its end is missing"),
    "flipped header": (flipped, "damaged|not a project|not a Dateline project"),
    "zeroed pages": (zeroed, "damaged"),
    "garbage after a header": (lambda path: path.write_bytes(b"SQLite format 3\0" + b"\xa5" * 9000), "damaged|not a"),
    "another database": (
        lambda path: (path.unlink(), statements(path, "CREATE TABLE t (x)")),
        "is a database, but not a Dateline project",
    ),
    "another geopackage": (
        lambda path: statements(path, "DELETE FROM app_meta"),
        "there is no Dateline project in it",
    ),
    "later version": (
        lambda path: statements(path, "UPDATE app_meta SET value = '99' WHERE key = 'min_reader'"),
        "later version of Dateline, which this one cannot read",
    ),
    "planted trigger": (
        lambda path: statements(
            path, "CREATE TRIGGER evil AFTER INSERT ON source BEGIN UPDATE project SET title = 'x'; END"
        ),
        "it holds a trigger, evil",
    ),
    "planted view": (lambda path: statements(path, "CREATE VIEW evil AS SELECT 1"), "it holds a view, evil"),
    "a table missing": (lambda path: statements(path, "DROP TABLE decision"), "decision"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_project_that_cannot_be_opened(run: Run, project: Path, text: Path, kind: str) -> None:
    spoil, words = BAD[kind]
    spoil(project)
    before = contents(project.parent)
    for arguments in (
        ["info", project],
        ["info", project, "--json"],
        ["check", project],
        ["import", project, text],
        ["attach", project, text],
    ):
        said = run(*arguments)
        assert said.code == FAULT, arguments
        assert re.search(words, said.sentence), f"{arguments}: {said.sentence}"
        assert said.sentence.endswith(".")
        assert len(said.sentence) < 400
        assert said.out == ""
    assert contents(project.parent) == before


def test_damage_in_the_middle_is_told_of_in_a_sentence(run: Run, tmp_path: Path) -> None:
    """Where no look at the beginning and the end finds it, but reading does."""
    path = generate(tmp_path / "some.gpkg", 300)
    with closing(sqlite3.connect(path)) as con:
        pages = [row[0] for row in con.execute("SELECT pageno FROM dbstat WHERE name = 'event' AND pagetype = 'leaf'")]
        size = con.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        for page in pages[len(pages) // 2 :]:
            file.seek((page - 1) * size)
            file.write(b"\xa5" * size)
    for arguments in (["info", path], ["export", path, tmp_path / "out.csv"]):
        said = run(*arguments)
        assert said.code == FAULT, arguments
        assert "damaged" in said.sentence
    with pytest.raises(EnvironmentFault, match=r"some\.gpkg is damaged"):
        read_project(path)


@pytest.mark.parametrize(
    ("spoil", "options", "words"),
    [
        (lambda path: path.unlink(), [], "There is no file"),
        (lambda path: path.write_text(TEXT * 200), [], "is not a Dateline project"),
        (None, ["--at", "31 feb 2016"], "Feb"),
    ],
    ids=["missing", "text", "impossible date"],
)
def test_a_picture_that_cannot_be_made_leaves_nothing(
    project: Path, tmp_path: Path, spoil: Callable[[Path], object] | None, options: list[str], words: str
) -> None:
    if spoil is not None:
        spoil(project)
    before = contents(project.parent)
    target = tmp_path / "not" / "yet" / "there.png"
    said = process("render", project, "--out", target, *options)
    assert said.code == FAULT
    assert words in said.sentence
    assert not (tmp_path / "not").exists()
    assert contents(project.parent) == before


@pytest.mark.parametrize("size", ["big", "10x10", "1600", "99999x100", "-5x-5", "1600x1000x3"])
def test_a_size_that_is_none(run: Run, project: Path, tmp_path: Path, size: str) -> None:
    said = run("render", project, "--out", tmp_path / "x.png", f"--size={size}")
    assert said.code == FAULT
    assert "is no size" in said.sentence
    assert not (tmp_path / "x.png").exists()


def test_a_picture_where_none_can_be_written(project: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for target in (tmp_path / "file" / "x.png", tmp_path):
        said = process("render", project, "--out", target, "--size", "1200x760")
        assert said.code == FAULT
        assert "could not be written" in said.sentence or "is there already" in said.sentence
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_picture_replaces_a_picture_and_nothing_else(run: Run, project: Path, tmp_path: Path, text: Path) -> None:
    before = contents(tmp_path)
    for target in (project, text):
        said = run("render", project, "--out", target)
        assert said.code == FAULT
        assert said.sentence == f"{target.name} is there already and is no PNG picture. It was left as it is."
    assert contents(tmp_path) == before
    target = tmp_path / "x.png"
    sizes = []
    for size in ("1280x760", "1400x800"):
        assert process("render", project, "--out", target, "--size", size).code == 0
        sizes.append(QImage(str(target)).width())
    assert sizes == [1280, 1400]


def test_what_is_there_already_is_not_written_over(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "there.gpkg"
    path.write_bytes(b"mine")
    for command in ("new", "sample"):
        said = run(command, path)
        assert said.code == FAULT
        assert "there.gpkg" in said.sentence
        assert path.read_bytes() == b"mine"
    for command in ("new", "sample"):
        said = run(command, tmp_path / "no" / "such" / "folder" / "x.gpkg")
        assert said.code == FAULT
        assert said.sentence == f"There is no folder {tmp_path}/no/such/folder to keep x.gpkg in. Nothing was written."
    assert sorted(contents(tmp_path)) == ["there.gpkg"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bytes(range(256)) * 40, "r.txt"),
        (b"\x89PNG\r\n\x1a\n" + bytes(4000), "picture"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 10, "PDF"),
        (b"", "r.txt"),
        (b" \n\t\n", "r.txt"),
        (None, "r.txt"),
    ],
    ids=["bytes", "picture", "pdf", "empty", "blank", "missing"],
)
def test_a_text_that_is_none(run: Run, project: Path, tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "r.txt"
    if content is not None:
        path.write_bytes(content)
    before = contents(project.parent)
    for command in ("import", "attach"):
        said = run(command, project, path)
        assert said.code == FAULT
        assert words in said.sentence + said.out
        assert "project is as it was" in said.sentence
        assert contents(project.parent) == before


def test_a_folder_for_a_text(run: Run, project: Path, tmp_path: Path) -> None:
    before = contents(project.parent)
    for command in ("import", "attach"):
        said = run(command, project, tmp_path)
        assert said.code == FAULT
        assert "project is as it was" in said.sentence
    assert contents(project.parent) == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252", "cp1256", "koi8-r", "utf-16-be"])
def test_texts_in_other_encodings_are_read_or_refused_never_garbled(
    run: Run, project: Path, tmp_path: Path, encoding: str
) -> None:
    words = {
        "cp1256": "ذكر التقرير أن الجسر كان مغلقا يوم الاثنين وأن السكان عبروا النهر بالقوارب",
        "koi8-r": "В сообщении говорится, что мост удержали и что жители перешли реку на лодках",
    }.get(encoding, "The café’s report says that the bridge was held, and that nobody crossed it by night")
    path = tmp_path / "r.txt"
    path.write_bytes(((words + ".\n") * 12).encode(encoding, "strict"))
    said = run("import", project, path)
    if said.code == 0:
        store = Store.open(project)
        con = store.reader()
        document = queries.sources(con)[-1].documents[0]
        assert words in (queries.document_text(con, document.id) or "")
        con.close()
        store.close()
    else:
        assert said.code == FAULT
        assert "project is as it was" in said.sentence


@pytest.mark.parametrize("date", ["2016-02-31", "2016-13", "yesterday", "28 nov 2016", "2016-11-28T99:00"])
def test_a_date_that_cannot_be_stops_the_import_before_it_begins(
    run: Run, project: Path, text: Path, date: str
) -> None:
    before = contents(project.parent)
    said = run("import", project, text, "--published", date)
    assert said.code == FAULT
    assert said.sentence.endswith(".")
    assert said.out == ""
    assert contents(project.parent) == before


def test_a_source_twice_and_one_that_is_new(run: Run, project: Path, text: Path, tmp_path: Path) -> None:
    assert run("import", project, text).code == 0
    same = tmp_path / "same.txt"
    same.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    other = tmp_path / "other.txt"
    other.write_text("Another report altogether.\n" * 3, "utf-8")
    said = run("import", project, same, other)
    assert said.code == FAULT
    assert "in the project already" in said.sentence
    assert "1 of 2 files could not be imported; the others are in the project." in said.sentence
    assert said.out.splitlines() == ["other.txt: imported, undated"]
    before = contents(project.parent)
    said = run("import", project, same, other)
    assert said.code == FAULT
    assert "Nothing was imported and the project is as it was." in said.sentence
    assert contents(project.parent) == before


def test_a_copy_of_no_source_is_not_attached(run: Run, project: Path, text: Path) -> None:
    before = contents(project.parent)
    said = run("attach", project, text)
    assert said.code == FAULT
    assert "No text was attached and the project is as it was." in said.sentence
    assert "report.txt" in said.out + said.err
    assert contents(project.parent) == before


def test_a_project_that_may_be_read_and_not_written(run: Run, project: Path, text: Path) -> None:
    statements(project, "UPDATE app_meta SET value = '99' WHERE key = 'min_writer'")
    before = contents(project.parent)
    assert run("info", project).code == 0
    assert run("check", project).code == 0
    for command in ("import", "attach"):
        said = run(command, project, text)
        assert said.code == FAULT
        assert said.sentence.startswith("Nothing was changed.")
        assert "later version" in said.sentence
    assert contents(project.parent) == before


def test_a_file_without_leave_to_write(run: Run, project: Path, text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: allowed(path, mode) and not (mode & os.W_OK))
    before = contents(project.parent)
    assert run("info", project).code == 0
    said = run("import", project, text)
    assert said.code == FAULT
    assert "is read-only" in said.sentence
    assert contents(project.parent) == before


def test_a_project_left_in_wal(run: Run, project: Path, text: Path) -> None:
    other = sqlite3.connect(project, isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("UPDATE project SET title = 'Told in the log'")
    try:
        assert json.loads(run("info", project, "--json").out)["title"] == "Told in the log"
        said = run("import", project, text)
        assert said.code == FAULT
        assert "in use by another program" in said.sentence
    finally:
        other.close()
    assert run("import", project, text).code == 0
    assert not read_header(project).is_wal
    assert json.loads(run("info", project, "--json").out)["title"] == "Told in the log"


def test_a_project_that_another_process_has_locked(run: Run, project: Path, text: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
            "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()",
            str(project),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        for arguments in (["info", project], ["import", project, text]):
            said = run(*arguments)
            assert said.code == FAULT
            assert "locked by another program" in said.sentence
    finally:
        holder.communicate(b"")
    assert run("info", project).code == 0


def test_a_render_of_a_project_in_wal_shows_what_is_in_its_log(project: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "1.png", tmp_path / "2.png"
    assert process("render", project, "--out", first, "--size", "1280x760").code == 0
    other = sqlite3.connect(project, isolation_level=None)
    other.execute("PRAGMA journal_mode = WAL")
    other.execute("UPDATE project SET title = 'Another title altogether'")
    try:
        assert process("render", project, "--out", second, "--size", "1280x760").code == 0
    finally:
        other.close()
    head = (0, 0, 300, 48)
    assert QImage(str(first)).copy(*head) != QImage(str(second)).copy(*head)


def test_damage_within_a_text_is_found_by_check(run: Run, project: Path) -> None:
    statements(
        project, "UPDATE content SET body = zeroblob(length(body)) WHERE rowid IN (SELECT min(rowid) FROM content)"
    )
    before = contents(project.parent)
    said = run("check", project)
    assert said.code == FAULT
    assert said.out.strip()
    assert "The project is damaged: see the lines above. Nothing was changed." in said.sentence
    assert contents(project.parent) == before


def test_a_command_in_its_own_process_has_the_same_manners(project: Path, tmp_path: Path) -> None:
    said = process("info", project, "--json")
    assert said.code == 0
    assert json.loads(said.out)["sources"] == 5
    said = process("info", tmp_path / "missing.gpkg")
    assert (said.code, said.out) == (FAULT, "")
    assert said.sentence == f"There is no file {tmp_path / 'missing.gpkg'}."
