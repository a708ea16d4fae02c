"""The line at the bottom: what is shown and what is hidden, and the keys worth knowing."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from viewer.core.desk import Desk
from viewer.look.sizes import add_gap, fix, gap, margins
from viewer.look.theme import ThemeManager
from viewer.models.hidden import hidden_sentence
from viewer.models.wording import count
from viewer.shell.arrows import ArrowHint
from viewer.widgets.busy import Busy
from viewer.widgets.text import ElidedLabel, KeyCap, label

HEIGHT: Final = 24
HINTS: Final = (
    ("play", "play"),
    ("previous_event", ""),
    ("next_event", "previous, next event"),
    ("palette", "find"),
    ("keys", "all shortcuts"),
)
"""Actions whose keys are worth knowing, with what they do."""


class StatusBar(QWidget):
    """Counts at the left, keys or what is going on at the right.

    When something is hidden, a sentence says why; a click on it clears the filters.
    """

    def __init__(self, desk: Desk, look: ThemeManager) -> None:
        super().__init__()
        self._desk, self._look = desk, look
        self.setProperty("panel", "surface2")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        fix(self, height=HEIGHT)
        self._counts = label("", "meta_strong", "text")
        self._more = ElidedLabel("", "meta", "text3")
        self._hidden = QPushButton()
        self._hidden.setProperty("variant", "warn")
        self._hidden.setProperty("compact", "true")
        self._hidden.setToolTip("Clear filters")
        self._hidden.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._hidden.clicked.connect(lambda _checked=False: desk.commands.clear_filters())
        row = QHBoxLayout(self)
        margins(row, 14, 0, 14, 0)
        gap(row, 8)
        row.addWidget(self._counts)
        row.addWidget(self._more)
        row.addWidget(self._hidden)
        self._missing = label("", "meta_strong", "warn")
        row.addWidget(self._missing)
        row.addStretch(1)
        self.busy = Busy(look, slim=True)
        self._keys = self._hints()
        self.arrows = ArrowHint(desk.keymap)
        self.arrows.said.connect(self._fit)
        row.addWidget(self.busy)
        row.addWidget(self.arrows)
        row.addWidget(self._keys)
        self.busy.seen.connect(lambda _seen: self._fit())
        self._hidden.setCursor(Qt.CursorShape.PointingHandCursor)
        desk.state.changed.connect(self._on_state)
        desk.data.changed.connect(self._on_change)
        self._show()

    def _hints(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        gap(row, 8)
        for action, words in HINTS:
            cap = KeyCap("")
            self._desk.keymap.bind(action, cap.set_keys)
            row.addWidget(cap)
            if words:
                row.addWidget(label(words, "meta", "text3"))
                add_gap(row, 6)
        return box

    def _show(self) -> None:
        data = self._desk.data
        loaded = data.loaded
        self._counts.setText(f"{data.index.shown_count:,} of {count(loaded.total_events, 'event')}")
        hidden = self._desk.state.view.filters.hidden_sources
        seen = [source for source in loaded.sources.values() if source.uid not in hidden]
        quotes = sum(source.quotes for source in seen)
        disagreeing = int(np.count_nonzero(data.index.check("disagreeing")))
        facts = [
            count(quotes, "quote"),
            count(len(seen), "source"),
            f"{count(disagreeing, 'event')} with conflicting claims",
        ]
        undated = int(np.count_nonzero(data.index.shown & ~data.index.columns.dated))
        if undated:  # neither map nor lanes have them
            facts.append(f"{undated:,} without a date")
        self._more.setText(" · ".join(facts))
        sentence = hidden_sentence(data, self._desk.state.view.filters)
        self._hidden.setText(sentence)
        self._hidden.setVisible(bool(sentence))
        gone = [layer.name for layer in loaded.layers if layer.missing and layer.visible]
        self._missing.setText(
            "" if not gone else f"Layer {gone[0]} not found" if len(gone) == 1 else f"{len(gone)} layers not found"
        )
        self._missing.setToolTip("\n".join(f"{layer.name}: {layer.file}" for layer in loaded.layers if layer.missing))
        self._missing.setVisible(bool(gone))
        self._fit()

    def _fit(self) -> None:
        """Keys only where they cut off nothing, what the arrows do only where there is room for it as well."""
        facts = [
            part.sizeHint().width()
            for part in (self._counts, self._more, self._hidden, self._missing)
            if not part.isHidden()
        ]
        room = self.width() - self._look.theme.px(2 * 14 + 8 * (len(facts) + 1))
        room -= sum(facts) + self._keys.sizeHint().width()
        self._keys.setVisible(self.busy.isHidden() and room >= 0)
        needed = self.arrows.sizeHint().width() + self._look.theme.px(8)
        self.arrows.setVisible(self.busy.isHidden() and bool(self.arrows.words()) and room >= needed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _on_state(self, names: frozenset[str], _origin: str) -> None:
        if "filters" in names:
            self._show()

    def _on_change(self, _change: object) -> None:
        self._show()
