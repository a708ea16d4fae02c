"""Lengths of layouts and widgets, given once in px at scale 1; each follows the interface scale from then on.

A style sheet reaches paddings and fonts, not the margins of layouts nor fixed sizes. These functions write the designed
length into a dynamic property of the object and apply it at the present scale; ``rescale`` goes over all objects that
have one. So nothing is connected and nothing is kept alive. What paints itself uses ``theme.px`` instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QBoxLayout, QGridLayout, QLayout, QWidget

_SCALE: Final = "interface_scale"
_MARGINS: Final = "designed_margins"
_GAP: Final = "designed_gap"
_GAPS: Final = "designed_gaps"
_SIDES: Final = "designed_sides"
_NONE: Final = -1


def scaled(length: float) -> int:
    """A length at the present scale, px; what keeps it has to ask again when the scale is another."""
    return round(length * _scale())


def margins(of: QLayout | QWidget, left: int, top: int, right: int, bottom: int) -> None:
    """The margins within a layout or a widget."""
    of.setProperty(_MARGINS, [left, top, right, bottom])
    _apply(of, _scale())


def gap(of: QLayout, across: int, down: int | None = None) -> None:
    """The room between the items of a layout; in a grid across and down, where they differ."""
    of.setProperty(_GAP, [across, across if down is None else down])
    _apply(of, _scale())


def add_gap(to: QBoxLayout, length: int) -> None:
    """Empty room of a length after the items that a layout has by now; none may be put in before it later."""
    to.addSpacing(0)
    to.setProperty(_GAPS, [*(to.property(_GAPS) or []), to.count() - 1, length])
    _apply(to, _scale())


def fix(widget: QWidget, *, width: int | None = None, height: int | None = None) -> None:
    """One width or one height, or both."""
    _bound(widget, (width, height, width, height))


def least(widget: QWidget, *, width: int | None = None, height: int | None = None) -> None:
    """As narrow or low as it may become."""
    _bound(widget, (width, height, None, None))


def most(widget: QWidget, *, width: int | None = None, height: int | None = None) -> None:
    """As wide or high as it may become."""
    _bound(widget, (None, None, width, height))


def rescale(windows: Iterable[QWidget], scale: float) -> None:
    """Apply all lengths of some windows at another scale, and of all that is made from now on."""
    app = QApplication.instance()
    assert app is not None
    app.setProperty(_SCALE, scale)
    for window in windows:
        for each in _within(window):
            _apply(each, scale)


def _within(window: QWidget) -> Iterator[QObject]:
    yield window
    yield from window.findChildren(QWidget)
    yield from window.findChildren(QLayout)


def _scale() -> float:
    app = QApplication.instance()
    return float((app.property(_SCALE) if app is not None else None) or 1.0)


def _bound(widget: QWidget, sides: tuple[int | None, int | None, int | None, int | None]) -> None:
    before = widget.property(_SIDES) or [_NONE] * 4
    widget.setProperty(_SIDES, [old if new is None else new for old, new in zip(before, sides, strict=True)])
    _apply(widget, _scale())


def _apply(to: QObject, scale: float) -> None:
    if isinstance(to, QLayout | QWidget) and (sides := to.property(_MARGINS)) is not None:
        left, top, right, bottom = (round(side * scale) for side in sides)
        to.setContentsMargins(left, top, right, bottom)
    if isinstance(to, QLayout):
        _apply_gaps(to, scale)
    elif isinstance(to, QWidget) and (sides := to.property(_SIDES)) is not None:
        least_wide, least_high, most_wide, most_high = (round(side * scale) if side >= 0 else None for side in sides)
        if most_wide is not None:
            to.setMaximumWidth(most_wide)
        if least_wide is not None:
            to.setMinimumWidth(least_wide)
        if most_high is not None:
            to.setMaximumHeight(most_high)
        if least_high is not None:
            to.setMinimumHeight(least_high)


def _apply_gaps(to: QLayout, scale: float) -> None:
    if (between := to.property(_GAP)) is not None:
        if isinstance(to, QGridLayout):
            to.setHorizontalSpacing(round(between[0] * scale))
            to.setVerticalSpacing(round(between[1] * scale))
        else:
            to.setSpacing(round(between[0] * scale))
    if isinstance(to, QBoxLayout) and (placed := to.property(_GAPS)) is not None:
        flat = to.direction() in (QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.RightToLeft)
        for at, length in zip(placed[::2], placed[1::2], strict=True):
            item = to.itemAt(at)
            room = item.spacerItem() if item is not None else None
            assert room is not None, "something was put in before the gap"
            room.changeSize(round(length * scale) if flat else 0, 0 if flat else round(length * scale))
        to.invalidate()
