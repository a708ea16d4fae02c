"""Buttons: with an icon only, with words, and a menu with round corners. None takes the focus by a click."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QAction,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from viewer.look.theme import ThemeManager
from viewer.look.tokens import RADIUS_CARD, TARGET
from viewer.widgets.kept import KeptDrawing
from viewer.widgets.text import with_keys

_ICON_GAP: Final = 4
_LEAST_LETTERS: Final = 6
_ICON_ROLES: Final = {"primary": "accent_text", "link": "accent", "warn": "warn"}


class IconButton(QToolButton):
    """An icon that does something. Its words are its accessible name and, with its keys, its tooltip.

    ``keys`` are shown, not bound: the action that owns them binds them. ``round`` is the filled accent disc (play).
    """

    def __init__(
        self,
        look: ThemeManager,
        icon: str,
        text: str,
        keys: str = "",
        *,
        checkable: bool = False,
        size: int = 16,
        disc: bool = False,
    ) -> None:
        super().__init__()
        self._look = look
        self._name = icon
        self._size = size
        self._disc = disc
        self._keys = ""
        self._action: QAction | None = None
        self._kept = KeptDrawing()
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if disc:
            self.setProperty("round", "true")
            self.setProperty("focus_radius", 18.0)
        self.set_text(text, keys)
        look.changed.connect(self._on_look)

    def set_icon(self, icon: str) -> None:
        """Show another icon, e.g. pause for play."""
        if icon != self._name:
            self._name = icon
            self.update()

    def set_text(self, text: str, keys: str | None = None) -> None:
        """Say what it does now; the keys stay unless others are given."""
        self._keys = self._keys if keys is None else keys
        self.setAccessibleName(text)
        self.setToolTip(with_keys(text, self._keys))

    def set_keys(self, keys: str) -> None:
        """Name other keys."""
        self.set_text(self.accessibleName(), keys)

    def follow(self, action: QAction) -> None:
        """Do what an action does: its words, keys, enabled and checked state, now and after each change of it."""
        self._action = action
        self.setCheckable(action.isCheckable())
        self.clicked.connect(lambda: action.trigger())
        action.changed.connect(self._on_action)
        self._on_action()

    def _on_action(self) -> None:
        action = self._action
        if action is not None:
            self.set_text(action.iconText(), action.shortcut().toString())
            self.setEnabled(action.isEnabled())
            self.setChecked(action.isChecked())

    def _on_look(self) -> None:
        self.updateGeometry()
        self.update()

    def _role(self) -> str:
        if self._disc:
            return "accent_text" if self.isEnabled() else "text3"
        if self.isChecked() or (self.isDown() and self.isCheckable()):
            return "accent"
        return "text" if self.underMouse() and self.isEnabled() else "text2"

    def sizeHint(self) -> QSize:
        side = self._look.theme.px(34 if self._disc else TARGET)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        theme = self._look.theme
        key = (option.state.value, self._name, self._role(), theme.name, theme.scale)
        with QPainter(self) as painter:
            ratio = self.devicePixelRatioF()
            self._kept.paint(painter, QSizeF(self.size()), ratio, key, partial(self._draw, option))

    def _draw(self, option: QStyleOptionToolButton, painter: QPainter) -> None:
        self.style().drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, self)
        if not self.isEnabled():
            painter.setOpacity(0.4)
        pixmap = self._look.pixmap(self._name, self._role(), self._size, self)
        side = pixmap.width() / pixmap.devicePixelRatio()
        painter.drawPixmap(QPointF(round((self.width() - side) / 2), round((self.height() - side) / 2)), pixmap)


class _PressButton(QPushButton):
    """Enter presses it when it has the focus, as Space does."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Button(_PressButton):
    """A button with words. ``variant``: primary (one of a panel at most), quiet, ghost, link or warn."""

    def __init__(
        self, look: ThemeManager, text: str, variant: str = "quiet", *, icon: str = "", keys: str = "", tip: str = ""
    ) -> None:
        super().__init__(text)
        self._look = look
        self._name = icon
        self._variant = variant
        self.setProperty("variant", variant)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self._tip = tip
        if keys or tip:
            self.set_keys(keys)
        self._on_look()
        look.changed.connect(self._on_look)

    def set_keys(self, keys: str) -> None:
        """Name other keys in the tooltip."""
        self.setToolTip(with_keys(self._tip or self.text(), keys) if keys or self._tip else "")

    def set_icon(self, icon: str) -> None:
        """Show another icon, or none for the empty name."""
        self._name = icon
        self._on_look()

    def _on_look(self) -> None:
        side = self._look.theme.px(16)
        gap = self._look.theme.px(_ICON_GAP)
        self.setIconSize(QSize(side + gap, side))
        role = _ICON_ROLES.get(self._variant, "text2")
        self.setIcon(self._look.icon(self._name, role, gap=_ICON_GAP) if self._name else QIcon())


class ElidedButton(QPushButton):
    """A button whose words are cut with an ellipsis where there is no room; the tooltip is the owner's."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(hint.width() - words + self.fontMetrics().averageCharWidth() * _LEAST_LETTERS, hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QStylePainter(self) as painter:
            assert isinstance(painter, QStylePainter)
            option = QStyleOptionButton()
            self.initStyleOption(option)
            around = super().sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text())
            room = max(self.width() - around, 0) + 2  # widths of letters are fractions
            option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
            painter.drawControl(QStyle.ControlElement.CE_PushButton, option)


class DropButton(_PressButton):
    """A button that drops a menu: its words at the left, cut where there is no room, the arrow at the right edge.

    ``quiet``: its words are told softly, for what is at rest.
    """

    def __init__(self, look: ThemeManager) -> None:
        super().__init__()
        self._look = look
        self.quiet = False
        self.setProperty("variant", "quiet")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        px = self._look.theme.px
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + px(40), px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.theme.px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.theme
        with QStylePainter(self) as painter:
            assert isinstance(painter, QStylePainter)
            option = QStyleOptionButton()
            self.initStyleOption(option)
            painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
            inner = self.rect().adjusted(theme.px(10), 0, -theme.px(28), 0)
            words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, inner.width())
            painter.setPen(theme.text2 if self.quiet else theme.text)
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
            arrow = self._look.pixmap("chevron-down", "text2", 14, self)
            side = arrow.width() / arrow.devicePixelRatio()
            painter.drawPixmap(QPointF(self.width() - theme.px(8) - side, round((self.height() - side) / 2)), arrow)


class Menu(QMenu):
    """A menu with round corners. On X without a compositor the corners are cut instead of blended.

    Home and End go to its ends, a letter to the next entry that begins with it.
    """

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setProperty("rounded", "true")
        self.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if QGuiApplication.platformName() == "xcb":
            outline = QPainterPath()
            outline.addRoundedRect(QRectF(self.rect()), RADIUS_CARD + 3, RADIUS_CARD + 3)
            self.setMask(QRegion(outline.toFillPolygon().toPolygon()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entries = [each for each in self.actions() if each.isVisible() and each.isEnabled() and not each.isSeparator()]
        found: QAction | None = None
        if entries and event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            found = entries[0 if event.key() == Qt.Key.Key_Home else -1]
        elif not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier and event.text().strip():
            now = self.activeAction()
            after = entries.index(now) + 1 if now in entries else 0
            letter = event.text().casefold()
            each_in_turn = (*entries[after:], *entries[:after])
            found = next((each for each in each_in_turn if each.iconText().casefold().startswith(letter)), None)
        if found is None:
            super().keyPressEvent(event)
        else:
            self.setActiveAction(found)
            event.accept()
