"""Importing a table: how it is written, what its columns mean, and what its first rows would become."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from db import timewords
from db.errors import EnvironmentFault, InputFault
from db.importers.tables.columns import Field
from db.importers.tables.dates import DateOrder, guess_order
from db.importers.tables.importer import About, OpenTable
from db.importers.tables.known import KNOWN, recognise
from db.importers.tables.mapping import TableMapping, guess, read_mapping, save_mapping, saved_mappings
from db.importers.tables.reading import Asked, open_table
from db.importers.tables.same_rows import Again, again_of, are_compared
from db.importers.tables.taking_over import can_be_taken_over
from db.kept.dialect import plain
from db.values import DocumentRole
from viewer.core.desk import Desk
from viewer.core.jobs import Cancelled
from viewer.core.mappings import mappings_folder
from viewer.look.sizes import fix, gap, least, margins
from viewer.look.theme import ThemeManager
from viewer.shell.dialogs.frame import fill, fit, open_size, scrolled
from viewer.shell.dialogs.table_choices import TableChoices
from viewer.shell.dialogs.table_columns import ColumnsGrid
from viewer.shell.dialogs.table_run import begin_import
from viewer.shell.dialogs.table_verdict import Known, judged
from viewer.shell.leaving import may_leave_import
from viewer.widgets.buttons import Button
from viewer.widgets.text import announce, label, restyle

FOUND: Final = "found"
SAVED: Final = "saved/"
BY_NAME: Final = "known/"
_NARROW: Final = 480
"""Width of the dialog where it only says why a file cannot be read (px at scale 1)."""
_ADVICE: Final = (
    "Tables come in as CSV, TSV, XLSX, GeoJSON, GeoPackage, KML and KMZ. What another program holds can be saved there "
    "as one of these."
)


class TableDialog(QDialog):
    """Looks at one table and, once the user agrees, has it imported beside the window.

    Signals:
        other_wanted(): the user wants to choose another file instead of this one, which cannot be read.
    """

    other_wanted = Signal()

    def __init__(self, desk: Desk, look: ThemeManager, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._look, self._path, self._window = desk, look, path, parent
        self._left = False
        self._again = Again()
        self._table: OpenTable | None = None
        self._mapping: TableMapping | None = None
        self._given: TableMapping | None = None  # before the user changed it
        self._touched: set[str] = set()  # columns, by their plain names, that were set since
        self.setWindowTitle(f"Import {path.name}")
        open_size(self, look, 980, 720)
        self.title = QLineEdit(path.stem)
        self.title.setAccessibleName("Title of the source")
        self.published = QLineEdit()
        self.published.setPlaceholderText("not known")
        self.published.setAccessibleName("Date of publication")
        fix(self.published, width=150)
        self.choices = TableChoices(look)
        self.choices.reread.connect(self._open)
        self.choices.rejudged.connect(self._judge)
        self.choices.mapping.chosen.connect(self._on_mapping)
        self.verdict = label("", "note", "text2", wrap=True)
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop)
        least(self.verdict, height=36)  # two lines: the columns below do not move when it says something else
        self.name = QLineEdit()
        self.name.setPlaceholderText("Name for these columns")
        self.name.setAccessibleName("Name to keep the meaning of the columns under")
        fix(self.name, width=230)
        self.keep_button = Button(look, "Keep", "quiet")
        self.start = Button(look, "Import", "primary")
        self.close_button = Button(look, "Cancel", "quiet")
        self.other_button = Button(look, "Choose another file…", "primary")
        self.other_button.hide()
        self.columns: ColumnsGrid | None = None
        self.area = scrolled(QWidget())
        self.area.setAccessibleName("Columns of the table")
        buttons = (self.name, self.keep_button, self.close_button, self.other_button, self.start)
        fill(self, self._head(), self.area, buttons=buttons)
        self.published.textChanged.connect(lambda _text: self._judge())
        self.name.textChanged.connect(
            lambda text: self.keep_button.setEnabled(bool(text.strip()) and self._table is not None)
        )
        self.keep_button.clicked.connect(lambda _checked=False: self._keep())
        self.start.clicked.connect(lambda _checked=False: self._start())
        self.close_button.clicked.connect(lambda _checked=False: self.reject())
        self.other_button.clicked.connect(lambda _checked=False: self._choose_other())
        self._open(first=True)

    def _head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        margins(column, 20, 14, 20, 8)
        gap(column, 8)
        about = QWidget()
        line = QHBoxLayout(about)
        line.setContentsMargins(0, 0, 0, 0)
        gap(line, 8)
        line.addWidget(label("Source", "label_strong", "text2"))
        line.addWidget(self.title, 1)
        line.addWidget(label("Published", "label_strong", "text2"))
        line.addWidget(self.published)
        column.addWidget(about)
        column.addWidget(self.choices)
        column.addWidget(self.verdict)
        self._advice = label(_ADVICE, "note", "text2", wrap=True)
        self._advice.hide()
        column.addWidget(self._advice)
        self._controls = (about, self.choices)
        return head

    # Looking at the file

    def _open(self, *, first: bool = False, then: str | None = None) -> None:
        """Read the file's beginning as it is asked for, beside the window; ``then`` its columns mean what the mapping
        of that key says.
        """
        asked, scanned = Asked(), None
        if not first:
            asked = self.choices.asked()
            scanned = self._table.scan if self._table is not None else None
        self.start.setEnabled(False)
        self.verdict.setText(f"Reading {self._path.name} …")

        def look(con: sqlite3.Connection) -> tuple[OpenTable, Again]:
            table = open_table(self._path, asked, self._stop_when_left, scanned)
            return table, again_of(con, table.dialect, partial(self._stop_when_left, 0, 0))

        self._desk.jobs.read("table", look, partial(self._on_open, first, then), self._on_not_open)

    def _stop_when_left(self, _done: int, _total: int) -> None:
        """On the thread that reads."""
        if self._left:
            raise Cancelled

    def _on_open(self, first: bool, then: str | None, looked: tuple[OpenTable, Again]) -> None:
        if self._left:
            return
        table, self._again = looked
        same = self._table is not None and self._table.dialect.names == table.dialect.names
        self._table = table
        self.choices.show_table(table)
        if not same or self._mapping is None:
            self._take(recognise(table.dialect.names) or guess(table.dialect.names, table.made))
            self._show_mappings()
            self.choices.mapping.set_value(FOUND)
        self._show_columns()
        if first:
            self._guess_order()
        self._judge()
        if first:
            self.start.setFocus()  # Enter imports; what cannot be pressed yet does not take the focus
        if then is not None:
            self._on_mapping(then, look=False)

    def _on_not_open(self, error: Exception) -> None:
        if self._left:
            return
        said = str(error) if isinstance(error, EnvironmentFault) else f"{self._path.name} could not be read as a table."
        self._say(said.removesuffix(" Nothing was written."), fault=True)
        if self._table is None:
            self._show_unreadable()

    def _show_unreadable(self) -> None:
        """Leave nothing but why the file cannot be read and what to do: of what there is to choose nothing applies."""
        for part in (*self._controls, self.area, self.name, self.keep_button, self.start):
            part.hide()
        self._advice.show()
        self.other_button.show()
        self.close_button.setText("Close")
        self.other_button.setFocus()
        fit(self, self._look.theme.px(_NARROW))

    def _choose_other(self) -> None:
        self.reject()
        self.other_wanted.emit()

    def _show_mappings(self) -> None:
        assert self._mapping is not None
        known = recognise(self._table.dialect.names) if self._table is not None else None
        found = f"{self._mapping.name}, recognised" if known is not None else "guessed by their names"
        saved = ((SAVED + name, name) for name in saved_mappings(mappings_folder()))
        by_name = ((BY_NAME + each.name, each.name) for each in KNOWN if known is None or each.name != known.name)
        self.choices.mapping.set_items(((FOUND, found), *saved, *by_name))
        self.choices.mapping.updateGeometry()

    def _show_columns(self) -> None:
        assert self._table is not None
        assert self._mapping is not None
        self.columns = ColumnsGrid(self._look, self._table.dialect, self._mapping)
        self.columns.changed.connect(self._on_columns)
        old = self.area.takeWidget()
        self.area.setWidget(self.columns)
        if old is not None:
            old.deleteLater()

    def _guess_order(self) -> None:
        assert self._table is not None
        assert self._mapping is not None
        at = self._mapping.indexes(self._table.dialect.names)
        days = [at[each][0] for each in (Field.START, Field.END) if each in at]
        order, _told = guess_order(row[each] for row in self._table.dialect.sample for each in days if each < len(row))
        self.choices.dates.set_value(order.value)

    # What its columns mean

    def _on_mapping(self, key: str, *, look: bool = True) -> None:
        """The user chose a mapping; ``look``: also at the line where it remembers the headings."""
        if self._table is None or self.columns is None:
            return
        names = self._table.dialect.names
        try:
            if key == FOUND:
                mapping = recognise(names) or guess(names, self._table.made)
            elif key.startswith(SAVED):
                mapping = read_mapping(saved_mappings(mappings_folder())[key.removeprefix(SAVED)])
            else:
                mapping = next(each for each in KNOWN if each.name == key.removeprefix(BY_NAME))
            if look and self._is_elsewhere(mapping):
                self.choices.line = mapping.line
                self._open(then=key)
                return
            mapping.indexes(names)
        except (InputFault, EnvironmentFault, KeyError) as fault:
            said = str(fault) if isinstance(fault, EnvironmentFault) else "This mapping is no longer there."
            self._say(said, fault=True)
            return
        self._take(mapping)
        self.choices.mapping.set_value(key)
        self.columns.show_mapping(mapping)
        self._guess_order()
        self._judge()

    def _is_elsewhere(self, mapping: TableMapping) -> bool:
        """Whether the table has not the columns of a mapping, which remembers its headings in another line."""
        assert self._table is not None
        head = self._table.head
        return mapping.line in (0, *head.lines) and not mapping.fits(self._table.dialect.names)

    def _take(self, mapping: TableMapping) -> None:
        """What the columns mean before any is set by hand."""
        self._mapping = self._given = mapping
        self._touched.clear()

    def _on_columns(self, mapping: TableMapping, name: str) -> None:
        self._mapping = mapping
        self._touched.add(plain(name))
        self._judge()

    def _keep(self) -> None:
        name = self.name.text().strip()
        if self._mapping is None or not name:
            return
        try:
            line = None if self._table is None else self._table.head.line
            save_mapping(replace(self._mapping, line=line), name, mappings_folder())
        except EnvironmentFault as fault:
            self._say(str(fault), fault=True)
            return
        self._take(self._mapping)
        self._show_mappings()
        self.choices.mapping.set_value(SAVED + name)
        self.name.clear()
        self._say(f"The meaning of the columns is kept as “{name}”, for this and every other project.")

    # What would come of it

    def _judge(self) -> None:
        """Try the first rows, and say what becomes of them."""
        if self._table is None or self._mapping is None:
            return
        again = self._known_again()
        try:
            self._published()
            order, only_new = DateOrder(self.choices.dates.value()), self.choices.only_new.isChecked()
            known = Known(self._has_tables(), only_new, self.choices.take_over.isChecked())
            verdict = judged(self._table, self._mapping, order, again, known)
        except EnvironmentFault as fault:
            self._say(str(fault).removesuffix(" Nothing was written."), fault=True)
            self.start.setEnabled(False)
            return
        self._say(verdict.text, fault=verdict.warns)
        self.start.setEnabled(verdict.ready)

    def _known_again(self) -> Again:
        """Which of the first rows came in before, where no column holds ids; and the choice what becomes of them."""
        assert self._table is not None
        assert self._mapping is not None
        dialect, again = self._table.dialect, self._again
        if not are_compared(self._mapping):
            again = Again()
        whole = self._table.row_count == (len(dialect.sample), True)
        self.choices.only_new.setVisible(bool(again.count) or (again.earlier and not whole))
        self.choices.take_over.setVisible(can_be_taken_over(self._mapping) and self._has_tables())
        return again

    def _has_tables(self) -> bool:
        sources = self._desk.data.loaded.sources.values()
        return any(document.role is DocumentRole.TABLE for source in sources for document in source.documents)

    def _published(self) -> str | None:
        text = self.published.text().strip()
        restyle(self.published, invalid="false")
        if not text:
            return None
        try:
            return timewords.parse_typed(text, self._desk.state.view.time_cursor).edtf
        except InputFault:
            restyle(self.published, invalid="true")
            raise

    def _say(self, text: str, *, fault: bool = False) -> None:
        if text != self.verdict.text():
            self.verdict.setText(text)
            announce(self.verdict, text)
        restyle(self.verdict, tone="warn" if fault else "text2")

    def _start(self) -> None:
        table, mapping = self._table, self._mapping
        if table is None or mapping is None:
            return
        title = " ".join(self.title.text().split()) or None
        order, again = DateOrder(self.choices.dates.value()), not self.choices.only_new.isChecked()
        about = About(title, None, self._published(), order, again, self.choices.take_over.isChecked())
        begin_import(self._desk, self._look, self._window, table, mapping, about)
        self.accept()

    def _set_by_hand(self) -> int:
        """How many columns the user set and would lose: none where all mean what was guessed, chosen or kept."""
        if self._mapping is None or self._given is None:
            return 0
        given, now = (
            {(plain(name), field) for field, names in mapping.columns.items() for name in names}
            for mapping in (self._given, self._mapping)
        )
        other = {name for name, _field in given ^ now}
        # One that took a meaning over and gave it up again means what it did; the one that lost it by that was not set.
        return max(len(other & self._touched), 1) if other else 0

    def reject(self) -> None:
        """Esc, the window's close and Cancel: asks where work would be lost."""
        if may_leave_import(self, self._set_by_hand()):
            super().reject()

    def done(self, result: int) -> None:
        self._left = True
        super().done(result)
        self.deleteLater()
