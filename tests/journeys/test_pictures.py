"""What the whole window and its reader look like, against stored pictures, in light and dark; Arabic included."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot
from sqlmodel import select

from db.edits import add_event
from db.edtf import parse
from db.importers.text import import_text
from db.store import Store
from db.tables import Claim, Document, Quote
from db.templates import new_project
from db.values import Ref, RefKind
from tests.helpers.pictures import compare, pixels
from tests.helpers.window import Program, painted, picture
from viewer.core.settings import MAP_STYLE

SIZE = (1280, 720)
TOLERANCE = 0.02
ARABIC = (
    "تقرير من الموصل\n\n"
    "قال متحدث إن الجسر ما زال مغلقا، وإن السكان عبروا النهر يوم ٢٨ تشرين الثاني.\n\n"
    "In one line: الجسر and the bridge, 12 km، and again الجسر.\n"
)
ARABIC_TITLE = "السكان يعبرون النهر قرب الموصل"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_window_on_the_sample(qtbot: QtBot, tmp_path: Path, sample: Path, theme: str) -> None:
    program = Program(qtbot, tmp_path, theme)
    window = program.open(sample, SIZE)
    program.settle()
    compare(picture(window), f"main-{theme}", TOLERANCE)
    program.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_screen(qtbot: QtBot, tmp_path: Path, theme: str) -> None:
    program = Program(qtbot, tmp_path, theme)
    compare(picture(program.start()), f"start-{theme}", 0.01)
    program.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_reader_and_the_event_above_it(qtbot: QtBot, tmp_path: Path, sample: Path, theme: str) -> None:
    program = Program(qtbot, tmp_path, theme)
    window = program.open(sample, (1500, 900))
    program.settle()
    compare(picture(window.right_panel), f"reader-{theme}", 0.01)
    program.close()


def arabic_project(path: Path) -> str:
    """A project with an Arabic document that carries two quotes, and an event with an Arabic title; answers its uid."""
    text = path.with_suffix(".txt")
    text.write_text(ARABIC, "utf-8")
    new_project(path, "عربي")
    store = Store.open(path)
    imported = import_text(store, text, "2016-12-02")
    with store.step("Quote") as session:
        event = add_event(session, ARABIC_TITLE, kind_id=5, when=parse("2016-11-28"), place_id=None)
        session.flush()
        document = session.exec(select(Document).where(Document.uid == imported.document.uid)).one()
        for words in ("السكان عبروا النهر", "الجسر and the bridge"):
            start = ARABIC.index(words)
            quote = Quote(document_id=document.id, start=start, end=start + len(words), exact=words)
            session.add(quote)
            session.flush()
            session.add(Claim(event_id=event, quote_id=quote.id, title=ARABIC_TITLE))
    con = store.reader()
    (uid,) = con.execute("SELECT uid FROM event").fetchone()
    con.close()
    store.close()
    return uid


def test_arabic_is_read_marked_and_painted(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "arabic.gpkg"
    uid = arabic_project(path)
    program = Program(qtbot, tmp_path, "light")
    program.application.settings.set(MAP_STYLE, "plain")
    window = program.open(path, (1500, 900))
    window.desk.commands.fly_to_event(Ref(RefKind.EVENT, uid))
    program.settle()
    source = window.right_panel.source
    assert source.page.text.count("الجسر") == 3
    assert program.quote_text() == "السكان عبروا النهر"
    reader = source.reader
    span = reader.spans[0]
    rects = reader.rects_of(span.start, span.end)
    seen = pixels(picture(reader.viewport()))
    active = QColor(program.application.look.theme.color("hl"))
    for rect in rects:
        box = seen[round(rect.top()) + 1 : round(rect.bottom()) - 5, round(rect.left()) + 1 : round(rect.right()) - 1]
        share = (abs(box.astype(int) - active.getRgb()[:3]).max(axis=2) < 12).mean()
        assert share > 0.4, "the quote's own letters are not on its highlight"
    program.click(reader.viewport(), reader.rects_of(reader.spans[1].start, reader.spans[1].end)[0].center())
    program.settle()
    assert program.quote_text() == "الجسر and the bridge"
    picture(window)
    assert painted(window.timeline_view.lanes, ARABIC_TITLE).width() > 60
    assert window.right_panel.inspector.detail.title == ARABIC_TITLE
    compare(picture(window.right_panel), "reader-arabic", 0.01)
    program.close()


def test_the_original_is_set_in_serif_and_the_digest_is_not(app: Program) -> None:
    reader = app.window.right_panel.source.reader
    digest = reader.document().defaultFont().family()
    reader.show_text("Somebody else’s words.", [], {}, own_words=False)
    assert "Serif" in reader.document().defaultFont().family()
    assert "Serif" not in digest
