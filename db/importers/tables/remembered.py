"""What is made of some cells of a row, kept by their text: rows repeat themselves. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from db.importers.tables.columns import BadRow, Field, Missing, Unread

MOST: Final = 300_000


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Cells that cannot be taken as they stand: why their row is left, or what they say without some of them."""

    left: str | None
    value: Any = None
    missing: Sequence[Missing] = ()


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
        self._make, self._missing = make, missing
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
        return self._taken(value) if value.__class__ is _Trouble else value

    def _taken(self, trouble: _Trouble) -> Any:
        if trouble.left is not None or self._missing is None:
            raise BadRow(trouble.left)  # one that is raised again and again keeps every traceback
        self._missing += trouble.missing
        return trouble.value

    def _remember(self, key: Any) -> Any:
        texts: tuple[str, ...] = (key,) if self._single else key
        given = {each: texts[first:end] or ("",) for each, first, end in self._slices}
        missing: list[Missing] = []
        try:
            value = self._without_unread(given, missing)
        except BadRow as reason:
            value = _Trouble(str(reason))
        else:
            value = _Trouble(None, value, missing) if missing else value
        if len(self._made) >= MOST:
            self._made.clear()
        self._made[key] = value
        return value

    def _without_unread(self, given: dict[Field, tuple[str, ...]], missing: list[Missing]) -> Any:
        while True:
            try:
                return self._make(given)
            except Unread as reason:
                if self._missing is None or not reason.fields:
                    raise
                missing.append(Missing(reason.fields, str(reason)))
                given |= dict.fromkeys(reason.fields, ("",))
