"""The fields of the current event. Each field is saved when it is left or Enter is pressed: one step, undoable."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from db.errors import InputFault
from db.queries import EventDetail, PlaceRow
from db.search import fold
from db.values import Ref, RefKind, Shape
from viewer.core.desk import Desk
from viewer.look.sizes import fix, gap, margins
from viewer.look.theme import ThemeManager
from viewer.look.tokens import TARGET
from viewer.models.wording import when_words
from viewer.views.inspector.named import NamedFields
from viewer.widgets.buttons import Button, IconButton
from viewer.widgets.chip_field import ChipField
from viewer.widgets.field import Field, completer
from viewer.widgets.select import Select
from viewer.widgets.text import label, restyle

SHAPES: Final = ((Shape.MOMENT.value, "At some time within"), (Shape.LASTING.value, "All through"))


class EventEditor(QWidget):
    """Title, kind, date, place, actors, tags.

    Signals:
        closed(): the user is done.
    """

    closed = Signal()

    def __init__(self, desk: Desk, look: ThemeManager) -> None:
        super().__init__()
        self._desk, self._look = desk, look
        self._detail: EventDetail | None = None
        self.title = Field()
        self.kind = Select(look, "Kind")
        self.date = Field()
        self.shape = Select(look, "How the date is meant", SHAPES)
        self.place = Field()
        self.pick = IconButton(look, "crosshair", "Pick the place on the map")
        self._fault = label("", "meta", "warn", wrap=True)
        self.delete = Button(look, "Delete event", "quiet", icon="trash-2")
        desk.keymap.bind("delete", self.delete.set_keys)
        self._done = Button(look, "Done", "primary")
        self.named = NamedFields(desk, look)
        self._fields = (
            ("Title", self.title),
            ("Kind", self.kind),
            ("Date", self.date),
            ("Place", self.place),
            ("Actors", self.named.actors),
            ("Tags", self.named.tags),
        )
        self._places: dict[str, PlaceRow] = {}
        self._faults: dict[Field, str] = {}
        self._build()
        self.date.textChanged.connect(self.date.setToolTip)
        self.title.editingFinished.connect(self._save_title)
        self.kind.chosen.connect(self._save_kind)
        self.date.editingFinished.connect(self._save_date)
        self.shape.chosen.connect(lambda _value: self._save_date())
        self.place.editingFinished.connect(self._save_place)
        self.pick.clicked.connect(lambda _checked=False: self._pick())
        self.delete.clicked.connect(lambda _checked=False: desk.commands.delete_selected())
        self._done.clicked.connect(lambda _checked=False: self.closed.emit())

    def show_event(self, detail: EventDetail, *, afresh: bool = False) -> None:
        """Fill the fields; one that is being typed in, or holds what could not be saved, keeps its text.

        ``afresh`` lets go of all that was typed and not saved.
        """
        self._detail = detail
        if afresh:
            for each in (self.title, self.date, self.place):
                each.setModified(False)
                self._tell(each, "")
        self.named.show_event(detail)
        self._tell(self.title, "")  # an empty title is not kept
        loaded = self._desk.data.loaded
        kinds = sorted(loaded.kinds.values(), key=lambda each: each.position)
        with QSignalBlocker(self.kind), QSignalBlocker(self.shape):
            self.kind.set_items(tuple((str(kind.id), kind.name) for kind in kinds))
            self.kind.set_value(str(detail.kind.id) if detail.kind else "")
            if self.date not in self._faults:
                self.shape.set_value(detail.when.shape.value if detail.when else Shape.MOMENT.value)
        self._places = {}
        for place in loaded.places.values():
            for name in (place.name, *place.names.values()):
                self._places.setdefault(fold(name), place)
        names = sorted({name for place in loaded.places.values() for name in (place.name, *place.names.values())})
        made = completer(names, self.place)
        made.activated.connect(lambda _text: self._save_place())
        self.place.setCompleter(made)
        for field, text in (
            (self.title, detail.title),
            (self.date, when_words(detail.when) if detail.when else ""),
            (self.place, detail.place.name if detail.place else ""),
        ):
            if field not in self._faults and (not field.hasFocus() or not field.isModified()):
                field.show_text(text)

    def begin(self) -> None:
        """Put the focus into the title."""
        self.title.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.title.select_all()

    def save(self) -> None:
        """Save what has been typed and not been entered."""
        self._save_title()
        self._save_date()
        self._save_place()

    def _build(self) -> None:
        grid = QGridLayout()
        gap(grid, 10, 6)
        row = 0
        for words, field in self._fields:
            name = label(words, "label", "text2")
            grid.addWidget(name, row, 0)
            if isinstance(field, ChipField):
                fix(name, height=TARGET)
                grid.setAlignment(name, Qt.AlignmentFlag.AlignTop)
            else:
                name.setBuddy(field)
                field.setAccessibleName(words)
            line = QHBoxLayout()
            gap(line, 6)
            line.addWidget(field, 1)
            if field is self.place:
                line.addWidget(self.pick)
            grid.addLayout(line, row, 1)
            row += 1
            if field is self.date:  # below, so that the longest of dates is seen whole
                grid.addWidget(self.shape, row, 1, Qt.AlignmentFlag.AlignLeft)
                row += 1
        self.date.setPlaceholderText("28 Nov 2016, about Dec 2016, 2016-11-27/2016-11-28")
        self.place.setPlaceholderText("A place of the project, or pick on the map")
        foot = QHBoxLayout()
        foot.addWidget(self.delete)
        foot.addStretch(1)
        foot.addWidget(self._done)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        margins(column, 16, 12, 12, 12)
        gap(column, 8)
        column.addLayout(grid)
        column.addWidget(self._fault)
        column.addLayout(foot)
        self._fault.hide()

    @property
    def _ref(self) -> Ref | None:
        return Ref(RefKind.EVENT, self._detail.uid) if self._detail is not None else None

    def _save_title(self) -> None:
        if self._detail is None or self._ref is None or not self.title.isModified():
            return
        self.title.keep()
        text = " ".join(self.title.text().split())
        if not text:
            self.title.show_text(self._detail.title)
            self._tell(self.title, "An event needs a title. The old one was kept.")
            return
        self._tell(self.title, "")
        if text != self._detail.title:
            self._desk.commands.set_title(self._ref, text)

    def _save_kind(self, key: str) -> None:
        if self._ref is not None and key:
            self._desk.commands.set_kind(self._ref, int(key))

    def _save_date(self) -> None:
        if self._detail is None or self._ref is None:
            return
        text = self.date.text().strip()
        before = self._detail.when
        shape = Shape(self.shape.value())
        known = when_words(before) if before is not None else ""
        if not text or text == known:
            self.date.show_text(known)
        if not self.date.isModified() and shape is (before.shape if before is not None else Shape.MOMENT):
            self._tell(self.date, "")
            return
        if not text or text == known:  # another text may have been saved just now, and not been read back
            if before is None:
                return
            text = before.edtf
        try:
            self._desk.commands.set_date(self._ref, text, shape)
        except InputFault as fault:
            self._tell(self.date, str(fault))
        else:
            self.date.keep()
            self._tell(self.date, "")

    def _save_place(self) -> None:
        if self._detail is None or self._ref is None or not self.place.isModified():
            return
        text = self.place.text().strip()
        place = self._places.get(fold(text))
        if place is not None:
            self.place.keep()
            self._tell(self.place, "")
            if self._detail.place is None or place.id != self._detail.place.id:
                self._desk.commands.set_place(self._ref, place.id)
        elif text:
            self._tell(self.place, f"No place is called “{text}”. Pick it on the map to make it.")
        else:
            self.place.show_text(self._detail.place.name if self._detail.place else "")
            self._tell(self.place, "")

    def _pick(self) -> None:
        """Ask for a point; a typed name that is not known yet becomes the name of the new place."""
        ref = self._ref
        if ref is None:
            return
        typed = self.place.text().strip()
        name = typed if typed and fold(typed) not in self._places else ""
        self.place.setModified(False)
        self._tell(self.place, "")

        def place(lon: float, lat: float) -> None:
            self._desk.commands.set_new_place(ref, name or _coordinates(lon, lat), lon, lat)

        self._desk.picker.begin(place)

    def _tell(self, field: Field, fault: str) -> None:
        """What is wrong with a field, until it is mended; nothing is wrong with it any more where it is empty."""
        self._faults.pop(field, None)
        if fault:
            self._faults[field] = fault
        said = [self._faults[each] for each in (self.title, self.date, self.place) if each in self._faults]
        self._fault.setText("\n".join(said))
        self._fault.setVisible(bool(said))
        restyle(field, invalid="true" if fault and field.isModified() else "false")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self._detail is not None:
                self.show_event(self._detail, afresh=True)
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not isinstance(self.focusWidget(), Button):
            event.accept()  # the field has saved itself; Enter goes no further
        else:
            super().keyPressEvent(event)


def _coordinates(lon: float, lat: float) -> str:
    """A name for a place that has none: its position to about a kilometre."""
    north, east = ("N" if lat >= 0 else "S"), ("E" if lon >= 0 else "W")
    return f"{abs(lat):.2f}° {north}, {abs(lon):.2f}° {east}"
