"""An event of the sample chosen in the window, and its fields written anew."""

from __future__ import annotations

from tests.helpers.window import Program

TAKEN = "YPG takes Tel Abyad"


def choose(app: Program, title: str) -> None:
    app.window.desk.commands.fly_to_event(app.event(title))
    app.settle()


def replace_text(app: Program, text: str) -> None:
    """What stands in the field that has the keyboard is this instead."""
    app.key("Ctrl+A")
    app.type(text)
