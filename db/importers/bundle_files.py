"""The data files of a bundle, read and parsed; and how a fault in them is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from db.errors import EnvironmentFault, InputFault
from db.importers.digest import Digest, read_digest

Item = Mapping[str, Any]


@contextmanager
def naming(file: str, key: object) -> Iterator[None]:
    """Say in which file and row something was wrong."""
    try:
        yield
    except EnvironmentFault as fault:
        raise InputFault(f"{file}, {key}: {fault}") from fault
    except KeyError as error:
        raise InputFault(f"{file}, {key}: “{error.args[0]}” is missing or names nothing.") from error
    except ValueError as error:
        raise InputFault(f"{file}, {key}: {error}.") from error


class BundleFiles:
    """The data files of a folder, read and parsed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project: Item = self._json("project.json", dict)
        self.kinds: list[Item] = self._json("kinds.json", list)
        self.actors: list[Item] = self._json("actors.json", list)
        self.places: list[Item] = self._json("places.json", list)
        self.sources: list[Item] = self._json("sources.json", list)
        self.originals: list[Item] = self._json("standoff.json", list)
        self.events: list[Item] = self._json("events.json", list)
        for name in ("title", "judged_by"):
            if not self.project.get(name):
                raise InputFault(f"project.json does not say “{name}”.")
        self.judge = str(self.project["judged_by"])

    def digest(self, source: str) -> Digest | None:
        """The digest of a source; None where it has none."""
        path = self.folder / "digests" / f"{source}.md"
        if not path.is_file():
            return None
        with naming(f"digests/{path.name}", "the text"):
            return read_digest(self._text(path))

    def _json(self, name: str, kind: type) -> Any:
        try:
            content = json.loads(self._text(self.folder / name))
        except ValueError as error:
            raise InputFault(f"{name} is not JSON: {error}.") from error
        if not isinstance(content, kind):
            raise InputFault(f"{name} should hold a JSON {'list' if kind is list else 'object'}.")
        return content

    def _text(self, path: Path) -> str:
        try:
            return path.read_text("utf-8")
        except OSError as error:
            raise EnvironmentFault(f"{path.name} cannot be read: {error.strerror}.") from error
