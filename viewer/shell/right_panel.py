"""The right panel: the current event, the source it rests on, and what else is known of its place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from viewer.core.desk import Desk
from viewer.look.sizes import least, most
from viewer.look.theme import ThemeManager
from viewer.views.inspector.related import RelatedView
from viewer.views.inspector.view import InspectorView
from viewer.views.source.view import SourceView
from viewer.widgets.text import hairline

LEAST = 340
MOST = 640


class RightPanel(QWidget):
    """Stacks three views that know nothing of each other.

    Signals:
        attach_wanted(), import_wanted(): the reader asks for a dialog to attach own copies, to import texts.
    """

    attach_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, desk: Desk, look: ThemeManager) -> None:
        super().__init__()
        self.setProperty("panel", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        least(self, width=LEAST)
        most(self, width=MOST)
        self.inspector = InspectorView(desk, look)
        self.source = SourceView(desk, look)
        self.related = RelatedView(desk, look)
        self.source.attach_wanted.connect(self.attach_wanted)
        self.source.import_wanted.connect(self.import_wanted)
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.inspector)
        layout.addWidget(hairline())
        layout.addWidget(self.source, 1)
        layout.addWidget(hairline())
        layout.addWidget(self.related)
        # In a low window, or with a large interface, the parts keep the heights they need and the whole is scrolled.
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(column)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def is_settled(self) -> bool:
        return self.source.is_settled() and self.inspector.is_settled()
