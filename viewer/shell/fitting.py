"""Fits the parts of the main window to the room there is, in px of the design: a large interface has less of it.

Sizes that are remembered are px at scale 1 too, so a panel keeps its share when the scale is another.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from viewer.core.desk import Desk
from viewer.core.settings import (
    LEFT_OPEN,
    LEFT_OPEN_NARROW,
    LEFT_WIDTH,
    RIGHT_WIDTH,
    TIMELINE_HEIGHT,
    TIMELINE_OPEN,
    Setting,
)
from viewer.look.theme import Theme, ThemeManager
from viewer.shell.left_panel import LeftPanel
from viewer.shell.right_panel import LEAST as RIGHT_LEAST
from viewer.shell.right_panel import RightPanel
from viewer.shell.right_side import RightSide
from viewer.views.timeline.view import TimelineView
from viewer.widgets.splitter import Splitter

FOLD_LEFT_BELOW: Final = 1400
"""The window's width below which the left panel is folded until it is asked for: the map has its room."""
FULL_STAGE: Final = 640
"""The right panel is no wider than it must be while the map or the table has less than this."""
FOLD_OVERVIEW_BELOW: Final = 560
"""The window's height below which the overview gives its room to lanes and map."""
MOST_TIMELINE: Final = 0.42
"""The share of the window's height that the timeline has at most when the window opens or the scale is another."""
LEAST_STAGE: Final = (480, 200)
"""The map or the table has at least this, in px whatever the scale: fewer show nothing, more leave no room for text."""


_SIZES: Final = (LEFT_WIDTH, RIGHT_WIDTH, TIMELINE_HEIGHT)


class Fitting(QObject):
    """Holds the three splitters' sizes, and folds what would leave no room for the map."""

    def __init__(
        self,
        desk: Desk,
        look: ThemeManager,
        window: QWidget,
        splitters: tuple[Splitter, Splitter, Splitter],
        left: LeftPanel,
        right: RightPanel,
        timeline: TimelineView,
        right_side: RightSide,
    ) -> None:
        """``splitters``: left panel and map; those and the timeline; all of these and the right panel."""
        super().__init__(window)
        self._settings, self._look, self._window = desk.settings, look, window
        self._upper, self._west, self._body = splitters
        self._left, self._right, self._timeline = left, right, timeline
        self._scale = look.theme.scale
        self._narrow = False
        self._wide = [self._settings.get(setting) for setting in _SIZES]
        self._upper.splitterMoved.connect(self._on_left_moved)
        self._body.splitterMoved.connect(self._on_right_moved)
        self._west.splitterMoved.connect(self._on_timeline_moved)
        left.setVisible(self._settings.get(LEFT_OPEN))
        right_side.changed.connect(self._share_width)
        timeline.setVisible(self._settings.get(TIMELINE_OPEN))
        window.installEventFilter(self)
        look.changed.connect(self._on_look)

    def restore(self) -> None:
        """The sizes that are remembered."""
        self._fold()
        self._share()

    def remember(self) -> None:
        """Keep the sizes that the user gave to the parts."""
        for setting, size in zip(_SIZES, self._wide, strict=True):
            self._settings.set(setting, size)

    def toggle_left(self) -> None:
        """Show or hide the left panel; remembered for wide windows and for narrow ones."""
        shown = self._left.isHidden()
        self._left.setVisible(shown)
        self._settings.set(self._left_open, shown)
        self._share_width()

    def toggle_timeline(self) -> None:
        """Show or hide transport and timeline."""
        shown = self._timeline.isHidden()
        self._timeline.setVisible(shown)
        self._settings.set(TIMELINE_OPEN, shown)

    @property
    def _left_open(self) -> Setting[bool]:
        return LEFT_OPEN_NARROW if self._narrow else LEFT_OPEN

    # Only the splitter that is moved says what the user wants: the other parts may have less than that for the moment.

    def _on_left_moved(self) -> None:
        self._wide[0] = round(self._left.width() / self._look.theme.scale)

    def _on_right_moved(self) -> None:
        self._wide[1] = round(self._right.width() / self._look.theme.scale)

    def _on_timeline_moved(self) -> None:
        self._wide[2] = round(self._timeline.height() / self._look.theme.scale)

    def _share(self) -> None:
        height = self._window.height()
        bottom = min(self._look.theme.px(self._wide[2]), round(height * MOST_TIMELINE))
        bars = self._look.theme.px(72)
        self._west.setSizes([max(height - bottom - bars, LEAST_STAGE[1]), bottom])
        self._share_width()

    def _share_width(self) -> None:
        """The panels as wide as they are remembered; the right one gives way to the map, down to its least width."""
        px = self._look.theme.px
        width = self._window.width()
        left, right = px(self._wide[0]), px(self._wide[1])
        room = width - px(FULL_STAGE) - (0 if self._left.isHidden() else left)
        right = max(min(right, room), px(RIGHT_LEAST))
        self._body.setSizes([max(width - right, LEAST_STAGE[0]), right])
        self._upper.setSizes([left, max(width - right - left, LEAST_STAGE[0])])

    def _fold(self) -> None:
        scale = self._look.theme.scale
        self._timeline.overview.setVisible(self._window.height() >= FOLD_OVERVIEW_BELOW * scale)
        narrow = self._window.width() < FOLD_LEFT_BELOW * scale
        if narrow is not self._narrow:
            self._narrow = narrow
            self._left.setVisible(self._settings.get(self._left_open))

    def _on_look(self, theme: Theme) -> None:
        if theme.scale == self._scale:
            return
        self._scale = theme.scale
        self._fold()
        self._share()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() is QEvent.Type.Resize:
            self._fold()
            self._share_width()
        return False
