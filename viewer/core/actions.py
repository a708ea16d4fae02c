"""ACTIONS: everything with a name that a user can call, as data. Menus, keys, palette and the list of keys read it.

Keys with Ctrl, Alt or a function key work everywhere. Plain keys work when the focused widget leaves them alone, so a
text field and a focused region come first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from db.civil import Unit
from db.values import Ref
from viewer.core.desk import Desk
from viewer.core.grouping import Grouping
from viewer.core.keymap import Keymap
from viewer.core.map_choices import PROJECTIONS, WORLDVIEWS
from viewer.core.settings import GRATICULE, REDUCE_MOTION, SNAP, WITH_OLDER, WORLDVIEW, Setting, Settings


class Window(Protocol):
    """What an action may ask of the main window, besides the desk's commands."""

    @property
    def desk(self) -> Desk: ...
    def show_palette(self) -> None: ...
    def show_menu(self) -> None: ...
    def show_keys(self) -> None: ...
    def show_settings(self, page: str = "look") -> None: ...
    def show_help(self) -> None: ...
    def show_table(self) -> None: ...
    def list_events(self, words: str) -> None: ...
    def open_project(self) -> None: ...
    def new_project(self) -> None: ...
    def open_sample(self) -> None: ...
    def import_texts(self) -> None: ...
    def attach_texts(self) -> None: ...
    def add_layer(self) -> None: ...
    def show_layers(self) -> None: ...
    def save_copy(self) -> None: ...
    def export_events(self) -> None: ...
    def close_window(self) -> None: ...
    def toggle_left(self) -> None: ...
    def toggle_right(self) -> None: ...
    def toggle_timeline(self) -> None: ...
    def toggle_theme(self) -> None: ...
    def choose_lanes(self) -> None: ...
    def measure(self) -> None: ...
    def toggle_motion(self) -> None: ...
    def change_scale(self, step: int) -> None: ...
    def next_region(self) -> None: ...
    def previous_region(self) -> None: ...
    def edit_date(self) -> None: ...
    def edit_event(self) -> None: ...
    def find_in_document(self) -> None: ...
    def step_quote(self, direction: int) -> None: ...
    def read_at(self, document: Ref, start: int, end: int) -> None: ...
    def toggle_highlights(self) -> None: ...
    def escape(self) -> None: ...


def _always(_window: Window) -> bool:
    return True


def _has_event(window: Window) -> bool:
    return window.desk.data.event_id(window.desk.state.view.current) is not None


def _has_selection(window: Window) -> bool:
    return bool(window.desk.state.view.selection) and not window.desk.data.store.read_only


def _can_undo(window: Window) -> bool:
    return window.desk.data.store.undo_label is not None and not window.desk.data.store.read_only


def _can_redo(window: Window) -> bool:
    return window.desk.data.store.redo_label is not None and not window.desk.data.store.read_only


def _has_events(window: Window) -> bool:
    return window.desk.data.index.dated.total > 0


def _shows_events(window: Window) -> bool:
    return window.desk.data.index.shown_count > 0


def _has_dates(window: Window) -> bool:
    return window.desk.data.has_dates


def _is_filtered(window: Window) -> bool:
    return window.desk.state.view.filters.count > 0


def _writable(window: Window) -> bool:
    return not window.desk.data.store.read_only


def _hides_lanes(window: Window) -> bool:
    return bool(window.desk.commands.lanes.hidden())


def _is(setting: Setting[bool]) -> Callable[[Window], bool]:
    return lambda window: window.desk.settings.get(setting)


def _project(name: str, window: Window) -> None:
    window.desk.commands.set_projection(name)


def _projected(name: str) -> Callable[[Window], bool]:
    return lambda window: window.desk.state.view.projection_name == name


def _see_as(view: str, window: Window) -> None:
    window.desk.commands.set_worldview(view)


