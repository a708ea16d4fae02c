"""The columns of a table with what each of them means and what its first rows say: seen and chosen in one place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QWidget

from db.importers.tables.columns import SEVERAL, WORDS, Field
from db.importers.tables.mapping import TableMapping
from db.importers.tables.spots import without_key
from db.kept.dialect import Dialect, plain
from viewer.look.sizes import gap, margins
from viewer.look.theme import ThemeManager
from viewer.widgets.buttons import DropButton, Menu
from viewer.widgets.text import ElidedLabel, label

SHOWN_ROWS: Final = 3
SHOWN_COLUMNS: Final = 200
NOTHING: Final = "Kept, not used"


class ColumnsGrid(QWidget):
    """A line for each column: its name, a button with what it means, and its cells in the first rows.

    Signals:
        changed(TableMapping, str): the user has chosen another meaning for the column of that name.
    """

    changed = Signal(object, str)

    def __init__(self, look: ThemeManager, dialect: Dialect, mapping: TableMapping) -> None:
        super().__init__()
        self._look, self._names, self._mapping = look, dialect.names, mapping
        self.setProperty("panel", "surface")
        self.buttons: list[DropButton] = []
        theme = look.theme
        grid = QGridLayout(self)
        margins(grid, 20, 8, 20, 8)
        gap(grid, 14, 2)
        rows = dialect.sample[:SHOWN_ROWS]
        for column, stretch in enumerate((3, 4, *(3 for _ in rows))):
            grid.setColumnStretch(column, stretch)
        heads = ("Column", "Means", *(f"Row {number}" for number in range(1, len(rows) + 1)))
        for column, words in enumerate(heads):
            grid.addWidget(label(words, "label_strong", "text2"), 0, column)
        for at, name in enumerate(self._names[:SHOWN_COLUMNS]):
            grid.addWidget(_cell(theme.px(60), name, "body_medium", "text"), at + 1, 0)
            button = DropButton(look)
            button.clicked.connect(partial(self._open_menu, at))
            self.buttons.append(button)
            grid.addWidget(button, at + 1, 1)
            for number, cells in enumerate(rows):
                text = " ".join(without_key(cells[at]).split())[:200] if at < len(cells) else ""
                grid.addWidget(_cell(theme.px(40), text, "note", "text2"), at + 1, number + 2)
        more = len(self._names) - SHOWN_COLUMNS
        if more > 0:
            note = label(f"{more:,} more columns are kept and not used.", "note", "text2")
            grid.addWidget(note, SHOWN_COLUMNS + 1, 0, 1, len(heads))
        grid.setRowStretch(SHOWN_COLUMNS + 2, 1)
        self.show_mapping(mapping)

    def show_mapping(self, mapping: TableMapping) -> None:
        """Show what the columns mean by a mapping."""
        self._mapping = mapping
        for at, button in enumerate(self.buttons):
            fields = self.fields_of(at)
            words = ", ".join(WORDS[each][:1].upper() + WORDS[each][1:] for each in fields)
            button.quiet = not words
            button.setText(words or NOTHING)
            button.setAccessibleName(f"{self._names[at]} means: {words or NOTHING}")

    def fields_of(self, at: int) -> list[Field]:
        """What a column means; nothing where another one of its name comes first."""
        name = plain(self._names[at])
        if any(plain(each) == name for each in self._names[:at]):
            return []
        return [field for field, names in self._mapping.columns.items() if name in map(plain, names)]

    def menu(self, at: int) -> Menu:
        """What a column may mean, what it means now being ticked."""
        menu = Menu(parent=self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        now = self.fields_of(at)
        for field in Field:
            action = QAction(WORDS[field][:1].upper() + WORDS[field][1:], menu)
            action.setCheckable(True)
            action.setChecked(field in now)
            action.toggled.connect(partial(self._toggle, at, field))
            menu.addAction(action)
        return menu

    def _open_menu(self, at: int, _checked: bool = False) -> None:
        button = self.buttons[at]
        self.menu(at).popup(button.mapToGlobal(QPoint(0, button.height())))

    def _toggle(self, at: int, field: Field, on: bool) -> None:
        """Give a column a meaning, or take it; the column that had it gives it up where only one can have it."""
        name, before = self._names[at], self._mapping.columns.get(field, ())
        rest: Sequence[str] = [each for each in before if plain(each) != plain(name)]
        if on:
            rest = [*rest, name] if field in SEVERAL else [name]
        self.show_mapping(self._mapping.with_column(field, *rest))
        self.changed.emit(self._mapping, name)


def _cell(width: int, text: str, role: str, tone: str) -> ElidedLabel:
    made = ElidedLabel(text, role, tone)
    made.setMinimumWidth(width)
    return made
