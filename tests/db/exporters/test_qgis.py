"""The exported style as QGIS itself draws it: each status, undated events, titles, and the list of layers."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QColor, QImage

from db import edits, edtf
from db.exporters import export_events
from db.exporters.qgis import MOST_BY_STATUS, style
from db.store import Store
from db.tables import Kind
from db.values import Status
from tests.helpers.system_python import has_qgis, process

pytestmark = pytest.mark.skipif(not has_qgis(), reason="python3-qgis is not installed")

COLOUR = QColor("#0050c0")
WHITE, GROUND, RED = QColor("#ffffff"), QColor("#e0ffe0"), QColor("#ff0000")
LONGITUDES = {status: 41.0 + number for number, status in enumerate(Status)}
UNDATED, CROWD, LATITUDE = 46.0, 47.0, 35.0
WEST, NORTH, DEGREE = 40.0, 36.0, 200
"""Of the pictures, whose pixels are 1/200 of a degree; marks are 35 px wide."""
EVER: list[str] = []
DAY = ["2016-11-28T00:00:00Z", "2016-11-28T23:59:59Z"]
LATER = ["2019-01-01T00:00:00Z", "2019-12-31T23:59:59Z"]

IN_QGIS = """
import json, sys
from qgis.core import *
from qgis.PyQt.QtCore import QDateTime, QSize, Qt
from qgis.PyQt.QtGui import QColor

application = QgsApplication([], True)
application.initQgis()
path, folder, views = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
layer = QgsVectorLayer(path + "|layername=events", "events", "ogr")
layer.loadDefaultStyle()
QgsProject.instance().addMapLayer(layer)
told = []
for number, (extent, size, dpi, span, colour) in enumerate(views):
    if colour:
        renderer = layer.renderer().clone()
        categories = renderer.categories()
        symbol = categories[0].symbol().clone()
        symbol.setColor(QColor(colour))
        renderer.updateCategorySymbol(0, symbol)
        layer.setRenderer(renderer)
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setOutputDpi(dpi)
    settings.setOutputSize(QSize(*size))
    settings.setExtent(QgsRectangle(*extent))
    settings.setBackgroundColor(QColor("#e0ffe0"))
    if span:
        settings.setIsTemporal(True)
        settings.setTemporalRange(QgsDateTimeRange(*(QDateTime.fromString(each, Qt.ISODate) for each in span)))
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(f"{folder}/{number}.png")
    results = job.takeLabelingResults()
    labels = results.allLabels() if results else []
    boxes = [(each.labelText, each.labelRect) for each in labels]
    told.append([settings.scale(), [[text, *(f() for f in (b.xMinimum, b.yMinimum, b.xMaximum, b.yMaximum))]
                                    for text, b in boxes]])
