"""What a scenario is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """``project`` is read only; ``folder`` is empty and the scenario's own; ``events`` None for the bundled sample.

    ``started`` is ``time.monotonic()`` when the runner started the scenario's process.
    """

    project: Path
    folder: Path
    events: int | None
    started: float
