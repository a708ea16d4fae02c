"""The source panel: which document, its text with quotes, and the pager through them.

Follows the current event to its quote; a click on a quote chooses its event. Which of a source's documents is shown,
digest or original, is the reader's own memory: the original once a copy of it is attached and was chosen.
"""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from db import queries
from db.queries import DocumentRow, EventDetail, QuoteRow, SourceRow
from db.values import DocumentRole, QuoteState, Ref, RefKind
from viewer.core.desk import Desk
from viewer.core.settings import HIGHLIGHTS
from viewer.look.sizes import fix, gap, margins
from viewer.look.theme import ThemeManager
from viewer.models.wording import ROLE_WORDS, published, reliability_badge, source_name
from viewer.views.source.find_bar import FindBar
from viewer.views.source.nothing import NOT_OURS_TO_SHOW, invitation
from viewer.views.source.pages import Page, best_quote, read_page
from viewer.views.source.passage import PassageMark
from viewer.views.source.reader import Reader
from viewer.views.source.sheets import Sheets
from viewer.views.source.spans import Span, neighbour, spans_of
from viewer.views.source.table_row import RowView
from viewer.widgets.buttons import Button, IconButton
from viewer.widgets.chips import Badge
from viewer.widgets.segmented import Choice, Segmented
from viewer.widgets.states import EmptyState
from viewer.widgets.text import ElidedLabel, label

ORIGIN: Final = "source"
HEADER: Final = 40
PAGER: Final = 36


