"""Icons: every file is used, every used one is there, and they are drawn crisply in the colour asked for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from db.errors import EnvironmentFault
from viewer.look.icons import STROKE, Icons
from viewer.look.theme import ThemeManager
from viewer.paths import RESOURCES

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path.stem for path in (RESOURCES / "icons").glob("*.svg"))
ICON_CALLS = {"IconButton": 1, "EmptyState": 1, "IconLabel": 1, "pixmap": 0, "icon": 0, "set_icon": 0}
"""Calls that take an icon's name, and where among the arguments after self."""


def _trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text("utf-8"))) for path in sorted((ROOT / "viewer").rglob("*.py"))]


def _strings() -> set[str]:
    return {
        node.value
        for _path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _named() -> set[tuple[str, str]]:
    """Names of icons written out in calls, with the file."""
    found = set()
    for path, tree in _trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = ICON_CALLS.get(name)
            given = [each.value for each in node.keywords if each.arg == "icon"]
            if place is not None and len(node.args) > place:
                given.append(node.args[place])
            for each in given:
                options = [each.body, each.orelse] if isinstance(each, ast.IfExp) else [each]
                found |= {
                    (str(path.relative_to(ROOT)), one.value)
                    for one in options
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value
                }
    return found


def test_every_icon_that_is_named_is_there() -> None:
    named = _named()
    assert len(named) > 10
    assert not {(path, name) for path, name in named if name not in FILES}


def test_every_icon_that_is_there_is_used() -> None:
    assert not sorted(set(FILES) - _strings())


def test_the_licence_is_with_them() -> None:
    text = (RESOURCES / "icons" / "LICENSE-lucide.txt").read_text("utf-8")
    assert "ISC License" in text
    assert "Lucide" in text


@pytest.mark.parametrize("name", FILES)
def test_an_icon_is_drawn_in_its_colour_alone(name: str, qapp: object) -> None:
    color = QColor("#2B59E0")
    image = Icons().pixmap(name, color, 16, 2.0).toImage()
    assert (image.width(), image.height(), image.devicePixelRatio()) == (32, 32, 2.0)
    inked = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 200]
    assert inked
    for pixel in inked:
        assert max(abs(pixel.red() - 43), abs(pixel.green() - 89), abs(pixel.blue() - 224)) <= 4


def test_lines_are_of_the_design_s_width(qapp: object) -> None:
    """A minus is one line: its ink across is the stroke's width."""
    image = Icons().pixmap("minus", QColor("black"), 240, 1.0).toImage()
    ink = sum(image.pixelColor(120, y).alphaF() for y in range(240))
    assert ink == pytest.approx(10 * STROKE, abs=0.3)


def test_a_drawing_is_made_once(qapp: object) -> None:
    icons = Icons()
    first = icons.pixmap("play", QColor("red"))
    assert icons.pixmap("play", QColor("red")).cacheKey() == first.cacheKey()
    assert icons.pixmap("play", QColor("blue")).cacheKey() != first.cacheKey()
    assert icons.pixmap("play", QColor("red"), 18).cacheKey() != first.cacheKey()


def test_faded_colours_fade_the_drawing(qapp: object) -> None:
    full = Icons().pixmap("minus", QColor(0, 0, 0, 255), 24).toImage()
    half = Icons().pixmap("minus", QColor(0, 0, 0, 128), 24).toImage()
    assert half.pixelColor(12, 12).alpha() == pytest.approx(full.pixelColor(12, 12).alpha() / 2, abs=2)


def test_an_unknown_icon_is_said_in_words(qapp: object) -> None:
    with pytest.raises(EnvironmentFault, match="unicorn"):
        Icons().pixmap("unicorn", QColor("black"))


def test_the_theme_colours_them_and_scales_them(look: ThemeManager) -> None:
    light = look.pixmap("minus", "text2", 24).toImage().pixelColor(12, 12)
    assert light.name() == look.theme.text2.name()
    look.set_preference("dark")
    look.set_scale(1.5)
    dark = look.pixmap("minus", "text2", 24).toImage()
    assert dark.width() == 36
    assert dark.pixelColor(18, 18).name() == look.theme.text2.name()
    assert look.icon("play").availableSizes()
