"""Help: a few pages of plain text that ship with the program."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from viewer.paths import resource
from viewer.theme import ThemeManager
from viewer.widgets.buttons import Button


class HelpDialog(QDialog):
    """Shows resources/help/index.md. Links outside the program are not followed."""

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Help")
        self.resize(look.theme.px(760), look.theme.px(680))
        text = QTextBrowser()
        text.setOpenLinks(False)
        text.setFrameShape(QTextBrowser.Shape.NoFrame)
        text.setAccessibleName("Help")
        text.document().setDefaultFont(look.theme.font("body"))
        text.document().setDocumentMargin(24)
        text.setMarkdown(resource("help", "index.md").read_text("utf-8"))
        close = Button(look, "Close", "primary")
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 10, 20, 14)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(text, 1)
        layout.addLayout(foot)
