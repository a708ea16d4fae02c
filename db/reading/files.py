"""Text files of the user, read; texts and bytes kept in the project by their hash."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlmodel import Session, select

from db.errors import EnvironmentFault, InputFault
from db.reading.text import MAX_TEXT_BYTES, canonicalise, decode
from db.tables import Content

_LEVEL: Final = 6  # the highest takes ten times as long for one part in a hundred
_MAX_UNPACKED: Final = 4 * MAX_TEXT_BYTES  # a text of another encoding grows as UTF-8, to three times at most


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file as received, and its canonical text."""

    name: str
    data: bytes
    text: str
    encoding: str

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


def read_text_file(path: Path, encoding: str | None = None) -> TextFile:
    """Read a file as text; ``encoding`` overrides what would be judged of it.

    Raises EnvironmentFault when it cannot be read and InputFault when it is no text, too large, or holds nothing.
    """
    try:
        if path.is_dir():
            raise InputFault("This is a folder, not a text file.")
        if path.exists() and not path.is_file():
            raise InputFault("This is not an ordinary file.")  # a pipe would be waited for without end
        with path.open("rb") as file:
            data = file.read(MAX_TEXT_BYTES + 1)
    except FileNotFoundError:
        raise EnvironmentFault("There is no such file.") from None
    except OSError as error:
        raise EnvironmentFault(f"The file cannot be read: {error.strerror or error}.") from error
    decoded = decode(data, encoding)
    text = canonicalise(decoded.text)
    if not text.strip():
        raise InputFault("The file is empty: there is no text in it.")
    return TextFile(path.name, data, text, decoded.encoding)


def keep_content(session: Session, data: bytes) -> str:
    """Keep bytes in the project within a step; answers their hash. What is there already and sound stays as it is."""
    sha256 = hashlib.sha256(data).hexdigest()
    row = session.exec(select(Content).where(Content.sha256 == sha256)).first()
    if row is None:
        session.add(Content(sha256=sha256, body=zlib.compress(data, _LEVEL)))
    elif unpack(row.body, sha256) is None:
        row.body = zlib.compress(data, _LEVEL)
        session.add(row)
    session.flush()
    return sha256


def unpack(body: bytes, sha256: str) -> bytes | None:
    """The bytes in a ``content`` row; None where they are damaged: not to be unpacked, or not of their hash."""
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(body, _MAX_UNPACKED)
    except zlib.error:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None
