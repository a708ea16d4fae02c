"""How an export has the claims of an event in one row: a column for each thing they say, in it a text for each claim.

The texts stand in the order of the claims and are joined by ``; `` (joined.py), or a list in GeoJSON; empty where a
claim says nothing, and a column of which no claim says anything is empty altogether. A GeoPackage has a table of claims
instead, with a column for each thing. No I/O.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

OUTLINE: Final = "claim_outlines"
"""Names the shapes of areas, as the reader of GeoPackages makes it: not in an export."""
COLUMNS: Final = MappingProxyType(
    {
        "claim_sources": "source",
        "claim_publishers": "publisher",
        "claim_published": "published",
        "claim_grades": "grade",
        "claim_stances": "stance",
        "claim_statuses": "status",
        "claim_titles": "title",
        "claim_summaries": "summary",
        "claim_edtf": "edtf",
        "claim_date_shapes": "date_shape",
        "claim_places": "place",
        "claim_lats": "lat",
        "claim_lons": "lon",
        "claim_radii_m": "radius_m",
        "claim_actors": "actors",
        "claim_attributed_to": "attributed_to",
        "claim_quantity_what": "quantity_what",
        "claim_quantities": "quantity",
        "claim_quantity_lows": "quantity_low",
        "claim_quantity_highs": "quantity_high",
        "claim_quantity_units": "quantity_unit",
    }
)
"""What a column of claims is called -> what it says of each. ``source`` is the name as exports have it, with the
publisher before it; ``actors`` are joined names; without a position a place is the event's, or known by name alone.
"""


def columns_of(claims: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """The texts of each column, for claims given as what they say; without columns of which none says anything."""
    found = {column: [each.get(name, "") for each in claims] for column, name in COLUMNS.items()}
    found[OUTLINE] = [each.get("outline", "") for each in claims]
    return {column: texts for column, texts in found.items() if any(texts)}


def number_text(value: float | None) -> str:
    """A number as a text that gives the same number back; empty for none."""
    return "" if value is None else repr(value).removesuffix(".0")
