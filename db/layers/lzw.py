"""LZW as TIFF has it (TIFF 6.0, section 13): codes of 9 to 12 bits, the highest bit first, widened one code early."""

from __future__ import annotations

from typing import Final

_CLEAR: Final = 256
_END: Final = 257
_SINGLE: Final = [bytes([value]) for value in range(256)] + [b"", b""]


def unpacked(data: bytes, most: int) -> bytes:
    """The bytes in packed ``data``, ``most`` of them at most. Raises ValueError where it makes no sense."""
    parts: list[bytes] = []
    table = list(_SINGLE)
    width, held, bits, made = 9, 0, 0, 0
    before = b""
    for byte in data:
        held = (held << 8 | byte) & 0xFF_FFFF
        bits += 8
        if bits < width:
            continue
        bits -= width
        code = held >> bits & ((1 << width) - 1)
        if code == _CLEAR:
            table, width, before = list(_SINGLE), 9, b""
            continue
        if code == _END or made >= most:
            break
        if code < len(table):
            entry = table[code]
        elif code == len(table) and before:
            entry = before + before[:1]
        else:
            raise ValueError("its LZW codes make no sense")
        parts.append(entry)
        made += len(entry)
        if before:
            table.append(before + entry[:1])
            if len(table) + 1 >= 1 << width and width < 12:
                width += 1
        before = entry
    return b"".join(parts)[:most]
