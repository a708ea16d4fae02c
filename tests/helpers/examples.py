"""How many examples the properties are tried with: few in a daily run, many where DATELINE_THOROUGH is 1."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import settings

THOROUGH: Final = os.environ.get("DATELINE_THOROUGH") == "1"
DAILY: Final = 50
TIMES: Final = 10
"""So many times the daily examples in a thorough run."""


def examples(daily: int) -> int:
    """How many a property is tried with that has ``daily`` of them in a daily run."""
    return daily * TIMES if THOROUGH else daily


def settle_examples() -> None:
    """For properties that do not say how many; none is held to a time, which is the machine's."""
    settings.register_profile("dateline", max_examples=examples(DAILY), deadline=None)
    settings.load_profile("dateline")
