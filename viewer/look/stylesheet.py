"""The application's style sheet, made from a theme: nothing of Qt's own look is left on any control.

Sections are templates; ``{px:7}`` is a length at the interface scale and ``{surface}`` a colour role. Labels choose
their type and colour by the dynamic properties ``role`` (keys of tokens.TYPE) and ``tone`` (a colour role).
"""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtGui import QColor

from viewer.look.fonts import SANS
from viewer.look.tokens import COLOR_ROLES, TYPE, Theme
from viewer.paths import resource

_TEXT: Final = """
QMainWindow, QDialog, QMessageBox, QWizard {{ background: {surface}; }}
QLabel {{ background: transparent; }}
QLabel:disabled {{ color: {faded}; }}
QFrame[line="true"] {{ background: {border}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[line="vertical"] {{ background: {border}; border: none; max-width: 1px; min-width: 1px; }}
QWidget[panel="surface"] {{ background: {surface}; }}
QWidget[panel="surface2"] {{ background: {surface2}; }}
QWidget[panel="app"] {{ background: {app}; }}
QToolTip {{ background: {tip}; color: {tip_text}; border: 1px solid {tip_line}; padding: {px:3} {px:6};
    font-size: {px:12}; }}
QMenuBar {{ background: {surface}; border-bottom: 1px solid {border}; padding: {px:2} {px:8}; }}
QMenuBar::item {{ background: transparent; padding: {px:4} {px:9}; border-radius: {px:5}; }}
QMenuBar::item:selected {{ background: {hover}; }}
QMenu {{ background: {raised}; border: 1px solid {border2}; padding: {px:4};
    menu-scrollable: 1; }}
QMenu[rounded="true"] {{ border-radius: {px:8}; }}
QMenu::item {{ padding: {px:6} {px:28} {px:6} {px:10}; border-radius: {px:5}; background: transparent; }}
QMenu::item:selected {{ background: {accent_soft}; color: {text}; }}
QMenu::item:disabled {{ color: {faded}; background: transparent; }}
QMenu::separator {{ height: 1px; background: {border}; margin: {px:4} {px:6}; }}
QMenu::icon {{ padding-left: {px:8}; }}
QMenu::indicator {{ width: {px:14}; height: {px:14}; margin-left: {px:6}; }}
QMenu::indicator:checked {{ background: {accent}; border-radius: {px:4}; image: url("{art}/check.svg"); }}
QMenu::right-arrow {{ image: url("{art}/right.svg"); width: {px:14}; height: {px:14}; margin-right: {px:6}; }}
"""

_BUTTONS: Final = """
QPushButton, QDialogButtonBox QPushButton {{ background: {surface}; border: 1px solid {border2};
    border-radius: {px:7}; padding: 0 {px:14}; min-height: {px:30}; font-weight: 600; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {border}; }}
QPushButton:checked {{ background: {accent_soft}; border-color: {accent}; color: {accent}; }}
QPushButton:disabled {{ color: {faded}; border-color: {border}; }}
QPushButton[variant="primary"], QPushButton:default {{ background: {accent}; border-color: {accent};
    color: {accent_text}; }}
QPushButton[variant="primary"]:hover, QPushButton:default:hover {{ background: {accent_hover};
    border-color: {accent_hover}; }}
QPushButton[variant="primary"]:pressed, QPushButton:default:pressed {{ background: {accent_down};
    border-color: {accent_down}; }}
QPushButton[variant="primary"]:disabled {{ background: {border}; border-color: {border}; color: {text3}; }}
QPushButton[variant="ghost"] {{ background: transparent; border-color: transparent; color: {text2};
    padding: 0 {px:8}; font-weight: 500; }}
QPushButton[variant="ghost"]:hover {{ background: {hover}; color: {text}; }}
QPushButton[variant="link"] {{ background: transparent; border-color: transparent; color: {accent};
    padding: 0 {px:6}; min-height: {px:28}; font-size: {px:12}; }}
QPushButton[variant="link"]:hover {{ background: {accent_soft}; }}
QPushButton[variant="warn"] {{ background: transparent; border-color: transparent; color: {warn};
    padding: 0 {px:8}; min-height: {px:28}; font-size: {px:12}; }}
QPushButton[variant="warn"]:hover {{ background: {warn_hover}; }}
QPushButton[variant="row"] {{ background: transparent; border-color: transparent; }}
QPushButton[variant="row"]:hover {{ background: {hover}; }}
QPushButton[keys="true"] {{ min-height: {px:24}; padding: 0 {px:10}; font-size: {px:12}; font-weight: 500; }}
QPushButton[keys="true"][empty="true"] {{ color: {text3}; }}
QPushButton[compact="true"] {{ min-height: {px:20}; padding: 0 {px:6}; font-size: {px:11}; font-weight: 500; }}
QToolButton {{ background: transparent; border: none; border-radius: {px:7}; padding: {px:5}; color: {text2}; }}
QToolButton:hover {{ background: {hover}; color: {text}; }}
QToolButton:pressed {{ background: {border}; }}
QToolButton:checked {{ background: {accent_soft}; color: {accent}; }}
QToolButton:disabled {{ color: {faded}; background: transparent; }}
QToolButton::menu-indicator {{ image: none; }}
"""

