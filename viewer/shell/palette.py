"""The palette: type a few letters, get events, places, actors, quotes, texts, dates and commands; Enter goes there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyleOptionViewItem, QWidget

from db import queries
from db.values import Ref, RefKind
from viewer.core.actions import Window
from viewer.core.finder import Found, count_events, filled_up, find_at_once, find_in_project, in_order
from viewer.look.theme import ThemeManager
from viewer.models.event_marks import row_mark
from viewer.shell.keys import key_label, run
from viewer.widgets.popover import Popover
from viewer.widgets.rows import ROW_ROLE, RowContent, RowDelegate, row_height
from viewer.widgets.search_field import SearchField
from viewer.widgets.text import label

PADDING: Final = 8
LIST_HEIGHT: Final = 460
LEAST_WIDTH: Final = 420
HEADING: Final = 26
Index = QModelIndex | QPersistentModelIndex


class Palette(Popover):
    """Made anew each time it opens."""

    def __init__(self, target: Window, look: ThemeManager, window: QWidget) -> None:
        super().__init__(look, window, "Find anything", padding=PADDING)
        self._target, self._look = target, look
        self._project: list[Found] = []
        self._awaited = False
        self._typed = ""
        self._anchor = QRect()
        self.field = SearchField(
            look,
            "Event, place, actor, quote, source, command or date",
            name="Find anything",
            pause=0,
            escape_empties=False,
        )
        self.lines = _Lines(target, look)
        self.list = QListView()
        self.list.setModel(self.lines)
        self.list.setItemDelegate(_Delegate(look, self.lines, self.list))
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Found")
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self._none = label("", "body", "text2", wrap=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.field)
        self.body.addWidget(self.list)
        self.body.addWidget(self._none)
        self._none.hide()
        self.field.changed.connect(self._on_typed)
        self.field.submitted.connect(lambda _text: self._choose(self.list.currentIndex()))
        self.field.stepped.connect(self._step)
        self.field.left.connect(self.close_popover)
        self.list.clicked.connect(self._choose)
        self.closed.connect(self._on_closed)
        self._refill()

    def open_below(self, anchor: QRect) -> None:
        """Show it over its button, as wide as that, the field focused."""
        self._anchor = anchor
        self.open_at(anchor, self.field.edit)

    def place(self, anchor: QRect) -> None:
        """Cover the anchor and reach as far down as there are lines to show."""
        px = self._look.theme.px
        window = self._window
        width = min(max(anchor.width(), px(LEAST_WIDTH)), window.width() - 2 * px(PADDING))
        left = anchor.left() + (anchor.width() - width) // 2
        left = min(max(left, px(PADDING)), window.width() - px(PADDING) - width)
        inner = width - 2 * px(PADDING)
        lines = sum(self.list.sizeHintForRow(line) for line in range(self.lines.rowCount()))
        below = window.height() - anchor.top() - self.field.sizeHint().height() - px(5 * PADDING)
        self.list.setFixedSize(inner, max(min(lines + px(4), px(LIST_HEIGHT), below), px(60)))
        self.field.setFixedWidth(inner)
        self._none.setFixedWidth(inner)
        self.body.activate()
        self.resize_pane(self.pane_hint())
        self.move_pane(QPoint(left, anchor.top()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._step(6 if event.key() == Qt.Key.Key_PageDown else -6)
        else:
            super().keyPressEvent(event)

    def _on_typed(self, text: str) -> None:
        self._typed = text
        self._awaited = bool(text.strip())
        if self._awaited:
            question = find_in_project(text, self._target.desk.data)
            self._target.desk.data.ask("palette", question, partial(self._on_found, text))
        else:
            self._project = []
        self._refill()

    def _on_closed(self) -> None:
        self._awaited = False  # what is still on its way finds nobody

    def _on_found(self, text: str, found: list[Found]) -> None:
        if self._awaited and text == self._typed:
            self._project = found
            self._refill()
            self._count(text, found, self._on_counted)

    def _count(self, text: str, found: list[Found], then: Callable[[str, list[Found]], None]) -> None:
        """Go on with the number of events at each actor; there are more questions than readers, so not all at once."""
        data = self._target.desk.data
        counts = count_events(found, data)
        if counts is None:
            then(text, found)
        else:
            data.ask("palette", counts, partial(then, text))

    def _on_counted(self, text: str, found: list[Found]) -> None:
        """Other spellings are looked for last: whoever typed the name as it is written waits for none of that."""
        if self._awaited and text == self._typed:
            self._project = found
            self._refill(keep=True)
            data = self._target.desk.data
            question = find_in_project(text, data, spellings=True)
            data.ask("palette", question, partial(self._on_spelt, text))

    def _on_spelt(self, text: str, found: list[Found]) -> None:
        """They come below what was found as it was typed."""
        if self._awaited and text == self._typed:
            self._project = filled_up(self._project, found)
            self._refill(keep=True)
            self._count(text, self._project, self._on_all_counted)

    def _on_all_counted(self, text: str, found: list[Found]) -> None:
        if self._awaited and text == self._typed:
            self._project, self._awaited = found, False
            self._refill(keep=True)

    def _refill(self, *, keep: bool = False) -> None:
        """Show what there is; with ``keep`` the line that is chosen stays so."""
        before = self.lines.found
        chosen = before[self.list.currentIndex().row()] if keep and self.list.currentIndex().isValid() else None
        found = in_order([*find_at_once(self._typed, self._target), *self._project])
        if keep and found and found == before:
            return
        self.lines.show(found)
        keys = [each.key for each in found]
        at = keys.index(chosen.key) if chosen is not None and chosen.key in keys else 0
        current = self.lines.index(at, 0)
        self.list.setCurrentIndex(current)
        self.list.scrollTo(current)
        self.list.setVisible(bool(found))
        self._none.setVisible(not found and not self._awaited)
        self._none.setText(
            f"Nothing found for “{self._typed}” in events, places, actors, quotes, texts, sources and commands. "
            "A date can be typed as 28 nov 2016, dec 2016 or +3w."
        )
        if self.isVisible():
            self.place(self._anchor)

    def _step(self, step: int) -> None:
        count = self.lines.rowCount()
        if count:
            now = self.list.currentIndex().row()
            line = (now + step) % count if abs(step) == 1 else min(max(now + step, 0), count - 1)
            index = self.lines.index(line, 0)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _choose(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        found = self.lines.found[index.row()]
        self.close_popover()
        if found.action is not None:
            run(found.action, self._target)
        elif found.words:
            self._target.list_events(found.words)
        elif found.date is not None:
            self._target.desk.commands.go_to_date(found.date)
        elif found.ref is not None and found.span is not None:
            self._target.read_at(found.ref, *found.span)
        elif found.ref is not None:
            self._go_to(found.ref)

    def _go_to(self, ref: Ref) -> None:
        desk = self._target.desk
        match ref.kind:
            case RefKind.EVENT:
                desk.commands.fly_to_event(ref)
            case RefKind.PLACE:
                place = next((row for row in desk.data.loaded.places.values() if row.uid == ref.uid), None)
                if place is not None and place.lon == place.lon:
                    desk.commands.look_at(place.lon, place.lat, place.radius_m)
            case RefKind.ACTOR:
                desk.commands.show_actor(ref)
            case RefKind.SOURCE:
                source = next((row for row in desk.data.loaded.sources.values() if row.uid == ref.uid), None)
                if source is not None and source.documents:
                    desk.commands.read_document(Ref(RefKind.DOCUMENT, source.documents[0].uid))
            case RefKind.QUOTE:
                desk.data.ask("quote", partial(queries.quote_by_uid, uid=ref.uid), self._show_quote)
            case _:
                pass

    def _show_quote(self, quote: queries.QuoteRow | None) -> None:
        desk = self._target.desk
        if quote is None:
            return
        document = desk.data.document_ref(quote.document_id)
        if document is not None:
            event = Ref(RefKind.EVENT, quote.claims[0].event_uid) if quote.claims else None
            desk.commands.show_quote(document, Ref(RefKind.QUOTE, quote.uid), event, "palette")


class _Lines(QAbstractListModel):
    """What was found, each line with the mark of its event."""

    def __init__(self, target: Window, look: ThemeManager) -> None:
        super().__init__()
        self._target = target
        self._look = look
        self.found: list[Found] = []

    def show(self, found: list[Found]) -> None:
        self.beginResetModel()
        self.found = found
        self.endResetModel()

    def heading(self, line: int) -> str | None:
        """What is read above this line, if a group begins with it."""
        this, before = self.found[line], self.found[line - 1] if line else None
        if before is not None and (before.group, before.best) == (this.group, this.best):
            return None
        several = not this.best and any(each.best and each.group is this.group for each in self.found[:line])
        return f"Other {this.group.lower()}" if several else str(this.group)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        found = self.found[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return found.title if role == Qt.ItemDataRole.DisplayRole else f"{found.group}: {found.title}"
        if role == ROW_ROLE:
            keys = key_label(found.detail) if found.action is not None and found.detail else found.detail
            row = self._target.desk.data.row(found.ref)
            mark = row_mark(self._target.desk.data, row) if row is not None else None
            return RowContent(found.title, "", keys, mark=mark, icon="" if mark else found.icon or "chevron-right")
        return None


class _Delegate(RowDelegate):
    """A row, with the group's name above its first."""

    def __init__(self, look: ThemeManager, lines: _Lines, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._lines = lines
        self._theme_of = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        content = index.data(ROW_ROLE)
        height = row_height(self._theme_of, content)
        if self._lines.heading(index.row()):
            height += self._theme_of.theme.px(HEADING)
        return QSize(0, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme_of.theme
        group = self._lines.heading(index.row())
        if group:
            band = QRect(option.rect.left(), option.rect.top(), option.rect.width(), theme.px(HEADING))
            painter.save()
            painter.setFont(theme.font("meta_strong"))
            painter.setPen(theme.text3)
            painter.drawText(band.adjusted(theme.px(12), theme.px(4), 0, 0), Qt.AlignmentFlag.AlignVCenter, group)
            painter.restore()
            option.rect.setTop(band.bottom() + 1)
        super().paint(painter, option, index)
