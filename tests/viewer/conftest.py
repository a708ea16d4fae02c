"""The look of the application for tests of anything that is drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from viewer.look.theme import ThemeManager


@pytest.fixture
def look(qapp: QApplication) -> Iterator[ThemeManager]:
    """A light theme at scale 1 without motion; the application is left unstyled."""
    manager = ThemeManager(qapp, "light", reduce_motion=True)
    yield manager
    shiboken6.delete(manager)
    qapp.setStyleSheet("")
    qapp.styleHints().unsetColorScheme()
