"""Status, sources and conditions to show; each writes one field of the State's filters."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from db.queries import STATUS_CODES
from db.values import Ref, RefKind, Status
from viewer.core.desk import Desk
from viewer.core.state import NO_KIND
from viewer.look.marks import MarkLook
from viewer.look.sizes import add_gap, gap, margins
from viewer.look.theme import ThemeManager
from viewer.models.event_marks import event_mark
from viewer.models.wording import STATUS_WORDS, count, published, reliability_badge, source_name
from viewer.widgets.buttons import Button
from viewer.widgets.check_row import CheckRow
from viewer.widgets.chips import Chip
from viewer.widgets.flow_layout import FlowLayout
from viewer.widgets.sections import SectionHeader

CHECK_WORDS: Final = {
    "disagreeing": "Conflicting claims",
    "vague_date": "Vague date, 30+ days",
    "region_only": "Place is only a region",
}
MARGIN: Final = 14


class FilterView(QWidget):
    """Chips for status, a row for each source and each condition, and a way to clear them all."""

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self._status: dict[Status, Chip] = {}
        self._kinds: dict[str, CheckRow] = {}
        self._kind_order: list[str] = []
        self._sources: dict[str, CheckRow] = {}
        self._checks: dict[str, CheckRow] = {}
        self._status_head = SectionHeader(look, "Status")
        self._status_place = FlowLayout(gap=6)
        self._kind_head = SectionHeader(look, "Kinds")
        self._kind_place = QVBoxLayout()
        self._source_head = SectionHeader(look, "Sources")
        self._source_place = QVBoxLayout()
        self._check_place = QVBoxLayout()
        self._clear = Button(look, "Clear filters", "quiet", icon="x")
        policy = self._clear.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # it is the last: all above would be laid out anew
        self._clear.setSizePolicy(policy)
        self._clear.clicked.connect(lambda _checked=False: desk.commands.clear_filters())
        self._build()
        self._rebuild()
        desk.state.changed.connect(self._on_state)
        desk.data.changed.connect(self._on_change)

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        margins(column, MARGIN, 10, MARGIN, MARGIN)
        gap(column, 4)
        column.addWidget(self._status_head)
        column.addLayout(self._status_place)
        add_gap(column, 10)
        column.addWidget(self._source_head)
        column.addLayout(self._source_place)
        add_gap(column, 10)
        column.addWidget(self._kind_head)
        column.addLayout(self._kind_place)
        add_gap(column, 10)
        column.addWidget(SectionHeader(self._look, "Show only"))
        column.addLayout(self._check_place)
        add_gap(column, 10)
        column.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        for place in (self._kind_place, self._source_place, self._check_place):
            gap(place, 2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def _rebuild(self) -> None:
        """Rows for what there is; those that stay keep the focus."""
        loaded, commands = self._desk.data.loaded, self._desk.commands
        for check, words in CHECK_WORDS.items():
            if check not in self._checks:
                row = CheckRow(self._look, words)
                row.clicked.connect(partial(self._call, commands.toggle_check, check))
                self._checks[check] = row
                self._check_place.addWidget(row)
        self._rebuild_kinds()
        if NO_KIND not in self._kinds:
            self._kinds[NO_KIND] = row = CheckRow(self._look, "No kind", mark=event_mark(None, Status.OCCURRED))
            row.clicked.connect(partial(self._call, commands.toggle_kind, NO_KIND))
        self._kind_place.addWidget(self._kinds[NO_KIND])  # the last
        for source in sorted(loaded.sources.values(), key=lambda each: (each.position, each.id)):
            if source.uid not in self._sources:
                row = CheckRow(self._look, source_name(source), opens="Read the source")
                row.clicked.connect(partial(self._call, commands.toggle_source, source.uid))
                row.opened.connect(partial(self._read, source.uid))
                self._sources[source.uid] = row
                self._source_place.addWidget(row)
        for rows, there in ((self._sources, loaded.sources.values()), (self._kinds, loaded.kinds.values())):
            for uid in rows.keys() - {each.uid for each in there} - {NO_KIND}:
                rows.pop(uid).deleteLater()
        used = {status for code, status in enumerate(STATUS_CODES) if (loaded.columns.status == code).any()}
        for status in STATUS_CODES:
            if status in used and status not in self._status:
                chip = Chip(self._look, STATUS_WORDS[status], checkable=True, mark=partial(_status_mark, status))
                chip.clicked.connect(partial(self._call, commands.toggle_status, status))
                self._status[status] = chip
                self._status_place.addWidget(chip)
        self._show()

    def _rebuild_kinds(self) -> None:
        """In the project's order, those without any event below the others, as their lanes stand."""
        loaded, commands = self._desk.data.loaded, self._desk.commands
        counts = self._desk.data.index.shown_by_kind()
        used = {kind.id for kind in loaded.kinds.values() if counts.get(kind.id, (0, 0))[1]}
        kinds = sorted(loaded.kinds.values(), key=lambda each: (each.id not in used, each.position, each.id))
        for kind in kinds:
            if kind.uid not in self._kinds:
                row = CheckRow(self._look, kind.name, mark=event_mark(kind, Status.OCCURRED))
                row.clicked.connect(partial(self._call, commands.toggle_kind, kind.uid))
                self._kinds[kind.uid] = row
        order = [kind.uid for kind in kinds]
        if order != self._kind_order:
            self._kind_order = order
            for uid in order:
                self._kind_place.addWidget(self._kinds[uid])  # behind those before, from wherever it was
            for one, other in pairwise(order):
                QWidget.setTabOrder(self._kinds[one], self._kinds[other])

    def _show(self) -> None:
        filters, index, loaded = self._desk.state.view.filters, self._desk.data.index, self._desk.data.loaded
        self._status_head.setVisible(bool(self._status))
        for status, chip in self._status.items():
            chip.setChecked(status not in filters.hidden_statuses)
        by_kind = index.shown_by_kind()
        for uid, kind_id in (*((kind.uid, kind.id) for kind in loaded.kinds.values()), (NO_KIND, 0)):
            shown, total = by_kind.get(kind_id, (0, 0))
            out = uid in filters.hidden_kinds
            self._kinds[uid].setChecked(not out)
            self._kinds[uid].set_count(_of(total if out else shown, total))
        self._kinds[NO_KIND].setVisible(0 in by_kind or NO_KIND in filters.hidden_kinds)
        for source in loaded.sources.values():
            row = self._sources[source.uid]
            row.setChecked(source.uid not in filters.hidden_sources)
            small = f"{published(source)} · {count(source.quotes, 'quote')}"
            row.set_words(source_name(source), small, reliability_badge(source.reliability))
        seen = len(loaded.sources) - len(filters.hidden_sources)
        self._source_head.set_note(f"{seen} of {len(loaded.sources)}" if loaded.sources else "none yet")
        for check, row in self._checks.items():
            there = index.check(check)
            row.setChecked(check in filters.only)
            row.set_count(_of(int(np.count_nonzero(there & index.shown)), int(np.count_nonzero(there))))
        self._clear.setVisible(filters.count > 0)

    def _read(self, uid: str) -> None:
        """Open the first document of a source that has a text; else the first: the reader says what it lacks."""
        source = next((each for each in self._desk.data.loaded.sources.values() if each.uid == uid), None)
        if source is None or not source.documents:
            self._desk.messages.warn("This source has no document. There is nothing to read.")
            return
        document = next((each for each in source.documents if each.has_text), source.documents[0])
        self._desk.commands.read_document(Ref(RefKind.DOCUMENT, document.uid))

    def _call(self, command: object, key: object, _checked: bool = False) -> None:
        assert callable(command)
        command(key)
        self._show()

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if "filters" in names:
            self._show()

    def _on_change(self, _change: object) -> None:
        self._rebuild()


def _of(shown: int, total: int) -> str:
    """How many are shown of how many there are."""
    return f"{total:,}" if shown == total else f"{shown:,} / {total:,}"


def _status_mark(status: Status, look: ThemeManager) -> MarkLook:
    return look.mark("hexagon", status, look.theme.color("text"), 4.6 * look.theme.scale, halo=False)
