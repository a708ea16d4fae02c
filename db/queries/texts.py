"""Texts of very many rows by id, in one block of memory instead of a Python object each."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray

SEPARATOR: Final = "\0"
_TAIL: Final = 8
"""Bytes at the end of a text by which it is looked for; those of UUIDs (RFC 9562) differ there."""


class Texts(Mapping[int, str]):
    """Unchangeable. Some texts may be others than in the block: that is how an edit costs no copy of it."""

    def __init__(
        self,
        ids: NDArray[np.int64],
        block: bytes | memoryview,
        ends: NDArray[np.int64],
        others: Mapping[int, str | None],
    ) -> None:
        """``ids`` ascend; text number i is UTF-8 and ends at ``ends[i]``, one byte before the next one.

        ``others``: texts in place of the block's, None for those that are gone.
        """
        self._ids, self._block, self._ends, self._others = ids, block, ends, others
        self._length = len(ids) + sum(
            (text is not None) - (self._place(key) is not None) for key, text in others.items()
        )
        self._by_tail: tuple[NDArray[np.uint64], NDArray[np.intp]] | None = None

    @classmethod
    def joined(cls, ids: NDArray[np.int64], block: bytes) -> Self:
        """From texts with SEPARATOR between them. Raises ValueError when there are not as many as ids."""
        if not len(ids):
            return cls(ids, b"", np.empty(0, np.int64), {})
        separators = np.flatnonzero(np.frombuffer(block, np.uint8) == ord(SEPARATOR))
        if len(separators) != len(ids) - 1:
            raise ValueError("as many texts as ids are needed, and none may contain the separator")
        return cls(ids, block, np.append(separators, len(block)).astype(np.int64), {})

    @classmethod
    def of(cls, texts: Mapping[int, str]) -> Self:
        """From any texts by id."""
        ids = sorted(texts)
        parts = [texts[key].replace(SEPARATOR, "").encode("utf-8", "replace") for key in ids]
        return cls.joined(np.array(ids, np.int64), SEPARATOR.encode().join(parts))

    def replaced(self, texts: Mapping[int, str], gone: Collection[int] = ()) -> Self:
        """These texts but for those ``gone``, with ``texts`` in place of or besides their own."""
        others = {**self._others, **dict.fromkeys(gone), **texts}
        made = type(self)(self._ids, self._block, self._ends, others)
        made._by_tail = self._by_tail  # of the block, which is the same
        return made

    def find(self, text: str) -> int | None:
        """The id with this text, of several any one; None when there is none."""
        key = self._changed.get(text)
        if key is not None:
            return key
        tails, order = self._tails()
        wanted = text.encode()
        tail = _number(wanted[-_TAIL:])
        first, last = np.searchsorted(tails, tail, "left"), np.searchsorted(tails, tail, "right")
        for at in order[first:last].tolist():
            key = int(self._ids[at])
            if key not in self._others and self._bytes(at) == wanted:
                return key
        return None

    @cached_property
    def _changed(self) -> dict[str, int]:
        """The ids of the texts that are others than in the block."""
        return {text: key for key, text in self._others.items() if text is not None}

    def prepare(self) -> None:
        """Make the first ``find`` as fast as those after it."""
        self._tails()

    PARTS: ClassVar = ("ids", "block", "ends", "tails", "order", "others")

    def arrays(self) -> dict[str, NDArray[Any]]:
        """These texts as arrays, to be kept in a file; one for each of PARTS."""
        others = json.dumps(list(self._others.items())).encode()
        block, packed = (np.frombuffer(body, np.uint8) for body in (self._block, others))
        return dict(zip(self.PARTS, (self._ids, block, self._ends, *self._tails(), packed), strict=True))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """What ``arrays`` gave."""
        ids, block, ends, tails, order, others = (arrays[part] for part in cls.PARTS)
        texts = cls(ids, block.data, ends, dict(json.loads(others.tobytes())))
        texts._by_tail = tails, order
        return texts

    def __getitem__(self, key: int) -> str:
        if key in self._others:
            text = self._others[key]
            if text is None:
                raise KeyError(key)
            return text
        at = self._place(key)
        if at is None:
            raise KeyError(key)
        return self._bytes(at).decode("utf-8", "replace")

    def listed(self) -> tuple[list[int], list[str]]:
        """All ids and their texts, in no certain order: far sooner than one by one."""
        ids = self._ids.tolist()
        texts = str(self._block, "utf-8", "replace").split(SEPARATOR) if ids else []
        if not self._others:
            return ids, texts
        found: dict[int, str | None] = {**dict(zip(ids, texts, strict=True)), **self._others}
        return [key for key, text in found.items() if text is not None], [
            text for text in found.values() if text is not None
        ]

    def parts(self, size: int) -> Iterator[tuple[NDArray[np.int64], list[str]]]:
        """All ids and their texts, about ``size`` at a time, so that other threads come to their turn in between; each
        id once, a text that is gone as an empty one.
        """
        for first in range(0, len(self._ids), size):
            ids, last = self._ids[first : first + size], min(first + size, len(self._ids)) - 1
            start = int(self._ends[first - 1]) + 1 if first else 0
            texts = str(self._block[start : int(self._ends[last])], "utf-8", "replace").split(SEPARATOR)
            if self._others:
                texts = [self._others.get(key, text) or "" for key, text in zip(ids.tolist(), texts, strict=True)]
            yield ids, texts
        new = [key for key in self._others if self._place(key) is None]
        if new:
            yield np.array(new, np.int64), [self._others[key] or "" for key in new]

    def __iter__(self) -> Iterator[int]:
        yield from (key for key in self._ids.tolist() if key not in self._others)
        yield from (key for key, text in self._others.items() if text is not None)

    def __len__(self) -> int:
        return self._length

    def __contains__(self, key: object) -> bool:
        if key in self._others:
            return self._others[key] is not None  # type: ignore[index]  # a key that is there is an int
        return isinstance(key, int) and self._place(key) is not None

    def _place(self, key: int) -> int | None:
        at = int(np.searchsorted(self._ids, key))
        return at if at < len(self._ids) and self._ids[at] == key else None

    def _bytes(self, at: int) -> bytes:
        start = int(self._ends[at - 1]) + 1 if at else 0
        return bytes(self._block[start : int(self._ends[at])])

    def _tails(self) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
        if self._by_tail is None:
            padded = np.frombuffer(b"".join((SEPARATOR.encode() * _TAIL, self._block)), np.uint8)
            starts = np.concatenate((np.zeros(1, np.int64), self._ends[:-1] + 1))[: len(self._ids)]
            tails = np.zeros(len(self._ids), np.uint64)
            for back in range(_TAIL, 0, -1):
                at = self._ends - back
                letters = np.where(at >= starts, padded[at + _TAIL], 0).astype(np.uint64)
                tails = tails << np.uint64(8) | letters
            order = np.argsort(tails, kind="stable")
            self._by_tail = tails[order], order
        return self._by_tail


def _number(tail: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(tail, "big"))
