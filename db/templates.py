"""Kinds of event that a new project can start with. From then on they are the project's own."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from db.store import Store
from db.tables import Kind
from db.uid import new_uid


class KindTemplate(NamedTuple):
    """``light`` and ``dark`` are #RRGGBB, told apart under colour-blindness simulation together with the shapes."""

    name: str
    shape: str
    light: str
    dark: str


CONFLICT: Final = (
    KindTemplate("Control change", "square", "#1260C4", "#4FA0F8"),
    KindTemplate("Fighting and strikes", "triangle", "#E06C00", "#F2552F"),
    KindTemplate("Attacks on civilians", "diamond", "#8C1A6E", "#E26BA8"),
    KindTemplate("Statements", "circle", "#0E9478", "#45E3A0"),
    KindTemplate("Movement of people", "chevron", "#5E3B00", "#F5DB4C"),
    KindTemplate("Assessments", "hexagon", "#2B303A", "#CFDFEA"),
)


def add_kinds(store: Store, template: tuple[KindTemplate, ...]) -> None:
    """Add a template's kinds to a project as one step, numbered from 1 in its order."""
    with store.step("Set up kinds", origin="template") as session:
        for position, kind in enumerate(template):
            session.add(Kind(uid=new_uid(), **kind._asdict(), key=position + 1, position=position))


def new_project(path: Path, title: str, template: tuple[KindTemplate, ...] = CONFLICT) -> None:
    """Make a project file with a template's kinds, which undo does not take away.

    Raises as ``Store.create``; there is no file then.
    """
    store = Store.create(path, title)
    try:
        try:
            add_kinds(store, template)
            store.seal()
        finally:
            store.close()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
