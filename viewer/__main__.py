"""``dateline`` on the command line, and ``python -m viewer``."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

# Most of what is made at the start stays: looking it over again and again would take a tenth of the start.
gc.set_threshold(100_000, 50, 100)

from viewer.cli import main  # noqa: E402

if __name__ == "__main__":
    if sys.argv[1:2] == ["--paint-tiles"]:
        from viewer.views.map.basemap.aside import serve

        serve(Path(sys.argv[2]))
    else:
        main()
