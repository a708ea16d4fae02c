"""The themes: measured contrast, colours told apart by the colour-blind, fonts, scale and switching."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QFontMetricsF, QRawFont, QTextLayout
from PySide6.QtWidgets import QApplication, QLabel

from db.errors import EnvironmentFault
from tests.helpers.colors import closest, contrast
from viewer import paths
from viewer.look.fonts import DISPLAY, SANS, SERIF, load_fonts
from viewer.look.stylesheet import style_sheet
from viewer.look.theme import ThemeManager
from viewer.look.tokens import COLOR_ROLES, TYPE, Theme, load_theme, mix
from viewer.paths import RESOURCES, resource
from viewer.widgets.text import label

# Text and ground, the ratios measured for light and dark, and what is needed.
CONTRASTS = [
    ("text", "surface", 18.13, 15.70, 4.5),
    ("text2", "surface", 8.54, 9.47, 4.5),
    ("text3", "surface", 5.25, 5.93, 4.5),
    ("text3", "surface2", 4.94, 5.57, 4.5),
    ("accent_text", "accent", 5.82, 7.87, 4.5),
    ("accent", "accent_soft", 4.97, 5.79, 4.5),
    ("warn", "warn_soft", 6.09, 8.75, 4.5),
    ("ok", "ok_soft", 5.71, 7.55, 4.5),
    ("text", "hl", 15.09, 7.58, 4.5),
    ("ctl", "surface", 3.64, 4.08, 3.0),
    ("border2", "surface", 1.61, 1.83, 1.0),
]
# The least distance of any two colours: normal, protan, deutan, tritan.
KIND_DISTANCES = {"light": (47, 25, 18, 20), "dark": (50, 30, 23, 24)}
TINT_DISTANCES = {"light": (25, 15, 11, 12), "dark": (31, 21, 20, 18)}
VISIONS = ("normal", "protan", "deutan", "tritan")
SCRIPTS = {
    "Latin": "Aš 28 Nov 2016 – “Tikrīt” café ŁŻ",
    "Cyrillic": "Мосул, Ракка",
    "Greek": "Μοσούλη",
    "Arabic": "الموصل ۱۲۳ پژوهش",
    "Hebrew": "מוסול",
}


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Theme:
    return load_theme(request.param)


@pytest.mark.parametrize(("over", "under", "light", "dark", "need"), CONTRASTS)
def test_contrast_is_as_measured_and_enough(theme: Theme, over: str, under: str, light, dark, need) -> None:
    ratio = contrast(theme.color(over), theme.color(under))
    assert ratio >= need
    assert ratio == pytest.approx(dark if theme.dark else light, abs=0.02)


def test_kinds_stand_out_from_the_panels(theme: Theme) -> None:
    ratios = [contrast(kind.color, theme.surface) for kind in theme.kinds]
    assert min(ratios) == pytest.approx(5.18 if theme.dark else 3.33, abs=0.02)


def test_place_labels_can_be_read_on_every_tint(theme: Theme) -> None:
    grounds = [mix(theme.land, tint.color, tint.alpha) for tint in theme.territory]
    worst = min(contrast(theme.place, ground) for ground in grounds)
    assert worst == pytest.approx(4.46 if theme.dark else 5.34, abs=0.06)  # a halo is drawn around them as well


@pytest.mark.parametrize("vision", VISIONS)
def test_kinds_are_told_apart(theme: Theme, vision: str) -> None:
    wanted = KIND_DISTANCES[theme.name][VISIONS.index(vision)]
    assert closest([kind.color for kind in theme.kinds], vision) >= wanted - 0.5


@pytest.mark.parametrize("vision", VISIONS)
def test_tints_are_told_apart(theme: Theme, vision: str) -> None:
    wanted = TINT_DISTANCES[theme.name][VISIONS.index(vision)]
    grounds = [mix(theme.land, tint.color, tint.alpha) for tint in theme.territory]
    assert closest(grounds, vision) >= wanted - 0.5


def test_the_measures_are_those_of_the_standards() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21.0)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)
    assert closest([QColor("red"), QColor("lime")], "normal") == pytest.approx(170.6, abs=0.1)
    assert closest([QColor("#b87a00"), QColor("#7a9a00")], "deutan") < closest(
        [QColor("#b87a00"), QColor("#7a9a00")], "normal"
    )


def test_both_themes_have_the_same_roles_kinds_and_actors(qapp: QApplication) -> None:
    light, dark = load_theme("light"), load_theme("dark")
    assert [(kind.name, kind.shape) for kind in light.kinds] == [(kind.name, kind.shape) for kind in dark.kinds]
    assert [tint.name for tint in light.territory] == [tint.name for tint in dark.territory]
    assert all(light.color(role) != dark.color(role) for role in COLOR_ROLES if role not in ("accent_text",))


def test_a_role_that_does_not_exist_is_refused(theme: Theme) -> None:
    with pytest.raises(KeyError, match="surfce"):
        theme.color("surfce")
    with pytest.raises(KeyError):
        theme.font("huge")
    with pytest.raises(KeyError):
        theme.color("kinds")


def test_a_theme_with_a_role_too_few_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    (tmp_path / "themes").mkdir()
    text = resource("themes", "light.toml").read_text("utf-8")
    (tmp_path / "themes" / "short.toml").write_text(re.sub(r"(?m)^sea = .*\n", "", text), "utf-8")
    monkeypatch.setattr(paths, "RESOURCES", tmp_path)
    with pytest.raises(ValueError, match="sea"):
        load_theme("short")


def test_a_missing_resource_is_said_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "RESOURCES", tmp_path)
    with pytest.raises(EnvironmentFault, match=r"themes.none\.toml"):
        resource("themes", "none.toml")


def test_a_row_brings_its_own_colours(theme: Theme) -> None:
    assert theme.pick("#112233", "#445566") == QColor("#445566" if theme.dark else "#112233")
    assert theme.pick(None, None) == theme.text3
    assert theme.pick("no colour", "none either", "ctl") == theme.ctl


def test_colours_given_out_are_copies(theme: Theme) -> None:
    theme.color("accent").setAlphaF(0.1)
    assert theme.accent.alphaF() == 1.0
    assert theme.color("accent", 0.5).alphaF() == pytest.approx(0.5, abs=0.01)


# Style sheet


def test_the_style_sheet_is_complete(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert not re.search(r"\{\w+[:}]|\{\{|px:", sheet)
    assert sheet.count("{") == sheet.count("}")
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert pictures
    assert all(Path(each).is_file() for each in pictures)


def test_its_pictures_have_the_colours_of_the_theme(theme: Theme) -> None:
    own = {
        color.upper()
        for color in tomllib.loads(resource("themes", f"{theme.name}.toml").read_text())["colors"].values()
    }
    files = sorted((RESOURCES / "themes" / theme.name).glob("*.svg"))
    assert {each.stem for each in files} == set(re.findall(rf"{theme.name}/(\w+)\.svg", style_sheet(theme)))
    for each in files:
        assert set(re.findall(r'stroke="(#\w+)"', each.read_text())) <= own


def test_lengths_follow_the_scale(qapp: QApplication) -> None:
    small, large = style_sheet(load_theme("light")), style_sheet(load_theme("light", 2.0))
    assert "min-height: 30px" in small
    assert "min-height: 60px" in large
    assert load_theme("light", 1.5).font("event_title").pixelSize() == 27


# Switching


def test_it_switches_and_tells(look: ThemeManager, qapp: QApplication) -> None:
    told: list[Theme] = []
    look.changed.connect(told.append)
    words = label("28 Nov 2016", "meta", "text3")
    words.ensurePolished()
    assert words.palette().color(words.foregroundRole()) == load_theme("light").text3
    look.set_preference("dark")
    look.set_preference("dark")
    words.ensurePolished()
    assert [theme.name for theme in told] == ["dark"]
    assert words.palette().color(words.foregroundRole()) == load_theme("dark").text3
    assert qapp.palette().window().color() == load_theme("dark").surface
    assert look.toggle() == "light"
    with pytest.raises(ValueError, match="sepia"):
        look.set_preference("sepia")


def test_it_follows_the_system_only_when_asked(
    look: ThemeManager, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme = {"now": Qt.ColorScheme.Dark}

    class Hints:
        def colorScheme(self) -> Qt.ColorScheme:
            return scheme["now"]

        def setColorScheme(self, _scheme: Qt.ColorScheme) -> None: ...

        def unsetColorScheme(self) -> None: ...

    class App:
        def styleHints(self) -> Hints:
            return Hints()

        def __getattr__(self, name: str) -> object:
            return getattr(qapp, name)

    monkeypatch.setattr(look, "app", App())
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert look.theme.name == "light"
    look.set_preference("system")
    assert look.theme.name == "dark"
    scheme["now"] = Qt.ColorScheme.Light
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert look.theme.name == "light"
    scheme["now"] = Qt.ColorScheme.Unknown
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
    assert look.theme.name == "light"


def test_the_size_has_ends(look: ThemeManager) -> None:
    look.set_scale(9)
    assert look.scale == 2.0
    look.set_scale(0.1)
    assert look.scale == 0.8


def test_motion_is_left_out_when_asked(look: ThemeManager) -> None:
    told: list[bool] = []
    look.motion_changed.connect(told.append)
    assert look.duration(180) == 0
    look.set_reduce_motion(False)
    look.set_reduce_motion(False)
    assert (look.duration(180), told) == (180, [False])


# Fonts


def test_every_family_is_bundled(qapp: QApplication) -> None:
    assert {*SANS, *DISPLAY, *SERIF} <= set(load_fonts())


@pytest.mark.parametrize("families", [SANS, DISPLAY, SERIF], ids=["sans", "display", "serif"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_bundled_fonts_alone_cover_the_scripts(qapp: QApplication, families: tuple[str, ...], script: str) -> None:
    files = [QRawFont(str(path), 14) for path in resource("fonts").glob("*.ttf")]
    ours = [font for font in files if font.familyName() in families]
    for letter in SCRIPTS[script]:
        assert any(font.supportsCharacter(ord(letter)) for font in ours), f"no glyph for {letter!r}"


@pytest.mark.parametrize("role", TYPE)
def test_text_is_set_in_bundled_fonts(theme: Theme, role: str) -> None:
    load_fonts()
    layout = QTextLayout(" ".join(SCRIPTS.values()), theme.font(role))
    layout.beginLayout()
    layout.createLine().setLineWidth(100_000)
    layout.endLayout()
    used = {run.rawFont().familyName() for run in layout.glyphRuns()}
    assert used <= set(TYPE[role].families)
    assert len(used) >= 3


@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_each_weight_is_a_face_of_its_own(theme: Theme, weight: int) -> None:
    load_fonts()
    font = theme.font("body", weight=weight)
    assert QFontInfo(font).family() == "Inter"
    assert QRawFont.fromFont(font).weight() == weight


def test_figures_are_of_one_width_and_words_as_designed(theme: Theme) -> None:
    load_fonts()
    for role in ("body", "meta", "map_date"):
        font = theme.font(role)
        metrics = QFontMetricsF(font)
        assert metrics.horizontalAdvance("11:11") == pytest.approx(metrics.horizontalAdvance("28:88"))
        plain = theme.font(role)
        plain.clearFeatures()
        assert metrics.horizontalAdvance("Al-Masdar (news)") == QFontMetricsF(plain).horizontalAdvance(
            "Al-Masdar (news)"
        )
        assert QFontMetricsF(plain).horizontalAdvance("11") < metrics.horizontalAdvance("11")


def test_labels_keep_figures_and_families_under_the_style_sheet(look: ThemeManager) -> None:
    words = QLabel("11")
    words.setProperty("role", "meta")
    words.ensurePolished()
    font = words.font()
    assert font.families() == list(SANS)
    assert font.pixelSize() == 11
    assert font.featureTags()
    assert font.hintingPreference() == font.HintingPreference.PreferNoHinting
    words.setProperty("role", "reader")
    words.style().polish(words)
    assert words.font().families() == list(SERIF)


def test_the_fonts_are_small_and_licensed() -> None:
    files = list(resource("fonts").glob("*.ttf"))
    assert sum(path.stat().st_size for path in files) < 6_000_000
    assert all(path.stat().st_size for path in files)
    credits_text = resource("fonts", "CREDITS.md").read_text("utf-8")
    for path in files:
        assert path.name.split("-")[0] in credits_text
    for licence in re.findall(r"OFL-\w+\.txt", credits_text):
        assert "SIL Open Font License, Version 1.1" in resource("fonts", licence).read_text("utf-8")


def test_no_bundled_font_hides_one_of_the_system(qapp: QApplication) -> None:
    load_fonts()
    assert QFontDatabase.families().count("Inter") == 1
