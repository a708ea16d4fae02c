"""How a frame of the map grows with the number of events: ten thousand to five million, in one process.

The map alone, on columns made up here: what a file of five million events would add is told by the other scenarios.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from db.queries import EventColumns, KindRow
from db.values import MS_DAY
from tests.benchmarks.figures import Figure
from tests.benchmarks.setting import Setting
from tests.benchmarks.stage import BLIT, SIZE, Loop, blit_ms, now_ms, sync
from viewer.core.index import EventIndex
from viewer.look.theme import ThemeManager
from viewer.views.map.content import bare_content
from viewer.views.map.geometry import fit_points
from viewer.views.map.ground import open_ground
from viewer.views.map.picture import MapPicture

SIZES: Final = (10_000, 100_000, 1_000_000, 5_000_000)
DAYS: Final = 10_000
TRAILS: Final = (100, 1_000)
"""One and ten per cent of the time."""
FRAMES: Final = 150
NONE: Final = np.empty(0, np.intp)
KINDS: Final = {
    number: KindRow(number, f"kind-{number}", f"Kind {number}", shape, "#2563eb", "#60a5fa", f"kind-{number}", number)
    for number, shape in enumerate(("square", "triangle", "diamond", "circle", "hexagon", "chevron"), 1)
}


class Sheet(QWidget):
    """A window with nothing but the picture of a map."""

    def __init__(self, picture: MapPicture) -> None:
        super().__init__()
        self._picture = picture
        self.resize(*SIZE)

    def renew(self) -> None:
        """The ground has become finer."""
        self._picture.refresh_ground()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._picture.paint(painter)


def growth(_setting: Setting) -> Iterator[Figure]:
    """Time moved in small steps and thrown about, with a trail of 1 % and 10 % of all time."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    blit, look = blit_ms(), ThemeManager(application, "light")
    for events in SIZES:
        index = EventIndex(_columns(events), {number: row.uid for number, row in KINDS.items()}, {})
        ground, _missing = open_ground()
        picture = MapPicture(look, ground, bare_content(index, KINDS), KINDS, lambda _row: "An event", lambda: None)
        picture.set_view(fit_points(picture.layer.world_x, picture.layer.world_y, *SIZE, [], 30))
        picture.restyle(1.0)
        sheet, loop = Sheet(picture), Loop()
        picture.basemap.ready.connect(sheet.renew)
        sheet.show()
        loop.wait(lambda picture=picture: picture.basemap.complete, "the ground")
        rng = np.random.default_rng(1)
        for trail in TRAILS:
            smooth = (5_000 + 3 * np.arange(FRAMES)) * MS_DAY
            for name, instants in (("smooth", smooth), ("jumps", rng.integers(0, DAYS, FRAMES) * MS_DAY)):
                took = []
                for instant in instants.tolist():
                    begun = now_ms()
                    picture.set_moment(index.at(instant, trail * MS_DAY), NONE)
                    sheet.update()
                    QCoreApplication.sendPostedEvents(None, 0)
                    sync(sheet)
                    took.append(now_ms() - begun)
                share = f"{100 * trail // DAYS} %"
                yield Figure(f"map frame, {name}, {share}", tuple(took), BLIT, blit, events)
        sheet.close()
        ground.close()


def _columns(events: int) -> EventColumns:
    """Events over DAYS days around four middles of the world; one in five lasts, one in ten is known to a region."""
    rng = np.random.default_rng(events)
    earliest = np.sort(rng.integers(0, DAYS, events)) * MS_DAY
    length = np.where(rng.random(events) < 0.8, 1, rng.integers(1, 40, events)) * MS_DAY - 1
    latest = earliest + length
    middles = np.array([(40.0, 34.0), (10.0, 10.0), (-75.0, 5.0), (100.0, 25.0)])[rng.integers(0, 4, events)]
    places = rng.integers(1, events // 50 + 2, events)
    lon, lat = (np.round(middles[:, axis] + rng.normal(0, 9, events), 2) for axis in (0, 1))
    everything, nothing = np.ones(events, bool), np.zeros(events, bool)
    return EventColumns(
        id=np.arange(1, events + 1),
        kind=rng.integers(1, len(KINDS) + 1, events).astype(np.int32),
        status=np.zeros(events, np.int8),
        earliest=earliest,
        latest_start=latest,
        earliest_end=earliest,
        latest=latest,
        best=earliest + length // 2,
        dated=everything,
        lasting=nothing,
        precision=np.full(events, 3, np.int8),
        edtf=np.full(events, "", object),
        lon=lon,
        lat=lat,
        radius_m=np.zeros(events, np.float32),
        area=nothing,
        place=places,
        claims=np.ones(events, np.int32),
        disagrees=nothing,
        supported=everything,
        source_offsets=np.arange(events + 1),
        source_ids=np.ones(events, np.int64),
    )
