"""What the map needs of other data before they are in force, made on the thread that reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from viewer.core.loading import Fresh
from viewer.views.map.countries import countries_of
from viewer.views.map.items import EventLayer
from viewer.views.map.moves import Way, ways_of
from viewer.views.map.picture import MapPicture


class Made(NamedTuple):
    """``countries``: English names of those that the project is about."""

    layer: EventLayer
    ways: Sequence[Way]
    countries: frozenset[str]


def make(picture: MapPicture, fresh: Fresh) -> Made:
    """For a picture and what it shows now; touches nothing of it."""
    loaded, index = fresh.loaded, fresh.index
    ways = ways_of(loaded.movements, index, loaded.places)
    return Made(picture.layer_for(index), ways, countries_of(index, loaded.places))


def show(picture: MapPicture, fresh: Fresh, made: Made) -> None:
    """Have a picture show what has been made, which is in force now."""
    picture.set_index(fresh.index, fresh.loaded.kinds, made.layer)
    picture.set_ways(made.ways)
    picture.set_areas(fresh.loaded.areas, fresh.loaded.places)
    picture.set_focus(made.countries)
