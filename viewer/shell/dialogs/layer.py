"""Sets a layer of the map: its name, its look, and when it shows. All of it is one step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QDialog, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from db import timewords
from db.errors import InputFault
from db.layers.style import COLORS, LayerStyle
from db.queries import LayerRow, layer_fields
from viewer.core.desk import Desk
from viewer.core.layer_changes import LayerSettings
from viewer.look.sizes import gap, margins
from viewer.look.theme import ThemeManager
from viewer.models.layer_colors import layer_color
from viewer.shell.dialogs.frame import fill, open_size
from viewer.widgets.buttons import Button
from viewer.widgets.segmented import Choice, Segmented
from viewer.widgets.select import Select
from viewer.widgets.text import announce, label, restyle

SIZE: Final = (470, 430)
SIZE_OF_RASTER: Final = (470, 270)
WIDTHS: Final = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0)
FILLS: Final = (0.0, 0.1, 0.25, 0.4, 0.6, 0.8, 1.0)
OPACITIES: Final = (0.2, 0.4, 0.6, 0.8, 1.0)
ALWAYS, SPAN, BY_FEATURE = "always", "span", "feature"
_NONE: Final = ""


class LayerDialog(QDialog):
    """One layer. Nothing changes until it is saved."""

    def __init__(self, desk: Desk, look: ThemeManager, row: LayerRow, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._look, self._row = desk, look, row
        self._left = False
        self.setWindowTitle(f"Layer {row.name}")
        open_size(self, look, *(SIZE_OF_RASTER if row.is_raster else SIZE))
        self.name = QLineEdit(row.name)
        self.name.setAccessibleName("Name of the layer")
        self.colors = Colors(look, row.style.color)
        self.width_choice = _numbers(look, "Width of lines", WIDTHS, row.style.width, _width_words)
        self.fill_choice = _numbers(look, "Fill of areas", FILLS, row.style.fill, _share_words)
        self.opacity = _numbers(look, "Opacity of the layer", OPACITIES, row.style.opacity, _share_words)
        self.label_field = Select(look, "Field that labels features")
        when = [Choice(ALWAYS, "Always"), Choice(SPAN, "From … to …")]
        if not row.is_raster:
            when.append(Choice(BY_FEATURE, "By its features"))
        self.when = Segmented(look, tuple(when), "When the layer shows")
        self.begins, self.ends = (
            QLineEdit(timewords.show_text(each) if each else "") for each in (row.begins, row.ends)
        )
        self.begins.setPlaceholderText("from the beginning")
        self.ends.setPlaceholderText("without an end")
        self.begins.setAccessibleName("Shows from")
        self.ends.setAccessibleName("Shows to")
        self.begin_field = Select(look, "Field with the beginning", prefix="from")
        self.end_field = Select(look, "Field with the end", prefix="to")
        self.said = label("", "note", "warn", wrap=True)
        self.said.hide()
        self.save = Button(look, "Save", "primary")
        self.save.setDefault(True)
        cancel = Button(look, "Cancel", "quiet")
        self.save.clicked.connect(lambda _checked=False: self._save())
        cancel.clicked.connect(lambda _checked=False: self.reject())
        fill(self, self._body(), buttons=(cancel, self.save), said=self.said)
        self.when.set_value(BY_FEATURE if row.by_feature else SPAN if row.begins or row.ends else ALWAYS)
        self.when.chosen.connect(lambda _key: self._show_times())
        for field in (self.begins, self.ends):
            field.textChanged.connect(lambda _text: self._unsay())
        for select in (self.begin_field, self.end_field):
            select.chosen.connect(lambda _key: self._unsay())
        known = tuple(each for each in (row.style.label, row.begin_field, row.end_field) if each)
        self._fields((known, ("", "")))
        self._show_times()
        if not row.is_raster:
            desk.jobs.read(f"fields {row.uid}", lambda con: layer_fields(con, row.sha256), self._fields)

    def _body(self) -> QWidget:
        body = QWidget()
        body.setProperty("panel", "surface")
        grid = QGridLayout(body)
        margins(grid, 20, 18, 20, 8)
        gap(grid, 14, 12)
        grid.setColumnStretch(1, 1)
        lines: list[tuple[str, QWidget]] = [("Name", self.name)]
        if not self._row.is_raster:
            lines += [
                ("Colour", self.colors),
                ("Lines", self.width_choice),
                ("Areas", self.fill_choice),
                ("Labels", self.label_field),
            ]
        lines += [("Opacity", self.opacity), ("Shows", self.when)]
        for at, (words, part) in enumerate(lines):
            grid.addWidget(label(words, "label_strong", "text2"), at, 0)
            wide = part is self.name
            grid.addWidget(part, at, 1, Qt.AlignmentFlag(0) if wide else Qt.AlignmentFlag.AlignLeft)
        self._times = QWidget()
        times = QHBoxLayout(self._times)
        times.setContentsMargins(0, 0, 0, 0)
        gap(times, 8)
        for part in (self.begins, self.ends, self.begin_field, self.end_field):
            times.addWidget(part, 1)
        grid.addWidget(self._times, len(lines), 1)
        grid.setRowStretch(len(lines) + 1, 1)
        return body

    def _fields(self, known: tuple[tuple[str, ...], tuple[str, str]]) -> None:
        """Offer the fields; those that seem to hold the times are there to be taken, where none were chosen."""
        if self._left:
            return
        fields, times = known
        names = tuple((name, name) for name in fields)
        style, row = self._row.style, self._row
        begin, end = (row.begin_field, row.end_field) if row.by_feature else times
        for select, nothing, chosen in (
            (self.label_field, "None", style.label or _NONE),
            (self.begin_field, "no field", begin),
            (self.end_field, "no field", end),
        ):
            select.set_items(((_NONE, nothing), *names))
            if select.value() == _NONE:
                select.set_value(chosen)
            select.updateGeometry()

    def _show_times(self) -> None:
        way = self.when.value()
        for part in (self.begins, self.ends):
            part.setVisible(way == SPAN)
        for select in (self.begin_field, self.end_field):
            select.setVisible(way == BY_FEATURE)
        self._unsay()

    def _date(self, field: QLineEdit) -> str:
        """The EDTF of what is typed. Raises InputFault with a sentence, the field being marked."""
        text = field.text().strip()
        restyle(field, invalid="false")
        before = self._row.begins if field is self.begins else self._row.ends
        if before and text == timewords.show_text(before):
            return before  # words say less than what is kept
        try:
            return timewords.parse_typed(text, self._desk.state.view.time_cursor).edtf if text else ""
        except InputFault:
            restyle(field, invalid="true")
            field.setFocus()
            raise

    def settings(self) -> LayerSettings:
        """What is asked for. Raises InputFault with a sentence where a date cannot be understood."""
        style = LayerStyle(
            self.colors.value(),
            float(self.width_choice.value()),
            float(self.fill_choice.value()),
            float(self.opacity.value()),
            self.label_field.value() or None,
        )
        if self._row.is_raster:
            style = LayerStyle(opacity=style.opacity)
        way = self.when.value()
        begins, ends = (self._date(self.begins), self._date(self.ends)) if way == SPAN else ("", "")
        fields = (self.begin_field.value(), self.end_field.value()) if way == BY_FEATURE else ("", "")
        if way == BY_FEATURE and not any(fields):
            raise InputFault("Choose the field that says when a feature begins, ends, or both.")
        if (
            begins
            and ends
            and timewords.parse_typed(ends, 0).latest_end < timewords.parse_typed(begins, 0).earliest_start
        ):
            raise InputFault("The end lies before the beginning.")
        return LayerSettings(self.name.text(), style, begins, ends, *fields)

    def _save(self) -> None:
        try:
            settings = self.settings()
        except InputFault as fault:
            self._say(str(fault))
            return
        self._desk.commands.layers.set(self._row, settings)
        self.accept()

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))
        if text:
            announce(self.said, text)

    def _unsay(self) -> None:
        """What was wrong is being changed: it is judged anew when it is saved."""
        self._say("")
        for field in (self.begins, self.ends):
            restyle(field, invalid="false")

    def done(self, result: int) -> None:
        self._left = True
        super().done(result)
        self.deleteLater()


class Colors(QWidget):
    """The palette, one of which is chosen; Left and Right move among them."""

    def __init__(self, look: ThemeManager, chosen: str) -> None:
        super().__init__()
        self.setAccessibleName("Colour of the layer")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        gap(row, 4)
        self._group = QButtonGroup(self)
        self.dots = {name: _Dot(look, name) for name in COLORS}
        for name, dot in self.dots.items():
            dot.setChecked(name == chosen)
            self._group.addButton(dot)
            row.addWidget(dot)

    def value(self) -> str:
        """The name of the colour that is chosen."""
        return next((name for name, dot in self.dots.items() if dot.isChecked()), COLORS[0])


class _Dot(QAbstractButton):
    def __init__(self, look: ThemeManager, name: str) -> None:
        super().__init__()
        self._look, self._name = look, name
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("focus_radius", 14.0)
        self.setAccessibleName(name.capitalize())
        self.setToolTip(name.capitalize())

    def sizeHint(self) -> QSize:
        side = self._look.theme.px(28)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._look.theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            room = QRectF(self.rect())
            if self.isChecked():
                painter.setPen(QPen(theme.text, 2))
                painter.drawEllipse(room.adjusted(2, 2, -2, -2))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(layer_color(self._name, dark=theme.dark))
            painter.drawEllipse(room.adjusted(6, 6, -6, -6))


def _numbers(
    look: ThemeManager, name: str, values: tuple[float, ...], now: float, words: Callable[[float], str]
) -> Select:
    """A choice of numbers, the present one among them wherever it comes from."""
    every = sorted({*values, now})
    select = Select(look, name, tuple((repr(each), words(each)) for each in every))
    select.set_value(repr(now))
    return select


def _width_words(width: float) -> str:
    return f"{width:g} px" if width else "No lines"


def _share_words(share: float) -> str:
    return f"{round(share * 100)} %"


class TableChoice(QDialog):
    """Which of several tables of shapes is wanted."""

    def __init__(self, look: ThemeManager, file_name: str, tables: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Add a layer")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_size(self, look, 380, 190)
        self.table = Select(look, "Table", tuple((each, each) for each in tables))
        add = Button(look, "Add", "primary")
        add.setDefault(True)
        cancel = Button(look, "Cancel", "quiet")
        add.clicked.connect(lambda _checked=False: self.accept())
        cancel.clicked.connect(lambda _checked=False: self.reject())
        body = QWidget()
        body.setProperty("panel", "surface")
        grid = QGridLayout(body)
        margins(grid, 20, 18, 20, 8)
        gap(grid, 14, 12)
        words = f"{file_name} holds {len(tables)} tables of shapes. Which becomes the layer?"
        grid.addWidget(label(words, "body", "text", wrap=True), 0, 0)
        grid.addWidget(self.table, 1, 0)
        grid.setRowStretch(2, 1)
        fill(self, body, buttons=(cancel, add))
