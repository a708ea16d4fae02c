"""What the map shows of a project, made ready before it is shown, on whichever thread has the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from db.queries import KindRow, PlaceRow
from db.values import OPEN_PAST
from viewer.core.desk import Desk
from viewer.core.index import EventIndex
from viewer.core.loaded import Areas, Loaded
from viewer.core.loading import Fresh
from viewer.views.map.countries import countries_of
from viewer.views.map.geometry import FIT_MARGIN, fit_points
from viewer.views.map.items import EventLayer
from viewer.views.map.looks import codes_of
from viewer.views.map.moves import Way, ways_of
from viewer.views.map.outlines import Outline, outlines_of
from viewer.views.map.projection import MERCATOR, Projection, projection_of

TOPIC: Final = "map"
"""Under which the content is made beforehand."""
USUAL: Final = (960, 551)
"""The size of a map in a window that nobody has made another, logical px."""


class Content(NamedTuple):
    """What a picture shows: events, the codes of their looks, movements, the polygons of places with their shapes in
    the layer's projection, and the English names of the countries that are drawn brighter than the rest; none means all
    alike.
    """

    layer: EventLayer
    codes: NDArray[np.int32]
    ways: Sequence[Way] = ()
    areas: Areas = MappingProxyType({})
    places: Mapping[int, PlaceRow] = MappingProxyType({})
    shapes: Mapping[int, Outline] = MappingProxyType({})
    focus: frozenset[str] = frozenset()
    whole: Content | None = None
    """The same with no source hidden, where one is."""


def bare_content(index: EventIndex, kinds: Mapping[int, KindRow], projection: Projection = MERCATOR) -> Content:
    """Events alone, in a layer that has not looked at anything yet."""
    layer, codes = EventLayer(index, projection=projection), codes_of(index, kinds)
    layer.codes = codes
    return Content(layer, codes)


def content_of(layer: EventLayer, codes: NDArray[np.int32], loaded: Loaded, whole: Content | None) -> Content:
    """The content of a project whose events are in a layer, drawn as ``codes`` has it; ``whole`` as Content has it."""
    ways = ways_of(loaded.movements, layer.index, loaded.places)
    shapes = outlines_of(loaded.areas, loaded.places, layer.projection)
    countries = countries_of(layer.index, loaded.places)
    return Content(layer, codes, ways, loaded.areas, loaded.places, shapes, countries, whole)


def first_content(fresh: Fresh, spec: str, enlarged: float = 1.0) -> Content:
    """The content of a project that is opened, ready for about the view and the instant with which it does; ``spec`` of
    a projection, or of one that is still to be fitted; ``enlarged`` as EventLayer has it.
    """
    index, projection = fresh.index, projection_of(spec) or MERCATOR
    layer, codes, *_rest = bare_content(index, fresh.loaded.kinds, projection)
    layer.enlarged = enlarged
    if index.mapped.any():
        box, x, y = layer.spread
        layer.look(fit_points(x, y, *USUAL, [], FIT_MARGIN, projection, box))
    span = index.span()
    layer.prepare(index.at(span.last if span is not None else OPEN_PAST, 0))
    return content_of(layer, codes, fresh.loaded, None)


def content_at_start(desk: Desk) -> Content:
    """What ``first_content`` made while the project was read, or makes now."""
    made = desk.data.made(TOPIC)
    return made if isinstance(made, Content) else first_content(desk.data.fresh, desk.state.view.projection)
