"""A style of QGIS (QML, as QGIS 3.22 and later write it): marks by kind, and when each event is shown.

The layer is read by its fields ``begins`` and ``ends``: ``mode`` 2 of QgsVectorLayerTemporalProperties, start and end
from fields, with ``limitMode`` 1 because our ends are inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from db.queries import KindRow

_MARKS: Final = {
    "square": ("square", "0,0"),
    "triangle": ("triangle", "0,0"),
    "diamond": ("diamond", "0,0"),
    "circle": ("circle", "0,0"),
    "chevron": ("filled_arrowhead", "0.75,0"),  # it has its tip where others have their middle
    "hexagon": ("hexagon", "0,0"),
}
_GREY: Final = "#808080"
_COLOUR: Final = re.compile("#[0-9A-Fa-f]{6}")
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def style(kinds: Sequence[KindRow]) -> str:
    """The QML of a layer with the columns kind, begins and ends."""
    root = Element("qgis", version="3.22.0", styleCategories="Symbology|Temporal")
    temporal = SubElement(
        root,
        "temporal",
        enabled="1",
        mode="2",
        startField="begins",
        endField="ends",
        limitMode="1",
        durationField="",
        durationUnit="min",
        fixedDuration="0",
        startExpression="",
        endExpression="",
        accumulate="0",
    )
    fixed = SubElement(temporal, "fixedRange")
    SubElement(fixed, "start")
    SubElement(fixed, "end")
    renderer = SubElement(
        root,
        "renderer-v2",
        type="categorizedSymbol",
        attr="kind",
        symbollevels="0",
        enableorderby="0",
        forceraster="0",
        referencescale="-1",
    )
    categories, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    named: dict[str, KindRow] = {}
    for kind in kinds:
        named.setdefault(_UNFIT.sub("\ufffd", kind.name), kind)
    for number, (name, kind) in enumerate(named.items()):
        SubElement(categories, "category", value=name, label=name, symbol=str(number), render="true")
        _mark(symbols, number, *_MARKS.get(kind.shape, _MARKS["circle"]), kind.light)
    # The empty value stands for all others: an event may have no kind.
    SubElement(categories, "category", value="", label="No kind", symbol=str(len(named)), render="true")
    _mark(symbols, len(named), *_MARKS["circle"], _GREY)
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{tostring(root, 'unicode')}\n"


def area_style() -> str:
    """The QML of a layer of areas: a faint fill with a dashed edge."""
    root = Element("qgis", version="3.22.0", styleCategories="Symbology")
    renderer = SubElement(
        root, "renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0", forceraster="0"
    )
    values = {
        "color": "128,128,128,48",
        "style": "solid",
        "outline_color": "96,96,96,255",
        "outline_style": "dash",
        "outline_width": "0.3",
        "outline_width_unit": "MM",
    }
    _symbol(SubElement(renderer, "symbols"), 0, "fill", "SimpleFill", values)
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{tostring(root, 'unicode')}\n"


def _mark(symbols: Element, number: int, mark: str, offset: str, colour: str) -> None:
    """A symbol that draws a mark."""
    values = {
        "name": mark,
        "offset": offset,
        "offset_unit": "MM",
        "color": _rgba(colour),
        "outline_color": "255,255,255,255",
        "outline_style": "solid",
        "outline_width": "0.2",
        "outline_width_unit": "MM",
        "size": "3",
        "size_unit": "MM",
    }
    _symbol(symbols, number, "marker", "SimpleMarker", values)


def _symbol(symbols: Element, number: int, kind: str, drawer: str, values: Mapping[str, str]) -> None:
    """A symbol of one layer, which a ``drawer`` draws by ``values``."""
    symbol = SubElement(symbols, "symbol", name=str(number), type=kind, alpha="1", clip_to_extent="1")
    layer = SubElement(symbol, "layer", {"class": drawer, "enabled": "1", "locked": "0", "pass": "0"})
    options = SubElement(layer, "Option", type="Map")
    for name, value in values.items():
        SubElement(options, "Option", name=name, type="QString", value=value)


def _rgba(colour: str) -> str:
    """#RRGGBB as QGIS writes it: ``r,g,b,alpha``."""
    colour = colour if _COLOUR.fullmatch(colour) else _GREY
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"
