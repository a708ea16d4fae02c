"""The text itself: laid out by Qt, with highlights painted under it and marks in the margin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from db.queries import KindRow
from viewer.look.theme import ThemeManager
from viewer.look.tokens import mix
from viewer.views.source.edges import paint_edges
from viewer.views.source.formats import MARGIN_LEFT, Formats
from viewer.views.source.spans import Span, at_position

UNDERLINE: Final = 2.0
FLASH_MS: Final = 900
MARK_RADIUS: Final = 4.6
UNNUMBERED: Final = 2
"""Blocks shorter than this (the line's end counts) are empty: they get no number."""


class Reader(QTextEdit):
    """Read-only text with quotes. Positions are UTF-16 units of the text as handed in; it is never read back from Qt.

    Signals:
        quote_clicked(Span): a highlighted quote was clicked, or Enter pressed in it.
    """

    quote_clicked = Signal(object)

    def __init__(self, look: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._spans: list[Span] = []
        self._kinds: dict[int, KindRow] = {}
        self._current: int | None = None
        self._own_words = False
        self._highlights = True
        self._pressed: QPoint | None = None
        self._flash = QVariantAnimation(self)
        self._flash.setStartValue(1.0)
        self._flash.setEndValue(0.0)
        self._flash.valueChanged.connect(self._on_flash)
        self._glow = 0.0
        self._scroll_soon = QTimer(self, singleShot=True, interval=0)  # once more, when a new text has its lines
        self._scroll_soon.timeout.connect(self._scroll_to_current)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        self.setObjectName("reader")
        self.setUndoRedoEnabled(False)
        look.changed.connect(self._on_look)

    # What the view tells it

    def show_text(self, text: str, spans: Sequence[Span], kinds: dict[int, KindRow], *, own_words: bool) -> None:
        """Show a document from its top. ``own_words`` sets it in the interface's face: serif is for others' words."""
        self._spans, self._kinds, self._current, self._own_words = list(spans), kinds, None, own_words
        self.clear()
        self._restyle(text)
        self.verticalScrollBar().setValue(0)

    def set_quotes(self, spans: Sequence[Span], kinds: dict[int, KindRow]) -> None:
        """Other quotes in the same text; the reading position stays."""
        self._spans, self._kinds = list(spans), kinds
        self.viewport().update()

    def set_highlights(self, shown: bool) -> None:
        self._highlights = shown
        self.viewport().update()

    def set_current(self, quote_id: int | None) -> None:
        """Mark one quote as the active one, without moving."""
        self._current = quote_id
        self.viewport().update()

    def go_to_quote(self, quote_id: int) -> bool:
        """Make a quote active, scroll it to a third of the height and flash it once. False when it is not here."""
        span = next((each for each in self._spans if each.quote.id == quote_id), None)
        if span is None:
            return False
        self._current = quote_id
        self._place_cursor(span.start)
        self._scroll_soon.start()
        self._scroll_to(span)
        self._flash.stop()
        duration = self._look.duration(FLASH_MS)
        if duration:
            self._flash.setDuration(duration)
            self._flash.start()
        self.viewport().update()
        return True

    @property
    def spans(self) -> list[Span]:
        return self._spans

    @property
    def is_still(self) -> bool:
        return self._flash.state() is not QVariantAnimation.State.Running

    def position_in_view(self) -> int:
        """The position at the top of what is seen: where stepping begins when no quote is active."""
        return self.cursorForPosition(QPoint(MARGIN_LEFT + 4, 4)).position()

    def rects_of(self, start: int, end: int) -> list[QRectF]:
        """The stretches of lines that a span covers, in the viewport's pixels; none for lines not laid out."""
        return list(self._rects(start, end))

    def find_next(self, text: str, *, backward: bool = False) -> bool:
        """Select the next occurrence after the cursor, going round at the end. False when there is none."""
        flags = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        if self.find(text, flags):
            return True
        cursor = self.textCursor()
        edge = QTextCursor.MoveOperation.End if backward else QTextCursor.MoveOperation.Start
        self.moveCursor(edge)
        if self.find(text, flags):
            return True
        self.setTextCursor(cursor)
        return False

    # Layout

    def _on_look(self) -> None:
        self._restyle()

    def _restyle(self, text: str = "") -> None:
        """Set what is shown, after which ``text`` is put in, in the face and theme in force: lines are broken once."""
        document, formats = self.document(), Formats(self._look.theme, own_words=self._own_words)
        document.setDefaultFont(formats.font)
        document.setDocumentMargin(0)
        document.rootFrame().setFrameFormat(formats.frame)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        cursor.insertText(text)
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.setBlockFormat(formats.paragraph)
        cursor.setCharFormat(formats.letters)
        line = document.begin()
        while line.isValid():
            if line.length() < UNNUMBERED:  # an empty line parts paragraphs already: no second gap
                QTextCursor(line).setBlockFormat(formats.empty)
            line = line.next()
        cursor.endEditBlock()
        self.viewport().update()

    def _place_cursor(self, position: int) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(position, self.document().characterCount() - 1))
        bar = self.verticalScrollBar().value()
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(bar)

    @property
    def _current_span(self) -> Span | None:
        return next((each for each in self._spans if each.quote.id == self._current), None)

    def _scroll_to_current(self) -> None:
        if (span := self._current_span) is not None:
            self._scroll_to(span)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The quote that the reader stands at stays in sight when its neighbours take or give room."""
        span = self._current_span
        seen = span is not None and self._begins_within(span, event.oldSize().height())
        super().resizeEvent(event)
        if span is not None and seen and not self._begins_within(span, event.size().height()):
            self._scroll_to(span)

    def _begins_within(self, span: Span, height: int) -> bool:
        first = next(self._rects(span.start, span.end), None)
        return first is not None and first.top() >= 0 and first.bottom() <= height

    def _scroll_to(self, span: Span) -> None:
        rects = self.rects_of(span.start, span.end)
        if rects:
            bar = self.verticalScrollBar()
            height = self.viewport().height()
            top, bottom = rects[0].top(), rects[-1].bottom()
            if top < 8 or bottom > height - 8:
                bar.setValue(bar.value() + round(top - height / 3))

    def _rects(self, start: int, end: int) -> Iterator[QRectF]:
        layout = self.document().documentLayout()
        offset = QPointF(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        block = self.document().findBlock(start)
        while block.isValid() and block.position() < end:
            origin = layout.blockBoundingRect(block).topLeft() + offset
            yield from self._rects_in(block, origin, start - block.position(), end - block.position())
            block = block.next()

    def _rects_in(self, block: QTextBlock, origin: QPointF, start: int, end: int) -> Iterator[QRectF]:
        lines = block.layout()
        metrics = QFontMetrics(self.document().defaultFont())
        begins = lines.lineForTextPosition(max(start, 0))  # a paragraph may have thousands of lines
        for number in range(begins.lineNumber() if begins.isValid() else 0, lines.lineCount()):
            line = lines.lineAt(number)
            if line.textStart() >= end:
                return
            first = max(start, line.textStart())
            last = min(end, line.textStart() + line.textLength())
            if first >= last:
                continue
            left, right = _x(line.cursorToX(first)), _x(line.cursorToX(last))
            if left > right:
                left, right = right, left
            if right - left < 1:
                continue
            # Proportional line height puts the extra above the letters: the box hugs ascent and descent.
            baseline = origin.y() + line.y() + line.ascent()
            top = baseline - metrics.ascent() - 1
            yield QRectF(origin.x() + left, top, right - left, metrics.height() + 2)

    # Painting

    def _on_flash(self, value: float) -> None:
        self._glow = value
        self.viewport().update()

    def _color_of(self, span: Span) -> QColor:
        theme = self._look.theme
        kind = next((self._kinds[claim.kind_id] for claim in span.quote.claims if claim.kind_id in self._kinds), None)
        return theme.pick(kind.light, kind.dark) if kind else theme.color("ctl")

    def _visible(self) -> list[Span]:
        top = self.cursorForPosition(QPoint(0, 0)).position()
        bottom = self.cursorForPosition(QPoint(self.viewport().width(), self.viewport().height())).position()
        return [span for span in self._spans if span.start <= bottom and span.end >= top]

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.fillRect(event.rect(), self._look.theme.surface)
            visible = self._visible()
            if self._highlights:
                self._paint_highlights(painter, visible)
            self._paint_margin(painter, visible)
        super().paintEvent(event)
        with QPainter(self.viewport()) as painter:
            self._paint_edges(painter)

    def _paint_edges(self, painter: QPainter) -> None:
        paint_edges(painter, self.viewport().rect(), self.verticalScrollBar(), self._look.theme)

    def _paint_highlights(self, painter: QPainter, visible: Sequence[Span]) -> None:
        theme = self._look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for span in sorted(visible, key=lambda each: each.quote.id == self._current):
            active = span.quote.id == self._current
            ground = theme.color("hl" if active else "hl_soft")
            if active and self._glow > 0:
                ground = mix(ground, theme.warn_line, 0.7 * self._glow)
            painter.setBrush(ground)
            for rect in self._rects(span.start, span.end):
                painter.drawRoundedRect(rect.adjusted(-1, 0, 1, 0), 2, 2)
        depth: dict[int, int] = {}
        for span in visible:  # an underline for each quote; a quote inside another gets its line further down
            level = sum(1 for other in visible if other is not span and other.start <= span.start < other.end)
            depth[span.quote.id] = min(level, 2)
            color = self._color_of(span)
            width = UNDERLINE + (0.6 if span.quote.id == self._current else 0)
            for rect in self._rects(span.start, span.end):
                y = rect.bottom() - 1.5 + depth[span.quote.id] * 2.6
                painter.fillRect(QRectF(rect.left(), y, rect.width(), width), color)

    def _paint_margin(self, painter: QPainter, visible: Sequence[Span]) -> None:
        theme = self._look.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("meta"))
        painter.setPen(theme.text3)
        metrics = QFontMetrics(painter.font())
        number_right = theme.px(15)
        for number, rect in self._numbers():
            painter.drawText(QPointF(number_right - metrics.horizontalAdvance(number), rect.bottom() - 5), number)
        taken: list[float] = []
        for span in visible:
            if not span.quote.claims:
                continue
            first = next(self._rects(span.start, span.end), None)
            if first is None:
                continue
            y = first.center().y()
            x = theme.px(25)
            while any(abs(y - other) < MARK_RADIUS * 2.2 for other in taken):
                y += MARK_RADIUS * 2.4
            taken.append(y)
            claim = span.quote.claims[0]
            kind = self._kinds.get(claim.kind_id)
            mark = self._look.mark(
                kind.shape if kind else "circle",
                claim.status,
                self._color_of(span),
                MARK_RADIUS * theme.scale,
                halo=False,
            )
            self._look.marks.draw(painter, QPointF(x, y), mark)

    def _numbers(self) -> Iterator[tuple[str, QRectF]]:
        """Each paragraph's number with the rectangle of its first line, for those in sight."""
        layout = self.document().documentLayout()
        shift = -self.verticalScrollBar().value()
        number = 0
        block = self.document().begin()
        while block.isValid():
            if block.length() >= UNNUMBERED:
                number += 1
                area = layout.blockBoundingRect(block)
                if area.top() + shift > self.viewport().height():
                    return
                if area.bottom() + shift >= 0:
                    first = next(self._rects(block.position(), block.position() + block.length() - 1), None)
                    if first is not None:
                        yield str(number), first
            block = block.next()

    # Mouse and keys

    def _span_at(self, point: QPoint) -> Span | None:
        for span in self._visible():
            if any(rect.adjusted(-1, -2, 1, 3).contains(QPointF(point)) for rect in self._rects(span.start, span.end)):
                position = self.cursorForPosition(point).position()
                return at_position(self._spans, position, self._current) or span
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint() if event.button() is Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        point = event.position().toPoint()
        still = self._pressed is not None and (point - self._pressed).manhattanLength() < 4
        self._pressed = None
        if still and self._highlights and not self.textCursor().hasSelection():
            span = self._span_at(point)
            if span is not None:
                self.quote_clicked.emit(span)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self._highlights and not event.buttons() and self._span_at(event.position().toPoint()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            span = at_position(self._spans, self.textCursor().position())
            if span is not None:
                self.quote_clicked.emit(span)
                return
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if plain and event.text() and event.text().isprintable():
            event.ignore()  # letters and digits are commands; this text cannot be typed into
            return
        super().keyPressEvent(event)


def _x(answer: object) -> float:
    """QTextLine.cursorToX gives the x alone or together with the position, by release of the binding."""
    return float(answer[0]) if isinstance(answer, tuple) else float(answer)  # type: ignore[arg-type]
