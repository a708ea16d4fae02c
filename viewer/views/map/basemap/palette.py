"""The colours of the basemap: two styles (atlas, plain) in two themes (light, dark), as data.

Atlas is the printed-atlas look with relief, height tint and coastal glow; plain is flat and quiet. Dark is a twin with
its own values, not an inversion: the sea is the deepest ground, high land is the lightest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Style: TypeAlias = Literal["atlas", "plain"]
Disputed: TypeAlias = Literal["dashed", "full", "hidden"]
"""How borders are drawn on which states disagree."""
Tint: TypeAlias = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Palette:
    """One look. Colours are #RRGGBB; alphas 0..255; widths of lines are set by the painter.

    ``outside``: land beside the countries in focus, ``beyond``: what is beyond the edge of the world.
    ``glow``: bands from the outermost to the coast. ``tint``: height in metres and colour. ``shadow_strength`` and
    ``light_strength``: opacity of the relief at the steepest slope, 0 for none.
    """

    dark: bool
    sea: str
    glow: tuple[str, ...]
    land: str
    outside: str
    beyond: str
    coast: str
    tint: Tint
    tint_alpha: int
    shadow: str
    light: str
    shadow_strength: float
    light_strength: float
    border: str
    border_band: str
    border_band_alphas: tuple[int, int]
    province: str
    river: str
    lake: str
    lake_edge: str
    label: str
    label_outside: str
    halo: str
    halo_alpha: int
    country: str
    water: str
    region: str


PALETTES: Final[dict[tuple[Style, bool], Palette]] = {
    ("atlas", False): Palette(
        dark=False,
        sea="#C9DEE8",
        glow=("#C3DAE6", "#BCD5E2", "#B4CFDE", "#ABC8D9"),
        land="#FBF7EC",
        outside="#EEE8DB",
        beyond="#F3F1EC",
        coast="#8AA9BC",
        tint=(
            (0, "#DEE2C6"),
            (60, "#E6E6CC"),
            (220, "#F3ECD6"),
            (700, "#F2E6CD"),
            (1500, "#EAD9BD"),
            (3200, "#E2CDB2"),
        ),
        tint_alpha=150,
        shadow="#584A52",
        light="#FFFCF0",
        shadow_strength=0.46,
        light_strength=0.80,
        border="#77697F",
        border_band="#8E6F9E",
        border_band_alphas=(34, 46),
        province="#B0A59B",
        river="#7FB0CA",
        lake="#BBD6E4",
        lake_edge="#8FB4C9",
        label="#2B2823",
        label_outside="#6A645C",
        halo="#FBF7EC",
        halo_alpha=214,
        country="#857A8C",
        water="#3F7896",
        region="#A3947C",
    ),
    ("atlas", True): Palette(
        dark=True,
        sea="#0D1720",
        glow=("#0F1B26", "#12202C", "#152633", "#192D3C"),
        land="#272C31",
        outside="#1F2328",
        beyond="#14181D",
        coast="#3E5566",
        tint=(
            (0, "#242C2B"),
            (60, "#272E2C"),
            (220, "#2E302E"),
            (700, "#363431"),
            (1500, "#403B37"),
            (3200, "#4C4540"),
        ),
        tint_alpha=165,
        shadow="#07090D",
        light="#C9BFAE",
        shadow_strength=0.95,
        light_strength=0.30,
        border="#8C8199",
        border_band="#7E68A0",
        border_band_alphas=(26, 40),
        province="#4A4D50",
        river="#3F6F8C",
        lake="#14283A",
        lake_edge="#355A72",
        label="#E6E2D8",
        label_outside="#9A9993",
        halo="#15191E",
        halo_alpha=214,
        country="#9C93A8",
        water="#6FA3C0",
        region="#8E8674",
    ),
    ("plain", False): Palette(
        dark=False,
        sea="#D3E0EA",
        glow=(),
        land="#FBFAF6",
        outside="#ECEDEA",
        beyond="#F7F7F5",
        coast="#B4C3CF",
        tint=(),
        tint_alpha=0,
        shadow="#000000",
        light="#FFFFFF",
        shadow_strength=0.0,
        light_strength=0.0,
        border="#8C95A1",
        border_band="#8C95A1",
        border_band_alphas=(0, 0),
        province="#DCDDD8",
        river="#9DC0D9",
        lake="#D3E0EA",
        lake_edge="#B4C9D8",
        label="#2A313B",
        label_outside="#6B7480",
        halo="#FFFFFF",
        halo_alpha=225,
        country="#8C95A1",
        water="#5F87A6",
        region="#9BA29F",
    ),
    ("plain", True): Palette(
        dark=True,
        sea="#0A1017",
        glow=(),
        land="#1D232C",
        outside="#151A21",
        beyond="#0C1015",
        coast="#344050",
        tint=(),
        tint_alpha=0,
        shadow="#000000",
        light="#FFFFFF",
        shadow_strength=0.0,
        light_strength=0.0,
        border="#66717F",
        border_band="#66717F",
        border_band_alphas=(0, 0),
        province="#2B323D",
        river="#35566F",
        lake="#0A1017",
        lake_edge="#2A4052",
        label="#DDE4EE",
        label_outside="#8D97A5",
        halo="#12161C",
        halo_alpha=225,
        country="#7C8794",
        water="#5C87A5",
        region="#6E7680",
    ),
}
