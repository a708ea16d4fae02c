"""The palette as a person uses it: opened by its key, typed into, walked through by the arrow keys."""

from __future__ import annotations

from tests.helpers.window import Program
from viewer.core.finder import Group
from viewer.shell.palette import Palette


def open_ones(app: Program) -> list[Palette]:
    return [each for each in app.window.findChildren(Palette) if each.isVisible()]


def palette(app: Program) -> Palette:
    (found,) = open_ones(app)
    return found


def find(app: Program, text: str) -> Palette:
    app.key("Ctrl+K")
    opened = palette(app)
    assert opened.field.edit.hasFocus()
    app.type(text)
    app.wait(lambda: opened._typed == text)
    app.settle()
    app.wait(lambda: not opened._awaited)
    return opened


def go_to(app: Program, text: str, group: Group, title: str) -> None:
    """Type, walk down to the wanted line, press Enter."""
    opened = find(app, text)
    line = next(
        at for at, each in enumerate(opened.lines.found) if each.group is group and each.title.startswith(title)
    )
    walk_to(app, opened, line)
    app.key("Return")
    app.settle()
    assert not open_ones(app)


def walk_to(app: Program, opened: Palette, line: int) -> None:
    """By the arrow keys from the line that is chosen: what was found as typed, though other spellings stand above."""
    app.wait(lambda: not opened._awaited)
    steps = line - opened.list.currentIndex().row()
    app.key("Down" if steps > 0 else "Up", times=abs(steps))
