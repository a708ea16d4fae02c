"""What the map is drawn like follows the state, the settings and the theme: its style, its borders, its projection."""

from __future__ import annotations

from viewer.core.desk import Desk
from viewer.core.settings import DISPUTED, WORLDVIEW, Settings
from viewer.look.theme import ThemeManager
from viewer.views.map.basemap.palette import Disputed, Style
from viewer.views.map.basemap.worldview import View
from viewer.views.map.ground import Ground
from viewer.views.map.navigator import ORIGIN, Navigator
from viewer.views.map.picture import MapPicture
from viewer.views.map.projection import fitted, projection_of


class Appearance:
    """Of one map."""

    def __init__(self, desk: Desk, look: ThemeManager, picture: MapPicture, navigator: Navigator) -> None:
        self._desk, self._look, self._picture, self._navigator = desk, look, picture, navigator

    def restyle(self, ratio: float) -> None:
        """Draw as is wanted now, for so many device px to a logical one."""
        wanted = self._desk.state.view.map_style
        set_style(self._picture.basemap, wanted, self._desk.settings, dark=self._look.theme.dark)
        self._picture.restyle(ratio)

    def project(self) -> None:
        """Lay the earth flat as the state says; what it only names is fitted to what is shown."""
        spec = self._desk.state.view.projection
        projection = projection_of(spec)
        if projection is None:
            projection = fitted(spec, self._navigator.viewport.extent())
            self._desk.state.set(ORIGIN, projection=projection.spec)
        if projection != self._picture.view.projection:
            self._navigator.project(projection)


def set_style(ground: Ground, map_style: str, settings: Settings, *, dark: bool) -> None:
    """Give a ground its style (MAP_STYLE), with the borders that the settings say."""
    style: Style = "plain" if map_style == "plain" else "atlas"
    chosen = settings.get(DISPUTED)
    disputed: Disputed = "full" if chosen == "full" else "hidden" if chosen == "hidden" else "dashed"
    worldview: View = "un" if settings.get(WORLDVIEW) == "un" else "control"
    ground.set_style(style, dark=dark, disputed=disputed, worldview=worldview)
