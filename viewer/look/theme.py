"""ThemeManager: puts a Theme on the running application and hands every widget its colours, icons and marks.

One is built at start and handed to each view and widget as ``look``::

    look.theme.surface                 a QColor (viewer/look/tokens.py has the roles)
    look.theme.font("event_title")     a QFont;  look.theme.px(12) a length at the interface scale
    look.pixmap("play", "text2", 16)   an icon;  look.icon("play") a QIcon for actions
    look.mark("square", Status.PLANNED, color, radius=7.5)   a MarkLook for look.marks.draw(painter, center, mark)
    look.changed.connect(self._on_look)

After ``changed`` a widget that paints itself asks again and updates; style sheets have been replaced already.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from db.values import Status
from viewer.look import sizes
from viewer.look.focus import FocusRing
from viewer.look.fonts import load_fonts
from viewer.look.icons import ICON_PIXELS, Icons
from viewer.look.marks import HALO, MarkLook, Marks
from viewer.look.stylesheet import style_sheet
from viewer.look.tokens import (
    COLOR_ROLES,
    RADIUS_CARD,
    RADIUS_CHIP,
    RADIUS_INPUT,
    RADIUS_POPOVER,
    TYPE,
    Theme,
    load_theme,
)

__all__ = [
    "COLOR_ROLES",
    "PREFERENCES",
    "RADIUS_CARD",
    "RADIUS_CHIP",
    "RADIUS_INPUT",
    "RADIUS_POPOVER",
    "TYPE",
    "Theme",
    "ThemeManager",
    "load_theme",
]

PREFERENCES: Final = ("system", "light", "dark")
LEAST_SCALE: Final = 0.8
MOST_SCALE: Final = 2.0


class ThemeManager(QObject):
    """The look of the application, following the system or as asked.

    Signals:
        changed(Theme): colours or sizes are new; the style sheet, palette and font are in force already.
        motion_changed(bool): whether motion is to be reduced.
    """

    changed = Signal(object)
    motion_changed = Signal(bool)

    def __init__(
        self, app: QApplication, preference: str = "system", *, scale: float = 1.0, reduce_motion: bool = False
    ) -> None:
        """``preference`` is one of PREFERENCES, ``scale`` 0.8 to 2.0. Loads the fonts and styles the application."""
        super().__init__(app)
        load_fonts()
        self.app = app
        self._preference = preference if preference in PREFERENCES else "system"
        self._scale = min(max(scale, LEAST_SCALE), MOST_SCALE)
        self._reduce_motion = reduce_motion
        self._icons = Icons()
        self.marks = Marks()
        app.setStyle("Fusion")
        self._tell_system()
        self._theme = load_theme(self._wanted(), self._scale)
        self._apply()
        self._ring = FocusRing(app, lambda: self._theme, self)
        app.styleHints().colorSchemeChanged.connect(self._on_system_scheme)

    @property
    def theme(self) -> Theme:
        """What is shown now."""
        return self._theme

    @property
    def preference(self) -> str:
        """``system``, ``light`` or ``dark``: what was asked for."""
        return self._preference

    @property
    def scale(self) -> float:
        """The interface size, 1.0 as designed."""
        return self._scale

    @property
    def reduce_motion(self) -> bool:
        """Whether flights and fades are left out."""
        return self._reduce_motion

    def set_preference(self, preference: str) -> None:
        """Follow the system or stay light or dark. ValueError for anything else."""
        if preference not in PREFERENCES:
            raise ValueError(f"theme preference {preference!r}; there are {', '.join(PREFERENCES)}")
        self._preference = preference
        self._tell_system()
        self._refresh()

    def toggle(self) -> str:
        """Show the other of light and dark, and return that as the new preference."""
        self.set_preference("light" if self._theme.dark else "dark")
        return self._preference

    def set_scale(self, scale: float) -> None:
        """Set the interface size, held within 0.8 to 2.0."""
        self._scale = min(max(scale, LEAST_SCALE), MOST_SCALE)
        self._refresh()

    def set_reduce_motion(self, reduce: bool) -> None:
        """Leave out, or allow, animations."""
        if reduce != self._reduce_motion:
            self._reduce_motion = reduce
            self.motion_changed.emit(reduce)

    def duration(self, milliseconds: int) -> int:
        """How long an animation of that length lasts: 0 where motion is reduced."""
        return 0 if self._reduce_motion else milliseconds

    def pixmap(self, name: str, role: str = "text2", size: int = ICON_PIXELS, widget: QWidget | None = None) -> QPixmap:
        """An icon in the colour of a role, ``size`` px before the interface scale, as dense as ``widget``'s screen."""
        ratio = widget.devicePixelRatioF() if widget is not None else self.app.devicePixelRatio()
        return self._icons.pixmap(name, self._theme.color(role), self._theme.px(size), ratio)

    def icon(self, name: str, role: str = "text2", size: int = ICON_PIXELS, *, gap: int = 0) -> QIcon:
        """An icon for an action or one of Qt's buttons, with a disabled face. Ask again after ``changed``.

        ``gap``: empty px to its right.
        """
        theme = self._theme
        colors = theme.color(role), theme.color(role, 0.4)
        return self._icons.icon(name, *colors, theme.px(size), self.app.devicePixelRatio(), theme.px(gap))

    def mark(
        self,
        shape: str,
        status: Status,
        color: QColor,
        radius: float,
        *,
        supported: bool = True,
        selected: bool = False,
        halo: bool = True,
    ) -> MarkLook:
        """The look of an event's mark in this theme; ``radius`` in px: 5.2 and 7.5 on the map, 5 in lanes and lists."""
        theme = self._theme
        return MarkLook(
            shape,
            status,
            radius,
            color.rgba(),
            theme.halo.rgba(),
            theme.text3.rgba(),
            supported,
            HALO if halo else 0.0,
            theme.accent.rgba() if selected else 0,
        )

    def _wanted(self) -> str:
        if self._preference != "system":
            return self._preference
        return "dark" if self.app.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"

    def _tell_system(self) -> None:
        """Title bars and the system's own dialogs are to match."""
        hints = self.app.styleHints()
        if self._preference == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if self._preference == "dark" else Qt.ColorScheme.Light)

    def _refresh(self) -> None:
        wanted = load_theme(self._wanted(), self._scale)
        if wanted != self._theme:
            self._theme = wanted
            self._apply()
            self._ring.place()
            self.changed.emit(wanted)

    def _apply(self) -> None:
        self.app.setPalette(_palette(self._theme))
        self.app.setFont(self._theme.font("body"))
        self.app.setStyleSheet(style_sheet(self._theme))
        sizes.rescale(self.app.topLevelWidgets(), self._theme.scale)

    def _on_system_scheme(self, _scheme: Qt.ColorScheme) -> None:
        self._refresh()


def _palette(theme: Theme) -> QPalette:
    """For what no style sheet reaches: text documents, item views, the system's dialogs."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for each, color in (
        (role.Window, theme.surface),
        (role.Base, theme.surface),
        (role.AlternateBase, theme.surface2),
        (role.Button, theme.surface2),
        (role.ToolTipBase, theme.text),
        (role.ToolTipText, theme.surface),
        (role.WindowText, theme.text),
        (role.Text, theme.text),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.accent_text),
        (role.PlaceholderText, theme.text3),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.accent_text),
        (role.Accent, theme.accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.Light, theme.raised),
        (role.Midlight, theme.hover),
        (role.Mid, theme.border2),
        (role.Dark, theme.ctl),
        (role.Shadow, theme.shadow),
    ):
        palette.setColor(each, color)
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, each, theme.color("text3", 0.7))
    return palette
