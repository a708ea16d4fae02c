"""UUIDv7 (RFC 9562, section 5.7): names for rows that sort by when they were made and hold across copies of a file."""

from __future__ import annotations

import os
import threading
import time

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
