"""The bar while several events are selected: one change for all of them, as one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.queries import STATUS_CODES, tags_of
from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.look.tokens import RADIUS_CARD
from viewer.models.places import PLACE_ROLE, PlaceModel
from viewer.models.wording import STATUS_WORDS, count
from viewer.views.many.choosers import Chooser, TagModel
from viewer.widgets.buttons import Button, IconButton, Menu
from viewer.widgets.shadow import SHADOW_MARGIN, paint_shadow
from viewer.widgets.text import hairline, label, restyle

FEWEST: Final = 2
"""Of fewer selected events the right panel takes care."""
TAGS_HEIGHT: Final = 190
NO_TAGS: Final = "The project has no tags yet. Type the first one and press Enter."
NO_PLACES: Final = "No place of the project has this name. Edit one event (F2) to make a place from a point on the map."


class ManyBar(QWidget):
    """``37 selected`` and what can be set for them; hidden for fewer than FEWEST. A strip, or a floating card."""

    def __init__(self, desk: Desk, look: ThemeManager, chosen: Callable[[], Sequence[int]]) -> None:
        """``chosen`` answers the ids of the events that are to be changed."""
        super().__init__()
        self._desk, self._look, self._chosen = desk, look, chosen
        self._floating = False
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        restyle(self, panel="surface2")
        self.setAccessibleName("Change the selected events")
        self.words = label("", "body_strong")
        self.kind = Button(look, "Kind", tip="Set the kind of the selected events")
        self.status = Button(look, "Status", tip="Set the status of the selected events")
        self.place = Button(look, "Place", tip="Put the selected events at a place of the project")
        self.tag = Button(look, "Tag", tip="Add a tag to the selected events, or remove one")
        self.delete = Button(look, "Delete", icon="trash-2", tip="Delete the selected events", keys="Del")
        self.clear = IconButton(look, "x", "Clear the selection")
        self.kind.clicked.connect(lambda _checked=False: self.show_kinds())
        self.status.clicked.connect(lambda _checked=False: self.show_statuses())
        self.place.clicked.connect(lambda _checked=False: self.show_places())
        self.tag.clicked.connect(lambda _checked=False: self.show_tags())
        self.delete.clicked.connect(lambda _checked=False: desk.commands.delete_events(self._chosen()))
        self.clear.clicked.connect(lambda _checked=False: desk.commands.clear_selection())
        self._edge = hairline()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._edge)
        self._row = QHBoxLayout()
        column.addLayout(self._row)
        self._row.addWidget(self.words)
        for each in (self.kind, self.status, self.place, self.tag, self.delete, self.clear):
            each.setAccessibleName(each.toolTip().partition(" (")[0])
            self._row.addWidget(each)
        self._row.addStretch(1)  # a drawer lies over the right half of a narrow window
        self._on_look()
        look.changed.connect(self._on_look)
        self.hide()

    def show_count(self, selected: int, others: int, why: str) -> None:
        """Say how many would be changed, and how many ``others`` are selected and would not; ``why`` they are not."""
        self.words.setText(f"{selected:,} selected")
        more = f"{count(others, 'selected event is', 'selected events are')} {why} and stay as they are"
        self.words.setToolTip(more if others else "")
        writable = not self._desk.data.store.read_only
        for each in (self.kind, self.status, self.place, self.tag, self.delete):
            each.setEnabled(writable)
        self.setVisible(selected >= FEWEST)

    def set_floating(self, floating: bool) -> None:
        """Be a card with a shadow about it, or a strip from side to side."""
        if floating == self._floating:
            return
        self._floating = floating
        self._edge.setHidden(floating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, not floating)
        restyle(self, panel="" if floating else "surface2")
        self._on_look()

    def body(self) -> QRect:
        """The bar itself, without its shadow, in its parent."""
        around = SHADOW_MARGIN if self._floating else 0
        return self.geometry().adjusted(around, around, -around, -around)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._floating:
            return
        theme, inner = self._look.theme, self.body().translated(-self.pos())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_shadow(painter, inner, RADIUS_CARD, theme)
            painter.setBrush(theme.raised)
            painter.setPen(theme.border2 if theme.dark else theme.border)
            painter.drawRoundedRect(QRectF(inner).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CARD, RADIUS_CARD)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the buttons is none on the map."""
        event.accept()

    # What the buttons open

    def show_kinds(self) -> None:
        kinds = sorted(self._desk.data.loaded.kinds.values(), key=lambda each: each.position)
        set_kind = self._desk.commands.set_kind_of
        self._pop_up(self.kind, [(kind.name, partial(set_kind, self._chosen(), kind.id)) for kind in kinds])

    def show_statuses(self) -> None:
        set_status = self._desk.commands.set_status_of
        items = [(STATUS_WORDS[status], partial(set_status, self._chosen(), status)) for status in STATUS_CODES]
        self._pop_up(self.status, items)

    def show_places(self) -> None:
        ids, model = self._chosen(), PlaceModel(self._desk.data)
        name = f"Put {count(len(ids), 'event')} at a place"
        chooser = Chooser(self._look, self.window(), name, "Find a place of the project", model, model.narrow)

        def put(index: QModelIndex) -> None:
            self._desk.commands.set_place_of(ids, index.data(PLACE_ROLE).id)

        chooser.say_if_empty(NO_PLACES)
        chooser.chosen.connect(put)
        self._open(chooser, self.place)

    def show_tags(self) -> None:
        ids, model = self._chosen(), TagModel(len(self._chosen()), self)
        name = f"Tag {count(len(ids), 'event')}"
        chooser = Chooser(self._look, self.window(), name, "Type a tag", model, model.narrow, TAGS_HEIGHT)
        open_now = [True]

        def tag(index: QModelIndex) -> None:
            line = model.line_at(index.row())
            if line.adds:
                self._desk.commands.add_tag_to(ids, line.tag)
            else:
                self._desk.commands.remove_tag_from(ids, line.tag)

        def fill(found: tuple[dict[str, int], dict[str, int]]) -> None:
            if open_now:
                model.fill(*found)
                chooser.say_if_empty(NO_TAGS)

        chooser.chosen.connect(tag)
        chooser.closed.connect(open_now.clear)
        self._open(chooser, self.tag)
        self._desk.data.ask("tags", lambda con: (tags_of(con, ids), tags_of(con)), fill)

    def _open(self, chooser: Chooser, button: QWidget) -> None:
        chooser.open_at(QRect(button.mapTo(self.window(), QPoint()), button.size()), chooser.field.edit)

    def _pop_up(self, button: QWidget, items: Sequence[tuple[str, Callable[[], None]]]) -> None:
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        for words, act in items:
            menu.addAction(words, act)
        menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _on_look(self) -> None:
        px = self._look.theme.px
        around = SHADOW_MARGIN if self._floating else 0
        self._row.setContentsMargins(px(12) + around, px(7) + around, px(8) + around, px(7) + around)
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
        self._row.setSpacing(px(6))
        self.words.setContentsMargins(0, 0, px(8), 0)