_FIELDS: Final = """
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QMessageBox {{ messagebox-question-icon: url("{art}/ask.svg"); messagebox-information-icon: url("{art}/ask.svg");
    messagebox-warning-icon: url("{art}/warn.svg"); messagebox-critical-icon: url("{art}/warn.svg"); }}
QMessageBox QLabel {{ min-height: {px:24}; }}
QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit[field="true"], QTextEdit[field="true"] {{
    background: {surface}; border: 1px solid {ctl}; border-radius: {px:7}; padding: 0 {px:9}; min-height: {px:30};
    selection-background-color: {accent}; selection-color: {accent_text}; }}
QPlainTextEdit[field="true"], QTextEdit[field="true"] {{ padding: {px:6} {px:8}; }}
QLineEdit:hover, QComboBox:hover, QAbstractSpinBox:hover {{ border-color: {text3}; }}
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit[field="true"]:focus, QTextEdit[field="true"]:focus {{
    border: 2px solid {accent}; padding: 0 {field_pad}; min-height: {field_focus}; }}
QPlainTextEdit[field="true"]:focus, QTextEdit[field="true"]:focus {{ padding: {area_pad} {area_side}; }}
QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{ background: {surface2}; color: {text3};
    border-color: {border2}; }}
QLineEdit:read-only {{ background: {surface2}; border-color: {border2}; }}
QLineEdit[invalid="true"], QLineEdit[invalid="true"]:focus {{ border-color: {warn}; background: {warn_soft}; }}
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus {{ border: none; background: transparent; padding: 0;
    min-height: {px:24}; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit, QComboBox QLineEdit:focus {{
    border: none; background: transparent; padding: 0; min-height: 0; }}
QAbstractSpinBox {{ max-height: {px:30}; padding: 0 0 0 {px:7}; }}
QAbstractSpinBox:focus {{ max-height: {field_focus}; padding: 0 0 0 {px:6}; }}
QComboBox {{ combobox-popup: 0; }}
QComboBox {{ padding-right: {px:26}; }}
QComboBox::drop-down {{ border: none; width: {px:24}; subcontrol-origin: border; subcontrol-position: right; }}
QComboBox::down-arrow {{ image: url("{art}/down.svg"); width: {px:14}; height: {px:14}; }}
QComboBox QAbstractItemView {{ background: {raised}; border: 1px solid {border2}; padding: {px:4}; outline: none;
    selection-background-color: {accent_soft}; selection-color: {text}; }}
QComboBox QAbstractItemView::item {{ min-height: {px:28}; padding: 0 {px:8}; border-radius: {px:5}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; width: {px:20}; border: none;
    background: transparent; }}
QAbstractSpinBox::up-arrow {{ image: url("{art}/up.svg"); width: {px:12}; height: {px:12}; }}
QAbstractSpinBox::down-arrow {{ image: url("{art}/down.svg"); width: {px:12}; height: {px:12}; }}
QCheckBox, QRadioButton {{ spacing: {px:8}; min-height: {px:28}; background: transparent; }}
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator, QAbstractItemView::indicator {{
    width: {px:14}; height: {px:14}; border: 1px solid {ctl}; border-radius: {px:4}; background: {surface}; }}
QRadioButton::indicator {{ border-radius: {half}; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {accent}; }}
QCheckBox::indicator:checked, QGroupBox::indicator:checked, QAbstractItemView::indicator:checked {{
    background: {accent}; border-color: {accent}; image: url("{art}/check.svg"); }}
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate {{ background: {accent};
    border-color: {accent}; image: url("{art}/dash.svg"); }}
QRadioButton::indicator:checked {{ background: {accent}; border-color: {accent}; image: url("{art}/dot.svg"); }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ background: {surface2}; border-color: {border2}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {faded}; }}
QSlider {{ min-height: {px:20}; }}
QSlider::groove:horizontal {{ height: {px:3}; border-radius: 1px; background: {border2}; }}
QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 1px; }}
QSlider::handle:horizontal {{ width: {px:13}; height: {px:13}; margin: -{px:7} 0; border: 2px solid {accent};
    border-radius: {knob}; background: {surface}; }}
QSlider::handle:horizontal:hover {{ background: {accent_soft}; }}
QSlider::sub-page:horizontal:disabled {{ background: {border2}; }}
QProgressBar {{ background: {border}; border: none; border-radius: 2px; max-height: {px:4}; min-height: {px:4};
    color: transparent; }}
QProgressBar::chunk {{ background: {accent}; border-radius: 2px; }}
QGroupBox {{ border: 1px solid {border}; border-radius: {px:8}; margin-top: {px:20}; padding: {px:10}; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 0; color: {text2}; font-weight: 600; }}
"""

