"""Where and when figures were measured."""

from __future__ import annotations

import os
import platform
import time
from datetime import UTC, datetime

import psutil
import PySide6


class Run:
    """One run of benchmarks, from here on."""

    def __init__(self) -> None:
        self._begun, self._load = time.monotonic(), os.getloadavg()[0]

    @property
    def seconds(self) -> float:
        """So far."""
        return time.monotonic() - self._begun

    def about(self) -> dict[str, object]:
        """What stands beside the figures in the JSON."""
        return {
            "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(self.seconds),
            "machine": platform.machine(),
            "cores": os.cpu_count(),
            "memory_mb": round(psutil.virtual_memory().total / 2**20),
            "system": platform.platform(),
            "python": platform.python_version(),
            "pyside": PySide6.__version__,
            "size": "1600x1000",
            "load_before": round(self._load, 2),
            "load_after": round(os.getloadavg()[0], 2),
        }
