"""Which events the words typed over the table are found in; worked out on whichever thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from db.queries import STATUS_CODES
from db.search import fold
from viewer.core.counts import Mask
from viewer.core.index import EventIndex
from viewer.core.loaded import Loaded
from viewer.models.names import Names
from viewer.models.quantities import Counts
from viewer.models.wording import STATUS_WORDS, source_name

_AT_ONCE: Final = 2_000
"""Titles that are folded in one go, so that other threads come to their turn."""


@dataclass(slots=True)
class FoldedTitles:
    """Titles as they are looked through, each list with its ids; made when first needed, of ``loaded``."""

    loaded: Loaded
    parts: list[tuple[NDArray[np.int64], list[str]]] | None = None

    def with_word(self, word: str) -> NDArray[np.int64]:
        """The ids of those that a folded word is in."""
        if self.parts is None:
            self.parts = [
                (ids, [title.casefold() if title.isascii() else fold(title) for title in titles])
                for ids, titles in self.loaded.titles.parts(_AT_ONCE)
            ]
        found = [ids[[word in title for title in titles]] for ids, titles in self.parts]
        return np.concatenate(found) if found else np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Look:
    """Each word is to be found in any column but dates and numbers of claims; folded."""

    words: tuple[str, ...]
    index: EventIndex
    loaded: Loaded
    titles: FoldedTitles
    named: tuple[Names | Counts, ...]

    def hits(self) -> Mask:
        """Over all rows of the index."""
        return np.asarray(np.logical_and.reduce([self._with(word) for word in self.words]))

    def _with(self, word: str) -> Mask:
        columns, loaded = self.index.columns, self.loaded
        status = [code for code, each in enumerate(STATUS_CODES) if word in fold(STATUS_WORDS[each])]
        hits: Mask = np.isin(columns.id, self.titles.with_word(word))
        for named in self.named:
            hits |= np.isin(columns.id, named.with_word(word))
        hits |= np.isin(columns.status, status)
        hits |= np.isin(columns.kind, _called(word, ((key, kind.name) for key, kind in loaded.kinds.items())))
        hits |= np.isin(columns.place, _called(word, ((key, place.name) for key, place in loaded.places.items())))
        sources = _called(word, ((key, source_name(source)) for key, source in loaded.sources.items()))
        before: NDArray[np.int64] = np.zeros(len(columns.source_ids) + 1, np.int64)
        np.cumsum(np.isin(columns.source_ids, sources), out=before[1:])
        hits |= before[columns.source_offsets[1:]] > before[columns.source_offsets[:-1]]
        return hits


def _called(word: str, names: Iterable[tuple[int, str]]) -> list[int]:
    """The ids of what has a word in its name."""
    return [key for key, name in names if word in fold(name)]
