"""The current event at the head of the right panel: what it is, when, where, and the claims behind it."""

from __future__ import annotations

import sqlite3
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from db import queries
from db.queries import ClaimRow, EventDetail
from db.values import RefKind, Status
from viewer.core.desk import Desk
from viewer.look.sizes import fix, gap, margins
from viewer.look.theme import ThemeManager
from viewer.look.tokens import TARGET
from viewer.models.event_marks import event_mark
from viewer.models.wording import STATUS_WORDS, count, place_words, quantity_words, when_words
from viewer.views.inspector.claims import ClaimCards
from viewer.views.inspector.editor import EventEditor
from viewer.views.inspector.named import NamedFields
from viewer.widgets.buttons import IconButton
from viewer.widgets.chip_field import ChipField
from viewer.widgets.chips import Badge
from viewer.widgets.pictures import IconLabel, MarkLabel
from viewer.widgets.text import ElidedLabel, label

ORIGIN: Final = "inspector"
MARGIN: Final = 16
MOST_CLAIMS: Final = 216
CLAIMS_SHARE: Final = 0.22
"""The height of the claims at most: px at scale 1, and a share of the window."""
FORM_SHARE: Final = 0.4
"""The share of the window that the form keeps whatever the reader wants; what does not fit into it is scrolled."""


