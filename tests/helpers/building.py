"""The steps in which windows are built, one by one."""

from __future__ import annotations

import pytest

from viewer.shell.building import Building


class Steps:
    """Counts the steps of every building, and does something before one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.at, self.act = -1, lambda: None
        self._step = Building._step
        monkeypatch.setattr(Building, "_step", lambda building: self._count(building))

    def _count(self, building: Building) -> None:
        if self.count == self.at:
            self.act()
            return
        self.count += 1
        self._step(building)
