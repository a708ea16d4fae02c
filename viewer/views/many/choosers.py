"""What a change of many events asks for: a place of the project, or a tag. A field narrows the list under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from db.edits_many import LONGEST_TAG
from db.search import fold
from viewer.look.sizes import margins
from viewer.look.theme import ThemeManager
from viewer.models.events import Index
from viewer.models.wording import count
from viewer.widgets.popover import Popover
from viewer.widgets.rows import ROW_ROLE, RowContent, RowDelegate
from viewer.widgets.search_field import SearchField
from viewer.widgets.text import label

WIDTH: Final = 300
HEIGHT: Final = 300
PADDING: Final = 8


class Chooser(Popover):
    """Made anew each time it opens. The typing stays in the field while Up and Down move in the list.

    Signals:
        chosen(QModelIndex): Enter or a click; the popover is closed after it.
    """

    chosen = Signal(QModelIndex)

    def __init__(
        self,
        look: ThemeManager,
        window: QWidget,
        name: str,
        hint: str,
        model: QAbstractItemModel,
        narrow: Callable[[str], None],
        height: int = HEIGHT,
    ) -> None:
        """``narrow`` has the model show what matches a typed text; ``height`` of the list in px at scale 1."""
        super().__init__(look, window, name, padding=PADDING)
        self._narrow = narrow
        model.setParent(self)
        self.field = SearchField(look, hint, name=name, pause=0, escape_empties=False)
        self.list = QListView()
        self.list.setModel(model)
        self.list.setItemDelegate(RowDelegate(look, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setAccessibleName(name)
        px = look.theme.px
        self.list.setFixedSize(px(WIDTH), px(height))
        self.nothing = label("", "body", "text2", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        margins(self.nothing, 24, 8, 24, 8)
        over = QVBoxLayout(self.list)
        over.setContentsMargins(0, 0, 0, 0)
        over.addWidget(self.nothing)
        self.body.addWidget(self.field)
        self.body.addWidget(self.list)
        self.field.changed.connect(self._on_typed)
        self.field.submitted.connect(lambda _text: self._choose(self.list.currentIndex()))
        self.field.stepped.connect(self._step)
        self.field.left.connect(self.close_popover)
        self.list.clicked.connect(self._choose)
        model.modelReset.connect(lambda: self._step(0))
        self.closed.connect(self.deleteLater)
        self._step(0)

    def say_if_empty(self, text: str) -> None:
        """What to read, and to do, where the list offers nothing."""
        self.nothing.setText(text)
        self._step(0)

    def _on_typed(self, text: str) -> None:
        self._narrow(text)

    def _step(self, by: int) -> None:
        model, line = self.list.model(), self.list.currentIndex().row()
        last = model.rowCount() - 1
        self.nothing.setVisible(last < 0)
        if last >= 0:
            self.list.setCurrentIndex(model.index(min(max(line + by, 0), last), 0))

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index)
            self.close_popover()


@dataclass(frozen=True, slots=True)
class TagLine:
    """What a line offers: to give a tag, or to remove it."""

    tag: str
    adds: bool
    events: int


class TagModel(QAbstractListModel):
    """The typed tag to add, the tags of the selected events to remove, the project's other tags to add."""

    def __init__(self, total: int, parent: QObject) -> None:
        """``total`` events are selected."""
        super().__init__(parent)
        self._selected: Mapping[str, int] = {}
        self._known: Mapping[str, int] = {}
        self._total = total
        self._text = ""
        self._lines: list[TagLine] = []

    def fill(self, selected: Mapping[str, int], known: Mapping[str, int]) -> None:
        """How many of the selected events, and of all, have a tag."""
        self._selected, self._known = selected, known
        self.narrow(self._text)

    def narrow(self, text: str) -> None:
        """Offer what has this text in it, and the text itself."""
        self._text = text
        self.beginResetModel()
        self._refill(text)
        self.endResetModel()

    def line_at(self, line: int) -> TagLine:
        return self._lines[line]

    def _refill(self, text: str) -> None:
        typed, needle = " ".join(text.split())[:LONGEST_TAG], fold(" ".join(text.split()))
        self._lines = []
        if typed and typed.casefold() not in (tag.casefold() for tag in self._known):
            self._lines.append(TagLine(typed, True, 0))
        matching = [tag for tag in self._known if needle in fold(tag)]
        lines = [TagLine(tag, True, self._known[tag]) for tag in matching if self._selected.get(tag, 0) < self._total]
        lines += [TagLine(tag, False, self._selected[tag]) for tag in matching if tag in self._selected]
        self._lines += lines

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        words = f"Add “{line.tag}”" if line.adds else f"Remove “{line.tag}”"
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == ROW_ROLE:
            return RowContent(
                words, "", f"{line.events:,}" if line.events else "", icon="plus" if line.adds else "minus"
            )
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{words}, {count(line.events, 'event')}"
        return None