_VIEWS: Final = """
QScrollArea, QAbstractScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[flat="true"] {{ background: transparent; }}
QScrollBar {{ background: transparent; border: none; }}
QScrollBar:vertical {{ width: {px:10}; margin: 0; }}
QScrollBar:horizontal {{ height: {px:10}; margin: 0; }}
QScrollBar::handle {{ background: {thumb}; border: {px:2} solid transparent; border-radius: {bar};
    background-clip: padding; }}
QScrollBar::handle:vertical {{ min-height: {px:32}; margin: {px:2}; border: none; border-radius: {thumb_radius}; }}
QScrollBar::handle:horizontal {{ min-width: {px:32}; margin: {px:2}; border: none; border-radius: {thumb_radius}; }}
QScrollBar::handle:hover {{ background: {ctl}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QAbstractItemView {{ background: {surface}; border: none; outline: none; alternate-background-color: {surface2};
    selection-background-color: {accent_soft}; selection-color: {text}; }}
QTableView, QTableWidget {{ gridline-color: {border}; }}
QTableView::item, QTreeView::item, QListView::item {{ padding: {px:4} {px:8}; border: none; }}
QTreeView::item, QListView::item {{ min-height: {px:24}; }}
QAbstractItemView[popup="true"] {{ background: {raised}; border: 1px solid {border2}; }}
QAbstractItemView::item:hover {{ background: {hover}; }}
QAbstractItemView::item:selected {{ background: {accent_soft}; color: {text}; }}
QTreeView::branch {{ background: transparent; }}
QTreeView::branch:closed:has-children {{ image: url("{art}/right.svg"); }}
QTreeView::branch:open:has-children {{ image: url("{art}/down.svg"); }}
QHeaderView {{ background: {surface2}; border: none; }}
QHeaderView::section {{ background: {surface2}; color: {text3}; border: none; border-bottom: 1px solid {border};
    padding: {px:6} {px:8}; font-size: {px:11}; font-weight: 500; text-align: left; }}
QHeaderView::section:hover {{ color: {text}; }}
QHeaderView::down-arrow {{ image: url("{art}/down.svg"); width: {px:12}; height: {px:12}; }}
QHeaderView::up-arrow {{ image: url("{art}/up.svg"); width: {px:12}; height: {px:12}; }}
QTableCornerButton::section {{ background: {surface2}; border: none; border-bottom: 1px solid {border}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {border}; }}
QTabBar {{ background: transparent; }}
QTabBar::tab {{ background: transparent; color: {text3}; border: none; border-bottom: 2px solid transparent;
    padding: {px:9} 0; margin: 0 {px:10}; font-weight: 500; }}
QTabBar[tight="true"]::tab {{ margin: 0 {px:4}; }}
QTabBar::tab:hover {{ color: {text}; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {accent}; font-weight: 600; }}
QTabBar::close-button {{ image: url("{art}/close.svg"); }}
QSplitter::handle {{ background: {border}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QSplitter::handle:hover {{ background: {accent}; }}
QStatusBar {{ background: {surface2}; border-top: 1px solid {border}; font-size: {px:11}; color: {text2}; }}
QStatusBar::item {{ border: none; }}
QSizeGrip {{ image: none; width: 0; height: 0; }}
QDockWidget {{ border: none; }}
QCalendarWidget QWidget {{ background: {raised}; }}
"""

