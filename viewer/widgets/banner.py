"""A sentence across the window or a panel that stays until it is dealt with."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from viewer.look.theme import ThemeManager
from viewer.widgets.buttons import Button, IconButton
from viewer.widgets.pictures import IconLabel
from viewer.widgets.text import announce, label, restyle

_ICONS = {"info": "info", "warn": "triangle-alert"}
_ROLES = {"info": "accent", "warn": "warn"}


class Banner(QFrame):
    """A plain sentence across a panel with what can be done about it. ``kind``: info or warn.

    Signals:
        closed(): the cross was pressed; the banner has hidden itself.
    """

    closed = Signal()

    def __init__(
        self,
        look: ThemeManager,
        text: str = "",
        kind: str = "info",
        actions: tuple[tuple[str, Callable[[], None]], ...] = (),
        *,
        icon: str = "",
        closable: bool = False,
    ) -> None:
        super().__init__()
        self._look = look
        self._icon = IconLabel(look, icon or _ICONS[kind], _ROLES[kind])
        self._words = label(text, "label", "text", wrap=True)
        self._words.setProperty("tone", None)
        self.setProperty("kind", kind)
        self.setAccessibleName(text)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._words, 1)
        for words, run in actions:
            button = Button(look, words, "warn" if kind == "warn" else "link")
            button.clicked.connect(lambda _checked=False, run=run: run())
            self._row.addWidget(button)
        if closable:
            cross = IconButton(look, "x", "Dismiss", size=14)
            cross.clicked.connect(self._on_close)
            self._row.addWidget(cross)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._on_look()
        look.changed.connect(self._on_look)

    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def set_text(self, text: str, kind: str | None = None) -> None:
        """Say something else, as another kind where one is given."""
        self._words.setText(text)
        self.setAccessibleName(text)
        if kind is not None:
            self._icon.set_icon(_ICONS[kind], _ROLES[kind])
            restyle(self, kind=kind)

    def info(self, text: str) -> None:
        """Appear with a plain sentence."""
        self.set_text(text, "info")
        self.show()

    def warn(self, text: str) -> None:
        """Appear with a sentence about something that stands in the way; a screen reader says it."""
        self.set_text(text, "warn")
        self.show()
        announce(self, text)

    def _on_close(self) -> None:
        self.hide()
        self.closed.emit()

    def _on_look(self) -> None:
        px = self._look.theme.px
        self._row.setContentsMargins(px(12), px(4), px(6), px(4))
        self._row.setSpacing(px(8))
        self.setMinimumHeight(px(38))
