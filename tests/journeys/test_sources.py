"""Documents in the window: own copies attached to stand-off sources, digest and original, texts imported, finding."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QProgressBar

from db import queries
from db.queries import DocumentRow, SourceRow
from db.values import DocumentRole, QuoteState, Ref, RefKind
from tests.helpers.shared import SHARED, needs_shared
from tests.helpers.window import Program, reopened
from viewer.core.loading import load
from viewer.shell.dialogs.import_texts import ImportDialog
from viewer.widgets.buttons import Button

PARAGRAPHS = "The first report says that the bridge was held.\n\nA second one adds: على الجسر, 😀 and nobody crossed.\n"


def seeds() -> list[Path]:
    assert SHARED is not None
    return sorted((SHARED / "seeds").glob("*.txt"))


def attach(app: Program, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path) for path in paths], ""))
    app.window.attach_texts()
    app.settle()


def states(path: Path) -> dict[str, int]:
    return dict(reopened(path, queries.info)["quotes"])


def shown_document(app: Program) -> tuple[SourceRow, DocumentRow]:
    reading = app.state.reading
    assert reading is not None
    loaded = app.window.desk.data.loaded
    return next((s, d) for s in loaded.sources.values() for d in s.documents if d.uid == reading.uid)


def choose_role(app: Program, role: DocumentRole) -> None:
    """Click Digest or Original."""
    source, _document = shown_document(app)
    uid = next(document.uid for document in source.documents if document.role is role)
    roles = app.window.right_panel.source._roles
    assert roles is not None
    app.click(roles._buttons[uid])
    app.settle()


def read(app: Program, publisher: str, role: DocumentRole = DocumentRole.ORIGINAL) -> None:
    """Open a document of a source in the reader."""
    loaded = app.window.desk.data.loaded
    source = next(each for each in loaded.sources.values() if each.publisher == publisher)
    uid = next(document.uid for document in source.documents if document.role is role)
    app.window.desk.commands.read_document(Ref(RefKind.DOCUMENT, uid), "test")
    app.settle()


@needs_shared
def test_the_five_articles_bring_all_quotes_alive(app: Program, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(sample)["standoff"] == 162
    attach(app, seeds(), monkeypatch)
    after = states(sample)
    assert after["standoff"] == after["orphan"] == after["changed"] == 0
    assert after["anchored"] + after["moved"] == 324

    def verify(connection: sqlite3.Connection) -> int:
        good = 0
        for source in queries.sources(connection):
            for document in source.documents:
                text = queries.document_text(connection, document.id)
                for quote in queries.quotes_of_document(connection, document.id):
                    cut = text[quote.start : quote.end]
                    digest = hashlib.sha256(cut.encode()).hexdigest()
                    good += document.role is DocumentRole.ORIGINAL and digest == quote.exact_sha256
        return good

    assert reopened(sample, verify) == 162
    rows = json.loads((SHARED / "sample" / "events.json").read_text("utf-8"))
    exact = {" ".join(row["quote"].split()) for row in rows}
    source = app.window.right_panel.source
    read(app, "DEBKA Weekly")
    shown = [source.page.text[quote.start : quote.end] for quote in source.page.quotes]
    assert len(shown) == 22
    assert {" ".join(text.split()) for text in shown} <= exact
    app.window.map_view.setFocus()
    app.key("Ctrl+Z")
    app.settle()
    assert states(sample)["standoff"] == 162
    assert source.page.text is None
    app.key("Ctrl+Shift+Z")
    app.settle()
    assert states(sample)["standoff"] == 0
    assert source.page.text


@needs_shared
def test_a_chosen_original_stays_chosen_from_event_to_event(app: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    attach(app, seeds(), monkeypatch)
    source = app.window.right_panel.source
    digest = source.page.text
    assert source._label.isVisible()
    choose_role(app, DocumentRole.ORIGINAL)
    assert source.page.text != digest
    assert not source._label.isVisible()
    assert app.state.quote is not None
    assert app.quote_text()
    first = app.state.reading
    app.key("N")
    app.settle()
    assert app.state.reading == first
    app.window.desk.commands.fly_to_event(app.event("Coup attempted in Turkey"))
    app.settle()
    assert shown_document(app)[1].role is DocumentRole.ORIGINAL
    assert app.quote_text()
    choose_role(app, DocumentRole.DIGEST)
    assert shown_document(app)[1].role is DocumentRole.DIGEST
    assert app.quote_text()


def test_an_original_without_a_text_says_why_and_offers_to_attach(
    app: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_role(app, DocumentRole.ORIGINAL)
    source = app.window.right_panel.source
    assert source.page.text is None
    assert source._no_text.isVisible()
    assert "22 quotes" in source._no_text.sentence()
    asked: list[bool] = []
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (asked.append(True) or [], ""))
    app.click(source._no_text.findChild(Button))
    assert asked
    app.key("N")
    app.settle()


def test_a_text_that_is_no_copy_of_any_source_is_refused(
    app: Program, tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("Something about gardening, tulips above all. " * 40, "utf-8")
    before = app.window.desk.data.store.undo_label
    attach(app, [other], monkeypatch)
    app.says("other.txt")
    assert app.window.desk.data.store.undo_label == before
    assert states(sample)["standoff"] == 162


def run_import(app: Program, paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> ImportDialog:
    """Open the dialog as Ctrl+I does, without its own event loop."""
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path) for path in paths], ""))
    shown: list[ImportDialog] = []

    def show(self: ImportDialog) -> None:
        shown.append(self)
        self.open()

    monkeypatch.setattr(ImportDialog, "exec", show)
    app.key("Ctrl+I")
    (dialog,) = shown
    app.wait(dialog.isVisible)
    return dialog


def shown_dialogs(app: Program) -> list[ImportDialog]:
    return [each for each in app.window.findChildren(ImportDialog) if each.isVisible()]


def test_texts_dated_undated_and_unreadable(
    app: Program, tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dated, undated, broken = tmp_path / "dated.txt", tmp_path / "undated.txt", tmp_path / "picture.txt"
    dated.write_text("Dated. " + PARAGRAPHS, "utf-8")
    undated.write_text("Undated. " + PARAGRAPHS, "utf-8")
    broken.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    dialog = run_import(app, [dated, undated, broken], monkeypatch)
    fields, words = dialog._dates, dialog._states
    fields[0].setFocus()
    app.type("31 feb 2016")
    assert "Feb" in words[0].text()
    app.click(dialog.start)
    assert dialog.start.isEnabled()
    assert len(app.window.desk.data.loaded.sources) == 5
    app.key("Ctrl+A")
    app.type("2 dec 2016")
    assert words[0].text() == "2 Dec 2016"
    app.click(dialog.start)
    app.wait(lambda: dialog.start.isEnabled())
    app.settle()
    assert [each.text() for each in words[:2]] == ["Imported", "Imported"]
    assert words[2].text() == "This is a picture, not a plain text file."
    assert dialog.start.text() == "Try the rest again"
    assert not fields[0].isEnabled()
    broken.write_text("Mended. " + PARAGRAPHS, "utf-8")
    app.click(dialog.start)
    app.wait(lambda: not shown_dialogs(app))
    app.settle()
    loaded = reopened(sample, lambda connection: load(connection))
    new = {source.title: source for source in loaded.sources.values() if source.position > 4}
    assert len(new) == 3
    published = sorted((source.published or "") for source in new.values())
    assert published == ["", "", "2016-12-02"]
    assert len(app.window.left_panel.filters._sources) == 8
    undo = next(each for toast in app.window.toasts.toasts() for each in toast.findChildren(Button))
    assert undo.text() == "Undo"
    app.click(undo)
    app.settle()
    assert len(app.window.desk.data.loaded.sources) == 5


def test_what_came_in_is_told_and_shown_when_the_rest_is_left(
    app: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text(PARAGRAPHS, "utf-8")
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    dialog = run_import(app, [bad, good], monkeypatch)
    app.click(dialog.start)
    app.wait(lambda: dialog.start.isEnabled())
    app.click(dialog.close_button)
    app.wait(lambda: not shown_dialogs(app))
    app.says("Imported 1 text")
    app.settle()
    assert app.window.right_panel.source.page.text.split() == PARAGRAPHS.split()


def test_an_imported_text_is_read_as_it_is(app: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bridge.txt"
    path.write_bytes(b"\xef\xbb\xbf" + PARAGRAPHS.replace("\n", "\r\n").encode())
    dialog = run_import(app, [path], monkeypatch)
    app.click(dialog.start)
    app.wait(lambda: not shown_dialogs(app))
    app.settle()
    new = next(each for each in app.window.desk.data.loaded.sources.values() if each.position > 4)
    assert app.state.reading == Ref(RefKind.DOCUMENT, new.documents[0].uid)
    app.says("Imported 1 text")
    page = app.window.right_panel.source.page
    assert page.text.split() == PARAGRAPHS.split()
    reader = app.window.right_panel.source.reader
    assert "😀" in reader.toPlainText()
    assert len(reader.toPlainText()) == len(page.text)


def test_the_same_text_twice_is_told(
    app: Program, tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    for path in (one, two):
        path.write_text(PARAGRAPHS, "utf-8")
    dialog = run_import(app, [one, two], monkeypatch)
    app.click(dialog.start)
    app.wait(lambda: dialog.start.isEnabled())
    assert dialog._states[0].text() == "Imported"
    assert "in the project already" in dialog._states[1].text()
    app.click(dialog.close_button)
    app.settle()
    assert len(reopened(sample, queries.sources)) == 6


def test_closing_the_dialog_stops_what_has_not_begun(
    app: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = []
    for number in range(6):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"{number} {PARAGRAPHS}", "utf-8")
        paths.append(path)
    dialog = run_import(app, paths, monkeypatch)
    dialog._start()
    dialog.close()
    app.settle()
    loaded = app.window.desk.data.loaded
    assert 5 <= len(loaded.sources) < 11
    assert not app.window.desk.jobs.writing


def test_find_in_the_document(app: Program) -> None:
    source = app.window.right_panel.source
    app.key("Ctrl+F")
    assert source.find_bar.field.hasFocus()
    app.type("mosul")
    reader = source.reader
    assert reader.textCursor().selectedText().casefold() == "mosul"
    first = reader.textCursor().selectionStart()
    app.key("Return")
    second = reader.textCursor().selectionStart()
    assert second != first
    app.key("Shift+Return")
    assert reader.textCursor().selectionStart() == first
    app.type("zzz")
    assert source.find_bar._result.text() == "Not found"
    app.key("Escape")
    assert not source.find_bar.isVisible()
    assert reader.hasFocus()
    app.settle()


def test_highlights_can_be_hidden_and_then_take_no_clicks(app: Program) -> None:
    reader = app.window.right_panel.source.reader
    app.settle()
    before = reader.viewport().grab().toImage()
    app.window.map_view.setFocus()
    app.key("H")
    after = reader.viewport().grab().toImage()
    assert before != after
    span = next(each for each in reader.spans if each.quote.uid != app.state.quote.uid)
    area = reader.viewport().rect()
    rect = next(
        rect
        for span in reader.spans
        for rect in reader.rects_of(span.start, span.end)
        if span.quote.uid != app.state.quote.uid and area.contains(rect.toAlignedRect())
    )
    stood = app.state
    app.click(reader.viewport(), rect.center())
    assert app.state == stood
    assert span.quote.state is QuoteState.ANCHORED


def test_attaching_many_texts_shows_how_far_it_is_and_can_be_stopped(
    app: Program, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = " ".join(f"word{number}" for number in range(12_000))
    paths = [tmp_path / f"{number}.txt" for number in range(12)]
    for number, path in enumerate(paths):
        path.write_text(f"{number} {words}", "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path) for path in paths], ""))
    before = states(sample)
    busy = app.window.busy
    app.window.attach_texts()
    app.wait(busy.isVisible)
    assert busy.text() == "Attaching 12 texts"
    app.wait(lambda: busy.findChild(QProgressBar).value() > 0)
    app.click(busy.cancel_button)
    assert not busy.isVisible()
    app.settle()
    app.says("No text was attached")
    assert states(sample) == before


def test_a_single_long_text_can_be_stopped_as_well(
    app: Program, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.txt"
    path.write_text(" ".join(f"word{number}" for number in range(150_000)), "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    jobs, busy = app.window.desk.jobs, app.window.busy
    app.window.attach_texts()
    app.wait(busy.isVisible)
    app.click(busy.cancel_button)
    app.wait(lambda: not jobs.writing)
    app.says("No text was attached")
