"""Writes the small pictures that style sheets refer to, in each theme's colours.

    python resources/themes/build.py

Style sheets can name a picture file but not colour one; tests hold these files to the colours of the themes.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
PICTURES = {
    "check": ("accent_text", 2.4, "M3.5 8.4 6.6 11.4 12.5 5"),
    "dash": ("accent_text", 2.4, "M4 8h8"),
    "dot": ("accent_text", 6.0, "M8 8h.01"),
    "down": ("text2", 1.25, "M4 6.2 8 10.2 12 6.2"),
    "up": ("text2", 1.25, "M4 9.8 8 5.8 12 9.8"),
    "right": ("text2", 1.25, "M6.2 4 10.2 8 6.2 12"),
    "ask": ("accent", 1.1, "M8 1.8a6.2 6.2 0 1 0 .01 0M6.3 6.2a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.9.7-.9 1.3M8 11.3v.01"),
    "warn": ("warn", 1.1, "M8 2.2 14.6 13.4H1.4zM8 6.4v3.2M8 11.6v.01"),
    "close": ("text2", 1.4, "M4 4l8 8M12 4l-8 8"),
}


def main() -> int:
    for theme in ("light", "dark"):
        colors = tomllib.loads((HERE / f"{theme}.toml").read_text(encoding="utf-8"))["colors"]
        (HERE / theme).mkdir(exist_ok=True)
        for name, (role, width, path) in PICTURES.items():
            text = (
                '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16" fill="none" '
                f'stroke="{colors[role]}" stroke-width="{width}" stroke-linecap="round" stroke-linejoin="round">'
                f'<path d="{path}"/></svg>\n'
            )
            (HERE / theme / f"{name}.svg").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
