"""Events as CSV: RFC 4180, UTF-8, one line of headings, CRLF at the end of each record.

``start`` and ``end`` are the earliest start and the latest end as ``dates.iso`` writes them, years before 1 and beyond
9999 included; a cell is empty where an end is open or unknown, or the event is undated: ``edtf`` tells which. Several
actors, sources, people who said it, tags or ids of rows (``row_ids.py``) are joined by ``; `` (``joined.py``), as is
what each claim says (``claim_columns.py``). Texts that a spreadsheet would run as
formulas are guarded (``formulas.py``), so a date such as -0044-03-15 has an apostrophe in front; numbers are not.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from db.claim_columns import COLUMNS
from db.exporters.claims import joined_texts
from db.exporters.dates import iso
from db.exporters.rows import COUNTED, About, Exported
from db.formulas import guarded
from db.joined import join_names

FIELDS: Final = (
    "title", "summary", "kind", "status", "edtf", "start", "end", "date_precision", "date_shape", "grade", "place",
    "lon", "lat", "radius_m", "actors", "sources", "attributed_to", "claims", "disagrees", "tags", "note", "uid",
    "row_ids", *COUNTED, *COLUMNS,
)  # fmt: skip


def write(path: Path, _about: About, events: Iterable[Exported], *, bom: bool = False) -> int:
    """Write the events to a file and answer how many there were; ``bom`` begins it with a byte order mark, by which
    some spreadsheets know UTF-8. Raises OSError.
    """
    count = 0
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        for event in events:
            writer.writerow(_cells(event))
            count += 1
    return count


def _cells(event: Exported) -> tuple[str | float | None, ...]:
    claims = joined_texts(event.claimed, guard=True)
    return (
        guarded(event.title),
        _text(event.summary),
        _text(event.kind),
        event.status,
        _text(event.edtf),
        _text(iso(event.start)),
        _text(iso(event.end)),
        event.precision,
        event.shape,
        _text(event.grade),
        _text(event.place),
        event.lon,
        event.lat,
        event.radius_m,
        guarded(join_names(event.actors)),
        guarded(join_names(event.sources)),
        guarded(join_names(event.attributed_to)),
        event.claims,
        "true" if event.disagrees else "false",
        guarded(join_names(event.tags)),
        _text(event.note),
        guarded(event.uid),
        guarded(join_names(event.row_ids)),
        *(_text(each) if isinstance(each, str) else each for each in event.counted),
        *(claims.get(column) for column in COLUMNS),
    )


def _text(text: str | None) -> str | None:
    return None if text is None else guarded(text)
