"""What is measured: figures with their baselines, and as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.targets import Target, target_of


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing.

    ``samples``: the measured values in ``unit`` (ms or MB), at least one. ``events``: how many the project has; None
    is the bundled sample. ``baseline`` says in words what the least possible work for the same end is; it was measured
    in the same process run, ``baseline_median`` in the same unit. ``own_target`` stands for that of its name.
    ``longest_block_ms``: the longest the GUI thread answered nothing meanwhile. ``processor``: the ms of processor time
    that the GUI thread took for each sample, which do not count what else runs on the machine.
    """

    name: str
    samples: tuple[float, ...]
    baseline: str
    baseline_median: float
    events: int | None = None
    unit: str = "ms"
    own_target: Target | None = None
    longest_block_ms: float | None = None
    processor: tuple[float, ...] = ()
    platform: str = ""

    @property
    def median(self) -> float:
        return percentile(self.samples, 50)

    @property
    def p95(self) -> float:
        return percentile(self.samples, 95)

    @property
    def ratio(self) -> float:
        """How many times the baseline the median is."""
        return self.median / self.baseline_median if self.baseline_median else math.inf

    @property
    def target(self) -> Target:
        """The most that it may be."""
        return self.own_target or target_of(self.name, self.events)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        pairs = zip((self.median, self.p95, self.longest_block_ms), self.target, strict=True)
        judged = [is_ <= most for is_, most in pairs if is_ is not None and most is not None]
        return all(judged) if judged else None

    def record(self) -> dict[str, Any]:
        """The figure as it stands in bench.json."""
        unit = self.unit.lower()
        return {
            "figure": self.name,
            "events": "sample" if self.events is None else self.events,
            "platform": self.platform,
            "n": len(self.samples),
            f"median_{unit}": round(self.median, 2),
            f"p95_{unit}": round(self.p95, 2),
            f"max_{unit}": round(max(self.samples), 2),
            f"target_{unit}": {name: most for name, most in self.target._asdict().items() if most is not None},
            "met": self.met,
            "baseline": self.baseline,
            f"baseline_median_{unit}": round(self.baseline_median, 2),
            "ratio": round(self.ratio, 2),
            "processor_median_ms": round(percentile(self.processor, 50), 2) if self.processor else None,
            "processor_p95_ms": round(percentile(self.processor, 95), 2) if self.processor else None,
            "longest_block_ms": None if self.longest_block_ms is None else round(self.longest_block_ms, 1),
        }


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that at least ``percent`` of them do not exceed."""
    ordered = sorted(samples)
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]


def encode(figure: Figure) -> str:
    """One line of text, for the way from a scenario's process to the runner's."""
    return json.dumps(asdict(figure))


def decode(line: str) -> Figure:
    fields = json.loads(line)
    own = Target(*fields["own_target"]) if fields["own_target"] else None
    tuples = {name: tuple(fields[name]) for name in ("samples", "processor")}
    return Figure(**{**fields, **tuples, "own_target": own})


def write(figures: Iterable[Figure], about: Mapping[str, Any], path: Path) -> None:
    """Write bench.json."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**about, "figures": [figure.record() for figure in figures]}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
