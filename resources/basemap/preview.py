"""Renders a picture of the basemap with its names to build/basemap: for looking at it while working on it.

python resources/basemap/preview.py NAME --lon 42.3 --lat 33.6 --scale 37600 [--size 1600x1000] [--dark] [--plain]
    [--focus IRQ,SYR] [--ratio 1] [--arabic] [--muted] [--un]
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication, QImage, QPainter  # noqa: E402

from viewer.look.fonts import load_fonts  # noqa: E402
from viewer.views.map.basemap.basemap import Basemap  # noqa: E402
from viewer.views.map.basemap.label_painter import LabelPainter  # noqa: E402
from viewer.views.map.basemap.labels import Script  # noqa: E402
from viewer.views.map.geometry import Rect, Viewport  # noqa: E402
from viewer.views.map.placing import place  # noqa: E402
from viewer.views.map.projection import to_world  # noqa: E402


def picture(basemap: Basemap, view: Viewport, ratio: float, focus: frozenset[str], script: Script) -> QImage:
    """The whole map of a viewport with the names that find room."""
    image = basemap.render(view, ratio).copy()
    names = LabelPainter(basemap.palette, ratio)
    labels = basemap.atlas.labels(view, focus=focus, script=script)
    wishes = {label.key: names.wish(label, view) for label in labels}
    marks = [rect for label in labels if (rect := names.mark_rect(label, view))]
    taken = place(wishes.values(), Rect(0, 0, view.width, view.height), marks)
    painter = QPainter(image)
    for label in labels:
        names.paint_mark(painter, label, view)
    for label in reversed(labels):
        if label.key in taken:
            names.paint(painter, label, view, wishes[label.key].candidates[taken[label.key]])
    painter.end()
    return image


def main() -> None:
    """Reads the command line and writes the picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--lon", type=float, default=42.1)
    parser.add_argument("--lat", type=float, default=33.75)
    parser.add_argument("--scale", type=float, default=37600)
    parser.add_argument("--size", default="1600x1000")
    parser.add_argument("--ratio", type=float, default=1.0)
    parser.add_argument("--focus", default="IRQ,SYR")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--muted", action="store_true")
    parser.add_argument("--arabic", action="store_true")
    parser.add_argument("--un", action="store_true", help="borders as the United Nations see them")
    options = parser.parse_args()
    app = QGuiApplication([])
    load_fonts()
    width, height = (int(part) for part in options.size.split("x"))
    x, y = to_world(options.lon, options.lat)
    view = Viewport(float(x), float(y), options.scale, width, height).settle()
    focus = frozenset(code for code in options.focus.split(",") if code)
    basemap = Basemap(Path(__file__).resolve().parent)
    basemap.set_style(
        "plain" if options.plain else "atlas",
        dark=options.dark,
        focus=focus,
        muted=options.muted,
        worldview="un" if options.un else "control",
    )
    image = picture(basemap, view, options.ratio, focus, "arabic" if options.arabic else "latin")
    basemap.close()
    out = ROOT / "build" / "basemap" / f"{options.name}.png"
    out.parent.mkdir(parents=True, exist_ok=True)
    image.save(str(out))
    sys.stdout.write(f"{out}\n")
    app.quit()


if __name__ == "__main__":
    main()
