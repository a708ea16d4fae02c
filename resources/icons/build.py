"""Copies the icons that the program uses from the pinned Lucide package of the npm registry.

    python resources/icons/build.py        (needs npm on the path)

Add a name to NAMES and run it; tests fail when a file is used by nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = "lucide-static@1.62.0"
NAMES = [
    "arrow-left",
    "arrow-right",
    "book-open",
    "calendar",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-help",
    "copy",
    "crosshair",
    "ellipsis",
    "eye",
    "eye-off",
    "file-plus-2",
    "file-text",
    "filter",
    "folder-open",
    "git-compare",
    "grid-3x3",
    "hash",
    "highlighter",
    "import",
    "info",
    "keyboard",
    "layers",
    "locate-fixed",
    "magnet",
    "map-pin",
    "maximize-2",
    "minus",
    "moon",
    "panel-left-close",
    "panel-left-open",
    "panel-right-open",
    "pause",
    "pencil",
    "play",
    "plus",
    "quote",
    "redo-2",
    "repeat",
    "ruler",
    "search",
    "settings-2",
    "skip-back",
    "skip-forward",
    "step-back",
    "step-forward",
    "sun",
    "sun-moon",
    "table",
    "tag",
    "trash-2",
    "triangle-alert",
    "undo-2",
    "upload",
    "user-round",
    "x",
    "zoom-in",
    "zoom-out",
]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", folder]
        name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1]
        for old in HERE.glob("*.svg"):
            old.unlink()
        with tarfile.open(Path(folder) / name) as archive:
            for icon in NAMES:
                member = archive.extractfile(f"package/icons/{icon}.svg")
                assert member is not None
                text = re.sub(r"\s*\n\s*", " ", member.read().decode()).replace("> <", ">\n<")
                (HERE / f"{icon}.svg").write_text(text.strip() + "\n", encoding="utf-8")
            member = archive.extractfile("package/LICENSE")
            assert member is not None
            (HERE / "LICENSE-lucide.txt").write_bytes(member.read())
    print(f"{len(NAMES)} icons")
    return 0


if __name__ == "__main__":
    sys.exit(main())
