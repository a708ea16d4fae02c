"""Countries by their codes."""

from __future__ import annotations

from PySide6.QtCore import QLocale


def country_name(code: str) -> str:
    """The English name of a country by its ISO 3166-1 code; empty when there is none."""
    territory = QLocale.codeToTerritory(code)
    return "" if territory is QLocale.Country.AnyTerritory else QLocale.territoryToString(territory)