_OWN: Final = """
IconButton {{ min-width: {px:28}; min-height: {px:28}; padding: 0; }}
IconButton[round="true"] {{ background: {accent}; border-radius: {disc}; min-width: {px:34}; min-height: {px:34}; }}
IconButton[round="true"]:hover {{ background: {accent_hover}; }}
IconButton[round="true"]:pressed {{ background: {accent_down}; }}
IconButton[round="true"]:disabled {{ background: {border}; }}
SearchField {{ background: {surface2}; border: 1px solid {ctl}; border-radius: {px:8}; }}
SearchField[active="true"] {{ background: {surface}; border: 2px solid {accent}; }}
Segmented {{ background: {surface2}; border: 1px solid {border}; border-radius: {px:8}; }}
Segmented QPushButton {{ background: transparent; border: 1px solid transparent; border-radius: {px:6};
    color: {text2}; font-weight: 500; padding: 0 {px:8}; min-height: {px:24}; }}
Segmented QPushButton:hover {{ color: {text}; background: {hover}; }}
Segmented QPushButton:checked {{ background: {raised}; border-color: {border}; color: {text}; font-weight: 600; }}
Segmented[tone="accent"] QPushButton:checked {{ background: {accent_soft}; border-color: {accent_soft};
    color: {accent}; }}
Segmented QPushButton:disabled {{ color: {faded}; background: transparent; }}
Card {{ background: {raised}; border: 1px solid {border}; border-radius: {px:8}; }}
Card[inset="true"] {{ background: {surface2}; }}
Card[active="true"] {{ border-color: {accent}; }}
KeyCap {{ background: {surface}; border: 1px solid {border2}; border-radius: {px:4}; color: {text2};
    font-size: {px:10}; font-weight: 500; padding: 0 {px:4}; min-height: {px:15}; }}
Banner {{ background: {accent_soft}; border: none; border-radius: {px:8}; }}
Banner[kind="warn"] {{ background: {warn_soft}; }}
Banner[kind="warn"] QLabel {{ color: {warn}; }}
Busy {{ background: {accent_soft}; border: none; }}
Busy[slim="true"] {{ background: transparent; }}
Banner[kind="info"] QLabel {{ color: {text}; }}
"""


def style_sheet(theme: Theme) -> str:
    """The whole style sheet of a theme at its scale."""
    values = {role: _rgb(theme.color(role)) for role in COLOR_ROLES}
    values |= {
        "art": resource("themes", theme.name).as_posix(),
        "faded": _rgba(theme.color("text3", 0.7)),
        "thumb": _rgba(theme.color("ctl", 0.45)),
        "accent_hover": _rgb(theme.accent.darker(112) if not theme.dark else theme.accent.lighter(108)),
        "accent_down": _rgb(theme.accent.darker(125) if not theme.dark else theme.accent.darker(112)),
        "warn_hover": _rgba(theme.color("warn_line", 0.35)),
        "tip": _rgb(theme.raised if theme.dark else theme.text),
        "tip_text": _rgb(theme.text if theme.dark else theme.surface),
        "tip_line": _rgb(theme.border2 if theme.dark else theme.text),
        "half": f"{theme.px(14) // 2 + 1}px",
        "knob": f"{(theme.px(13) + 4) // 2}px",
        "disc": f"{theme.px(34) // 2}px",  # a radius of more than half is none to Qt
        "bar": f"{theme.px(10) // 2}px",
        "thumb_radius": f"{(theme.px(10) - 2 * theme.px(2)) // 2}px",
        "field_pad": f"{theme.px(9) - 1}px",
        "field_focus": f"{theme.px(30) - 2}px",
        "area_pad": f"{theme.px(6) - 1}px",
        "area_side": f"{theme.px(8) - 1}px",
    }
    sections = _TEXT + _BUTTONS + _FIELDS + _VIEWS + _OWN
    lengths = re.sub(r"\{px:(\d+)\}", lambda match: f"{theme.px(int(match[1]))}px", sections)
    return lengths.format_map(values) + "".join(_labels(theme, values))


def _labels(theme: Theme, values: dict[str, str]) -> list[str]:
    """Rules that set a label's type by ``role`` and its colour by ``tone``."""
    rules = []
    for name, kind in TYPE.items():
        family = "" if kind.families == SANS else "font-family: " + ", ".join(f'"{f}"' for f in kind.families) + "; "
        spacing = f"letter-spacing: {kind.spacing * theme.scale:.1f}px; " if kind.spacing else ""
        size = f"font-size: {theme.px(kind.pixels)}px; font-weight: {kind.weight}; "
        rules.append(f'QLabel[role="{name}"] {{ {family}{size}{spacing}}}\n')
    rules += [f'QLabel[tone="{role}"] {{ color: {values[role]}; }}\n' for role in COLOR_ROLES]
    return rules


def _rgb(color: QColor) -> str:
    return color.name(QColor.NameFormat.HexRgb)


def _rgba(color: QColor) -> str:
    return f"rgba({color.red()}, {color.green()}, {color.blue()}, {color.alpha()})"
