"""One row of a table as a list of two columns: what a column is called, and what the row says in it.

The passage that the mapping names stands first, in the source's typeface. Empty cells are left out, and counted.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from db.queries import TableRow
from viewer.look.theme import ThemeManager
from viewer.models.wording import count
from viewer.widgets.text import hairline, label

MARGIN = 20


class RowView(QScrollArea):
    """Shows a row; its text can be selected by mouse and keyboard."""

    def __init__(self, look: ThemeManager) -> None:
        super().__init__()
        self._look = look
        self._row: TableRow | None = None
        self.setObjectName("table_row")
        self.setAccessibleName("Row of the table")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        look.changed.connect(self._build)

    @property
    def row(self) -> TableRow | None:
        """What is shown."""
        return self._row

    def show_row(self, row: TableRow) -> None:
        """Show a row from its top; the same one again stays where it stands."""
        if row == self._row:
            return
        self._row = row
        self._build()
        self.verticalScrollBar().setValue(0)

    def _build(self) -> None:
        row = self._row
        if row is None:
            return
        theme = self._look.theme
        content = QWidget()
        content.setProperty("flat", "true")
        column = QVBoxLayout(content)
        column.setContentsMargins(theme.px(MARGIN), theme.px(14), theme.px(MARGIN), theme.px(14))
        column.setSpacing(theme.px(12))
        if row.passage is not None and row.cells[row.passage]:
            passage = _selectable(row.cells[row.passage], "reader")
            passage.setAccessibleName(f"{row.columns[row.passage]}: {row.cells[row.passage]}")
            column.addWidget(passage)
            column.addWidget(hairline())
        column.addWidget(self._cells(row))
        empty = sum(not cell.strip() for cell in row.cells)
        if empty:
            column.addWidget(label(f"{count(empty, 'empty column')} not shown", "meta", "text3"))
        column.addStretch(1)
        old = self.takeWidget()
        self.setWidget(content)
        if old is not None:
            old.deleteLater()

    def _cells(self, row: TableRow) -> QWidget:
        theme = self._look.theme
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(7))
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for at, (name, cell) in enumerate(zip(row.columns, row.cells, strict=True)):
            if not cell.strip() or at == row.passage:
                continue
            heading = label(name.replace("_", "_\u200b"), "meta_medium", "text2", wrap=True)  # may be broken there
            heading.setAccessibleName(name)
            whole = QFontMetrics(theme.font("meta_medium")).horizontalAdvance(name) + theme.px(2)
            heading.setFixedWidth(min(whole, theme.px(150)))
            value = _selectable(cell, "body")
            value.setAccessibleName(f"{name}: {cell}")
            grid.addWidget(heading, at, 0, top)
            grid.addWidget(value, at, 1, top)
        return made


def _selectable(text: str, role: str) -> QLabel:
    made = label(text, role, "text", wrap=True)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return made
