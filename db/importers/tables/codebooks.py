"""What the codes for precision in published event data mean, and what they become here. No I/O.

ACLED (Armed Conflict Location & Event Data, Codebook, "Time precision" and "Geo-precision"): time 1 is the day itself,
2 some day of that week, the middle of which is given, 3 some day of that month; place 1 is the town itself, 2 a town
near which or in whose part of a region it happened, 3 a provincial capital that stands for a larger region.

UCDP GED (Georeferenced Event Dataset, Codebook, "date_prec" and "where_prec"): date 1 is exact, 2 known to 2 to 6 days,
3 to a week, 4 to a month, 5 to more than that; date_start and date_end bound it. Place 1 is exact, 2 within about 25 km
of the point, 3 a district (second order), 4 a province (first order), 5 a line or a fuzzy area, 6 a country, 7 sea or
air. GDELT (Event Codebook V2.0, "ActionGeo_Type"): 1 country, 2 US state, 3 US city, 4 city, 5 province.

The codebooks give a distance for UCDP 2 alone. The other radii are ours: about half the width of what is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class DateCode(StrEnum):
    """What a date with a code stands for."""

    EXACT = "exact"  # the dates given
    WEEK = "week"  # three days before to three days after
    MONTH = "month"  # some day of that month
    BETWEEN = "between"  # some time from the first to the last date given


@dataclass(frozen=True, slots=True)
class Codebook:
    """Codes as they stand in cells -> what they mean; radii in metres, 0 for exact."""

    dates: MappingProxyType[str, DateCode]
    radii: MappingProxyType[str, float]


_KM: Final = 1000.0
ACLED: Final = Codebook(
    MappingProxyType({"1": DateCode.EXACT, "2": DateCode.WEEK, "3": DateCode.MONTH}),
    MappingProxyType({"1": 0.0, "2": 25 * _KM, "3": 100 * _KM}),
)
UCDP: Final = Codebook(
    MappingProxyType({"1": DateCode.EXACT, **dict.fromkeys("2345", DateCode.BETWEEN)}),
    MappingProxyType(
        {"1": 0.0, "2": 25 * _KM, "3": 50 * _KM, "4": 150 * _KM, "5": 100 * _KM, "6": 500 * _KM, "7": 500 * _KM}
    ),
)
GDELT: Final = Codebook(
    MappingProxyType({}),
    MappingProxyType({"1": 500 * _KM, "2": 150 * _KM, "3": 0.0, "4": 0.0, "5": 150 * _KM}),
)
OWN: Final = "dateline"
OWN_CSV: Final = "dateline-csv"
"""Of our own exports: no codes, but places have their names already; a CSV has guards before what is like a formula."""
_NO_CODES: Final = Codebook(MappingProxyType({}), MappingProxyType({}))
CODEBOOKS: Final = MappingProxyType({"acled": ACLED, "ucdp": UCDP, "gdelt": GDELT, OWN: _NO_CODES, OWN_CSV: _NO_CODES})

VIOLENCE: Final = MappingProxyType({"1": "State-based violence", "2": "Non-state violence", "3": "One-sided violence"})
"""UCDP GED, "type_of_violence"."""

CAMEO: Final = MappingProxyType(
    {
        "01": "Public statement",
        "02": "Appeal",
        "03": "Intent to cooperate",
        "04": "Consultation",
        "05": "Diplomatic cooperation",
        "06": "Material cooperation",
        "07": "Aid",
        "08": "Yielding",
        "09": "Investigation",
        "10": "Demand",
        "11": "Disapproval",
        "12": "Rejection",
        "13": "Threat",
        "14": "Protest",
        "15": "Show of force",
        "16": "Reduced relations",
        "17": "Coercion",
        "18": "Assault",
        "19": "Fighting",
        "20": "Mass violence",
    }
)
"""CAMEO event root codes (Schrodt, CAMEO Codebook 1.1b3), which GDELT uses, in short."""
