"""Titles as labels in a style of QGIS (QML), and a key in its list of layers that says what each status looks like.

The key is that of the labels: QGIS has none for what expressions change, and one made of categories would have boxes
that do nothing. So titles have a rule for each status, whose sample is the sign of that status.
"""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement

from db.values import Status

_SCALE: Final = 2_500_000
"""Titles are shown at this scale (1 to ...) and larger ones: a country, not the world."""
_SCALE_OF_MANY: Final = 500_000
_MANY: Final = 20_000
"""Beyond this many events a view of a country can have so many that QGIS takes seconds to place their titles."""
_SIGNS: Final = {
    Status.OCCURRED: ("\u25cf", "filled"),
    Status.CLAIMED: ("\u25d0", "faint"),
    Status.PLANNED: ("\u25cb", "hollow"),
    Status.PREDICTED: ("\u25cc", "hollow, dotted"),
    Status.DENIED: ("\u2298", "struck through"),
}


def add_labels(root: Element, shown: str, count: int, *, with_key: bool) -> None:
    """The labels of a layer of ``count`` events with the columns title and status; ``shown`` is an expression for the
    events that have one. ``with_key``: the list of layers says what each status looks like.
    """
    rules = SubElement(SubElement(root, "labeling", type="rule-based"), "rules", key="rules")
    scale = {"scalemindenom": "0", "scalemaxdenom": str(_SCALE_OF_MANY if count > _MANY else _SCALE)}
    titles = SubElement(rules, "rule", {"key": "titles", "description": "Titles", "filter": shown, **scale})
    for status, (sign, words) in _SIGNS.items():
        rule = SubElement(
            titles,
            "rule",
            key=status.word,
            filter=f"\"status\" = '{status.word}'",
            description=f"{status.word.capitalize()}: {words}",
        )
        _settings(rule, sign)
    SubElement(root, "legend", type="default-vector", showLabelLegend=str(int(with_key)))


def _settings(rule: Element, sign: str) -> None:
    """Small dark words with a white edge, about the mark where there is room; none over another."""
    settings = SubElement(rule, "settings", calloutType="simple")
    text = SubElement(
        settings,
        "text-style",
        fieldName="title",
        isExpression="0",
        legendString=sign,
        fontSize="8",
        fontSizeUnit="Point",
        textColor="40,40,40,255",
        textOpacity="1",
    )
    SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.8",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,255",
        bufferOpacity="1",
        bufferJoinStyle="128",
    )
    SubElement(settings, "text-format", autoWrapLength="32", useMaxLineLengthForAutoWrap="1", multilineAlign="3")
    SubElement(
        settings,
        "placement",
        placement="6",  # in the order below, the first that is free
        predefinedPositionOrder="R,L,TR,BR,TL,BL,T,B",
        offsetType="1",  # from the mark's edge, not from its middle
        dist="0.5",
        distUnits="MM",
        priority="5",
    )
    SubElement(
        settings, "rendering", drawLabels="1", displayAll="0", obstacle="1", scaleVisibility="0", fontMinPixelSize="0"
    )
