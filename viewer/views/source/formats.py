"""How a document is set: its face, its lines, and the margin in which numbers and marks stand."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextFrameFormat

from viewer.look.theme import Theme

MARGIN_LEFT: Final = 40
MARGIN_RIGHT: Final = 22
MARGIN_TOP: Final = 14
LINE_HEIGHT: Final = 155.0
PARAGRAPH_GAP: Final = 9
EMPTY_LINE: Final = 4


class Formats:
    """In one theme; ``own_words`` are set in the interface's face: serif is for others' words."""

    def __init__(self, theme: Theme, *, own_words: bool) -> None:
        self.font = theme.font("body" if own_words else "reader")
        self.frame = QTextFrameFormat()
        self.frame.setLeftMargin(theme.px(MARGIN_LEFT))
        self.frame.setRightMargin(theme.px(MARGIN_RIGHT))
        self.frame.setTopMargin(theme.px(MARGIN_TOP))
        self.frame.setBottomMargin(theme.px(MARGIN_TOP * 3))
        self.paragraph = QTextBlockFormat()
        self.paragraph.setLineHeight(LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        self.paragraph.setBottomMargin(theme.px(PARAGRAPH_GAP))
        self.letters = QTextCharFormat()
        self.letters.setForeground(theme.text)
        self.letters.setFont(self.font)
        self.empty = QTextBlockFormat()
        self.empty.setLineHeight(theme.px(EMPTY_LINE), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
