"""Rebuilds the bundled fonts from pinned packages of the npm registry.

    python resources/fonts/build.py        (needs npm on the path, and the packages fonttools and brotli)

Each face is cut to the scripts that it serves here, loses its hinting (text is drawn unhinted) and the OpenType
features that nothing asks for. What is written is committed, so that a checkout needs none of this.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent

WESTERN = (
    *range(0x20, 0x250),  # Latin
    *range(0x250, 0x370),  # phonetic, modifiers, combining marks: transliterated names
    *range(0x370, 0x400),  # Greek
    *range(0x400, 0x530),  # Cyrillic
    *range(0x1E00, 0x1F00),  # Latin with dots and hooks
    *range(0x2000, 0x2070),  # punctuation, spaces, marks of direction
    *range(0x2070, 0x2150),  # raised and lowered figures, currency, letterlike
    *range(0x2150, 0x2300),  # fractions, arrows, operators
    *range(0x2300, 0x2400),  # key symbols
    *range(0x25A0, 0x2800),  # shapes, ticks
    *range(0xA640, 0xA800),  # more Cyrillic and Latin
    *range(0xFB00, 0xFB07),  # ligatures
    0xFEFF,
    0xFFFC,
    0xFFFD,
)
INTERFACE_FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "calt", "case", "tnum", "frac", "zero")


BOOK_FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum")


@dataclass(frozen=True)
class Face:
    """One file: where it comes from and what is kept of it. No characters means all of them."""

    package: str
    member: str
    out: str
    characters: tuple[int, ...] = ()
    features: tuple[str, ...] = ("*",)


def _inter(folder: str, style: str) -> Face:
    name = "InterDisplay" if folder == "display" else "Inter"
    return Face("inter-ui@4.1.1", f"{folder}/{name}-{style}.woff2", f"{name}-{style}.ttf", WESTERN, INTERFACE_FEATURES)


def _google(package: str, folder: str, name: str, style: str, characters: tuple[int, ...] = ()) -> Face:
    return Face(f"@expo-google-fonts/{package}", f"{folder}/{name}_{folder}.ttf", f"{name}-{style}.ttf", characters)


def _book(folder: str, style: str) -> Face:
    name = f"{folder}/EBGaramond_{folder}.ttf"
    return Face("@expo-google-fonts/eb-garamond@0.4.3", name, f"EBGaramond-{style}.ttf", WESTERN, BOOK_FEATURES)


FACES = (
    *(_inter("web", style) for style in ("Regular", "Medium", "SemiBold", "Bold", "Italic", "MediumItalic")),
    *(_inter("display", style) for style in ("Medium", "SemiBold")),
    _google("noto-serif@0.4.2", "400Regular", "NotoSerif", "Regular", WESTERN),
    _google("noto-serif@0.4.2", "400Regular_Italic", "NotoSerif", "Italic", WESTERN),
    _google("noto-serif@0.4.2", "600SemiBold", "NotoSerif", "SemiBold", WESTERN),
    _book("500Medium", "Medium"),
    _book("500Medium_Italic", "MediumItalic"),
    _google("noto-sans-arabic@0.4.3", "400Regular", "NotoSansArabic", "Regular"),
    _google("noto-sans-arabic@0.4.3", "600SemiBold", "NotoSansArabic", "SemiBold"),
    _google("noto-naskh-arabic@0.4.5", "400Regular", "NotoNaskhArabic", "Regular"),
    _google("noto-naskh-arabic@0.4.5", "600SemiBold", "NotoNaskhArabic", "SemiBold"),
    _google("noto-sans-hebrew@0.4.1", "400Regular", "NotoSansHebrew", "Regular"),
    _google("noto-sans-hebrew@0.4.1", "600SemiBold", "NotoSansHebrew", "SemiBold"),
)
LICENCES = {
    "inter-ui@4.1.1": ("LICENSE.txt", "OFL-Inter.txt"),
    "@expo-google-fonts/noto-serif@0.4.2": ("LICENSE_FONT", "OFL-NotoSerif.txt"),
    "@expo-google-fonts/eb-garamond@0.4.3": ("LICENSE_FONT", "OFL-EBGaramond.txt"),
    "@expo-google-fonts/noto-sans-arabic@0.4.3": ("LICENSE_FONT", "OFL-NotoArabic.txt"),
    "@expo-google-fonts/noto-sans-hebrew@0.4.1": ("LICENSE_FONT", "OFL-NotoHebrew.txt"),
}


def fetch(package: str, into: Path) -> Path:
    """The folder of an unpacked npm package, ``name@version``; npm checks the registry's digest itself."""
    folder = into / package.replace("/", "_")
    if not folder.exists():
        command = ["npm", "pack", package, "--silent", "--pack-destination", str(into)]
        name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1]
        with tarfile.open(into / name) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


def cut(face: Face, source: Path, target: Path) -> None:
    """Write the wanted part of a face as TrueType."""
    options = subset.Options(hinting=False, layout_features=list(face.features), name_IDs=["*"], notdef_outline=True)
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=face.characters or font.getBestCmap().keys())
    cutter.subset(font)
    keep_figures(font)
    font.flavor = None
    font.save(target)


def keep_figures(font: TTFont) -> None:
    """Have "tnum" widen the ten figures only: it is on everywhere, and Inter's would space out hyphens and brackets."""
    names = {font.getBestCmap()[ord(digit)] for digit in "0123456789"}
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        for number in record.Feature.LookupListIndex if record.FeatureTag == "tnum" else ():
            for wrapped in table.LookupList.Lookup[number].SubTable:
                mapping = getattr(wrapped, "ExtSubTable", wrapped).mapping
                for name in set(mapping) - names:
                    del mapping[name]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        for face in FACES:
            cut(face, fetch(face.package, Path(folder)) / face.member, HERE / face.out)
            print(f"{face.out}: {(HERE / face.out).stat().st_size / 1024:.0f} KiB")
        for package, (member, name) in LICENCES.items():
            shutil.copyfile(fetch(package, Path(folder)) / member, HERE / name)
    total = sum((HERE / face.out).stat().st_size for face in FACES)
    print(f"{len(FACES)} faces, {total / 2**20:.1f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
