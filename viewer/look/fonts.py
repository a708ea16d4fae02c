"""The bundled fonts: registered once, then asked for by family, so that no installed font is relied on."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from db.errors import EnvironmentFault
from viewer.paths import resource

SANS: Final = ("Inter", "Noto Sans Arabic", "Noto Sans Hebrew")
DISPLAY: Final = ("Inter Display", "Inter", "Noto Sans Arabic", "Noto Sans Hebrew")
SERIF: Final = ("Noto Serif", "Noto Naskh Arabic", "Noto Sans Hebrew")
"""Families in the order in which a letter is looked for; the system's fonts come after the last."""


def load_fonts() -> list[str]:
    """Register every bundled font with the running QGuiApplication and return the families.

    Calling it again is harmless: Qt knows the files by name.

    Raises:
        EnvironmentFault: a font file is missing or cannot be read.
    """
    families: set[str] = set()
    for path in sorted(resource("fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            raise EnvironmentFault(f"The font {path.name} cannot be read. Install Dateline again.")
        families.update(QFontDatabase.applicationFontFamilies(number))
    return sorted(families)


def make_font(
    families: tuple[str, ...], pixels: int, weight: int = 400, *, italic: bool = False, spacing: float = 0.0
) -> QFont:
    """A font for the screen: unhinted, with figures of one width, ``spacing`` in px between letters."""
    font = QFont()
    font.setFamilies(list(families))
    font.setPixelSize(max(1, pixels))
    font.setWeight(QFont.Weight(weight))
    font.setItalic(italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # Much is copied from pictures without a ground, where letters in subpixels would have coloured edges.
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias | QFont.StyleStrategy.NoSubpixelAntialias)
    font.setFeature(QFont.Tag("tnum"), 1)
    if spacing:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    return font
