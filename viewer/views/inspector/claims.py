"""The claims on an event as cards, side by side: who says it, in which source, how it is graded."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from db import timewords
from db.queries import ClaimRow, EventDetail
from db.values import DocumentRole, Ref, RefKind, Stance, Status
from viewer.core.desk import Desk
from viewer.look.sizes import gap, margins
from viewer.look.theme import ThemeManager
from viewer.models.wording import STANCE_WORDS, STATUS_WORDS, count, grade_badge, grade_sentence, quantity_words
from viewer.widgets.cards import Card
from viewer.widgets.chips import Badge
from viewer.widgets.sections import SectionHeader
from viewer.widgets.text import ElidedLabel, label

ORIGIN: Final = "inspector"
MARGIN: Final = 16
STRIPES: Final = {Stance.SUPPORTS: "ok", Stance.DISPUTES: "warn", Stance.MENTIONS: "ctl"}


class ClaimCards(QWidget):
    """A card for each visible claim, two in a row; a click scrolls the reader to its quote and flashes it."""

    def __init__(self, desk: Desk, look: ThemeManager) -> None:
        super().__init__()
        self._desk, self._look = desk, look
        self._cards: dict[str, Card] = {}  # by the quote's uid
        self._all: list[Card] = []
        self._detail: EventDetail | None = None
        self._head = SectionHeader(look, "Claims")
        self._grid = QGridLayout()
        gap(self._grid, 8)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        margins(column, MARGIN, 0, MARGIN, 12)
        gap(column, 4)
        column.addWidget(self._head)
        column.addLayout(self._grid)
        look.changed.connect(self._on_look)

    def show_claims(self, detail: EventDetail) -> None:
        """Cards for the claims of an event, in place of what was shown."""
        self._detail = detail
        self._clear()
        self._head.set_title("Claims")
        self._head.set_note(count(len(detail.claims), "claim"))
        alone = len(detail.claims) == 1
        for number, claim in enumerate(detail.claims):
            card = self._card(claim, detail)
            self._all.append(card)
            if claim.quote is not None:
                self._cards[claim.quote.uid] = card
            if alone:
                self._grid.addWidget(card, 0, 0, 1, 2)
            else:
                self._grid.addWidget(card, number // 2, number % 2)
        self.set_active(self._desk.state.view.quote)

    def set_active(self, quote: Ref | None) -> None:
        """Frame the card whose quote the reader stands at."""
        for uid, card in self._cards.items():
            card.set_active(quote is not None and quote.uid == uid)

    def _clear(self) -> None:
        for card in self._all:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._all.clear()
        self._cards.clear()

    def _card(self, claim: ClaimRow, detail: EventDetail) -> Card:
        who = claim.attributed_to or claim.publisher or claim.source_title or "Own assertion"
        card = Card(self._look, clickable=claim.quote is not None, name=self._sentence(claim, who))
        card.set_stripe(self._look.theme.color(STRIPES[claim.stance]))
        head = ElidedLabel(who[:1].upper() + who[1:], "body_strong", "text")
        source = claim.publisher or claim.source_title or ""
        small = ElidedLabel(source if claim.attributed_to else "own assessment" if source else "", "meta", "text3")
        own_words = claim.document_role is DocumentRole.DIGEST or claim.quote is None or claim.quote.exact is None
        text = (claim.summary or claim.title or "") if own_words else f"“{claim.quote.exact}”" if claim.quote else ""
        body = label(text, "note" if own_words else "quote", "text", wrap=True)
        foot = QHBoxLayout()
        gap(foot, 6)
        code, tone, meaning = grade_badge(claim.grade)
        if code:
            foot.addWidget(Badge(self._look, code, tone, meaning=meaning))
        facts = [STANCE_WORDS[claim.stance]] if claim.stance is not Stance.SUPPORTS else []
        if claim.status is not detail.status and claim.status is not Status.OCCURRED:
            facts.append(STATUS_WORDS[claim.status].lower())
        if claim.when is not None and (detail.when is None or claim.when.edtf != detail.when.edtf):
            facts.append(timewords.show(claim.when))
        if claim.place is not None and (detail.place is None or claim.place.place_id != detail.place.id):
            facts.append(claim.place.name)
        if claim.quote is None:
            facts.append("no quote")
        if code or facts:
            foot.addWidget(ElidedLabel(" · ".join(facts), "meta", "warn" if detail.disagrees else "text3"), 1)
        for part in (head, small, body):
            card.body.addWidget(part)
        if counted := quantity_words(claim.quantity):
            card.body.addWidget(label(counted[:1].upper() + counted[1:], "label", "text", wrap=True))
        card.body.addStretch(1)
        if foot.count():
            card.body.addLayout(foot)
        if claim.quote is not None:
            card.clicked.connect(partial(self._on_clicked, claim))
            card.setToolTip("Show the quote")
        return card

    def _sentence(self, claim: ClaimRow, who: str) -> str:
        said = (claim.summary or claim.title or "", quantity_words(claim.quantity), grade_sentence(claim.grade))
        return ", ".join(["Claim", who, *filter(None, said)])

    def _on_clicked(self, claim: ClaimRow) -> None:
        assert claim.quote is not None
        document = self._desk.data.document_ref(claim.quote.document_id)
        if document is not None:
            self._desk.state.set(ORIGIN, quote=None)  # so that the same quote flashes again
            self._desk.commands.show_quote(document, Ref(RefKind.QUOTE, claim.quote.uid), None, ORIGIN)

    def _on_look(self) -> None:
        if self._detail is not None:
            self.show_claims(self._detail)
