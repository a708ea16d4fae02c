"""The parts of the window that F6 goes round."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


class Regions:
    """Moves the focus from region to region in a fixed order, back to where it was in each."""

    def __init__(self, *regions: QWidget) -> None:
        self._regions = regions
        self._last: dict[QWidget, QWidget] = {}

    def move(self, step: int) -> None:
        """Go to the next (+1) or previous (-1) region that is shown."""
        focus = QApplication.focusWidget()
        here = next((i for i, region in enumerate(self._regions) if focus and region.isAncestorOf(focus)), None)
        if here is None:
            here = next((i for i, region in enumerate(self._regions) if region is focus), -1 if step > 0 else 0)
        elif focus is not None:
            self._last[self._regions[here]] = focus
        for distance in range(1, len(self._regions) + 1):
            region = self._regions[(here + step * distance) % len(self._regions)]
            if region.isVisible() and self._enter(region):
                return

    def _enter(self, region: QWidget) -> bool:
        last = self._last.get(region)
        if last is not None and last.isVisible() and region.isAncestorOf(last):
            last.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
        for widget in (region, *region.findChildren(QWidget)):
            if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
        return False
