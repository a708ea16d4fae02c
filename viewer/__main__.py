"""``dateline`` on the command line, and ``python -m viewer``."""

from __future__ import annotations

from viewer.cli import main

if __name__ == "__main__":
    main()
