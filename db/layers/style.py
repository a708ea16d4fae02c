"""How a layer is drawn: a value, and the JSON it is kept as."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Any, Final

COLORS: Final = ("blue", "teal", "green", "amber", "red", "violet", "brown", "grey")
"""Names of the palette; what they look like is the theme's affair."""
WIDEST: Final = 12.0


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """``width`` of lines and edges in logical px; ``fill`` of polygons and ``opacity`` of the whole from 0 to 1.

    ``label``: the field whose value is written beside each feature.
    """

    color: str = "blue"
    width: float = 1.5
    fill: float = 0.25
    opacity: float = 1.0
    label: str | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


PLAIN: Final = LayerStyle()


def style_of(text: object) -> LayerStyle:
    """The style in kept JSON; what is missing or makes no sense there, as another program may write, is plain."""
    try:
        said = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    color, label = said.get("color"), said.get("label")
    return LayerStyle(
        color if color in COLORS else PLAIN.color,
        _number(said.get("width"), PLAIN.width, WIDEST),
        _number(said.get("fill"), PLAIN.fill, 1.0),
        _number(said.get("opacity"), PLAIN.opacity, 1.0),
        label if isinstance(label, str) and label else None,
    )


def _number(value: Any, default: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return default
    return min(max(float(value), 0.0), most)
