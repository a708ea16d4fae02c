"""What is made of some cells of a row, kept by their text: rows repeat themselves. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from db.importers.tables.columns import BadRow, Field

MOST: Final = 300_000


class Remembered:
    """What is made of some cells of a row, kept by their text."""

    def __init__(
        self,
        at: Mapping[Field, tuple[int, ...]],
        fields: Sequence[Field],
        make: Callable[[Mapping[Field, tuple[str, ...]]], Any],
    ) -> None:
        self._make = make
        indexes: list[int] = []
        self._slices: list[tuple[Field, int, int]] = []
        for each in fields:
            first = len(indexes)
            indexes += at.get(each, ())
            self._slices.append((each, first, len(indexes)))
        self._cells: Callable[[list[str]], Any] | None = itemgetter(*indexes) if indexes else None
        self._single = len(indexes) == 1
        self._made: dict[Any, Any] = {}
        self._nothing = None if indexes else make(dict.fromkeys(fields, ("",)))

    def __call__(self, cells: list[str]) -> Any:
        if self._cells is None:
            return self._nothing
        key = self._cells(cells)
        try:
            value = self._made[key]
        except KeyError:
            value = self._remember(key)
        if value.__class__ is BadRow:
            raise BadRow(str(value))  # one that is raised again and again keeps every traceback
        return value

    def _remember(self, key: Any) -> Any:
        texts: tuple[str, ...] = (key,) if self._single else key
        given = {each: texts[first:end] or ("",) for each, first, end in self._slices}
        try:
            value = self._make(given)
        except BadRow as reason:
            value = BadRow(str(reason))
        if len(self._made) >= MOST:
            self._made.clear()
        self._made[key] = value
        return value
