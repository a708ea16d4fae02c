"""By what events can be grouped into lanes."""

from __future__ import annotations

from enum import StrEnum


class Grouping(StrEnum):
    """What the lanes stand for."""

    KIND = "kind"
    ACTOR = "actor"
    SOURCE = "source"
    PLACE = "place"
    STATUS = "status"
    TAG = "tag"
    ATTRIBUTION = "attribution"
