"""QGIS' side, for the Python that has QGIS, without anything of this project: qgis_frames.py EXPORT < TASKS.

TASKS is the JSON list that ``ours`` printed. Prints one JSON object: the version, and for each task how long each
frame took (ms) and how many events a request with the layer's own filter for the time found in the first frames.
"""

from __future__ import annotations

import json
import sys
import time

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsDateTimeRange,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsPropertyCollection,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorLayerTemporalContext,
)
from qgis.PyQt.QtCore import QDateTime, QSize, Qt

BUDGET_S = 40.0
LEAST = 3
"""Frames measured and counted even when they take longer than BUDGET_S."""


def render(settings):
    start = time.perf_counter()
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.renderedImage().isNull()
    return (time.perf_counter() - start) * 1000


def count(layer, settings, asked):
    """How many features the layer has for a range of time within the extent."""
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    to_layer = QgsCoordinateTransform(settings.destinationCrs(), layer.crs(), QgsProject.instance())
    request = QgsFeatureRequest().setFilterExpression(layer.temporalProperties().createFilterString(context, asked))
    request.setFilterRect(to_layer.transformBoundingBox(settings.extent()))
    return sum(1 for _feature in layer.getFeatures(request))


def measure(layer, task):
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setOutputSize(QSize(*task["size"]))
    settings.setExtent(QgsRectangle(*task["extent"]))
    settings.setIsTemporal(True)
    ranges = [
        QgsDateTimeRange(*(QDateTime.fromMSecsSinceEpoch(at, Qt.UTC) for at in window)) for window in task["ranges"]
    ]
    settings.setTemporalRange(ranges[-1])
    render(settings)  # what is read and built once is no frame
    took, end = [], time.monotonic() + BUDGET_S
    for asked in ranges:
        settings.setTemporalRange(asked)
        took.append(render(settings))
        if len(took) >= LEAST and time.monotonic() > end:
            break
    return {"ms": took, "counts": [count(layer, settings, asked) for asked in ranges[:LEAST]]}


def plain(layer):
    """Leave only filled marks by kind: what the style does by expressions and labels costs QGIS time."""
    layer.setLabelsEnabled(False)
    renderer = layer.renderer().clone()
    categories = renderer.categories()
    for number, category in enumerate(categories):
        symbol = category.symbol().clone()
        while symbol.symbolLayerCount() > 1:
            symbol.deleteSymbolLayer(1)
        symbol.symbolLayer(0).setDataDefinedProperties(QgsPropertyCollection())
        renderer.updateCategorySymbol(number, symbol)
    layer.setRenderer(renderer)


def main(path):
    application = QgsApplication([], False)
    application.initQgis()
    layer = QgsVectorLayer(path + "|layername=events", "events", "ogr")
    layer.loadDefaultStyle()  # as the program does with each layer that is added
    time_settings = layer.temporalProperties()
    if not (layer.isValid() and layer.renderer().type() == "categorizedSymbol" and time_settings.isActive()):
        sys.exit("QGIS did not take the style and the times of the exported file")
    plain(layer)
    tasks = [measure(layer, task) for task in json.load(sys.stdin)]
    print(json.dumps({"version": Qgis.version().split("-")[0], "tasks": tasks}))


if __name__ == "__main__":
    main(sys.argv[1])
