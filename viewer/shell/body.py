"""All of a project's window between its bars: panels, map and timeline, with lines between them that can be moved."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.shell.fitting import LEAST_STAGE
from viewer.shell.parts import Parts
from viewer.shell.stage import Stage
from viewer.widgets.splitter import Splitter


class Body(QWidget):
    """Put together from the whole to its parts: each that is put into another takes its style anew, with all that it
    holds.

    ``columns`` has ``rows`` and the right panel, ``rows`` has ``upper`` and the timeline, ``upper`` the left panel and
    the stage. The drawer lies over all of this: as a child of a splitter it would be one more of its panes.
    """

    def __init__(self, desk: Desk, look: ThemeManager, parts: Parts, parent: QWidget) -> None:
        super().__init__(parent)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        self.columns = Splitter(Qt.Orientation.Horizontal, look)
        around.addWidget(self.columns)
        self.rows = Splitter(Qt.Orientation.Vertical, look)
        self.columns.addWidget(self.rows)
        self.upper = Splitter(Qt.Orientation.Horizontal, look)
        self.rows.addWidget(self.upper)
        self.stage = Stage(desk, look, parts.map_view, parts.table_view)
        self.stage.setMinimumSize(*LEAST_STAGE)
        self.upper.addWidget(parts.left_panel)
        self.upper.addWidget(self.stage)
        self.rows.addWidget(parts.timeline_view)
        self.columns.addWidget(parts.right_panel)
        self.upper.setStretchFactor(1, 1)
        self.rows.setStretchFactor(0, 1)
        self.columns.setStretchFactor(0, 1)
