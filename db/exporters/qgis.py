"""A style of QGIS (QML, as QGIS 3.22 and later write it): marks by kind and status, and when each event is shown.

The layer is read by its fields ``begins`` and ``ends``: ``mode`` 2 of QgsVectorLayerTemporalProperties, start and end
from fields, with ``limitMode`` 1 because our ends are inclusive. Such a layer passes what has neither at all times, so
its marks and labels are left out by themselves while the map has a range of time; expressions for start and end would
do that too, but with them QGIS no longer finds the range of all events.

Kinds are categories, so that each has its colour in one place. What the status changes follows from that colour by
expressions: reported is filled, claimed faint, planned hollow, predicted hollow with a dotted edge, denied struck
through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from db.exporters.qgis_labels import add_labels
from db.queries import KindRow

_MARKS: Final = {
    "square": ("square", "3", "0,0"),
    "triangle": ("triangle", "3", "0,0"),
    "diamond": ("diamond", "3", "0,0"),
    "circle": ("circle", "3", "0,0"),
    "chevron": ("filled_arrowhead", "4", "1,0"),  # half as wide as high, its tip where others have their middle
    "hexagon": ("hexagon", "3", "0,0"),
}
_GREY: Final = "#808080"
_COLOUR: Final = re.compile("#[0-9A-Fa-f]{6}")
_WHITE: Final = "255,255,255,255"
_TIMED: Final = '"begins" IS NOT NULL OR "ends" IS NOT NULL OR (@map_start_time IS NULL AND @map_end_time IS NULL)'
"""Whether an event is shown: an undated one on a map without a range of time."""
_UNSEEN: Final = "255,255,255,0"
_OPEN: Final = {
    "enabled": f""""status" IN ('planned', 'predicted', 'claimed') AND ({_TIMED})""",
    "fillColor": """CASE WHEN "status" = 'claimed' THEN set_color_part(@symbol_color, 'alpha', 80)
WHEN "status" IN ('planned', 'predicted') THEN '255,255,255' END""",
    "outlineColor": """CASE WHEN "status" NOT IN ('reported', 'denied') THEN @symbol_color END""",
    "outlineStyle": """CASE WHEN "status" = 'predicted' THEN 'dot' ELSE 'solid' END""",
}
_FILLED: Final = f""""status" NOT IN ('planned', 'predicted', 'claimed') AND ({_TIMED})"""
MOST_BY_STATUS: Final = 100_000
"""Of more events marks show the kind alone: to draw 200,000 at once takes QGIS 3.22 some 4 seconds with expressions for
the status, and 2.5 with the one for undated events."""
_BAR: Final = f""""status" = 'denied' AND ({_TIMED})"""
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def style(kinds: Sequence[KindRow], count: int) -> str:
    """The QML of a layer of ``count`` events with the columns title, kind, status, begins and ends."""
    categories = "Symbology|Labeling|Temporal|Legend"
    root = Element("qgis", version="3.22.0", styleCategories=categories, labelsEnabled="1")
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
    listed, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    by_status = count <= MOST_BY_STATUS
    named: dict[str, KindRow] = {}
    for kind in kinds:
        named.setdefault(_UNFIT.sub("\ufffd", kind.name), kind)
    for number, (name, kind) in enumerate(named.items()):
        SubElement(listed, "category", value=name, label=name, symbol=str(number), render="true")
        _mark(symbols, number, *_MARKS.get(kind.shape, _MARKS["circle"]), kind.light, by_status=by_status)
    # The empty value stands for all others: an event may have no kind.
    SubElement(listed, "category", value="", label="No kind", symbol=str(len(named)), render="true")
    _mark(symbols, len(named), *_MARKS["circle"], _GREY, by_status=by_status)
    add_labels(root, _TIMED, count, with_key=by_status)
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
    _layer(_symbol(SubElement(renderer, "symbols"), 0, "fill"), "SimpleFill", values)
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{tostring(root, 'unicode')}\n"


def _mark(symbols: Element, number: int, mark: str, size: str, offset: str, colour: str, *, by_status: bool) -> None:
    """A symbol with a layer of filled marks; ``by_status`` with one of open marks and two for the bar through what is
    denied as well.

    QGIS keeps pictures of marks that no expression changes, so most events are drawn a little quicker. What has
    expressions takes its colour from the filled marks, and is not seen in the legend, which has no status.
    """
    symbol = _symbol(symbols, number, "marker")
    _marker(symbol, mark, size, offset, "0.2", {"enabled": _FILLED if by_status else _TIMED}, _rgba(colour))
    if not by_status:
        return
    _marker(symbol, mark, size, offset, "0.4", _OPEN)
    for width, bar in (("0.9", "'255,255,255'"), ("0.4", "@symbol_color")):
        shown = {"enabled": _BAR, "outlineColor": f"CASE WHEN \"status\" = 'denied' THEN {bar} END"}
        _marker(symbol, "line", "4.5", "0,0", width, shown)


def _marker(
    symbol: Element, mark: str, size: str, offset: str, width: str, expressions: Mapping[str, str], colour: str = ""
) -> None:
    """A layer of marks of a ``size`` with an edge of a ``width`` (mm); without a colour it is seen by expressions."""
    values = {
        "name": mark,
        "angle": "45" if mark == "line" else "0",
        "offset": offset,
        "offset_unit": "MM",
        "color": colour or _UNSEEN,
        "outline_color": _WHITE if colour else _UNSEEN,
        "outline_style": "solid",
        "outline_width": width,
        "outline_width_unit": "MM",
        "size": size,
        "size_unit": "MM",
    }
    _layer(symbol, "SimpleMarker", values, expressions, locked=not colour)


def _symbol(symbols: Element, number: int, kind: str) -> Element:
    """A symbol without layers."""
    return SubElement(symbols, "symbol", name=str(number), type=kind, alpha="1", clip_to_extent="1")


def _layer(
    symbol: Element,
    drawer: str,
    values: Mapping[str, str],
    expressions: Mapping[str, str] | None = None,
    *,
    locked: bool = False,
) -> None:
    """A layer of a symbol, which a ``drawer`` draws by ``values``, and for each event by ``expressions``. ``locked``
    keeps its colour when the symbol gets another.
    """
    layer = SubElement(symbol, "layer", {"class": drawer, "enabled": "1", "locked": str(int(locked)), "pass": "0"})
    options = SubElement(layer, "Option", type="Map")
    for name, value in values.items():
        SubElement(options, "Option", name=name, type="QString", value=value)
    if expressions:
        options = SubElement(SubElement(layer, "data_defined_properties"), "Option", type="Map")
        SubElement(options, "Option", name="name", type="QString", value="")
        properties = SubElement(options, "Option", name="properties", type="Map")
        SubElement(options, "Option", name="type", type="QString", value="collection")
        for name, expression in expressions.items():
            made = SubElement(properties, "Option", name=name, type="Map")
            SubElement(made, "Option", name="active", type="bool", value="true")
            SubElement(made, "Option", name="expression", type="QString", value=expression)
            SubElement(made, "Option", name="type", type="int", value="3")


def _rgba(colour: str) -> str:
    """#RRGGBB as QGIS writes it: ``r,g,b,alpha``."""
    colour = colour if _COLOUR.fullmatch(colour) else _GREY
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"
