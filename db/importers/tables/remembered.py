"""What is made of some cells of a row, kept by their text: rows repeat themselves. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from db.importers.tables.columns import BadRow, Field, Missing, Unread

MOST: Final = 300_000
_NEW: Final = object()


class Remembered:
    """What is made of some cells of a row, kept by their text."""

    def __init__(
        self,
        at: Mapping[Field, tuple[int, ...]],
        fields: Sequence[Field],
        make: Callable[[Mapping[Field, tuple[str, ...]]], Any],
        missing: list[Missing] | None = None,
    ) -> None:
        """``make`` raises BadRow. Where it raises Unread the cells that cannot be read are taken as empty, and added to
        ``missing`` with each row; where that is None such rows are left.
        """
        self._make, self._strict = make, missing is None
        self._missing: list[Missing] = [] if missing is None else missing
        indexes: list[int] = []
        self._slices: list[tuple[Field, int, int]] = []
        for each in fields:
            first = len(indexes)
            indexes += at.get(each, ())
            self._slices.append((each, first, len(indexes)))
        self._cells: Callable[[list[str]], Any] | None = itemgetter(*indexes) if indexes else None
        self._single = len(indexes) == 1
        self._made: dict[Any, Any] = {}
        self._left: dict[Any, str] = {}  # why rows with such cells are left: an exception would keep every traceback
        self._lacking: dict[Any, tuple[Any, Sequence[Missing]]] = {}  # what is made without what cannot be read
        self._nothing = None if indexes else make(dict.fromkeys(fields, ("",)))

    def __call__(self, cells: list[str]) -> Any:
        if self._cells is None:
            return self._nothing
        key = self._cells(cells)
        value = self._made.get(key, _NEW)
        return self._odd(key) if value is _NEW else value

    def _odd(self, key: Any) -> Any:
        """Of cells that are met for the first time, or that cannot be taken as they stand."""
        if key not in self._left and key not in self._lacking:
            self._remember(key)
        if key in self._made:
            return self._made[key]
        if key in self._left:
            raise BadRow(self._left[key])
        value, missing = self._lacking[key]
        self._missing += missing
        return value

    def _remember(self, key: Any) -> None:
        if len(self._made) + len(self._left) + len(self._lacking) >= MOST:
            for each in (self._made, self._left, self._lacking):
                each.clear()
        texts: tuple[str, ...] = (key,) if self._single else key
        given = {each: texts[first:end] or ("",) for each, first, end in self._slices}
        missing: list[Missing] = []
        try:
            value = self._without_unread(given, missing)
        except BadRow as reason:
            self._left[key] = str(reason)
        else:
            if missing:
                self._lacking[key] = value, missing
            else:
                self._made[key] = value

    def _without_unread(self, given: dict[Field, tuple[str, ...]], missing: list[Missing]) -> Any:
        while True:
            try:
                return self._make(given)
            except Unread as reason:
                if self._strict or not reason.fields:
                    raise
                missing.append(Missing(reason.fields, str(reason)))
                given |= dict.fromkeys(reason.fields, ("",))
