"""Layers in the window: added by key and by a drop, scrubbed, styled, moved, removed, undone; bad files are told of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QToolTip

from db import queries
from tests.helpers import layers as made
from tests.helpers.layers import box, feature, polygon
from tests.helpers.window import Program, instant, picture, reopened
from viewer.models.layer_colors import layer_color
from viewer.shell.dialogs.layer import LayerDialog, TableChoice
from viewer.views.layers.row import LayerLine
from viewer.widgets.buttons import Button


def names(app: Program) -> list[str]:
    """The layers, the topmost first."""
    return [row.name for row in reversed(app.window.desk.data.loaded.layers)]


def on_map(app: Program, lon: float, lat: float) -> QColor:
    app.settle()
    view = app.window.map_view
    x, y = view.picture.view.spot(lon, lat)
    return picture(view).pixelColor(round(x), round(y))


def line(app: Program, name: str) -> LayerLine:
    return next(each for each in app.window.left_panel.layers.lines if each.row.name == name)


def drop(app: Program, *paths: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    what = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(50, 50), *what)
    QApplication.sendEvent(app.window.map_view, entering)
    dropping = QDropEvent(QPointF(50, 50), *what)
    QApplication.sendEvent(app.window.map_view, dropping)
    return entering.isAccepted()


def dialog(app: Program, kind: type) -> LayerDialog | TableChoice:
    found = []

    def is_open() -> bool:
        found[:] = [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]
        return bool(found)

    app.wait(is_open)
    return found[0]


def add(app: Program, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    app.key("Ctrl+Shift+Y")


def test_areas_come_by_key_show_at_their_times_and_are_styled_as_one_step(
    app: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = app.window.desk.data.store.path
    app.window.show_layers()
    panel = app.window.left_panel.layers
    assert "No layers yet" in panel.empty.sentence()
    assert panel.empty.isVisible()
    here, then = (38.9, 33.6), (41.3, 33.6)  # a part of the desert without events
    ground = on_map(app, *here), on_map(app, *then)
    path = made.geojson(
        tmp_path / "Control.geojson",
        feature(polygon(box(38.6, 33.3, 39.2, 33.9)), name="The west", begin="2016-01-01", end="2016-12-31"),
        feature(polygon(box(41, 33.3, 41.6, 33.9)), name="The east", begin="2017-01-01"),
    )
    add(app, path, monkeypatch)
    app.says("Added layer Control. Its fields “begin” and “end” can say when a feature shows")
    app.wait(lambda: names(app) == ["Control"])
    assert on_map(app, *here) != ground[0]
    assert on_map(app, *then) != ground[1]

    # The offer of the toast sets the times in one step.
    toast = app.window.toasts.toasts()[-1]
    next(each for each in toast.findChildren(Button) if each.text() == "Show by these").click()
    app.wait(lambda: line(app, "Control").row.by_feature)
    assert (line(app, "Control").row.begin_field, line(app, "Control").row.end_field) == ("begin", "end")
    app.back_in_window()
    app.key("Ctrl+Z")
    app.wait(lambda: not line(app, "Control").row.by_feature)

    row = line(app, "Control")
    row.setFocus()
    app.key("Return")
    window = dialog(app, LayerDialog)
    assert isinstance(window, LayerDialog)
    app.wait(lambda: window.label_field.count() == 4)
    window.colors.dots["red"].click()
    window.fill_choice.choose("1.0")
    window.when.set_value("feature")
    window.when.chosen.emit("feature")
    assert (window.begin_field.value(), window.end_field.value()) == ("begin", "end"), "they are set already"
    for field in (window.begin_field, window.end_field):
        field.choose("")
    window.save.click()
    assert "Choose the field" in window.said.text()
    window.begin_field.choose("begin")
    window.end_field.choose("end")
    window.save.click()
    app.says("Changed layer Control")
    app.wait(lambda: line(app, "Control").row.by_feature)
    app.window.desk.commands.go_to(instant("2016-06-01"))
    red = layer_color("red", dark=False)
    assert on_map(app, *here) == red
    assert on_map(app, *then) == ground[1]
    app.window.desk.commands.go_to(instant("2017-06-01"))
    assert on_map(app, *here) == ground[0]
    assert on_map(app, *then) == red
    assert reopened(project, lambda con: queries.layers(con)[0].begin_field) == "begin"
    for projection in ("equal-earth", "albers", "mercator"):
        app.window.desk.commands.set_projection(projection)
        assert on_map(app, *then) == red, projection
        assert on_map(app, *here) != red, projection

    app.back_in_window()
    view = app.window.map_view
    app.click(view, QPointF(*view.picture.view.spot(*then)))
    app.wait(lambda: "The east" in QToolTip.text())
    QToolTip.hideText()
    app.key("Ctrl+Z")
    app.says("Undone: change layer Control")
    app.wait(lambda: not line(app, "Control").row.by_feature)
    assert on_map(app, *here) != ground[0]
    app.key("Ctrl+Z")
    app.wait(lambda: names(app) == [])
    assert on_map(app, *here) == ground[0]
    app.key("Ctrl+Shift+Z")
    app.wait(lambda: names(app) == ["Control"])
    assert on_map(app, *here) != ground[0]


def test_dropped_files_are_ordered_hidden_removed_and_missing_ones_named(
    app: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = np.full((60, 60, 3), (10, 200, 30), np.uint8)
    picture_file = made.geotiff(tmp_path / "Old map.tif", pixels, 39, 32, 0.05)
    areas = made.geojson(tmp_path / "Areas.geojson", feature(polygon(box(39, 31, 40, 32))))
    tables = made.geopackage(tmp_path / "Both.gpkg", {"a": [("POINT (1 1)", "x")], "b": [("POINT (2 2)", "x")]})
    assert not drop(app, tmp_path / "notes.txt")
    ground = on_map(app, 40.5, 31.5)
    assert drop(app, picture_file)
    app.wait(lambda: names(app) == ["Old map"])
    green = QColor(10, 200, 30)
    assert on_map(app, 40.5, 31.5) == green
    assert drop(app, areas)
    app.wait(lambda: names(app) == ["Areas", "Old map"])
    assert drop(app, tables)
    choice = dialog(app, TableChoice)
    assert isinstance(choice, TableChoice)
    choice.table.set_value("b")
    choice.accept()
    app.wait(lambda: names(app) == ["b", "Areas", "Old map"])

    app.back_in_window()
    app.key("Y")
    panel = app.window.left_panel.layers
    app.wait(lambda: line(app, "b").hasFocus())
    app.key("Alt+Down")
    app.wait(lambda: names(app) == ["Areas", "b", "Old map"])
    app.settle()
    app.drag(line(app, "Areas").name, [QPoint(5, 5), QPoint(5, 40), QPoint(5, 200)])
    app.wait(lambda: names(app) == ["b", "Old map", "Areas"])
    app.settle()
    line(app, "b").setFocus()
    app.key("Del")
    app.wait(lambda: names(app) == ["Old map", "Areas"])
    app.settle()
    app.wait(lambda: any(each.hasFocus() for each in panel.lines))
    app.click(line(app, "Old map").eye)
    app.wait(lambda: not line(app, "Old map").row.visible)
    assert on_map(app, 40.5, 31.5) == ground
    app.settle()
    app.key("Ctrl+Z")
    app.wait(lambda: line(app, "Old map").row.visible)
    assert on_map(app, 40.5, 31.5) == green

    flown = app.window.map_view.viewport
    line(app, "Old map").flight_wanted.emit()
    app.settle()
    assert app.window.map_view.viewport.scale > flown.scale

    moved = picture_file.rename(tmp_path / "moved.tif")
    app.window.desk.commands.layers.show(line(app, "Areas").row, False)
    app.wait(lambda: line(app, "Old map").row.missing)
    app.settle()
    assert "File not found" in line(app, "Old map").note.text()
    status = app.window.status_bar
    assert "Layer Old map not found" in [each.text() for each in status.findChildren(QLabel) if each.isVisible()]
    assert on_map(app, 40.5, 31.5) != green
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(moved), ""))
    panel.file_wanted.emit(line(app, "Old map").row)
    app.wait(lambda: not line(app, "Old map").row.missing)
    assert on_map(app, 40.5, 31.5) == green

    # Saved anew by another program, then taken out: no file stays open that is not looked at
    samplers = app.window.map_view.layers._samplers
    app.wait(lambda: len(samplers) == 1)
    made.geotiff(moved, pixels[:59] + np.uint8(40), 39, 32, 0.05)
    QApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert on_map(app, 40.5, 31.5) == QColor(50, 240, 70)
    app.wait(lambda: len(samplers) == 1)
    app.window.desk.commands.layers.remove(line(app, "Old map").row)
    app.wait(lambda: names(app) == ["Areas"])
    app.wait(lambda: not samplers)


def test_bad_files_and_dates_are_told_in_a_sentence(
    app: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = tmp_path / "cut.geojson"
    bad.write_text('{"type": "FeatureCollection", "features": [{"type": "Fea')
    add(app, bad, monkeypatch)
    app.says("cut.geojson cannot be read at feature 1")
    assert names(app) == []
    good = made.geojson(tmp_path / "Line.geojson", feature({"type": "LineString", "coordinates": [[39, 31], [40, 32]]}))
    add(app, good, monkeypatch)
    app.wait(lambda: names(app) == ["Line"])
    app.settle()
    app.window.show_layers()
    app.window.layers.set_up(app.window.desk.data.loaded.layers[0])
    window = dialog(app, LayerDialog)
    assert isinstance(window, LayerDialog)
    window.when.set_value("span")
    window.when.chosen.emit("span")
    window.begins.setText("some day")
    window.save.click()
    assert window.isVisible()
    assert "some day" in window.said.text()
    app.settle()
    for part in (window.begins, window.ends, window.said):
        assert part.visibleRegion().boundingRect() == part.rect(), "nothing is cut off by what is said"
    assert window.begins.property("invalid") == "true"
    window.begins.setText("May 2016")
    assert (window.said.isVisible(), window.said.text(), window.begins.property("invalid")) == (False, "", "false")
    window.ends.setText("2015")
    window.save.click()
    assert window.said.text() == "The end lies before the beginning."
    window.ends.setText("late May 2016")
    window.save.click()
    app.wait(lambda: line(app, "Line").row.begins == "2016-05")
    app.settle()
    assert "not now" in line(app, "Line").note.text()
    app.window.desk.commands.go_to(instant("2016-05-10"))
    app.settle()
    assert "not now" not in line(app, "Line").note.text()


def test_an_event_can_be_renamed_while_a_layer_is_read(
    app: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, began = app.window.desk.data, []
    app.window.desk.jobs.long_began.connect(lambda *work: began.append(work))
    squares = [feature(polygon(box(at / 1000, 0, at / 1000 + 1, 1)), name=f"Square {at}") for at in range(20_000)]
    steps: list[str] = []
    data.changed.connect(lambda change: steps.append(change.label))
    add(app, made.geojson(tmp_path / "Squares.geojson", *squares), monkeypatch)
    app.wait(lambda: bool(began))
    app.window.desk.commands.set_title(data.row_ref(0), "Renamed meanwhile")
    app.wait(lambda: len(steps) == 2)
    assert steps == ["Rename event", "Add layer Squares"]
