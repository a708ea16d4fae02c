"""What else the project has at the current event's place."""

from __future__ import annotations

from functools import partial
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from db.queries import STATUS_CODES, KindRow
from db.values import Ref, Status
from viewer.core.desk import Desk
from viewer.core.settings import RELATED_OPEN
from viewer.look.sizes import fix, gap, margins
from viewer.look.theme import ThemeManager
from viewer.models.event_marks import LIST_RADIUS, event_mark
from viewer.models.wording import count
from viewer.widgets.pictures import MarkLabel
from viewer.widgets.sections import CollapsiblePanel
from viewer.widgets.text import ElidedLabel

MOST: Final = 3


class Told(NamedTuple):
    """What a line says of an event."""

    event: Ref
    title: str
    when: str
    kind: KindRow | None
    status: Status
    supported: bool


class RelatedView(QWidget):
    """Up to three other events at the place, those nearest in time; a click flies there."""

    def __init__(self, desk: Desk, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self._panel = CollapsiblePanel(look, "Also here", open_at_first=desk.settings.get(RELATED_OPEN))
        self._panel.folded.connect(lambda folded: desk.settings.set(RELATED_OPEN, not folded))
        self._lines: list[QWidget] = []
        self._shown: list[Told] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._panel.body.addLayout(self._rows)
        layout = QVBoxLayout(self)
        margins(layout, 16, 4, 12, 6)
        layout.addWidget(self._panel)
        desk.state.changed.connect(self._on_state)
        desk.data.changed.connect(self._on_change)
        self._show()

    def set_compact(self, compact: bool) -> None:
        """Fold while the window is narrow; unfolded again as the user left it."""
        self._panel.set_open(not compact and self._desk.settings.get(RELATED_OPEN))

    def _show(self) -> None:
        data = self._desk.data
        row = data.row(self._desk.state.view.current)
        columns = data.index.columns
        place = int(columns.place[row]) if row is not None else 0
        others = np.empty(0, np.intp)
        if row is not None and place:
            others = np.flatnonzero((columns.place == place) & data.index.shown)
            others = others[others != row]
            distance = np.abs(columns.best[others] - columns.best[row])
            others = others[np.argsort(distance, kind="stable")]
        self.setVisible(len(others) > 0)
        if not len(others):
            return
        self._panel.set_title(f"Also at {data.loaded.places[place].name}")
        self._panel.set_note(count(len(others), "other event"))
        told = [self._told(row) for row in others[:MOST].tolist()]
        if told != self._shown:  # most changes are none of these
            self._shown = told
            self._set_lines([self._line(each) for each in told])

    def _told(self, row: int) -> Told:
        data = self._desk.data
        columns = data.index.columns
        return Told(
            data.row_ref(row),
            data.title(row),
            self._desk.commands.when(row),
            data.loaded.kinds.get(int(columns.kind[row])),
            STATUS_CODES[columns.status[row]],
            bool(columns.supported[row]),
        )

    def _set_lines(self, lines: list[QWidget]) -> None:
        for old in self._lines:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = lines
        for line in lines:
            self._rows.addWidget(line)

    def _line(self, told: Told) -> QWidget:
        title, when = told.title, told.when
        line = QPushButton()
        line.setProperty("variant", "row")
        fix(line, height=30)
        line.setAccessibleName(f"{title}, {when}")
        line.setCursor(Qt.CursorShape.PointingHandCursor)
        mark = MarkLabel(self._look, event_mark(told.kind, told.status, supported=told.supported, radius=LIST_RADIUS))
        inside = QHBoxLayout(line)
        margins(inside, 4, 0, 4, 0)
        gap(inside, 8)
        inside.addWidget(mark)
        inside.addWidget(ElidedLabel(title, "body", "text"), 1)
        inside.addWidget(ElidedLabel(when, "meta", "text3"))
        for part in (mark, *line.findChildren(ElidedLabel)):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line.clicked.connect(partial(self._go, told.event))
        return line

    def _go(self, event: Ref, _checked: bool = False) -> None:
        self._desk.commands.fly_to_event(event)

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if names & {"current", "filters"}:
            self._show()

    def _on_change(self, _change: object) -> None:
        self._show()
