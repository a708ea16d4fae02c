"""Parts of a panel: a heading with a note, a part that folds away, and tabs."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QSignalBlocker, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QTabBar, QVBoxLayout, QWidget

from viewer.look.theme import ThemeManager
from viewer.look.tokens import TARGET
from viewer.widgets.text import label

PANEL_MS = 120
"""How long a panel takes to fold, in ms."""


class SectionHeader(QWidget):
    """The heading of a part of a panel, a note at its right end, and buttons after that (``add``)."""

    def __init__(self, look: ThemeManager, title: str, note: str = "") -> None:
        super().__init__()
        self._look = look
        self._title = label(title, "label_strong", "text2")
        self._note = label(note, "meta", "text2")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._title)
        self._row.addStretch(1)
        self._row.addWidget(self._note)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._on_look()
        look.changed.connect(self._on_look)

    def set_title(self, title: str) -> None:
        """Another heading."""
        self._title.setText(title)

    def set_note(self, note: str) -> None:
        """Another note."""
        self._note.setText(note)

    def add(self, widget: QWidget) -> None:
        """Put a small button at the right end."""
        self._row.addWidget(widget)

    def _on_look(self) -> None:
        self.setFixedHeight(self._look.theme.px(TARGET))


class _FoldButton(QAbstractButton):
    """A heading with a chevron that turns."""

    def __init__(self, look: ThemeManager, title: str) -> None:
        super().__init__()
        self._look = look
        self.note = ""
        self.setText(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = self._look.theme
        return QSize(
            QFontMetrics(theme.font("label_strong")).horizontalAdvance(self.text() + self.note) + theme.px(40),
            theme.px(TARGET),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        with QPainter(self) as painter:
            pixmap = self._look.pixmap("chevron-down" if self.isChecked() else "chevron-right", "text3", 14, self)
            painter.drawPixmap(0, round((self.height() - theme.px(14)) / 2), pixmap)
            painter.setFont(theme.font("label_strong"))
            painter.setPen(theme.text if self.underMouse() else theme.text2)
            rect = self.rect().adjusted(theme.px(20), 0, 0, 0)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
            painter.setFont(theme.font("meta"))
            painter.setPen(theme.text2)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self.note)


class CollapsiblePanel(QWidget):
    """A part of a panel that folds away under its heading; put content in ``body``.

    Signals:
        folded(bool): the user opened (False) or folded (True) it.
    """

    folded = Signal(bool)

    def __init__(self, look: ThemeManager, title: str, *, open_at_first: bool = True) -> None:
        super().__init__()
        self._look = look
        self._head = _FoldButton(look, title)
        self._content = QWidget()
        self._motion = QVariantAnimation(self)
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._content)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(lambda height: self._content.setMaximumHeight(int(height)))
        self._motion.finished.connect(self._settle)
        self._head.setChecked(open_at_first)
        self._settle()
        self._head.clicked.connect(self._on_clicked)
        self._name()
        look.changed.connect(self.update)

    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self._head.isChecked()

    def set_open(self, wanted: bool) -> None:
        """Open or fold it, with the motion of panels."""
        if wanted == self.is_open():
            return
        self._head.setChecked(wanted)
        self._name()
        full = self._content.sizeHint().height()
        self._motion.stop()
        self._motion.setStartValue(0 if wanted else self._content.height())
        self._motion.setEndValue(full if wanted else 0)
        self._motion.setDuration(self._look.duration(PANEL_MS) if self.isVisible() else 0)
        self._content.setMaximumHeight(self._motion.startValue())
        self._content.setVisible(True)
        self._motion.start()

    def set_title(self, title: str) -> None:
        """Another heading."""
        self._head.setText(title)
        self._name()

    def set_note(self, note: str) -> None:
        """Words at the right end of the heading."""
        self._head.note = note
        self._head.update()
        self._name()

    def _on_clicked(self, checked: bool) -> None:
        self._head.setChecked(not checked)
        self.set_open(checked)
        self.folded.emit(not checked)

    def _settle(self) -> None:
        self._content.setVisible(self.is_open())
        self._content.setMaximumHeight(16777215)

    def _name(self) -> None:
        state = "open" if self.is_open() else "folded"
        self._head.setAccessibleName(", ".join(each for each in (self._head.text(), self._head.note, state) if each))


class TabBar(QTabBar):
    """Tabs as words with a line of accent under the one that is shown. Left and Right move between them.

    Signals:
        chosen(str): the user picked another tab; ``set_value`` is silent.
    """

    chosen = Signal(str)

    def __init__(self, look: ThemeManager, tabs: tuple[tuple[str, str], ...], name: str = "Tabs") -> None:
        """``tabs`` are pairs of key and words."""
        super().__init__()
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        for key, words in tabs:
            self.setTabData(self.addTab(words), key)
        self.currentChanged.connect(lambda index: self.chosen.emit(self.tabData(index)))
        look.changed.connect(self.updateGeometry)

    def value(self) -> str:
        """The key of the tab that is shown."""
        return str(self.tabData(self.currentIndex()))

    def set_value(self, key: str) -> None:
        """Show a tab without a signal; an unknown key changes nothing."""
        with QSignalBlocker(self):
            for index in range(self.count()):
                if self.tabData(index) == key:
                    self.setCurrentIndex(index)
