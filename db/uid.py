"""UUIDv7 (RFC 9562, section 5.7): names for rows that sort by when they were made and hold across copies of a file."""

from __future__ import annotations

import os
import threading
import time
from hashlib import shake_128
from typing import Final

_lock = threading.Lock()
_last_ms = 0
_counter = 0


def new_uid() -> str:
    """A fresh UUIDv7 in canonical text form; each one sorts after the one before it from this process.

    The 12 bits of rand_a are a counter within the millisecond (RFC 9562, section 6.2, method 1), seeded at random
    below half its range; when it runs over, or the clock goes back, the last millisecond used is counted on.
    """
    global _last_ms, _counter
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_ms:
            _last_ms, _counter = now, int.from_bytes(os.urandom(2), "big") & 0x7FF
        else:
            _counter += 1
            if _counter > 0xFFF:
                _last_ms, _counter = _last_ms + 1, 0
        ms, counter = _last_ms, _counter
    tail = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    text = f"{ms << 16 | 0x7000 | counter:016x}{tail:016x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class UidRun:
    """Many UUIDv7 in a row, the same ones again from the same seed.

    ``take`` gives all of each but its last hexadecimal digit, which is for the caller: so one run names several rows
    that belong together. Milliseconds are counted on by one for each 4096, as RFC 9562 allows where the clock is slow.
    """

    BLOCK: Final = 4096

    def __init__(self, seed: bytes | None = None, first_ms: int | None = None) -> None:
        """``seed`` and ``first_ms`` of an earlier run, or fresh ones."""
        self.seed = os.urandom(16) if seed is None else seed
        self.first_ms = time.time_ns() // 1_000_000 if first_ms is None else first_ms
        self._blocks = 0
        self._ready: list[str] = []

    def take(self, count: int) -> list[str]:
        """The next ``count``, ascending, 35 characters each."""
        while len(self._ready) < count:
            self._ready += self._block()
        taken, self._ready = self._ready[:count], self._ready[count:]
        return taken

    def _block(self) -> list[str]:
        ms = f"{self.first_ms + self._blocks:012x}"
        digits = shake_128(self.seed + self._blocks.to_bytes(8, "big")).hexdigest(8 * self.BLOCK)
        self._blocks += 1
        head = f"{ms[:8]}-{ms[8:]}-7"
        return [
            f"{head}{number:03x}-{_VARIANT[digits[at]]}{digits[at + 1 : at + 4]}-{digits[at + 4 : at + 15]}"
            for number, at in enumerate(range(0, 16 * self.BLOCK, 16))
        ]


_VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
