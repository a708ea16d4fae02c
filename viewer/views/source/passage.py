"""Standing at a passage of a text that is no quote: it is selected, and in sight."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextCursor

from db.reading.text import Utf16Map
from viewer.views.source.reader import Reader


class PassageMark(QObject):
    """Waits until the text that is asked for is shown."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader)
        self._reader = reader
        self._wanted: tuple[str, int, int] | None = None
        self._span: tuple[int, int] = (0, 0)
        self._scroll_soon = QTimer(self, singleShot=True, interval=0)  # once more, when a new text has its lines
        self._scroll_soon.timeout.connect(self._scroll)

    def want(self, document: str, start: int, end: int) -> None:
        """A passage, in code points, of the document with that uid; a wish before it is forgotten."""
        self._wanted = document, start, end

    def arrive(self, document: str, text: str) -> None:
        """A document is shown: select the passage if it is the one that is waited for."""
        if self._wanted is None or self._wanted[0] != document:
            return
        _document, start, end = self._wanted
        self._wanted = None
        units = Utf16Map(text)
        self._span = units.to_utf16(min(start, units.length)), units.to_utf16(min(end, units.length))
        cursor = QTextCursor(self._reader.document())
        cursor.setPosition(self._span[0])
        cursor.setPosition(self._span[1], QTextCursor.MoveMode.KeepAnchor)
        self._reader.setTextCursor(cursor)
        self._scroll()
        self._scroll_soon.start()

    def _scroll(self) -> None:
        """To a third of the height, as quotes are."""
        rects = self._reader.rects_of(*self._span)
        if rects:
            bar = self._reader.verticalScrollBar()
            bar.setValue(bar.value() + round(rects[0].top() - self._reader.viewport().height() / 3))
