"""The left panel: filter, outline, places and layers under four tabs."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from viewer.core.desk import Desk
from viewer.core.settings import LEFT_TAB
from viewer.look.sizes import least, margins, most
from viewer.look.theme import ThemeManager
from viewer.views.filters.view import FilterView
from viewer.views.layers.view import LayersView
from viewer.views.outline.events import OutlineView
from viewer.views.outline.places import PlacesView
from viewer.widgets.buttons import IconButton
from viewer.widgets.sections import TabBar
from viewer.widgets.text import hairline

LEAST: Final = 240
"""Four tabs and the button beside them have room then."""
MOST: Final = 360


class LeftPanel(QWidget):
    """Remembers its tab."""

    def __init__(self, desk: Desk, look: ThemeManager, close: IconButton) -> None:
        """``close`` is the button that hides the panel."""
        super().__init__()
        self._settings = desk.settings
        self.setProperty("panel", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        least(self, width=LEAST)
        most(self, width=MOST)
        self.filters = FilterView(desk, look)
        self.outline = OutlineView(desk, look)
        self.places = PlacesView(desk, look)
        self.layers = LayersView(desk, look)
        self._pages: dict[str, QWidget] = {
            "filter": self.filters,
            "outline": self.outline,
            "places": self.places,
            "layers": self.layers,
        }
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        self.tabs = TabBar(look, tuple((name, name.capitalize()) for name in self._pages), "Left panel")
        self.tabs.setProperty("tight", "true")
        head = QHBoxLayout()
        margins(head, 6, 4, 8, 0)
        head.addWidget(self.tabs, 1)
        head.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(hairline())
        layout.addWidget(self._stack, 1)
        self.show_tab(desk.settings.get(LEFT_TAB))
        self.tabs.chosen.connect(self._on_tab)

    def show_tab(self, tab: str) -> None:
        """``filter``, ``outline``, ``places`` or ``layers``; anything else is the first."""
        name = tab if tab in self._pages else "filter"
        self.tabs.set_value(name)
        self._stack.setCurrentWidget(self._pages[name])

    def _on_tab(self, tab: str) -> None:
        self._stack.setCurrentWidget(self._pages[tab])
        self._settings.set(LEFT_TAB, tab)
