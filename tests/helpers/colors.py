"""How colours are seen: contrast as WCAG 2.2 defines it, distance as CIE 1976, colour blindness after Machado et al.

Machado, Oliveira, Fernandes: "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG
15(6), 2009: the matrices for severity 1.0, applied to linear RGB.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from PySide6.QtGui import QColor

MACHADO = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(color: QColor) -> np.ndarray:
    """Linear RGB, 0..1, of an sRGB colour."""
    value = np.array([color.redF(), color.greenF(), color.blueF()])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: QColor, other: QColor) -> float:
    """The WCAG contrast ratio of two opaque colours, 1 to 21."""
    high, low = sorted((float(linear(each) @ [0.2126, 0.7152, 0.0722]) for each in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(color: QColor, vision: str = "normal") -> np.ndarray:
    """CIE L*a*b* (D65) of a colour as somebody of that vision (a key of MACHADO) sees it."""
    seen = np.clip(MACHADO[vision] @ linear(color), 0.0, 1.0)
    ratio = _TO_XYZ @ seen / _WHITE
    root = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def closest(colors: list[QColor], vision: str) -> float:
    """The least CIE76 distance between any two of the colours for that vision."""
    seen = [lab(color, vision) for color in colors]
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))
