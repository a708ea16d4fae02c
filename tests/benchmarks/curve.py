"""The growth of a frame with the number of events, as a picture."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks.figures import Figure

SCENARIO: Final = "map frame, "
COLORS: Final = ("#2563eb", "#d97706", "#059669", "#9333ea")


def draw(measured: Sequence[Figure], path: Path) -> None:
    """Draw medians (lines) and 95th percentiles (dashed) of the figures of the growth scenario; nothing without any."""
    figures = [figure for figure in measured if figure.name.startswith(SCENARIO) and figure.platform == "offscreen"]
    if not figures:
        return
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    import pyqtgraph
    from pyqtgraph.exporters import ImageExporter

    pyqtgraph.setConfigOptions(background="w", foreground="k", antialias=True)
    application = pyqtgraph.mkQApp("growth")
    plot = pyqtgraph.PlotWidget(title="A frame of the map, median and (dashed) 95th percentile")
    plot.resize(1000, 640)
    plot.addLegend(offset=(20, 20))
    plot.setLogMode(x=True, y=False)
    plot.setLabel("bottom", "events")
    sizes = sorted({figure.events or 1 for figure in figures})
    plot.getAxis("bottom").setTicks([[(math.log10(size), f"{size:,}") for size in sizes]])
    plot.setLabel("left", "ms a frame")
    plot.addLine(y=16, pen=pyqtgraph.mkPen("#dc2626", style=pyqtgraph.QtCore.Qt.PenStyle.DotLine))
    names = list(dict.fromkeys(figure.name for figure in figures))
    for name, color in zip(names, COLORS, strict=False):
        mine = [figure for figure in figures if figure.name == name]
        events = [figure.events or 0 for figure in mine]
        plot.plot(
            events,
            [each.median for each in mine],
            pen=pyqtgraph.mkPen(color, width=2),
            symbol="o",
            symbolBrush=color,
            symbolPen=None,
            name=name,
        )
        dashes = pyqtgraph.mkPen(color, width=1, style=pyqtgraph.QtCore.Qt.PenStyle.DashLine)
        plot.plot(events, [each.p95 for each in mine], pen=dashes)
    plot.setYRange(0, max(18.0, *(figure.p95 for figure in figures)))
    plot.show()
    application.processEvents()
    path.parent.mkdir(parents=True, exist_ok=True)
    ImageExporter(plot.plotItem).export(str(path))
