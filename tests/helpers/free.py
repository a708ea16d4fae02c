"""Whether a project is closed."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def is_free(path: Path) -> bool:
    """Whether nobody has the file open: then, and only then, its journal can be made another."""
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    try:
        other.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    finally:
        other.close()
    links = Path("/proc/self/fd").iterdir()
    return not any(link.exists() and link.resolve() == path.resolve() for link in links)
