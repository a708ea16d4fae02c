"""What there is to choose of the map's drawing, and its words: one table for menus, actions and settings."""

from __future__ import annotations

from typing import Final

STYLES: Final = (("atlas", "Atlas"), ("plain", "Plain"))
PROJECTIONS: Final = (
    ("mercator", "Web Mercator", "true angles"),
    ("equal-earth", "Equal Earth", "true areas, the world"),
    ("albers", "Albers conic", "true areas, fitted to what is shown"),
)
WORLDVIEWS: Final = (
    ("control", "In control", "de facto, as Natural Earth has it"),
    ("un", "United Nations", "by its members and resolutions"),
)
DISPUTED_WAYS: Final = (("dashed", "Dashed"), ("full", "As any border"), ("hidden", "Not drawn"))
