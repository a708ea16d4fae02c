"""What the colours of layers look like, light and dark."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QColor

from db.layers.style import PLAIN

_SHADES: Final = {
    "blue": ("#2F6FB5", "#7DB2EA"),
    "teal": ("#0B7F80", "#58C6C4"),
    "green": ("#4A8536", "#8FCE7C"),
    "amber": ("#B57A0A", "#EBBB55"),
    "red": ("#BD4136", "#F28C80"),
    "violet": ("#7650AC", "#BC9DEE"),
    "brown": ("#85603F", "#D0A883"),
    "grey": ("#62676F", "#B6BBC4"),
}


def layer_color(name: str, *, dark: bool) -> QColor:
    """A colour of the palette by its name; that of a plain style for a name that is not known."""
    return QColor(_SHADES.get(name, _SHADES[PLAIN.color])[dark])
