"""Theme: the colours, type and sizes of the interface by role, as frozen values. Read from resources/themes.

Nothing here changes the running application; viewer/look/theme.py does that.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from PySide6.QtGui import QColor, QFont

from viewer.look.fonts import DISPLAY, SANS, SERIF, make_font
from viewer.paths import resource


@dataclass(frozen=True)
class TypeRole:
    """How one kind of text is set: families, size in px at scale 1, weight 100..900, spacing in px."""

    families: tuple[str, ...]
    pixels: int
    weight: int = 400
    spacing: float = 0.0


TYPE: Final[Mapping[str, TypeRole]] = {
    "map_date": TypeRole(DISPLAY, 26, 600, -0.2),
    "headline": TypeRole(DISPLAY, 22, 600, -0.2),
    "event_title": TypeRole(DISPLAY, 18, 600, -0.1),
    "body": TypeRole(SANS, 13),
    "body_medium": TypeRole(SANS, 13, 500),
    "body_strong": TypeRole(SANS, 13, 600),
    "label": TypeRole(SANS, 12, 500),
    "label_strong": TypeRole(SANS, 12, 600),
    "note": TypeRole(SANS, 12),
    "meta": TypeRole(SANS, 11),
    "meta_medium": TypeRole(SANS, 11, 500),
    "meta_strong": TypeRole(SANS, 11, 600),
    "key": TypeRole(SANS, 10, 500),
    "quote": TypeRole(SERIF, 13),
    "reader": TypeRole(SERIF, 14),
    "reader_large": TypeRole(SERIF, 17),
}
"""Roles of type. Serif means someone else's words: quotes and source text, nothing of ours."""

RADIUS_CHIP: Final = 4
RADIUS_INPUT: Final = 7
RADIUS_CARD: Final = 8
RADIUS_POPOVER: Final = 12
FOCUS_WIDTH: Final = 2
FOCUS_GAP: Final = 2
TARGET: Final = 28
"""Sizes in px at scale 1; TARGET is the least side of anything to click."""


@dataclass(frozen=True)
class KindStyle:
    """The look of one kind of event in the Conflict template. A project's own kinds come from its file."""

    name: str
    shape: str
    color: QColor


@dataclass(frozen=True)
class Tint:
    """The colour of one actor's territory over land, ``alpha`` 0..1."""

    name: str
    color: QColor
    alpha: float


@dataclass(frozen=True)
class Theme:
    """One look. Colours are fields by role (``theme.surface``) and by name (``theme.color("surface")``).

    The QColors are shared: copy one before changing it. ``theme.px`` scales a length, ``theme.font`` gives a type role.
    """

    name: str
    dark: bool
    app: QColor
    surface: QColor
    surface2: QColor
    raised: QColor
    hover: QColor
    border: QColor
    border2: QColor
    ctl: QColor
    text: QColor
    text2: QColor
    text3: QColor
    accent: QColor
    accent_soft: QColor
    accent_text: QColor
    warn: QColor
    warn_soft: QColor
    warn_line: QColor
    ok: QColor
    ok_soft: QColor
    hl: QColor
    hl_soft: QColor
    sea: QColor
    river: QColor
    land: QColor
    outside: QColor
    country: QColor
    province: QColor
    place: QColor
    halo: QColor
    shadow: QColor
    kinds: tuple[KindStyle, ...]
    territory: tuple[Tint, ...]
    scale: float = 1.0
    _fonts: dict[tuple[str, int | None, bool], QFont] = field(default_factory=dict, repr=False, compare=False)

    def color(self, role: str, alpha: float = 1.0) -> QColor:
        """A fresh copy of the colour of a role, ``alpha`` 0..1 of full. KeyError for a role that does not exist."""
        if role not in COLOR_ROLES:
            raise KeyError(f"no colour role {role!r}; there are {', '.join(COLOR_ROLES)}")
        color = QColor(getattr(self, role))
        if alpha < 1.0:
            color.setAlphaF(alpha)
        return color

    def pick(self, light: str | None, dark: str | None, otherwise: str = "text3") -> QColor:
        """The one of a row's two stored colours (#RRGGBB) that suits this theme; the role ``otherwise`` without."""
        text = dark if self.dark else light
        color = QColor(text) if text else QColor()
        return color if color.isValid() else self.color(otherwise)

    def font(self, role: str, *, weight: int | None = None, italic: bool = False) -> QFont:
        """A copy of the font of a type role at this scale (keys of TYPE). KeyError for a role that does not exist."""
        key = (role, weight, italic)
        if key not in self._fonts:
            kind = TYPE[role]
            self._fonts[key] = make_font(
                kind.families, self.px(kind.pixels), weight or kind.weight, italic=italic, spacing=kind.spacing
            )
        return QFont(self._fonts[key])

    def px(self, length: float) -> int:
        """A length of the design at this interface scale, in whole logical pixels."""
        return round(length * self.scale)


COLOR_ROLES: Final = tuple(each.name for each in fields(Theme) if each.type == "QColor")
"""Every role that Theme.color knows."""


def load_theme(name: str, scale: float = 1.0) -> Theme:
    """The theme of resources/themes/``name``.toml at an interface scale (0.8 to 2.0).

    Raises:
        EnvironmentFault: the file is missing.
        ValueError: it lacks a role, has one too many, or a colour that is none.
    """
    table = _read(name)
    colors: dict[str, str] = table["colors"]
    if set(colors) != set(COLOR_ROLES):
        raise ValueError(f"theme {name}: roles differ from the program's: {sorted(set(colors) ^ set(COLOR_ROLES))}")
    roles: dict[str, Any] = {role: _color(text) for role, text in colors.items()}
    return Theme(
        name=table["name"],
        dark=table["dark"],
        **roles,
        kinds=tuple(KindStyle(row["name"], row["shape"], _color(row["color"])) for row in table["kinds"]),
        territory=tuple(Tint(row["name"], _color(row["color"]), float(row["alpha"])) for row in table["territory"]),
        scale=scale,
    )


@functools.cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resource("themes", f"{name}.toml").read_text(encoding="utf-8"))


def _color(text: str) -> QColor:
    color = QColor(text)
    if not color.isValid():
        raise ValueError(f"not a colour: {text!r}")
    return color


def mix(under: QColor, over: QColor, alpha: float) -> QColor:
    """The opaque colour seen where ``over`` lies at ``alpha`` (0..1) on ``under``, in sRGB as painters blend."""
    keep = 1.0 - alpha
    return QColor.fromRgbF(
        under.redF() * keep + over.redF() * alpha,
        under.greenF() * keep + over.greenF() * alpha,
        under.blueF() * keep + over.blueF() * alpha,
    )


def readable(ground: QColor, *inks: QColor) -> QColor:
    """The one of some inks that stands out most from a ground, all opaque: by WCAG 2.2, "contrast ratio"."""
    return max(inks, key=lambda ink: _contrast(ground, ink))


def _contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: QColor) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = ((0.2126, color.redF()), (0.7152, color.greenF()), (0.0722, color.blueF()))
    return sum(share * (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4) for share, v in parts)
