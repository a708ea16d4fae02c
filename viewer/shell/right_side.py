"""Where the right panel is: beside the rest, or a drawer over it while the window is narrow."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from viewer.core.desk import Desk
from viewer.core.settings import RIGHT_OPEN, RIGHT_WIDTH
from viewer.look.theme import ThemeManager
from viewer.shell.right_panel import RightPanel
from viewer.views.many.bar import FEWEST
from viewer.widgets.popover import Drawer
from viewer.widgets.splitter import Splitter

DRAWER_BELOW: Final = 1060
"""The width that both panels and the map need at the least."""
COMPACT_BELOW: Final = 1400
LOW_BELOW: Final = 720
OWN_MOVES: Final = frozenset({"app", "source", "history"})
"""Who may change the current event without the drawer coming out for it."""


class RightSide(QObject):
    """Moves the panel when the window's width crosses DRAWER_BELOW, in px of the design.

    Signals:
        changed(): it may be elsewhere, open or away.
    """

    changed = Signal()

    def __init__(
        self, desk: Desk, look: ThemeManager, panel: RightPanel, body: Splitter, middle: QWidget, window: QWidget
    ) -> None:
        """``middle`` is what the drawer lies over; it holds ``body``."""
        super().__init__(window)
        self._desk, self._look, self._panel, self._body, self._window = desk, look, panel, body, window
        self._drawer = Drawer(look, middle, "Event and source", width=desk.settings.get(RIGHT_WIDTH))
        self._narrow = False
        self._drawer.closed.connect(self.changed)
        window.installEventFilter(self)
        look.changed.connect(self._arrange)
        desk.state.changed.connect(self._on_state)
        panel.setVisible(desk.settings.get(RIGHT_OPEN))

    @property
    def is_drawer(self) -> bool:
        return self._narrow

    @property
    def is_open(self) -> bool:
        return not (self._drawer if self._narrow else self._panel).isHidden()

    def set_open(self, wanted: bool) -> None:
        """Show or hide it; remembered while it stands beside the rest."""
        if not self._narrow:
            self._panel.setVisible(wanted)
            self._desk.settings.set(RIGHT_OPEN, wanted)
        elif wanted:
            self._drawer.slide_in()
        else:
            self._drawer.slide_out()
        self.changed.emit()

    def close_drawer(self) -> bool:
        """Put the drawer away; False when it is not out."""
        if self._narrow and self.is_open:
            self._drawer.slide_out()
            return True
        return False

    def _arrange(self) -> None:
        scale = self._look.theme.scale
        narrow = self._window.width() < DRAWER_BELOW * scale
        low = self._window.height() < LOW_BELOW * scale
        self._panel.related.set_compact(low or self._window.width() < COMPACT_BELOW * scale)
        if narrow is self._narrow:
            return
        self._narrow = narrow
        if narrow:
            self._drawer.set_content(self._panel)
            self._panel.show()
        else:
            self._drawer.slide_out()
            self._body.addWidget(self._panel)
            self._body.setStretchFactor(0, 1)
            self._panel.setVisible(self._desk.settings.get(RIGHT_OPEN))
        self.changed.emit()

    def _on_state(self, names: frozenset[str], origin: str) -> None:
        """A chosen event brings the drawer; many do not, as it would lie over them and the bar that changes them. A
        document that is asked for is shown wherever the panel is.
        """
        if origin in OWN_MOVES or self.is_open:
            return
        view = self._desk.state.view
        chosen = "current" in names and view.current is not None and len(view.selection) < FEWEST
        asked = "reading" in names and self._desk.state.view.reading is not None
        if asked or (chosen and self._narrow):
            self.set_open(True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() is QEvent.Type.Resize:
            self._arrange()
        return False