class _Scroll(QScrollArea):
    """As high as it may be where there is room, whatever Qt thinks a scrolled thing needs."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.maximumHeight())


class InspectorView(QWidget):
    """Shows ``State.current``; a pencil turns the head into fields."""

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self._detail: EventDetail | None = None
        self.setObjectName("inspector")
        self._mark = MarkLabel(look, event_mark(None, Status.OCCURRED))
        self._kind = ElidedLabel("", "label", "text2")
        self._status = Badge(look, "", "outline", pill=True)
        self._disagree = Badge(look, "", "amber", pill=True)
        self._edit = IconButton(look, "pencil", "Edit event")
        desk.keymap.bind("edit_event", self._edit.set_keys)
        self._close = IconButton(look, "x", "Clear the selection", "Esc")
        self._title = label("", "event_title", "text", wrap=True)
        self._when_icon = IconLabel(look, "calendar", "text3", 15, meaning="Date")
        self._where_icon = IconLabel(look, "map-pin", "text3", 15, meaning="Place")
        self._when = label("", "body_medium", "text", wrap=True)
        self._where = label("", "body_medium", "text")
        self._how_exact = ElidedLabel("", "note", "text3")
        self._count_icon = IconLabel(look, "hash", "text3", 15, meaning="Count")
        self._count = label("", "body_medium", "text", wrap=True)
        self._basis = label("", "meta", "text3", wrap=True)
        self.named = NamedFields(desk, look)
        self.editor = EventEditor(desk, look)
        self.claims = ClaimCards(desk, look)
        self._named_rows: list[tuple[IconLabel, ChipField]] = []
        self._facts = QWidget()
        # Cards put in just now have their height only when they are shown. A timer of our own: Qt for Python keeps what
        # a QTimer.singleShot was to call, and so all of this window, when the window goes first.
        self._fit_soon = QTimer(self, singleShot=True, interval=0)
        self._fit_soon.timeout.connect(self._fit_claims)
        for part in (self.claims, self.editor):
            part.installEventFilter(self)
        self.editor.hide()
        self._build()
        self._edit.clicked.connect(lambda _checked=False: self.edit())
        self._close.clicked.connect(lambda _checked=False: desk.commands.clear_selection())
        self.editor.closed.connect(self._on_editor_closed)
        desk.state.changed.connect(self._on_state)
        desk.data.changed.connect(self._on_change)
        look.changed.connect(self._on_look)
        self._on_look()
        self._ask()

    def edit(self) -> None:
        """Turn the head into fields, the title first."""
        if self._detail is not None and not self._desk.data.store.read_only:
            self.editor.show_event(self._detail, afresh=True)
            self._facts.hide()
            self.editor.show()
            self._scroll.verticalScrollBar().setValue(0)
            self._fit_claims()
            self.editor.begin()

    def finish_editing(self) -> None:
        """Save what has been typed, and show the facts again."""
        if self.is_editing:
            self.editor.save()
            self._end_editing()

    @property
    def is_editing(self) -> bool:
        return not self.editor.isHidden()

    @property
    def detail(self) -> EventDetail | None:
        """What is shown, once it has been read."""
        return self._detail

    def is_settled(self) -> bool:
        """Whether the cards have the height that they need."""
        return not self._fit_soon.isActive()

    def _build(self) -> None:
        column = QVBoxLayout(self._facts)
        margins(column, MARGIN, 10, 10, 10)
        gap(column, 6)
        top = QHBoxLayout()
        gap(top, 8)
        for part in (self._mark, self._kind, self._status, self._disagree):
            top.addWidget(part)
        top.addStretch(1)
        for button in (self._edit, self._close):
            top.addWidget(button)
        column.addLayout(top)
        column.addWidget(self._title)
        facts = (self._when_icon, self._when), (self._where_icon, self._where), (self._count_icon, self._count)
        for icon, text in facts:
            row = QHBoxLayout()
            gap(row, 8)
            row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(text, 0 if text is self._where else 1)
            if text is self._where:
                row.addWidget(self._how_exact, 1)
            column.addLayout(row)
        chips = QVBoxLayout()
        chips.setSpacing(0)
        column.addLayout(chips)
        for name, field, meaning in (("user-round", self.named.actors, "Actors"), ("tag", self.named.tags, "Tags")):
            row = QHBoxLayout()
            gap(row, 8)
            icon = IconLabel(self._look, name, "text3", 15, meaning=meaning)
            fix(icon, height=TARGET)
            row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(field, 1)
            self._named_rows.append((icon, field))
            chips.addLayout(row)
        column.addWidget(self._basis)
        # The form lies above the claims in one scrolled column: it has its full height however little room there is.
        below = QWidget()
        lower = QVBoxLayout(below)
        lower.setContentsMargins(0, 0, 0, 0)
        lower.setSpacing(0)
        lower.addWidget(self.editor)
        lower.addWidget(self.claims, 1)
        self._scroll = _Scroll()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(below)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._facts)
        layout.addWidget(self._scroll)

    def _ask(self) -> None:
        event_id = self._desk.data.event_id(self._desk.state.view.current)
        if event_id is None:
            self._show(None)
            return
        hidden = self._desk.data.hidden_source_ids

        def question(connection: sqlite3.Connection) -> EventDetail | None:
            return queries.event_detail(connection, event_id, hidden)

        self._desk.data.ask("event detail", question, self._show)

    def _show(self, detail: EventDetail | None) -> None:
        event_id = self._desk.data.event_id(self._desk.state.view.current)
        if detail is not None and detail.id != event_id:
            return
        self._detail = detail
        self.setVisible(detail is not None)
        if detail is None:
            self._end_editing()
            return
        kind = detail.kind
        self._mark.set_mark(event_mark(kind, detail.status, supported=detail.supported, radius=6.0))
        self._kind.setText(kind.name if kind else "No kind")
        self._status.set_badge(STATUS_WORDS[detail.status], "outline")
        self._disagree.setVisible(detail.disagrees)
        self._disagree.set_badge("Claims disagree", "amber", "The claims on this event do not agree with each other")
        self._title.setText(detail.title)
        self._when.setText(when_words(detail.when))
        self._where.setText(detail.place.name if detail.place else "Nowhere on the map")
        shape = self._desk.data.loaded.areas.get(detail.place.id, ()) if detail.place else ()
        self._how_exact.setText(place_words(detail.place, shape) if detail.place else "")
        counted = quantity_words(detail.quantity)
        self._count.setText(counted[:1].upper() + counted[1:])
        for part in (self._count_icon, self._count):
            part.setVisible(bool(counted))
        self.named.show_event(detail)
        for icon, field in self._named_rows:
            icon.setHidden(field.is_idle)
            field.setHidden(field.is_idle)
        self._basis.setText(self._basis_words(detail.claims))
        self._basis.setVisible(bool(self._basis.text()))
        self.claims.show_claims(detail)
        if self.is_editing:
            self.editor.show_event(detail)
        self._fit_claims()

    def _basis_words(self, claims: tuple[ClaimRow, ...]) -> str:
        if not any(claim.quote for claim in claims):
            return "Not supported by a quote"
        sources = {claim.source_id for claim in claims if claim.source_id is not None}
        return f"{count(len(claims), 'claim')} from {count(len(sources), 'source')}" if len(claims) > 1 else ""

    def _fit_claims(self) -> None:
        """As high as the cards need, up to a share of the window, so that the reader keeps its room. Before the form
        gives way, the cards do."""
        wanted = self.claims.sizeHint().height()
        if self.claims.hasHeightForWidth():
            wanted = self.claims.heightForWidth(max(self.width(), 300))
        most = min(self._look.theme.px(MOST_CLAIMS), round(self.window().height() * CLAIMS_SHARE))
        claims = min(wanted, most)
        if self.is_editing:
            form = max(self.editor.heightForWidth(max(self.width(), 300)), self.editor.sizeHint().height())
            self._scroll.setMinimumHeight(min(form, round(self.window().height() * FORM_SHARE)))
            self._scroll.setMaximumHeight(form + claims)
        else:
            self._scroll.setFixedHeight(claims)

    def _on_editor_closed(self) -> None:
        self._end_editing()
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_editing(self) -> None:
        if self.is_editing:
            self.editor.hide()
            self._facts.show()
            self._fit_claims()

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if "current" in names:
            self._end_editing()
            self._ask()
        if "quote" in names:
            quote = self._desk.state.view.quote
            self.claims.set_active(quote if quote is not None and quote.kind is RefKind.QUOTE else None)

    def _on_change(self, _change: object) -> None:
        self._ask()

    def _on_look(self) -> None:
        if self._detail is not None:
            self._show(self._detail)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._detail is not None:
            self._fit_claims()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cards have their faces, and so their height, only some rounds after they were made; the form's faults come
        and go."""
        if watched in (self.claims, self.editor) and event.type() is QEvent.Type.LayoutRequest:
            self._fit_soon.start()
        return False