tree = QgsLayerTree()
tree.addLayer(layer)
model = QgsLayerTreeModel(tree)
nodes = model.layerLegendNodes(tree.findLayers()[0])
listed = [[each.data(Qt.DisplayRole), bool(each.flags() & Qt.ItemIsUserCheckable)] for each in nodes]
nodes[0].data(Qt.DecorationRole).save(f"{folder}/key.png")
print(json.dumps([told, listed]), flush=True)
import os
os._exit(0)  # QGIS falls over when Python takes its objects down in another order
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An event of each status in a row on one day, one without a date, and twelve at one place on another day."""
    folder = tmp_path_factory.mktemp("styled")
    store = Store.create(folder / "project.gpkg", "Project")
    with store.step("Events") as session:
        kind = Kind(name="Attack", shape="square", light=COLOUR.name(), dark="#ffffff")
        session.add(kind)
        session.flush()
        day = edtf.parse("2016-11-28")
        for status, lon in LONGITUDES.items():
            place = edits.add_place(session, status.word, lon, LATITUDE)
            edits.add_event(session, f"It is {status.word}", when=day, place_id=place, kind_id=kind.id, status=status)
        place = edits.add_place(session, "Undated", UNDATED, LATITUDE)
        edits.add_event(session, "It is undated", place_id=place, kind_id=kind.id)
        place = edits.add_place(session, "Crowd", CROWD, LATITUDE)
        for number in range(12):
            edits.add_event(session, f"Of many {number}", when=edtf.parse("2019-05"), place_id=place, kind_id=kind.id)
    with closing(store.reader()) as con:
        export_events(con, folder / "out.gpkg")
    store.close()
    return folder / "out.gpkg"


def look(path: Path, folder: Path, *views: tuple[Any, ...]) -> tuple[list[Any], list[Any]]:
    """Pictures of the views, named by their number, in ``folder``; the scale and labels of each; the list of layers."""
    told, listed = json.loads(process(IN_QGIS, path, folder, json.dumps(views)).splitlines()[-1])
    return told, listed


def row_of_marks(span: list[str], colour: str = "") -> tuple[Any, ...]:
    return (WEST, NORTH - 2, WEST + 8, NORTH), (8 * DEGREE, 2 * DEGREE), 300, span, colour


def around(lon: float) -> tuple[float, float, float, float]:
    return lon - 0.45, LATITUDE - 0.45, lon + 0.45, LATITUDE + 0.45


def mark(picture: QImage, lon: float) -> list[QColor]:
    """The pixels about a mark."""
    x, y = round((lon - WEST) * DEGREE), round((NORTH - LATITUDE) * DEGREE)
    return [picture.pixelColor(x + dx, y + dy) for dy in range(-30, 31) for dx in range(-30, 31)]


def close(one: QColor, other: QColor) -> bool:
    return max(abs(a - b) for a, b in zip(one.toTuple(), other.toTuple(), strict=True)) <= 6


def share(pixels: list[QColor], colour: QColor) -> float:
    """How many of the pixels have a colour, measured by the square of a mark."""
    return sum(close(each, colour) for each in pixels) / 35**2


def test_each_status_looks_as_in_the_window(path: Path, tmp_path: Path):
    look(path, tmp_path, row_of_marks(EVER), row_of_marks(DAY))
    for number in (0, 1):
        picture = QImage(str(tmp_path / f"{number}.png"))
        marks = {status: mark(picture, lon) for status, lon in LONGITUDES.items()}
        coloured = {status: share(pixels, COLOUR) for status, pixels in marks.items()}
        white = {status: share(pixels, WHITE) for status, pixels in marks.items()}
        middle = {status: pixels[len(pixels) // 2] for status, pixels in marks.items()}
        assert coloured[Status.OCCURRED] > 0.7
        assert close(middle[Status.OCCURRED], COLOUR)
        for hollow in (Status.PLANNED, Status.PREDICTED):
            assert close(middle[hollow], WHITE)
            assert white[hollow] > 0.5
        assert 0.3 < coloured[Status.PLANNED] < 0.7
        assert 0.3 < coloured[Status.PREDICTED] / coloured[Status.PLANNED] < 0.8, "the edge has gaps"
        assert coloured[Status.CLAIMED] == pytest.approx(coloured[Status.PLANNED], abs=0.05)
        faint = middle[Status.CLAIMED]
        assert COLOUR.red() + 40 < faint.red() < GROUND.red() - 40
        assert white[Status.CLAIMED] < 0.05
        assert 0.3 < coloured[Status.DENIED] < coloured[Status.OCCURRED] - 0.1, "a bar is cut free"
        assert white[Status.DENIED] > white[Status.OCCURRED] + 0.1


def test_another_colour_of_a_kind_is_that_of_every_status(path: Path, tmp_path: Path):
    """Categories by kind can be used as any: the colour is in one place."""
    look(path, tmp_path, row_of_marks(EVER, "#ff0000"))
    picture = QImage(str(tmp_path / "0.png"))
    for lon in LONGITUDES.values():
        pixels = mark(picture, lon)
        assert share(pixels, RED) > 0.15
        assert share(pixels, COLOUR) == 0


def test_undated_events_are_hidden_while_the_map_is_temporal(path: Path, tmp_path: Path):
    near = [(around(UNDATED), (400, 400), 96, span, "") for span in (EVER, DAY, LATER)]
    told, _listed = look(path, tmp_path, *(row_of_marks(span) for span in (EVER, DAY, LATER)), *near)
    ever, day, later = (QImage(str(tmp_path / f"{number}.png")) for number in range(3))
    assert share(mark(ever, UNDATED), COLOUR) > 0.7
    for picture in (day, later):
        assert all(close(each, GROUND) for each in mark(picture, UNDATED))
    assert share(mark(day, LONGITUDES[Status.OCCURRED]), COLOUR) > 0.7
    assert all(close(each, GROUND) for each in mark(later, LONGITUDES[Status.OCCURRED]))
    assert [[text for text, *_box in labels] for _scale, labels in told[3:]] == [["It is undated"], [], []]


def test_titles_stand_beside_marks_at_larger_scales_and_over_no_other(path: Path, tmp_path: Path):
    views = [(around(CROWD), (400, 400), dpi, LATER, "") for dpi in (400, 430)]  # the scale goes with the resolution
    (near, labels), (far, none) = look(path, tmp_path, *views)[0]
    assert near < 2_500_000 < far
    assert none == []
    assert 1 < len(labels) < 12, "those for which there is room"
    for number, (_text, west, south, east, north) in enumerate(labels):
        for _other, left, low, right, high in labels[:number]:
            assert right <= west or left >= east or high <= south or low >= north


def test_the_list_of_layers_says_what_each_status_looks_like(path: Path, tmp_path: Path):
    """In words, without boxes that would do nothing; kinds have theirs, and their keys look as what is reported."""
    listed = look(path, tmp_path)[1]
    kinds = [name for name, has_box in listed if has_box]
    assert kinds[-1] == "No kind"
    assert "Attack" in kinds
    assert [name for name, has_box in listed if not has_box] == [
        "Reported: filled",
        "Claimed: faint",
        "Planned: hollow",
        "Predicted: hollow, dotted",
        "Denied: struck through",
    ]
    key = QImage(str(tmp_path / "key.png"))
    assert close(key.pixelColor(key.width() // 2, key.height() // 2), COLOUR)
    seen = [key.pixelColor(x, y) for x in range(key.width()) for y in range(key.height())]
    assert not any(each.alpha() > 250 and close(each, WHITE) for each in seen), "no bar"
    look(path, tmp_path, row_of_marks(EVER, "#ff0000"))
    other = QImage(str(tmp_path / "key.png"))
    assert close(other.pixelColor(key.width() // 2, key.height() // 2), RED)
    now = [other.pixelColor(x, y) for x in range(key.width()) for y in range(key.height())]
    assert [each.alpha() for each in now] == [each.alpha() for each in seen], "no edge of open marks"


def test_titles_of_very_many_events_wait_for_a_larger_scale():
    def largest(count: int) -> str | None:
        rule = ElementTree.fromstring(style((), count).split("\n", 1)[1]).find("labeling/rules/rule")
        assert rule is not None
        return rule.get("scalemaxdenom")

    assert (largest(20_000), largest(20_001)) == ("2500000", "500000")


def test_very_many_events_are_drawn_by_kind_alone():
    few, many = (ElementTree.fromstring(style((), count).split("\n", 1)[1]) for count in (9, MOST_BY_STATUS + 1))
    layers = [len(each.findall(".//symbols/symbol/layer")) for each in (few, many)]
    assert layers[0] > 3
    assert layers[1] == 1
    assert [each.find("legend").get("showLabelLegend") for each in (few, many)] == ["1", "0"]
    expressions = [each.get("value") for each in many.iter("Option") if each.get("name") == "expression"]
    assert len(expressions) == 1
    assert "status" not in expressions[0]
    assert "begins" in expressions[0]