class SourceView(QWidget):
    """One document at a time.

    Signals:
        attach_wanted(), import_wanted(): the user asks for a dialog to attach own copies, to import texts.
    """

    attach_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self._page: Page | None = None
        self._wanted_quote: Ref | None = None
        self._role = DocumentRole.DIGEST
        self.setObjectName("source_view")
        self.reader = Reader(look, self)
        self.reader.setAccessibleName("Source text")
        self.passage = PassageMark(self.reader)
        self.find_bar = FindBar(self.reader, look)
        self._header = QWidget()
        self._icon = QLabel()
        self._name = ElidedLabel("", "body_strong", "text")
        self._grade = Badge(look, "", "neutral")
        self._when = ElidedLabel("", "meta", "text3")
        self._roles: Segmented | None = None
        self._role_place = QHBoxLayout()
        self._label = label("", "meta_medium", "text3", wrap=True)
        self._previous = IconButton(look, "chevron-left", "Previous quote")
        self._next = IconButton(look, "chevron-right", "Next quote")
        self._place = ElidedLabel("", "label", "text2")
        self._count = ElidedLabel("", "meta", "text3")
        attach = Button(look, "Attach own copies…", "primary", icon="file-text")
        attach.clicked.connect(self.attach_wanted)
        self.importing = Button(look, "Import texts or tables…", "primary", icon="import")
        self.importing.clicked.connect(lambda _checked=False: self.import_wanted.emit())
        self._empty = EmptyState(look, "file-text", "", (self.importing,))
        self._no_text = EmptyState(look, "file-text", "", (attach,))
        self._nothing = EmptyState(look, "book-open", "")
        self._no_row = EmptyState(look, "table", "Choose an event to read the row of this table that it rests on.")
        self.row_view = RowView(look)
        self._stack = Sheets(look)
        self._coming = QWidget()
        for page in (self.reader, self.row_view, self._no_row, self._no_text, self._nothing, self._empty, self._coming):
            self._stack.addWidget(page)
        self._build()
        for action, button in (("previous_quote", self._previous), ("next_quote", self._next)):
            desk.keymap.bind(action, button.set_keys)
        self._previous.clicked.connect(partial(self.step_quote, -1))
        self._next.clicked.connect(partial(self.step_quote, 1))
        self.reader.quote_clicked.connect(self._on_quote_clicked)
        desk.state.changed.connect(self._on_state)
        desk.data.changed.connect(self._on_change)
        desk.settings.changed.connect(self._on_setting)
        look.changed.connect(self._on_look)
        self._on_setting(HIGHLIGHTS.key)
        self._on_look()
        found_by = {"current"} if desk.state.view.reading is None else set()
        self._on_state(frozenset({"reading", *found_by}), "start")

    # What the window asks

    def step_quote(self, direction: int) -> None:
        """Go to the next (+1) or previous (-1) quote of this document and choose its event."""
        span = neighbour(self.reader.spans, self._quote_id(), self.reader.position_in_view(), direction)
        if span is None:
            self._desk.messages.announced.emit("No further quote in this document")
        else:
            self._choose(span)

    def open_find(self) -> None:
        """Open the find bar."""
        if self._stack.currentWidget() is self.reader:
            self.find_bar.open()

    def stand_at_passage(self) -> None:
        """Select the passage that is wanted of the text, if that is shown already."""
        found, page = self._document(), self._page
        if found is not None and page is not None and page.text is not None:
            self.passage.arrive(found[1].uid, page.text)

    @property
    def page(self) -> Page | None:
        """What is shown, once it has been read."""
        return self._page

    def is_settled(self) -> bool:
        """Whether the reader stands still at the quote that is wanted."""
        return self._wanted_quote is None and self.reader.is_still

    # Building

    def _build(self) -> None:
        header = self._header
        header.setProperty("panel", "surface2")
        fix(header, height=HEADER)
        row = QHBoxLayout(header)
        margins(row, 14, 0, 10, 0)
        gap(row, 8)
        for part in (self._icon, self._name, self._grade):
            row.addWidget(part)
        row.addWidget(self._when, 1)
        row.addLayout(self._role_place)
        pager = QWidget()
        pager.setProperty("panel", "surface")
        fix(pager, height=PAGER)
        line = QHBoxLayout(pager)
        line.setContentsMargins(0, 0, 0, 0)
        gap(line, 4)
        for turn in (self._previous, self._place, self._next):
            line.addWidget(turn)
        line.addStretch(1)
        line.addWidget(self._count)
        self._pager = pager
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(self.find_bar)
        layout.addWidget(self._label)
        layout.addWidget(self._stack, 1)
        layout.addWidget(pager)

    # Following

    def _on_state(self, names: frozenset[str], origin: str) -> None:
        state = self._desk.state.view
        if "current" in names and "quote" not in names and state.current is not None:
            self._find_quote_of(state.current)
        if "reading" in names or "quote" in names:
            self._show(state.reading, state.quote)

    def _on_change(self, _change: object) -> None:
        if self._document_id() is None:
            self._show(None, None)
            return
        self._read(self._document_id(), keep=True)
        self._show_header()

    def _on_setting(self, key: str) -> None:
        if key == HIGHLIGHTS.key:
            self.reader.set_highlights(self._desk.settings.get(HIGHLIGHTS))

    def _find_quote_of(self, event: Ref) -> None:
        event_id = self._desk.data.event_id(event)
        if event_id is None:
            return
        hidden = self._desk.data.hidden_source_ids

        def ask(connection: sqlite3.Connection) -> tuple[EventDetail | None, tuple[QuoteRow, ...]]:
            detail = queries.event_detail(connection, event_id, hidden)
            twins = queries.twins(connection, [c.quote.id for c in detail.claims if c.quote]) if detail else ()
            return detail, tuple(twins)

        self._desk.data.ask("quote of event", ask, partial(self._on_quotes_found, event, self._desk.state.view.quote))

    def _on_quotes_found(
        self, event: Ref, before: Ref | None, answer: tuple[EventDetail | None, tuple[QuoteRow, ...]]
    ) -> None:
        """Go to the quote found, unless the user has gone to another event or quote since."""
        detail, twins = answer
        view = self._desk.state.view
        if detail is None or view.current != event or view.quote != before:
            return
        quotes = [c.quote for c in sorted(detail.claims, key=lambda c: not c.used_for) if c.quote is not None]
        documents = {doc.id: doc for doc in self._documents()}
        best = best_quote([*quotes, *twins], documents, self._document_id(), self._role)
        if best is None:
            return
        document = documents[best.document_id]
        self._desk.commands.show_quote(Ref(RefKind.DOCUMENT, document.uid), Ref(RefKind.QUOTE, best.uid), None, ORIGIN)

    # Showing

    def _documents(self) -> list[DocumentRow]:
        return [doc for source in self._desk.data.loaded.sources.values() for doc in source.documents]

    def _document(self) -> tuple[SourceRow, DocumentRow] | None:
        reading = self._desk.state.view.reading
        return self._desk.data.document(reading.uid if reading is not None else None)

    def _document_id(self) -> int | None:
        found = self._document()
        return found[1].id if found else None

    def _quote_id(self) -> int | None:
        quote = self._desk.state.view.quote
        page = self._page
        if quote is None or page is None:
            return None
        return next((each.id for each in page.quotes if each.uid == quote.uid), None)

    def _show(self, reading: Ref | None, quote: Ref | None) -> None:
        self._wanted_quote = quote
        document_id = self._document_id()
        self._show_header()
        if document_id is None:
            self._page, self._wanted_quote = None, None
            self._show_nothing()
            self._pager.hide()
        elif self._page is not None and self._page.document_id == document_id:
            if self._page.is_table and (quote is None or self._quote_id() is None):
                self._read(document_id, keep=False)  # of a table each row is read by itself
            else:
                self._arrive()
        else:
            self._page = None  # nothing of another document is shown under this one's name
            self._stack.setCurrentWidget(self._coming)
            self._read(document_id, keep=False)

    def _show_nothing(self) -> None:
        """Say what there is to read."""
        roles = {document.role for document in self._documents()}
        page = self._nothing if roles else self._empty
        page.set_sentence(invitation(roles, self._desk.data.index.n))
        self._stack.setCurrentWidget(page)

    def _read(self, document_id: int | None, *, keep: bool) -> None:
        if document_id is not None:
            quote = self._desk.state.view.quote
            hidden = self._desk.data.hidden_source_ids
            ask = partial(read_page, document_id=document_id, hidden=hidden, quote_uid=quote.uid if quote else None)
            self._desk.data.ask("page", ask, partial(self._on_page, keep), self._on_no_page)

    def _on_no_page(self, error: Exception) -> None:
        """The text cannot be read: its place says why."""
        self._page, self._wanted_quote = None, None
        self._no_text.set_sentence(str(error))
        self._stack.setCurrentWidget(self._no_text)
        self._show_pager()

    def _on_page(self, keep: bool, page: Page) -> None:
        if page.document_id != self._document_id():
            return
        same = self._page is not None and self._page.document_id == page.document_id and self._page.text == page.text
        self._page = page
        found = self._document()
        assert found is not None
        if page.is_table:
            self._show_row(page)
        elif page.text is None:
            self._no_text.set_sentence(NOT_OURS_TO_SHOW.format(count=len(page.quotes)))
            self._stack.setCurrentWidget(self._no_text)
        else:
            spans = spans_of(page.text, page.quotes)
            kinds = dict(self._desk.data.loaded.kinds)
            if same:
                self.reader.set_quotes(spans, kinds)
            else:
                own = found[1].role is DocumentRole.DIGEST
                self.reader.show_text(page.text, spans, kinds, own_words=own)
            self._stack.setCurrentWidget(self.reader)
        if not (keep and same):
            self._arrive()
        self._show_pager()

    def _show_row(self, page: Page) -> None:
        if page.row is None:
            self._stack.setCurrentWidget(self._no_row)
        else:
            self.row_view.show_row(page.row)
            self._stack.setCurrentWidget(self.row_view)

    def _arrive(self) -> None:
        """Stand at the quote that is wanted."""
        self._wanted_quote = None
        quote_id = self._quote_id()
        if quote_id is not None:
            self.reader.go_to_quote(quote_id)
        else:
            self.reader.set_current(None)
        self.stand_at_passage()
        self._show_pager()

    def _show_header(self) -> None:
        found = self._document()
        self._header.setVisible(found is not None)
        self._grade.setVisible(False)
        self._label.setVisible(False)
        self._show_roles()
        if found is None:
            return
        source, document = found
        self._name.setText(source_name(source))
        self._name.setToolTip(source.title)
        self._grade.set_badge(*reliability_badge(source.reliability))
        self._grade.setVisible(True)
        self._when.setText(published(source))
        if document.role is DocumentRole.DIGEST:
            self._label.setText("Digest in our own words, not the source’s text")
            self._label.setVisible(True)

    def _show_roles(self) -> None:
        if self._roles is not None:
            self._role_place.removeWidget(self._roles)
            self._roles.hide()
            self._roles.deleteLater()
        found = self._document()
        if found is None or len(found[0].documents) < 2:
            self._roles = None
            return
        source, document = found
        choices = tuple(Choice(doc.uid, ROLE_WORDS[doc.role]) for doc in source.documents)
        self._roles = Segmented(self._look, choices, "Document")
        self._roles.set_value(document.uid)
        self._roles.chosen.connect(self._on_role)
        self._role_place.addWidget(self._roles)

    def _on_role(self, uid: str) -> None:
        document = next(doc for doc in self._documents() if doc.uid == uid)
        self._role = document.role
        self._desk.commands.read_document(Ref(RefKind.DOCUMENT, uid), ORIGIN)
        current = self._desk.state.view.current
        if current is not None and (document.has_text or document.role is DocumentRole.TABLE):
            self._find_quote_of(current)

    def _show_pager(self) -> None:
        page = self._page
        shown = page is not None and page.text is not None and bool(page.quotes)
        self._pager.setVisible(page is not None)
        for part in (self._previous, self._place, self._next):
            part.setVisible(shown)
        margins(self._pager, 8 if shown else 14, 0, 14, 0)  # buttons have room of their own
        if page is None:
            return
        if page.is_table:
            self._place.setVisible(page.row is not None)
            self._place.setText(f"Row {page.row.number:,} of the table" if page.row is not None else "")
            self._count.setText("")
            return
        current = self._quote_id()
        ids = [span.quote.id for span in self.reader.spans] if page.text is not None else []
        total = len(ids)
        self._place.setText(f"Quote {ids.index(current) + 1} of {total}" if current in ids else f"{total} quotes")
        lost = sum(quote.state is QuoteState.ORPHAN for quote in page.quotes)
        self._count.setText(f"{lost} not found in this copy" if lost and page.text is not None else "")

    def _choose(self, span: Span) -> None:
        found = self._document()
        assert found is not None
        claim = span.quote.claims[0] if span.quote.claims else None
        self._desk.commands.show_quote(
            Ref(RefKind.DOCUMENT, found[1].uid),
            Ref(RefKind.QUOTE, span.quote.uid),
            Ref(RefKind.EVENT, claim.event_uid) if claim else None,
            ORIGIN,
        )

    def _on_quote_clicked(self, span: Span) -> None:
        self._choose(span)

    def _on_look(self) -> None:
        self._icon.setPixmap(self._look.pixmap("file-text", "text2", 16, self))
        theme = self._look.theme
        self._label.setContentsMargins(theme.px(40), theme.px(8), theme.px(14), 0)
        self._label.setAlignment(Qt.AlignmentFlag.AlignLeft)
