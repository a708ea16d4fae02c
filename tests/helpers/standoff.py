"""Two short reports made up, and stand-off sources of them as the sample has its own."""

from __future__ import annotations

import re

from db.reading.anchors import document_fields, make_quote_fields
from db.tables import Document, Quote, Source
from db.uid import new_uid

NORTH = (
    "Northern report\n\nThe column left the river at dawn on Monday. Witnesses saw “forty lorries” on the road.\n\n"
    "By noon the first of them had reached the old customs house — unopposed. The bridge was blown on Tuesday."
)
SOUTH = (
    "Southern report\n\nTwo villages changed hands in the marshes last week. The council spoke of ‘heavy losses’.\n\n"
    "A ceasefire was read out on the radio late on Friday. Shelling began again before the night was over, people said."
)


def passages(text):
    """Each sentence, as (start, end)."""
    return [m.span() for m in re.finditer(r"[A-Z][^.\n]{20,}\.", text)]


def add_standoff(store, title, text, spans):
    """A source with a stand-off original, as the sample has them."""
    with store.step("Set up") as session:
        source = Source(uid=new_uid(), title=title)
        session.add(source)
        session.flush()
        fields = document_fields(text)
        fields["taken_sha256"] = fields.pop("text_sha256")
        document = Document(uid=new_uid(), source_id=source.id, **fields)
        session.add(document)
        session.flush()
        for start, end in spans:
            quote = make_quote_fields(text, start, end, standoff=True)
            session.add(Quote(uid=new_uid(), document_id=document.id, **quote))
        return document.id


def write(folder, name, text):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
