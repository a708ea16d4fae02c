"""The command line: every command works without a display but ``open``.

A fault of the outside world is one plain sentence on standard error and exit code 2; nothing of what was refused has
been written then: of several texts, the others go in.
Slow imports (Qt, numpy) happen inside the command that needs them, so that ``--help`` answers at once.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from typer.core import TyperGroup

from db.errors import EnvironmentFault
from db.faults import as_fault
from viewer.cli_export import export
from viewer.cli_import import import_
from viewer.paths import as_project, resource

FAULT = 2
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class ThemeName(StrEnum):
    LIGHT = "light"
    DARK = "dark"


class Picture(StrEnum):
    WINDOW = "window"
    MAP = "map"
    TIMELINE = "timeline"


class _OpensFiles(TyperGroup):
    """``dateline FILE.gpkg`` means ``dateline open FILE.gpkg``; ``dateline`` alone opens the window."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args:
            args = ["open"]
        elif args[0] not in self.commands and not args[0].startswith("-"):
            args = ["open", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_OpensFiles,
    name="dateline",
    help="Reconstruct what happened from documents. `dateline FILE.gpkg` opens a project.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ProjectFile = Annotated[Path, typer.Argument(metavar="PROJECT", help="A Dateline project (.gpkg).", show_default=False)]


@app.command("open")
def open_(
    file: Annotated[
        Path | None, typer.Argument(help="A Dateline project (.gpkg); none shows the first screen.")
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Open a copy of the bundled sample.")] = False,
    picture: Annotated[
        Path | None, typer.Option(help="With no display: render the window into this PNG instead.", show_default=False)
    ] = None,
) -> None:
    """Open a project in the window."""
    from viewer.display import has_display

    if has_display():
        from viewer.app import run

        raise typer.Exit(run(file, sample=sample))
    if picture is None:
        raise EnvironmentFault(
            "There is no display to open a window on. Use `dateline render` to make a picture of a project instead."
        )
    err.print("There is no display, so the window is rendered offscreen.")
    from viewer.app import sample_copy

    path = sample_copy() if sample or file is None else file
    _render(path, None, "1600x1000", ThemeName.LIGHT, Picture.WINDOW, picture)


@app.command()
def new(
    project: ProjectFile,
    title: Annotated[str | None, typer.Option(help="What the project is called; the file's name otherwise.")] = None,
) -> None:
    """Make an empty project. Its file ends in .gpkg."""
    from db.templates import new_project

    path = as_project(str(project))
    new_project(path, title or path.stem)
    out.print(f"Made {path}")


@app.command()
def sample(target: Annotated[Path, typer.Argument(metavar="OUT", help="Where to write it (.gpkg).")]) -> None:
    """Write a fresh copy of the bundled sample project. Its file ends in .gpkg."""
    from db.importers import bundle

    path = as_project(str(target))
    bundle.build(resource("sample"), path)
    out.print(f"Wrote {path}")


app.command("import")(import_)


@app.command()
def attach(
    project: ProjectFile,
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help="Your own copies of the sources' texts.")],
) -> None:
    """Give stand-off sources your own copies of their texts, so that their quotes can be read."""
    from db.reading.attach import attach as attach_files
    from db.store import Store

    store = Store.open(project)
    try:
        _must_be_writable(store)
        with Progress(console=err, transient=True) as progress:
            task = progress.add_task("Attaching", total=len(files))
            report = attach_files(store, files, lambda done, total: progress.update(task, completed=done, total=total))
    finally:
        store.close()
    for row in report.rows:
        out.print(row.sentence)
    if not any(row.attached for row in report.rows):
        raise EnvironmentFault("No text was attached and the project is as it was.")


@app.command()
def check(project: ProjectFile) -> None:
    """Look for damage: pages, hashes of texts, places of quotes, dates."""
    from db import safety
    from db.checks import check as check_project
    from db.store import Store

    store = Store.open(project, read_only=True)
    try:
        safety.quick_check(project)
        report = check_project(store)
    finally:
        store.close()
    for finding in report.findings:
        out.print(finding.sentence)
    if not report.sound:
        raise EnvironmentFault("The project is damaged: see the lines above. Nothing was changed.")
    out.print("Sound: " + report.summary)


@app.command()
def info(
    project: ProjectFile, as_json: Annotated[bool, typer.Option("--json", help="Machine-readable.")] = False
) -> None:
    """Count what is in a project."""
    from db import queries
    from db.store import Store

    store = Store.open(project, read_only=True)
    try:
        connection = store.reader()
        try:
            facts = queries.info(connection)
        finally:
            connection.close()
    finally:
        store.close()
    if as_json:
        print(json.dumps(facts, indent=1, ensure_ascii=False))  # noqa: T201 - not for wrapping
        return
    table = Table(show_header=False, box=None)
    for key, value in facts.items():
        shown = ", ".join(f"{count} {name}" for name, count in value.items()) if isinstance(value, dict) else str(value)
        table.add_row(key.replace("_", " "), shown)
    out.print(table)


@app.command()
def render(
    project: ProjectFile,
    out_file: Annotated[Path, typer.Option("--out", metavar="PNG", help="The picture to write.")],
    at: Annotated[str | None, typer.Option(metavar="DATE", help="Where the time cursor stands.")] = None,
    size: Annotated[str, typer.Option(metavar="WxH", help="Size of the window in pixels.")] = "1600x1000",
    theme: Annotated[ThemeName, typer.Option(help="Colours.")] = ThemeName.LIGHT,
    view: Annotated[Picture, typer.Option(help="The whole window or one view of it.")] = Picture.WINDOW,
    scale: Annotated[int, typer.Option(min=80, max=200, metavar="PERCENT", help="Size of the interface.")] = 100,
) -> None:
    """Make a picture of the true window, without a display."""
    _render(project, at, size, theme, view, out_file, scale)


def _render(
    project: Path, at: str | None, size: str, theme: ThemeName, view: Picture, target: Path, scale: int = 100
) -> None:
    from viewer.render import parse_size
    from viewer.render import render as render_window

    width, height = parse_size(size)
    render_window(project, target, at=at, width=width, height=height, theme=theme.value, view=view.value, scale=scale)
    out.print(str(target))


app.command()(export)


def _must_be_writable(store: Any) -> None:
    if store.read_only:
        raise EnvironmentFault(f"Nothing was changed. {store.read_only_reason}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code."""
    try:
        app(args=list(arguments) if arguments is not None else None)
    except (EnvironmentFault, sqlite3.Error) as error:
        fault = as_fault(error, Path("The project"))  # of one that is open, which only now shows its damage
        if not isinstance(fault, EnvironmentFault):
            raise
        err.print(str(fault), style="red")
        sys.exit(FAULT)
