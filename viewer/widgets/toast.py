"""Toasts: notices that pass, with a name and a way back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPropertyAnimation, QTimer, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from viewer.look.theme import ThemeManager
from viewer.widgets.buttons import Button, IconButton
from viewer.widgets.cards import FloatingCard
from viewer.widgets.pictures import IconLabel
from viewer.widgets.shadow import SHADOW_MARGIN
from viewer.widgets.text import announce, label

TOAST_MS = 6000
"""How long a toast stays, in ms; the pointer or the focus on it holds it."""
CHOICE_MS = 20_000
"""One that offers several things to do stays longer: it ends work that was waited for."""
_TOASTS = 3
_SLIDE_MS = 120
_LEAST_WORDS = 120
_UNBOUND = (1 << 24) - 1
"""Qt's largest size of a widget."""


class Toast(FloatingCard):
    """One passing notice; made by Toasts.

    Signals:
        finished(): its time is over, or it was dismissed or used.
    """

    finished = Signal()

    def __init__(
        self,
        look: ThemeManager,
        parent: QWidget,
        text: str,
        actions: Sequence[tuple[str, Callable[[], None]]],
        tone: str,
    ) -> None:
        super().__init__(look, parent, padding=(14, 4, 6, 4))
        self._look = look
        self._text = text
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.finished)
        row = QHBoxLayout()
        row.setSpacing(look.theme.px(10))
        if tone == "warn":
            row.addWidget(IconLabel(look, "triangle-alert", "warn"))
        self._words = label(text, "body_medium")
        row.addWidget(self._words, 1)
        for words, run in actions:
            button = Button(look, words, "link")
            button.clicked.connect(self.finished)
            button.clicked.connect(partial(_call, run))
            row.addWidget(button)
        cross = IconButton(look, "x", "Dismiss", size=14)
        cross.clicked.connect(self.finished)
        row.addWidget(cross)
        self.body.addLayout(row)
        self.setAccessibleName(text)

    def text(self) -> str:
        """What it says."""
        return self._text

    def fit(self, width: int) -> None:
        """Take as many lines as its words need in so much room (logical px)."""
        words = self._words
        words.setWordWrap(False)
        words.setMinimumSize(0, 0)
        words.setMaximumSize(_UNBOUND, _UNBOUND)
        self.body.activate()  # lines of a layout hear of a new size only then
        over = self.sizeHint().width() - width
        if over > 0:
            room = max(words.sizeHint().width() - over, self._look.theme.px(_LEAST_WORDS))
            words.setWordWrap(True)
            words.setFixedSize(room, words.heightForWidth(room))
            self.body.activate()
        self.resize(self.sizeHint())

    def start(self, milliseconds: int) -> None:
        """Begin to pass."""
        self._timer.setInterval(milliseconds)
        self._timer.start()

    def _hold(self) -> bool:
        focus = self.focusWidget()
        return self.underMouse() or (focus is not None and focus.hasFocus())

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if not self._hold():
            self._timer.start()
        super().leaveEvent(event)


def _call(run: Callable[[], None], _checked: bool = False) -> None:
    run()


class Toasts(QObject):
    """Stacks toasts above the bottom of a widget, the newest lowest, three at most.

    Every edit shows one with its name and Undo: ``toasts.show("Date changed", ("Undo", commands.undo), name="edit")``.
    """

    def __init__(self, look: ThemeManager, parent: QWidget, *, lift: int = 24) -> None:
        """``lift``: how far above the bottom of ``parent`` the lowest one stands, in px at scale 1."""
        super().__init__(parent)
        self._look = look
        self._parent = parent
        self._lift = lift
        self._toasts: list[tuple[str, Toast]] = []
        parent.installEventFilter(self)

    def show(
        self,
        text: str,
        *actions: tuple[str, Callable[[], None]],
        name: str = "",
        tone: str = "plain",
        milliseconds: int | None = None,
    ) -> Toast:
        """Say ``text`` with buttons (their words and what they do). One of the same ``name`` gives way at once.

        ``tone`` is plain or warn; ``milliseconds`` is how long it stays, as above where it is not said. A screen reader
        is told as well.
        """
        for old_name, old in list(self._toasts):
            if (name and old_name == name) or len(self._toasts) >= _TOASTS:
                self._remove(old)
        toast = Toast(self._look, self._parent, text, actions, tone)
        toast.finished.connect(lambda: self._remove(toast))
        self._toasts.append((name, toast))
        toast.adjustSize()
        toast.show()
        toast.raise_()
        self._arrange(fresh=toast)
        toast.start(milliseconds or (CHOICE_MS if len(actions) > 1 else TOAST_MS))
        announce(self._parent, text)
        return toast

    def place(self) -> None:
        """Stand in the right place again, e.g. once the parent has another size (which they see by themselves)."""
        self._arrange()

    def toasts(self) -> list[Toast]:
        """Those that are shown, oldest first."""
        return [toast for _name, toast in self._toasts]

    def clear(self) -> None:
        """Take all of them away."""
        for _name, toast in list(self._toasts):
            self._remove(toast)

    def _remove(self, toast: Toast) -> None:
        kept = [(name, each) for name, each in self._toasts if each is not toast]
        if len(kept) < len(self._toasts):
            self._toasts = kept
            toast.hide()
            toast.deleteLater()
            self._arrange()

    def _arrange(self, fresh: Toast | None = None) -> None:
        bottom = self._parent.height() - self._look.theme.px(self._lift)
        for _name, toast in reversed(self._toasts):
            toast.fit(self._parent.width())
            size = toast.size()
            place = QPoint((self._parent.width() - size.width()) // 2, bottom - size.height() + SHADOW_MARGIN)
            if toast is fresh and self._look.duration(_SLIDE_MS):
                _slide(toast, place + QPoint(0, self._look.theme.px(12)), place, self._look.duration(_SLIDE_MS))
            else:
                for motion in toast.findChildren(QPropertyAnimation):  # it would end where the toast stood before
                    motion.stop()
                toast.move(place)
            bottom -= size.height() - 2 * SHADOW_MARGIN + self._look.theme.px(8)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self._arrange()
        return False


def _slide(widget: QWidget, start: QPoint, end: QPoint, milliseconds: int) -> None:
    motion = QPropertyAnimation(widget, b"pos", widget)
    motion.setStartValue(start)
    motion.setEndValue(end)
    motion.setDuration(milliseconds)
    motion.setEasingCurve(QEasingCurve.Type.OutCubic)
    widget.move(start)
    motion.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)
