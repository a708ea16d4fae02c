"""How a table is written and what its columns mean, in choices side by side."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from db.importers.tables.heading_line import MOST_ABOVE, Head
from db.importers.tables.importer import OpenTable
from db.importers.tables.reading import Asked
from viewer.look.theme import ThemeManager
from viewer.widgets.flow_layout import FlowLayout
from viewer.widgets.select import Select

_DELIMITERS: Final = ((",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars"))
_ENCODINGS: Final = (
    ("utf-8", "UTF-8"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16, big-endian"), ("cp1252", "Western"),
    ("cp1250", "Central European"), ("cp1251", "Cyrillic"), ("cp1253", "Greek"), ("cp1254", "Turkish"),
    ("cp1255", "Hebrew"), ("cp1256", "Arabic"), ("gb18030", "Chinese"), ("cp932", "Japanese"),
)  # fmt: skip


class TableChoices(QWidget):
    """The choices, of which those are shown that a table has.

    Signals:
        reread(): how the file is written was said, so it is to be read anew.
        rejudged(): what becomes of its rows was said, so they are to be tried anew.
    """

    reread = Signal()
    rejudged = Signal()

    def __init__(self, look: ThemeManager) -> None:
        super().__init__()
        self.mapping = Select(look, "What the columns mean", prefix="Columns as")
        self.delimiter = Select(look, "Separator of the columns", _DELIMITERS, prefix="Separator")
        self.encoding = Select(look, "Encoding", _ENCODINGS, prefix="Encoding")
        self.decimal = Select(look, "Decimal mark", ((".", "point"), (",", "comma")), prefix="Decimal")
        self.dates = Select(
            look, "Order of dates", (("dmy", "3/4 is 3 April"), ("mdy", "3/4 is 4 March")), prefix="Dates"
        )
        self.sheet = Select(look, "Sheet or layer", prefix="Sheet")
        self.headings = Select(look, "Line of the headings", prefix="Headings in")
        self.only_new = QCheckBox("Only rows that are not in the project yet")
        self.only_new.setToolTip("A corrected row counts as new: its event comes in beside the old one")
        self.only_new.setChecked(True)
        self.only_new.hide()
        self.take_over = QCheckBox("New values of rows that changed")
        self.take_over.setToolTip("They are taken over where nobody has worked on the event since")
        self.take_over.hide()
        flow = FlowLayout(self, gap=8)
        for part in (
            *(self.mapping, self.sheet, self.delimiter, self.encoding, self.decimal, self.dates),
            *(self.headings, self.only_new, self.take_over),
        ):
            flow.addWidget(part)
        self.line: int | None = None  # of the headings, where it is not guessed
        self.headings.chosen.connect(self._on_line)
        for select in (self.delimiter, self.encoding, self.decimal):
            select.chosen.connect(lambda _key: self.reread.emit())
        self.sheet.chosen.connect(lambda _key: self._on_sheet())
        self.dates.chosen.connect(lambda _key: self.rejudged.emit())
        for box in (self.only_new, self.take_over):
            box.clicked.connect(lambda _checked: self.rejudged.emit())

    def asked(self) -> Asked:
        """How the file is to be read: what is not shown is guessed."""
        written = self.delimiter.isVisibleTo(self)
        return Asked(
            encoding=self.encoding.value() if written else None,
            delimiter=self.delimiter.value() if written else None,
            decimal=self.decimal.value() if written else None,
            sheet=self.sheet.value() or None,
            line=self.line,
        )

    def _on_line(self, key: str) -> None:
        self.line = int(key)
        self.reread.emit()

    def _on_sheet(self) -> None:
        """Another sheet has its headings where it has them."""
        self.line = None
        self.reread.emit()

    def show_table(self, table: OpenTable) -> None:
        """Show how a table is read."""
        dialect = table.dialect
        is_text = table.format in ("csv", "tsv")
        for part in (self.delimiter, self.encoding, self.decimal):
            part.setVisible(is_text)
        self._show_lines(table.head, can_lack=is_text)
        self.sheet.setVisible(len(table.parts) > 1)
        if len(table.parts) > 1 and not self.sheet.count():
            self.sheet.set_items(tuple((each, each) for each in table.parts))
        if self.delimiter.findData(dialect.delimiter) < 0:
            self.delimiter.addItem(dialect.delimiter, dialect.delimiter)
        if self.encoding.findData(dialect.encoding) < 0:
            self.encoding.addItem(dialect.encoding, dialect.encoding)
        self.delimiter.set_value(dialect.delimiter)
        self.encoding.set_value(dialect.encoding)
        self.decimal.set_value(dialect.decimal)

    def _show_lines(self, head: Head, *, can_lack: bool) -> None:
        """The lines in which the headings may be, and that where they are; ``can_lack``: there may be none."""
        self.headings.setVisible(head.line is not None)
        if head.line is not None:
            lines = sorted({*head.lines[: MOST_ABOVE + 1], *([head.line] if head.line else [])})
            none = (("0", "no line"),) if can_lack else ()
            self.headings.set_items((*((str(each), f"line {each:,}") for each in lines), *none))
            self.headings.set_value(str(head.line))
