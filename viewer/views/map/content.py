"""What the map shows of a project, made ready before it is shown. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from db.queries import PlaceRow
from viewer.core.loaded import Areas, Loaded
from viewer.views.map.countries import countries_of
from viewer.views.map.items import EventLayer
from viewer.views.map.moves import Way, ways_of
from viewer.views.map.outlines import Outline, outlines_of


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


def content_of(layer: EventLayer, codes: NDArray[np.int32], loaded: Loaded, whole: Content | None) -> Content:
    """The content of a project whose events are in a layer, drawn as ``codes`` has it; ``whole`` as Content has it."""
    ways = ways_of(loaded.movements, layer.index, loaded.places)
    shapes = outlines_of(loaded.areas, loaded.places, layer.projection)
    countries = countries_of(layer.index, loaded.places)
    return Content(layer, codes, ways, loaded.areas, loaded.places, shapes, countries, whole)
