"""What the program remembers between runs: declared once, kept in one INI file, each with type and default."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from db.values import MS_DAY
from viewer.core.grouping import Grouping

T = TypeVar("T")
RECENT_FILES: Final = 12
PROJECTS_KEPT: Final = 100
"""Of how many projects, those opened last, what belongs to one alone is kept."""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One remembered value, stored as JSON text under ``key``.

    What stands in the file counts only when it is of the default's type, one of ``choices`` where there are some, and
    within ``limits`` (both included) where there are some.
    """

    key: str
    default: T
    about: str
    choices: tuple[T, ...] = ()
    limits: tuple[int, int] | None = None

    def accepts(self, value: object) -> bool:
        if type(value) is not type(self.default) or (self.choices and value not in self.choices):
            return False
        if isinstance(value, list):
            return all(isinstance(item, str) for item in value)
        return self.limits is None or not isinstance(value, int) or self.limits[0] <= value <= self.limits[1]


THEME: Final = Setting("look/theme", "system", "what colours", ("system", "light", "dark"))
MAP_STYLE: Final = Setting("look/map_style", "atlas", "with relief, or without", ("atlas", "plain"))
WORLDVIEW: Final = Setting("map/worldview", "control", "whose borders the map draws", ("control", "un"))
DISPUTED: Final = Setting("map/disputed", "dashed", "borders on which states disagree", ("dashed", "full", "hidden"))
PROJECTION: Final = Setting(
    "map/projection", "mercator", "how the earth is laid flat", ("mercator", "equal-earth", "albers")
)
COORDINATES: Final = Setting(
    "map/coordinates", "decimal", "how the pointer's position is shown", ("decimal", "dms", "utm", "mgrs")
)
GRATICULE: Final = Setting("map/graticule", False, "meridians and parallels on the map")
SCALES: Final = (80, 90, 100, 110, 125, 150, 175, 200)
"""Steps of the interface size, in percent of the design."""
SCALE: Final = Setting("look/scale", 100, "size of the interface in percent", SCALES)
REDUCE_MOTION: Final = Setting("look/reduce_motion", False, "no flights or fades")
SPEED: Final = Setting("playback/speed", "month", "time that passes in a second of play: a key of playback.SPEEDS")
TRAIL_DAYS: Final = Setting("playback/trail_days", 90, "how long events stay lit, in days", limits=(1, 2**61 // MS_DAY))
WITH_OLDER: Final = Setting("playback/with_older", True, "what was over before the trail stays on the map, pale")
SNAP: Final = Setting("playback/snap", True, "the ruler halts at events while dragging")
LOOP: Final = Setting("playback/loop", False, "play from the start again at the end")
LANES: Final = Setting("lanes/grouping", str(Grouping.KIND), "what the lanes stand for", tuple(map(str, Grouping)))
LEFT_OPEN: Final = Setting("window/left_open", True, "whether the left panel is shown")
LEFT_OPEN_NARROW: Final = Setting("window/left_open_narrow", False, "the same while the window is narrow")
LEFT_WIDTH: Final = Setting("window/left_width", 240, "width of the left panel in px at scale 1", limits=(200, 360))
LEFT_TAB: Final = Setting("window/left_tab", "filter", "filter, outline, places or layers")
RIGHT_OPEN: Final = Setting("window/right_open", True, "whether the right panel is shown")
RIGHT_WIDTH: Final = Setting("window/right_width", 400, "width of the right panel in px at scale 1", limits=(340, 640))
TIMELINE_OPEN: Final = Setting("window/timeline_open", True, "whether the timeline is shown")
TIMELINE_HEIGHT: Final = Setting("window/timeline_height", 377, "height of transport and timeline in px at scale 1")
RELATED_OPEN: Final = Setting("window/related_open", True, "whether the list of related events is unfolded")
TABLE_WIDTHS: Final[Setting[list[str]]] = Setting("table/widths", [], "columns that the user made wider or narrower")
TABLE_HIDDEN: Final[Setting[list[str]]] = Setting("table/hidden", [], "columns of the table that are not shown")
HIGHLIGHTS: Final = Setting("reader/highlights", True, "whether quotes are highlighted in the reader")
OWN_KEYS: Final[Setting[list[str]]] = Setting("keys/own", [], "an action and its keys, parted by tabs")
LATELY: Final[Setting[list[str]]] = Setting("lately", [], "uids of projects opened lately, newest first")
RECENT: Final[Setting[list[str]]] = Setting("files/recent", [], "projects opened lately, newest first")
LAST_FOLDER: Final = Setting("files/last_folder", "", "folder of the last file dialog")


def lane_order(project: str, grouping: Grouping) -> Setting[list[str]]:
    """The keys of a project's (uid) lanes in the user's own order."""
    return Setting(f"lanes/{project}/{grouping}/order", [], "lanes in the order that they were put into")


def lanes_collapsed(project: str, grouping: Grouping) -> Setting[list[str]]:
    """The keys of a project's (uid) lanes that are thin."""
    return Setting(f"lanes/{project}/{grouping}/collapsed", [], "lanes that were collapsed")


def last_view(project: str) -> Setting[dict[str, Any]]:
    """Where a project (uid) was left (see last_view.py)."""
    return Setting(f"views/{project}", {}, "where a project was left")


class Settings(QObject):
    """Reads and writes the remembered values.

    Signals:
        changed(str): the key of a setting that has a new value.
    """

    changed = Signal(str)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        """``path`` is an INI file; it is made when first needed. What cannot be read in it counts as not set."""
        super().__init__(parent)
        self._file = QSettings(str(path), QSettings.Format.IniFormat)

    def get(self, setting: Setting[T]) -> T:
        text = self._file.value(setting.key)
        try:
            value: Any = json.loads(str(text)) if text is not None else setting.default
        except ValueError:
            return setting.default
        return value if setting.accepts(value) else setting.default

    def set(self, setting: Setting[T], value: T) -> None:
        if self.get(setting) != value:
            self._file.setValue(setting.key, json.dumps(value, ensure_ascii=False))
            self.changed.emit(setting.key)

    def geometry(self) -> QByteArray | None:
        """Where the main window stood; None the first time."""
        value = self._file.value("window/geometry")
        return value if isinstance(value, QByteArray) else None

    def set_geometry(self, value: QByteArray) -> None:
        self._file.setValue("window/geometry", value)

    def remember_file(self, path: Path) -> None:
        text = str(path.resolve())
        rest = [item for item in self.get(RECENT) if item != text]
        self.set(RECENT, [text, *rest][:RECENT_FILES])

    def remember_project(self, project: str) -> None:
        """It (uid) was opened; what is kept of those not opened for longest is forgotten."""
        lately = [project, *(uid for uid in self.get(LATELY) if uid != project)]
        for uid in lately[PROJECTS_KEPT:]:
            for group in ("views", "lanes"):
                self._file.remove(f"{group}/{uid}")
        self.set(LATELY, lately[:PROJECTS_KEPT])

    def flush(self) -> None:
        self._file.sync()
