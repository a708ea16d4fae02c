"""Ctrl+K: a few letters lead to any event, place, quote, source, date or command."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from db.timewords import show_instant
from tests.helpers.window import Program, picture
from viewer.core.finder import Group
from viewer.shell.palette import Palette


def open_ones(app: Program) -> list[Palette]:
    return [each for each in app.window.findChildren(Palette) if each.isVisible()]


def palette(app: Program) -> Palette:
    (found,) = open_ones(app)
    return found


def find(app: Program, text: str) -> Palette:
    app.key("Ctrl+K")
    opened = palette(app)
    assert opened.field.edit.hasFocus()
    app.type(text)
    app.wait(lambda: opened._typed == text)
    app.settle()
    return opened


def go_to(app: Program, text: str, group: Group, title: str) -> None:
    """Type, walk down to the wanted line, press Enter."""
    opened = find(app, text)
    line = next(
        at for at, each in enumerate(opened.lines.found) if each.group is group and each.title.startswith(title)
    )
    app.key("Down", times=line)
    app.key("Return")
    app.settle()
    assert not open_ones(app)


def test_to_an_event(app: Program) -> None:
    event = app.event("Coup attempted in Turkey")
    go_to(app, "coup turkey", Group.EVENT, "Coup attempted")
    assert app.state.current == event
    assert app.state.selection == {event}
    index = app.window.desk.data.index
    row = app.window.desk.data.row(event)
    assert app.state.time_cursor == index.columns.best[row]
    assert app.window.map_view.rect().contains(
        *(round(v) for v in app.window.map_view.viewport.screen_of(index.columns.lon[row], index.columns.lat[row]))
    )
    assert app.quote_text()


def test_to_a_place_in_arabic_or_without_its_accents(app: Program) -> None:
    go_to(app, "سرت", Group.PLACE, "Sirte")
    west, east = app.state.extent.west, app.state.extent.east
    assert west < 16.59 < east


def test_to_a_quote(app: Program) -> None:
    app.settle()
    page = app.window.right_panel.source.page
    quote = next(each for each in page.quotes if each.claims and each.uid != app.state.quote.uid)
    words = " ".join(page.text[quote.start : quote.end].split()[:6])
    opened = find(app, words)
    lines = [each for each in opened.lines.found if each.group is Group.QUOTE]
    assert lines
    at = next(at for at, each in enumerate(opened.lines.found) if each.ref is not None and each.ref.uid == quote.uid)
    app.key("Down", times=at)
    app.key("Return")
    app.settle()
    assert app.state.quote.uid == quote.uid
    assert app.quote_text() == page.text[quote.start : quote.end]
    assert app.state.current.uid in {claim.event_uid for claim in quote.claims}


def test_to_a_source(app: Program) -> None:
    go_to(app, "hills again", Group.SOURCE, "As caliphate shrinks")
    arabs = next(each for each in app.window.desk.data.loaded.sources.values() if "Arab" in (each.publisher or ""))
    assert app.state.reading.uid in {document.uid for document in arabs.documents}
    assert app.window.right_panel.source.page.document_id in {document.id for document in arabs.documents}


def test_to_a_date(app: Program) -> None:
    go_to(app, "dec 2016", Group.DATE, "Dec 2016")
    assert show_instant(app.state.time_cursor)[-8:] == "Dec 2016"
    assert app.window.map_view.panel.date.lines[0] == show_instant(app.state.time_cursor)


def test_to_a_command(app: Program) -> None:
    dark = app.application.look.theme.dark
    go_to(app, "light or dark", Group.COMMAND, "Light or dark")
    assert app.application.look.theme.dark is not dark


def test_a_command_that_cannot_be_done_is_not_offered(app: Program) -> None:
    opened = find(app, "undo")
    assert "Undo" not in [each.title for each in opened.lines.found]
    app.key("Escape")


def test_nothing_found_says_what_can_be_typed(app: Program) -> None:
    opened = find(app, "zzzzqqq")
    assert not opened.lines.found
    assert opened._none.isVisible()
    assert "zzzzqqq" in opened._none.text()
    app.key("Return")
    assert opened.isVisible()
    app.key("Escape")


def test_it_closes_by_escape_or_a_click_beside_it_and_gives_the_focus_back(app: Program) -> None:
    app.window.map_view.setFocus()
    before = app.state
    find(app, "mosul")
    app.key("Escape")
    assert not open_ones(app)
    assert QApplication.focusWidget() is app.window.map_view
    app.click(app.window.top_bar._search)
    assert open_ones(app)
    app.click(app.window.status_bar)
    assert not open_ones(app)
    assert app.state == before


def test_what_means_something_to_a_search_engine_is_only_text_here(app: Program) -> None:
    for typed in ("'", '"mosul', "mosul*", "AND", "a OR (", "%", "\\", "near/2", "-"):
        opened = find(app, typed)
        assert opened.isVisible()
        assert not app.window.toasts.toasts(), typed
        app.key("Escape")


def test_what_is_found_is_painted_with_its_heading(app: Program) -> None:
    opened = find(app, "mosul")
    headings = [opened.lines.heading(line) for line in range(opened.lines.rowCount())]
    shown = [heading for heading in headings if heading]
    assert shown == sorted(shown, key=list(Group).index)
    assert Group.EVENT in shown
    image = picture(opened.list)
    rect = opened.list.visualRect(opened.lines.index(0, 0))
    assert len({image.pixel(x, rect.center().y()) for x in range(rect.left(), rect.right())}) > 3
    app.key("Escape")
