"""The menu that says what the map is drawn like: its style, its projection, its borders, the graticule."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QWidget

from viewer.core.desk import Desk
from viewer.core.map_choices import DISPUTED_WAYS, PROJECTIONS, STYLES, WORLDVIEWS
from viewer.core.settings import DISPUTED, GRATICULE, WORLDVIEW
from viewer.widgets.buttons import Menu
from viewer.widgets.text import key_text


def map_menu(desk: Desk, parent: QWidget, layers: Callable[[str], object] | None = None) -> Menu:
    """The menu with the present choices ticked; it goes when it is closed.

    ``layers`` is called with ``add`` or ``show`` where the user wants to add a layer, or to see the list of them.
    """
    menu = Menu(parent=parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    view, key = desk.state.view, desk.keymap.first
    styles = QActionGroup(menu)
    for style, title in STYLES:
        action = menu.addAction(f"{title}\t{key_text(key('map_style'))}" if style != view.map_style else title)
        action.setActionGroup(styles)
        action.setCheckable(True)
        action.setChecked(style == view.map_style)
        action.triggered.connect(partial(_style, desk, style))
    menu.addSeparator()
    projections = QActionGroup(menu)
    for name, title, small in PROJECTIONS:
        action = menu.addAction(f"{title}: {small}")
        action.setActionGroup(projections)
        action.setCheckable(True)
        action.setChecked(name == view.projection_name)
        action.triggered.connect(partial(_project, desk, name))
    menu.addSeparator()
    worldview = Menu("Worldview: borders as seen by", menu)
    menu.addMenu(worldview)
    views = QActionGroup(menu)
    for seen_by, title, small in WORLDVIEWS:
        action = worldview.addAction(f"{title}: {small}")
        action.setActionGroup(views)
        action.setCheckable(True)
        action.setChecked(desk.settings.get(WORLDVIEW) == seen_by)
        action.triggered.connect(partial(_see_as, desk, seen_by))
    borders = Menu("Disputed borders", menu)
    menu.addMenu(borders)
    ways = QActionGroup(menu)
    for way, title in DISPUTED_WAYS:
        action = borders.addAction(title)
        action.setActionGroup(ways)
        action.setCheckable(True)
        action.setChecked(desk.settings.get(DISPUTED) == way)
        action.triggered.connect(partial(_dispute, desk, way))
    lines = menu.addAction(f"Meridians and parallels\t{key_text(key('graticule'))}", desk.commands.toggle_graticule)
    lines.setCheckable(True)
    lines.setChecked(desk.settings.get(GRATICULE))
    if layers is not None:
        menu.addSeparator()
        menu.addAction(f"Layers\t{key_text(key('layers'))}", partial(layers, "show"))
        add = menu.addAction(f"Add a layer…\t{key_text(key('add_layer'))}", partial(layers, "add"))
        add.setEnabled(not desk.data.store.read_only)
    return menu


def show_above(menu: Menu, button: QWidget) -> None:
    """Open a menu to the left of a button at the right edge of the map, its lower edges level."""
    size = menu.sizeHint()
    menu.popup(button.mapToGlobal(QPoint(-size.width() - 6, button.height() - size.height())))


def _style(desk: Desk, style: str, _checked: bool = False) -> None:
    if desk.state.view.map_style != style:
        desk.commands.toggle_map_style()


def _see_as(desk: Desk, view: str, _checked: bool = False) -> None:
    desk.commands.set_worldview(view)


def _dispute(desk: Desk, way: str, _checked: bool = False) -> None:
    desk.commands.set_disputed(way)


def _project(desk: Desk, name: str, _checked: bool = False) -> None:
    desk.commands.set_projection(name)
