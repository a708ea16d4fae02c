"""Which column of a table means what: guessed from headers, given on the command line, kept as a small JSON file.

A mapping describes how a publisher lays out files, not one project: so named ones are kept with the user's settings
(the caller says in which folder) and serve every project. What was used for a table stands in the project too, in the
layout of that document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Any, Final

from db.errors import EnvironmentFault, InputFault
from db.importers.tables.codebooks import CODEBOOKS
from db.importers.tables.columns import SEVERAL, WORDS, Field
from db.importers.tables.headings import AMONG, HEADINGS
from db.kept.dialect import plain

_NEAR: Final = 0.75
"""How alike two names are of which one may be meant for the other: *titlle* and *title* by 0.9."""
_NAME: Final = re.compile(r"[^\W_][\w .()-]{0,79}")
MAX_BYTES: Final = 1_000_000
MAX_LINE: Final = 1_000_000

_BY_CODE: Final = {
    "time_precision": "acled", "geo_precision": "acled", "date_prec": "ucdp", "where_prec": "ucdp",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableMapping:
    """Fields -> names of columns. ``codebook`` names how codes for precision are read, ``kinds`` renames kinds.

    ``counted`` says what a quantity counts, ``publisher`` who made the table, where that is known. ``line`` of the
    headings in the file that it was made for, 0 where it had none: for files where they cannot be guessed.
    """

    name: str
    columns: Mapping[Field, tuple[str, ...]]
    codebook: str | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    counted: str = "people killed"
    publisher: str | None = None
    line: int | None = None

    def with_column(self, wanted: Field, *columns: str) -> TableMapping:
        """The same with other columns for one field; without it where none are given."""
        changed = {each: names for each, names in self.columns.items() if each is not wanted}
        if columns:
            changed[wanted] = columns
        return replace(self, columns=changed)

    def fits(self, header: Sequence[str]) -> bool:
        """Whether a table has all its columns."""
        names = {plain(name) for name in header}
        return all(plain(name) in names for several in self.columns.values() for name in several)

    def indexes(self, header: Sequence[str]) -> dict[Field, tuple[int, ...]]:
        """Where the columns of each field stand in a table. Raises InputFault naming one that it lacks."""
        places = {plain(name): at for at, name in reversed(list(enumerate(header)))}
        found = {}
        for each, names in self.columns.items():
            for name in names:
                if plain(name) not in places:
                    known = ", ".join(header[:12]) + (" ..." if len(header) > 12 else "")
                    raise InputFault(
                        f"There is no column “{name}” for the {WORDS[each]}. The table has: {known}. "
                        "Nothing was written."
                    )
            found[each] = tuple(places[plain(name)] for name in names)
        return found

    def check(self) -> None:
        """Raise InputFault when nothing could be made of a row."""
        if not self.columns.keys() & {Field.TITLE, Field.START, Field.EDTF, Field.PLACE, Field.LAT, Field.KIND}:
            raise InputFault(
                "No column of this table says what happened, when or where: say what the columns mean. "
                "Nothing was written."
            )
        if (Field.LAT in self.columns) != (Field.LON in self.columns):
            raise InputFault("A latitude needs a longitude: name both columns, or neither. Nothing was written.")

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "columns": {each.value: list(names) for each, names in self.columns.items()},
            "codebook": self.codebook,
            "kinds": dict(self.kinds),
            "counted": self.counted,
            "publisher": self.publisher,
            "line": self.line,
        }


def from_json(data: object) -> TableMapping:
    """The mapping in parsed JSON. Raises InputFault saying what is wrong with it."""
    if not isinstance(data, dict) or not isinstance(data.get("columns"), dict):
        raise InputFault("A mapping is a JSON object with “columns”: field -> name of a column, or a list of names.")
    columns: dict[Field, tuple[str, ...]] = {}
    for key, names in data["columns"].items():
        listed = [names] if isinstance(names, str) else names
        if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
            raise InputFault(f"In a mapping, “{key}” names a column or a list of columns.")
        wanted = field_called(key)
        found = (*columns.get(wanted, ()), *listed)
        if found:
            columns[wanted] = found
        if len(found) > 1 and wanted not in SEVERAL:
            raise InputFault(f"In a mapping, “{key}” can be one column only.")
    codebook, kinds = data.get("codebook"), data.get("kinds") or {}
    if codebook is not None and (not isinstance(codebook, str) or codebook not in CODEBOOKS):
        raise InputFault(f"A mapping's codebook is one of {', '.join(CODEBOOKS)}.")
    if not isinstance(kinds, dict) or not all(isinstance(each, str) for each in kinds.values()):
        raise InputFault("In a mapping, “kinds” says how the values of a column are called: value -> name.")
    publisher, line = data.get("publisher"), data.get("line")
    if line is not None and (not isinstance(line, int) or not 0 <= line < MAX_LINE):
        raise InputFault("In a mapping, “line” is the number of the line with the headings, or 0 for none.")
    return TableMapping(
        str(data.get("name") or "Mapping"),
        columns,
        codebook,
        {str(key): value for key, value in kinds.items()},
        str(data.get("counted") or "people killed"),
        None if publisher is None else str(publisher),
        line,
    )


def field_called(name: str) -> Field:
    """The field of a name, which may be a usual heading of it: date, latitude. Raises InputFault listing all."""
    wanted = plain(name)
    for each in Field:
        if wanted == each.value:
            return each
    for each, usual in HEADINGS.items():
        if wanted in usual:
            return each
    near = get_close_matches(wanted, [*Field, *chain.from_iterable(HEADINGS.values())], 1, _NEAR)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise InputFault(f"There is no field “{name}”.{meant} The fields are: {', '.join(Field)}.")


def guess(header: Sequence[str], made: Container[str] = ()) -> TableMapping:
    """What headers suggest, in the order in which each field's usual names are listed. Every column serves once.

    ``made``: columns that the file does not have, made of its geometry. Its radius is about the point that is made of
    it, so it is not taken where another column says where that is.
    """
    names = {plain(name): name for name in reversed(header)}
    columns: dict[Field, tuple[str, ...]] = {}
    used: set[str] = set()
    for wanted, usual in HEADINGS.items():
        found = [each for each in usual if each in names and each not in used and _is_meant(each, names)]
        if wanted is Field.RADIUS and any(name not in made for name in columns.get(Field.LAT, ())):
            found = [each for each in found if names[each] not in made]
        if found:
            taken = found if wanted is Field.ACTOR else found[:1]
            used.update(taken)
            columns[wanted] = tuple(names[each] for each in taken)
    if (Field.LAT in columns) != (Field.LON in columns):
        columns.pop(Field.LAT, None)
        columns.pop(Field.LON, None)
    codes = {_BY_CODE[plain(name)] for field in (Field.DATE_PRECISION, Field.PLACE_PRECISION)
             for name in columns.get(field, ()) if plain(name) in _BY_CODE}  # fmt: skip
    return TableMapping("Guessed from the headers", columns, codes.pop() if len(codes) == 1 else None)


def _is_meant(name: str, names: Container[str]) -> bool:
    """Whether a heading stands for its field among these names, and is not an English word."""
    return name not in AMONG or any(each in names for each in AMONG[name])


def read_mapping(path: Path) -> TableMapping:
    """A mapping from a JSON file. Raises EnvironmentFault when it cannot be read, InputFault when it is none."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise EnvironmentFault(f"The mapping {path.name} cannot be read: {error.strerror or error}.") from error
    try:
        if len(data) > MAX_BYTES:
            raise ValueError
        return from_json(json.loads(data.decode("utf-8-sig")))
    except InputFault as fault:
        raise InputFault(f"{path.name}: {fault} Nothing was written.") from fault
    except (ValueError, RecursionError):
        raise InputFault(f"{path.name} is not a mapping: it is no JSON. Nothing was written.") from None


def saved_mappings(folder: Path) -> dict[str, Path]:
    """Names of the mappings kept in a folder, and their files."""
    if not folder.is_dir():
        return {}
    return {each.stem: each for each in sorted(folder.glob("*.json"))}


def save_mapping(mapping: TableMapping, name: str, folder: Path) -> Path:
    """Keep a mapping under a name, in place of another of that name; answers its file.

    Raises InputFault for a name that is no file name, EnvironmentFault when it cannot be written.
    """
    if not _NAME.fullmatch(name) or name.endswith((".", " ")):
        raise InputFault("A mapping's name has letters, digits, spaces, dots and dashes, 80 at most.")
    path = folder / f"{name}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_text(json.dumps(replace(mapping, name=name).to_json(), indent=1, ensure_ascii=False) + "\n", "utf-8")
        part.replace(path)
    except OSError as error:
        raise EnvironmentFault(f"The mapping could not be kept: {error.strerror or error}.") from error
    return path
