"""Where the real articles and their annotations lie, when they lie here: they are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_beside = Path(__file__).resolve().parents[3] / "shared"
_folder = Path(os.environ["DATELINE_SHARED"]) if "DATELINE_SHARED" in os.environ else _beside

SHARED: Path | None = _folder if (_folder / "sample" / "events.json").is_file() else None

needs_shared = pytest.mark.skipif(SHARED is None, reason="the real articles are not beside this checkout")
