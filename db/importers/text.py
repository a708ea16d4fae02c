"""A text file becomes a source with its original document: canonical text and the bytes as received."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from db import edtf
from db.errors import InputFault
from db.reading.anchors import document_fields
from db.reading.files import TextFile, keep_content, read_text_file
from db.store import Store
from db.tables import Document, Source
from db.uid import new_uid
from db.values import DocumentRole, Ref, RefKind, TimeSpan

MAX_TITLE: Final = 160  # characters; a longer first line is a paragraph, no heading


@dataclass(frozen=True, slots=True)
class Imported:
    """The rows that an import made."""

    source: Ref
    document: Ref
    title: str
    encoding: str


def import_text(
    store: Store,
    path: Path,
    published: str | None,
    publisher: str | None = None,
    title: str | None = None,
    *,
    encoding: str | None = None,
    origin: str = "import",
) -> Imported:
    """Add a text file as a source, in one undoable step.

    ``published`` is EDTF, None where it is not known. ``encoding`` overrides what is judged of the file. The title is
    the first line of the text, or else the file's name, where none is given.

    Raises InputFault for a date that cannot be, a file that is no text, and a text that the project has already;
    EnvironmentFault when the file cannot be read or the project not be written. Nothing has been written then.
    """
    span = edtf.parse(published) if published else None
    file = read_text_file(path, encoding)
    with store.step(f"Import {path.name}", origin) as session:
        fields = document_fields(file.text)
        _refuse_twice(session, fields)
        source = _source(session, title or guess_title(file.text, path.stem), publisher, span)
        document = _document(session, source, file, fields)
    refs = Ref(RefKind.SOURCE, source.uid), Ref(RefKind.DOCUMENT, document.uid)
    return Imported(*refs, source.title, file.encoding)


def guess_title(text: str, name: str) -> str:
    """The first line with a letter in it, or the file's name where that line is too long for a heading."""
    line = next((line for line in text.split("\n") if re.search(r"[^\W\d_]", line)), "")
    heading = " ".join(line.split())
    return heading if 0 < len(heading) <= MAX_TITLE else " ".join(name.replace("_", " ").split()) or "Untitled"


def _refuse_twice(session: Session, fields: dict[str, Any]) -> None:
    text, folded = fields["text_sha256"], fields["folded_sha256"]
    same = or_(
        col(Document.text_sha256) == text, col(Document.taken_sha256) == text, col(Document.folded_sha256) == folded
    )
    found = session.exec(
        select(Document, Source).join(Source, col(Source.id) == col(Document.source_id)).where(same)
    ).first()
    if found is None:
        return
    document, source = found
    if document.text_sha256 is None:
        raise InputFault(f"This is the missing text of “{source.title}”, a source of this project. Attach it instead.")
    raise InputFault(f"This text is in the project already: it is that of “{source.title}”.")


def _source(session: Session, title: str, publisher: str | None, published: TimeSpan | None) -> Source:
    last = session.exec(select(func.max(Source.position))).one()
    source = Source(uid=new_uid(), title=title, publisher=publisher or None, position=0 if last is None else last + 1)
    if published is not None:
        source.published = published.edtf
        source.published_first = published.earliest_start
        source.published_last = published.latest_end
    session.add(source)
    session.flush()
    return source


def _document(session: Session, source: Source, file: TextFile, fields: dict[str, Any]) -> Document:
    assert source.id is not None
    keep_content(session, file.text.encode())
    document = Document(
        uid=new_uid(),
        source_id=source.id,
        role=DocumentRole.ORIGINAL.value,
        sha256=keep_content(session, file.data),
        media_type="text/plain",
        file_name=file.name,
        encoding=file.encoding,
        **fields,
    )
    session.add(document)
    session.flush()
    return document
