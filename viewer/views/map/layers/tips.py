"""What is said of a feature of a layer under the pointer: its name and what its file knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QToolTip, QWidget

from db.queries import LayerRow, layer_properties
from viewer.core.desk import Desk
from viewer.views.map.layers.labels import label_text
from viewer.views.map.layers.stack import LayerStack
from viewer.views.map.picture import MapPicture

MOST_LINES: Final = 10
_LONGEST: Final = 160
_NAMES: Final = ("name", "title", "label", "bezeichnung", "nom", "nombre", "الاسم", "اسم")


class LayerTips:
    """Shows the tip of the feature at a point of the map, once its properties have been read."""

    def __init__(self, desk: Desk, stack: LayerStack, picture: MapPicture, widget: QWidget) -> None:
        self._desk, self._stack, self._picture, self._widget = desk, stack, picture, widget

    def show(self, x: float, y: float) -> bool:
        """Show the tip at logical px of the map; answers whether there is a feature."""
        found = self._stack.feature_at(self._picture.view, x, y)
        if found is None:
            QToolTip.hideText()
            return False
        row, number = found

        def arrived(properties: Mapping[str, Any]) -> None:
            place = self._widget.mapToGlobal(QPoint(round(x), round(y)))
            QToolTip.showText(place, tip_text(row, properties), self._widget)

        self._desk.data.ask("layer tip", lambda con: layer_properties(con, row.sha256, number), arrived)
        return True


def tip_text(row: LayerRow, properties: Mapping[str, Any]) -> str:
    """Heading, layer and values as rich text; whatever is in the file stands there as plain words."""
    said = {str(name): _value(value) for name, value in properties.items()}
    said = {name: value for name, value in said.items() if value}
    named = next((name for wanted in (row.style.label, *_NAMES) for name in said if _same(name, wanted)), None)
    lines = [f"<b>{escape(said.pop(named))}</b>" if named else f"<b>{escape(row.name)}</b>"]
    if named:
        lines.append(escape(f"Layer: {row.name}"))
    lines += [f"{escape(name)}: {escape(value)}" for name, value in list(said.items())[:MOST_LINES]]
    more = len(said) - MOST_LINES
    if more > 0:
        lines.append(f"and {more} more")
    return "<br>".join(lines)


def _same(name: str, wanted: str | None) -> bool:
    return wanted is not None and name.casefold() == wanted.casefold()


def _value(value: Any) -> str:
    text = label_text(value) if not isinstance(value, str) else " ".join(value.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
