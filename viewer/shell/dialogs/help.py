"""Help: a few pages of plain text that ship with the program."""

from __future__ import annotations

from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from viewer.look.theme import ThemeManager
from viewer.paths import resource
from viewer.shell.dialogs.frame import Page


class HelpDialog(Page):
    """Shows resources/help/index.md. Links outside the program are not followed."""

    def __init__(self, look: ThemeManager, parent: QWidget) -> None:
        super().__init__(look, "Help", (760, 680), parent)
        text = QTextBrowser()
        text.setOpenLinks(False)
        text.setFrameShape(QTextBrowser.Shape.NoFrame)
        text.setAccessibleName("Help")
        text.document().setDefaultFont(look.theme.font("body"))
        text.document().setDocumentMargin(24)
        text.setMarkdown(resource("help", "index.md").read_text("utf-8"))
        _set_headings(text.document(), look)
        self.show_part(text)


def _set_headings(document: QTextDocument, look: ThemeManager) -> None:
    """Headings in the interface's own sizes with air above them, instead of the browser's."""
    block = document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        cursor = QTextCursor(block)
        shape = QTextBlockFormat()
        shape.setTopMargin(look.theme.px(18 if level else 4))
        shape.setLineHeight(135, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.mergeBlockFormat(shape)
        if level:
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            letters = QTextCharFormat()
            letters.setFont(look.theme.font("headline" if level == 1 else "event_title"))
            cursor.mergeCharFormat(letters)
        block = block.next()
