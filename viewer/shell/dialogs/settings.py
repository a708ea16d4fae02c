"""Settings: how the program looks, what the map shows, which keys call what. All of it holds at once."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from viewer.core.keymap import Keymap
from viewer.core.map_choices import DISPUTED_WAYS, PROJECTIONS, STYLES, WORLDVIEWS
from viewer.core.settings import (
    COORDINATES,
    DISPUTED,
    GRATICULE,
    MAP_STYLE,
    PROJECTION,
    REDUCE_MOTION,
    SCALE,
    SCALES,
    THEME,
    WITH_OLDER,
    WORLDVIEW,
    Setting,
    Settings,
)
from viewer.look.sizes import gap, least, margins
from viewer.look.theme import ThemeManager
from viewer.shell.dialogs.frame import Page, open_size, scrolled
from viewer.shell.dialogs.shortcuts import Shortcuts
from viewer.shell.keys import key_label
from viewer.widgets.check_row import CheckRow
from viewer.widgets.sections import TabBar
from viewer.widgets.segmented import Choice, Segmented
from viewer.widgets.select import Select
from viewer.widgets.text import hairline, label

SIZE: Final = (640, 560)
PAGES: Final = (("look", "Appearance"), ("map", "Map"), ("keys", "Keyboard"))
THEMES: Final = (Choice("system", "As the system"), Choice("light", "Light"), Choice("dark", "Dark"))
GROUNDS: Final = tuple(Choice(key, words) for key, words in STYLES)
FORMS: Final = (
    ("decimal", "Decimal degrees"),
    ("dms", "Degrees, minutes, seconds"),
    ("utm", "UTM"),
    ("mgrs", "MGRS"),
)


class SettingsDialog(Page):
    """Three pages under tabs."""

    def __init__(self, settings: Settings, keymap: Keymap, look: ThemeManager, parent: QWidget, page: str) -> None:
        """``page``: the key of the page that is shown first, of PAGES."""
        super().__init__(look, "Settings", SIZE, parent)
        self._settings, self._keymap, self._look = settings, keymap, look
        self._scale = look.theme.scale
        self.tabs = TabBar(look, PAGES, "Settings")
        self._stack = QStackedWidget()
        self.shortcuts = Shortcuts(keymap, look)
        for part in (scrolled(self._appearance()), scrolled(self._map()), self.shortcuts):
            self._stack.addWidget(part)
        head = QHBoxLayout()
        margins(head, 10, 6, 10, 0)
        head.addWidget(self.tabs)
        head.addStretch(1)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(hairline())
        column.addWidget(self._stack, 1)
        self.show_part(whole)
        self.tabs.chosen.connect(self._on_tab)
        look.changed.connect(self._on_look)
        settings.changed.connect(self._on_setting)
        keymap.changed.connect(self._on_keys)
        self.tabs.set_value(page)
        self._on_tab(page)
        (self.shortcuts.field.edit if page == "keys" else self.tabs).setFocus()

    def _appearance(self) -> QWidget:
        settings = self._settings
        self.theme = Segmented(self._look, THEMES, "Colours")
        self.theme.chosen.connect(lambda theme: settings.set(THEME, theme))
        self.scale = Select(self._look, "Size of the interface", tuple((str(step), f"{step} %") for step in SCALES))
        self.scale.chosen.connect(lambda step: settings.set(SCALE, int(step)))
        self.scale_hint = label("", "note", "text3", wrap=True)
        self._on_keys()
        self.motion = self._switch(
            "Reduce motion", "The map goes straight to places, panels open at once", REDUCE_MOTION
        )
        page, grid = self._page()
        self._row(grid, "Colours", self.theme)
        self._row(grid, "Size of the interface", self.scale, self.scale_hint)
        self._row(grid, "Motion", self.motion)
        return page

    def _map(self) -> QWidget:
        settings = self._settings
        self.style_choice = Segmented(self._look, GROUNDS, "Ground of the map")
        self.style_choice.chosen.connect(lambda style: settings.set(MAP_STYLE, style))
        self.projection = Select(self._look, "Projection", tuple((key, words) for key, words, _small in PROJECTIONS))
        self.projection.chosen.connect(lambda name: settings.set(PROJECTION, name))
        views = tuple((key, f"{words}: {small}") for key, words, small in WORLDVIEWS)
        self.worldview = Select(self._look, "Worldview", views)
        self.worldview.chosen.connect(lambda view: settings.set(WORLDVIEW, view))
        self.disputed = Select(self._look, "Disputed borders", DISPUTED_WAYS)
        self.disputed.chosen.connect(lambda way: settings.set(DISPUTED, way))
        self.coordinates = Select(self._look, "Coordinates", FORMS)
        self.coordinates.chosen.connect(lambda form: settings.set(COORDINATES, form))
        self.graticule = self._switch("Meridians and parallels", "A net of degrees over the map", GRATICULE)
        self.older = self._switch("Older events", "What was over before the trail stays on the map, pale", WITH_OLDER)
        page, grid = self._page()
        self._row(grid, "Ground", self.style_choice, "Atlas has relief and tints, Plain has neither.")
        self._row(grid, "Projection", self.projection, "Equal Earth and Albers show areas true.")
        self._row(grid, "Worldview", self.worldview, "Whose borders are drawn, and which countries are named.")
        self._row(grid, "Disputed borders", self.disputed, "Those on which states disagree, such as in Kashmir.")
        self._row(grid, "Coordinates", self.coordinates, "Of the pointer, at the foot of the map.")
        self._row(grid, "Net", self.graticule)
        self._row(grid, "Events", self.older)
        return page

    def _page(self) -> tuple[QWidget, QGridLayout]:
        page = QWidget()
        page.setProperty("panel", "surface")
        grid = QGridLayout()
        gap(grid, 20, 14)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(page)
        margins(column, 20, 20, 20, 12)
        column.addLayout(grid)
        column.addStretch(1)
        return page, grid

    def _row(self, grid: QGridLayout, name: str, control: QWidget, small: str | QLabel = "") -> None:
        """A name at the left, its control at the right with a word on it below."""
        at = grid.rowCount()
        words: QLabel = label(name, "body_medium", "text")
        margins(words, 0, 7, 0, 0)
        least(words, width=130)
        grid.addWidget(words, at, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        gap(column, 4)
        line = QHBoxLayout()
        line.addWidget(control, 1 if isinstance(control, CheckRow) else 0)
        if not isinstance(control, CheckRow):
            line.addStretch(1)
        column.addLayout(line)
        if small:
            column.addWidget(small if isinstance(small, QLabel) else label(small, "note", "text3", wrap=True))
        grid.addLayout(column, at, 1)

    def _switch(self, text: str, small: str, setting: Setting[bool]) -> CheckRow:
        made = CheckRow(self._look, text, small=small, checked=self._settings.get(setting))
        made.clicked.connect(lambda checked: self._settings.set(setting, checked))
        return made

    def _on_setting(self, _key: str) -> None:
        """Whatever else may have changed it, what is shown holds."""
        get = self._settings.get
        self.theme.set_value(get(THEME))
        self.scale.set_value(str(get(SCALE)))
        self.style_choice.set_value(get(MAP_STYLE))
        self.projection.set_value(get(PROJECTION))
        self.worldview.set_value(get(WORLDVIEW))
        self.disputed.set_value(get(DISPUTED))
        self.coordinates.set_value(get(COORDINATES))
        for row, setting in ((self.motion, REDUCE_MOTION), (self.graticule, GRATICULE), (self.older, WITH_OLDER)):
            row.setChecked(get(setting))

    def _on_keys(self) -> None:
        keys = [key_label(self._keymap.first(action)) for action in ("larger", "smaller", "as_designed")]
        self.scale_hint.setText("{} and {} change it from anywhere, {} is 100 %.".format(*keys) if all(keys) else "")

    def _on_tab(self, page: str) -> None:
        self._stack.setCurrentIndex([key for key, _words in PAGES].index(page))
        self._on_setting("")

    def _on_look(self) -> None:
        if self._scale != self._look.theme.scale:
            self._scale = self._look.theme.scale
            open_size(self, self._look, *SIZE)