def _seen_as(view: str) -> Callable[[Window], bool]:
    return lambda window: window.desk.settings.get(WORLDVIEW) == view


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. ``keys`` in Qt's portable text; ``icon`` a name in resources/icons or empty.

    ``checked`` tells of a switch whether it is on.
    """

    id: str
    title: str
    menu: str
    run: Callable[[Window], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    enabled: Callable[[Window], bool] = _always
    checked: Callable[[Window], bool] | None = None


def _lanes_by(grouping: Grouping) -> Action:
    return Action(
        f"lanes_{grouping}",
        f"Lanes by {grouping}",
        "Lanes",
        lambda w: w.desk.commands.lanes.group_by(grouping),
        checked=lambda w: w.desk.commands.lanes.now.grouping is grouping,
    )


ACTIONS: tuple[Action, ...] = (
    Action("new", "New project…", "Project", lambda w: w.new_project(), (), "file-plus-2"),
    Action("open", "Open project…", "Project", lambda w: w.open_project(), ("Ctrl+O",), "folder-open"),
    Action("sample", "Open the sample", "Project", lambda w: w.open_sample(), (), "book-open"),
    Action(
        "import", "Import texts or tables…", "Project", lambda w: w.import_texts(), ("Ctrl+I",), "import", _writable
    ),
    Action(
        "attach", "Attach own copies of sources…", "Project", lambda w: w.attach_texts(), (), "file-text", _writable
    ),
    Action("save_copy", "Save a copy…", "Project", lambda w: w.save_copy(), ("Ctrl+S",), "copy"),
    Action(
        "export", "Export events…", "Project", lambda w: w.export_events(), ("Ctrl+Shift+X",), "upload", _shows_events
    ),
    Action("settings", "Settings…", "Project", lambda w: w.show_settings(), ("Ctrl+,",), "settings-2"),
    Action("close", "Close window", "Project", lambda w: w.close_window(), ("Ctrl+Q",), "x"),
    Action("undo", "Undo", "Edit", lambda w: w.desk.commands.undo(), ("Ctrl+Z",), "undo-2", _can_undo),
    Action("redo", "Redo", "Edit", lambda w: w.desk.commands.redo(), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", _can_redo),
    Action("edit_event", "Edit event", "Edit", lambda w: w.edit_event(), ("F2",), "pencil", _has_event),
    Action(
        "delete",
        "Delete event",
        "Edit",
        lambda w: w.desk.commands.delete_selected(),
        ("Del",),
        "trash-2",
        _has_selection,
    ),
    Action("escape", "Cancel, or clear the selection", "Edit", lambda w: w.escape(), ("Esc",)),
    Action("palette", "Find anything", "View", lambda w: w.show_palette(), ("Ctrl+K",), "search"),
    Action("menu", "Menu", "View", lambda w: w.show_menu(), ("F10",)),
    Action("table", "Table of events", "View", lambda w: w.show_table(), ("Ctrl+Shift+E",), "table"),
    Action("left", "Left panel", "View", lambda w: w.toggle_left(), ("Ctrl+B",), "panel-left-close"),
    Action("timeline", "Timeline", "View", lambda w: w.toggle_timeline(), ("Ctrl+J",), ""),
    Action("right", "Right panel", "View", lambda w: w.toggle_right(), ("Ctrl+Alt+B",), "panel-right-open"),
    Action("back", "Back", "View", lambda w: w.desk.history.back(), ("Alt+Left",), "arrow-left"),
    Action("forward", "Forward", "View", lambda w: w.desk.history.forward(), ("Alt+Right",), "arrow-right"),
    Action("next_region", "Next region", "View", lambda w: w.next_region(), ("F6",)),
    Action("previous_region", "Previous region", "View", lambda w: w.previous_region(), ("Shift+F6",)),
    Action("theme", "Light or dark", "View", lambda w: w.toggle_theme(), ("Ctrl+Shift+L",), "moon"),
    Action("larger", "Larger interface", "View", lambda w: w.change_scale(1), ("Ctrl++", "Ctrl+="), "zoom-in"),
    Action("smaller", "Smaller interface", "View", lambda w: w.change_scale(-1), ("Ctrl+-",), "zoom-out"),
    Action("as_designed", "Interface at 100 %", "View", lambda w: w.change_scale(0), ("Ctrl+0",)),
    Action("motion", "Reduce motion", "View", lambda w: w.toggle_motion(), checked=_is(REDUCE_MOTION)),
    Action(
        "clear_filters",
        "Clear filters",
        "View",
        lambda w: w.desk.commands.clear_filters(),
        (),
        "filter",
        _is_filtered,
    ),
    Action("play", "Play or pause", "Time", lambda w: w.desk.playback.toggle(), ("Space",), "play", _has_events),
    Action("play_back", "Play backward, faster", "Time", lambda w: w.desk.playback.go(-1), ("J",), "", _has_events),
    Action("stop", "Stop", "Time", lambda w: w.desk.playback.stop(), ("K",)),
    Action("play_on", "Play forward, faster", "Time", lambda w: w.desk.playback.go(1), ("L",), "", _has_events),
    Action(
        "previous_event",
        "Previous event",
        "Time",
        lambda w: w.desk.commands.step_event(-1),
        (",",),
        "step-back",
        _has_events,
    ),
    Action(
        "next_event", "Next event", "Time", lambda w: w.desk.commands.step_event(1), (".",), "step-forward", _has_events
    ),
    Action(
        "first_event",
        "First event",
        "Time",
        lambda w: w.desk.commands.first_event(),
        ("Home",),
        "skip-back",
        _has_events,
    ),
    Action(
        "last_event",
        "Last event",
        "Time",
        lambda w: w.desk.commands.last_event(),
        ("End",),
        "skip-forward",
        _has_events,
    ),
    Action(
        "day_back", "One day back", "Time", lambda w: w.desk.commands.shift(Unit.DAY, -1), ("Left",), "", _has_dates
    ),
    Action(
        "day_on", "One day forward", "Time", lambda w: w.desk.commands.shift(Unit.DAY, 1), ("Right",), "", _has_dates
    ),
    Action(
        "week_back",
        "One week back",
        "Time",
        lambda w: w.desk.commands.shift(Unit.WEEK, -1),
        ("Shift+Left",),
        "",
        _has_dates,
    ),
    Action(
        "week_on",
        "One week forward",
        "Time",
        lambda w: w.desk.commands.shift(Unit.WEEK, 1),
        ("Shift+Right",),
        "",
        _has_dates,
    ),
    Action(
        "month_back",
        "One month back",
        "Time",
        lambda w: w.desk.commands.shift(Unit.MONTH, -1),
        ("Ctrl+Left",),
        "",
        _has_dates,
    ),
    Action(
        "month_on",
        "One month forward",
        "Time",
        lambda w: w.desk.commands.shift(Unit.MONTH, 1),
        ("Ctrl+Right",),
        "",
        _has_dates,
    ),
    Action(
        "range_start", "Range starts here", "Time", lambda w: w.desk.commands.set_range_start(), ("I",), "", _has_dates
    ),
    Action("range_end", "Range ends here", "Time", lambda w: w.desk.commands.set_range_end(), ("O",), "", _has_dates),
    Action("range_clear", "Clear the range", "Time", lambda w: w.desk.commands.clear_range(), ("Shift+X",)),
    Action("trail_narrow", "Shorter trail", "Time", lambda w: w.desk.commands.change_trail(-1), ("[",), "", _has_dates),
    Action("trail_widen", "Longer trail", "Time", lambda w: w.desk.commands.change_trail(1), ("]",), "", _has_dates),
    Action(
        "older",
        "Show or hide older events",
        "Time",
        lambda w: w.desk.commands.toggle_older(),
        ("D",),
        "eye",
        _has_dates,
        checked=_is(WITH_OLDER),
    ),
    Action("date", "Type a date", "Time", lambda w: w.edit_date(), ("T",), "calendar", _has_dates),
    Action(
        "snap",
        "Snap to events",
        "Time",
        lambda w: w.desk.commands.toggle_snap(),
        ("S",),
        "magnet",
        _has_dates,
        _is(SNAP),
    ),
    Action(
        "fit_time",
        "All events in the lanes",
        "Time",
        lambda w: w.desk.commands.fit_time(),
        ("A",),
        "maximize-2",
        _has_dates,
    ),
    Action("lanes", "What the lanes stand for", "Lanes", lambda w: w.choose_lanes(), ("B",), "layers"),
    *(_lanes_by(grouping) for grouping in Grouping),
    Action(
        "lanes_collapse", "Collapse all lanes", "Lanes", lambda w: w.desk.commands.lanes.collapse_all(), ("Shift+Up",)
    ),
    Action("lanes_expand", "Expand all lanes", "Lanes", lambda w: w.desk.commands.lanes.expand_all(), ("Shift+Down",)),
    Action(
        "lanes_show",
        "Show all lanes",
        "Lanes",
        lambda w: w.desk.commands.lanes.show_all(),
        ("Shift+A",),
        "eye",
        _hides_lanes,
    ),
    Action("lanes_order", "Lanes in their original order", "Lanes", lambda w: w.desk.commands.lanes.reset_order()),
    Action("fly", "Fly to the selection", "Map", lambda w: w.desk.commands.fly_to_selection(), ("Z",), "locate-fixed"),
    Action("fit_map", "All events in the map", "Map", lambda w: w.desk.commands.fit_map(), ("0",), "crosshair"),
    Action("map_style", "Atlas or plain map", "Map", lambda w: w.desk.commands.toggle_map_style(), ("M",), ""),
    *(
        Action(
            name.replace("-", "_"),
            f"{title}: {small}",
            "Map",
            partial(_project, name),
            checked=_projected(name),
        )
        for name, title, small in PROJECTIONS
    ),
    *(
        Action(
            f"worldview_{view}",
            f"Worldview: {title}, {small}",
            "Map",
            partial(_see_as, view),
            checked=_seen_as(view),
        )
        for view, title, small in WORLDVIEWS
    ),
    Action(
        "graticule",
        "Meridians and parallels",
        "Map",
        lambda w: w.desk.commands.toggle_graticule(),
        ("G",),
        "grid-3x3",
        checked=_is(GRATICULE),
    ),
    Action("layers", "Layers", "Map", lambda w: w.show_layers(), ("Y",), "layers"),
    Action("add_layer", "Add a layer…", "Map", lambda w: w.add_layer(), ("Ctrl+Shift+Y",), "plus", _writable),
    Action("measure", "Measure distance and area", "Map", lambda w: w.measure(), ("Shift+M",), "ruler"),
    Action("coordinates", "Next form of coordinates", "Map", lambda w: w.desk.commands.next_coordinates()),
    Action("next_quote", "Next quote", "Reader", lambda w: w.step_quote(1), ("N",), "chevron-right"),
    Action("previous_quote", "Previous quote", "Reader", lambda w: w.step_quote(-1), ("P",), "chevron-left"),
    Action("highlights", "Show or hide highlights", "Reader", lambda w: w.toggle_highlights(), ("H",), "highlighter"),
    Action("find", "Find in the document", "Reader", lambda w: w.find_in_document(), ("Ctrl+F",), "search"),
    Action("keys", "Keyboard shortcuts", "Help", lambda w: w.show_keys(), ("?", "Ctrl+/"), "keyboard"),
    Action("change_keys", "Change keyboard shortcuts…", "Help", lambda w: w.show_settings("keys"), (), "keyboard"),
    Action("help", "Help", "Help", lambda w: w.show_help(), ("F1",), "circle-help"),
)
BY_ID = {action.id: action for action in ACTIONS}
FIXED = frozenset({"escape"})
"""Actions whose keys are not the user's to change."""


def keymap_of(settings: Settings) -> Keymap:
    """The keys of ACTIONS, or the user's own in their place."""
    return Keymap(settings, {action.id: action.keys for action in ACTIONS}, FIXED)


def is_plain(key: str) -> bool:
    """Whether a key is one that a text field or a focused region may want for itself."""
    head = key.rsplit("+", 1)[0] if "+" in key[:-1] else ""
    named = key.rsplit("+", 1)[-1]
    if "Ctrl" in head:
        return named in ("Left", "Right")
    return "Alt" not in head and not (named.startswith("F") and named[1:].isdigit())
