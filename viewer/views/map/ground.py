"""What the events are painted on: the basemap, or a plain ground when its files cannot be read."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Collection, Iterable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QImage

from db.errors import EnvironmentFault
from viewer.paths import resource
from viewer.views.map.basemap.basemap import Basemap
from viewer.views.map.basemap.labels import Label, Script
from viewer.views.map.basemap.palette import PALETTES, Disputed, Palette, Style
from viewer.views.map.basemap.tiles import kept_tiles
from viewer.views.map.basemap.worldview import View
from viewer.views.map.geometry import Viewport


class Lettering(Protocol):
    """The names on a ground; see basemap.labels.Atlas."""

    def codes(self, names: Collection[str]) -> frozenset[str]: ...
    def labels(self, view: Viewport, *, focus: frozenset[str] = ..., script: Script = ...) -> tuple[Label, ...]: ...


class Ground(Protocol):
    """What the map asks of its ground; see basemap.basemap.Basemap."""

    ready: Any

    @property
    def atlas(self) -> Lettering: ...
    @property
    def palette(self) -> Palette: ...
    @property
    def complete(self) -> bool: ...
    def set_style(
        self,
        style: Style | None = ...,
        *,
        dark: bool | None = ...,
        focus: Iterable[str] | None = ...,
        disputed: Disputed | None = ...,
        worldview: View | None = ...,
    ) -> None: ...
    def compose(self, view: Viewport, ratio: float = ..., *, moving: bool = ...) -> QImage: ...
    def give_way(self) -> None: ...
    def close(self) -> None: ...


def open_ground() -> tuple[Ground, str]:
    """The basemap; or a plain ground and a sentence that says why."""
    try:
        folder = resource("basemap")
        return Basemap(folder, tiles=kept_tiles(folder)), ""
    except (EnvironmentFault, sqlite3.DatabaseError) as error:
        return PlainGround(), f"The map has no ground: {error} Events are shown without it."


class PlainGround(QObject):
    """Land colour and no names."""

    ready = Signal()
    complete = True

    def __init__(self) -> None:
        super().__init__()
        self.atlas: Lettering = _NoNames()
        self._style: Style = "plain"
        self._dark = False

    @property
    def palette(self) -> Palette:
        return PALETTES[self._style, self._dark]

    def set_style(
        self,
        style: Style | None = None,
        *,
        dark: bool | None = None,
        focus: Iterable[str] | None = None,
        disputed: Disputed | None = None,
        worldview: View | None = None,
    ) -> None:
        """As Basemap.set_style; there are no countries."""
        self._style = self._style if style is None else style
        self._dark = self._dark if dark is None else dark

    def compose(self, view: Viewport, ratio: float = 1.0, *, moving: bool = False) -> QImage:
        """One colour."""
        image = QImage(math.ceil(view.width * ratio), math.ceil(view.height * ratio), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(self.palette.land))
        return image

    def give_way(self) -> None:
        """Nothing is rendered ahead."""

    def close(self) -> None:
        """There is nothing to close."""


class _NoNames:
    def codes(self, names: Collection[str]) -> frozenset[str]:
        return frozenset()

    def labels(
        self, view: Viewport, *, focus: frozenset[str] = frozenset(), script: Script = "latin"
    ) -> tuple[Label, ...]:
        return ()
