"""What ``dateline check`` looks at: stored texts against their hashes, quotes against their texts, dates.

Whether the pages of the file hold together is SQLite's to say (``safety.quick_check``); what a claim means is judged
nowhere here. A finding is damage, or a notice of something that is sound and worth knowing.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from db import edtf
from db.errors import EnvironmentFault, InputFault
from db.kept.tables import Layout, file_bytes, kept_rows, row_hash
from db.queries.layers import layer_index, layers
from db.queries.tables import table_layout
from db.reading.files import unpack
from db.reading.selectors import COLUMNS, TextSelector
from db.store import Store
from db.values import DocumentRole, QuoteState, Ref, RefKind, Shape

_FOUND: Final = frozenset((QuoteState.ANCHORED.value, QuoteState.MOVED.value))
_ROWS_AT_ONCE: Final = 200_000
_SHAPES: Final = frozenset(shape.value for shape in Shape)


class Severity(StrEnum):
    DAMAGE = "damage"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found, as a plain sentence, with the rows it is about."""

    rule: str  # content | text | quote | date
    sentence: str
    refs: tuple[Ref, ...] = ()
    severity: Severity = Severity.DAMAGE


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All findings, damage first. ``summary`` counts what was looked at."""

    findings: tuple[Finding, ...]
    summary: str

    @property
    def sound(self) -> bool:
        """Whether nothing is damaged."""
        return all(finding.severity is not Severity.DAMAGE for finding in self.findings)


def check(project: Store | sqlite3.Connection) -> CheckReport:
    """Look at everything in a project; nothing is changed. Reads each stored text once."""
    if isinstance(project, Store):
        with closing(project.reader()) as con:
            return check(con)
    findings = [*_contents(project), *_documents(project), *_dates(project)]
    findings.sort(key=lambda finding: finding.severity is not Severity.DAMAGE)
    return CheckReport(tuple(findings), _summary(project))


def _contents(con: sqlite3.Connection) -> Iterator[Finding]:
    """Stored bytes that no document needs are looked at too: undo may bring them back."""
    of_layers = _content_of_layers(con)
    for (row_id,) in con.execute("SELECT id FROM content ORDER BY id").fetchall():
        sha256, body = con.execute("SELECT sha256, body FROM content WHERE id = ?", (row_id,)).fetchone()
        if unpack(body, sha256) is not None:
            continue
        owners = con.execute(
            "SELECT d.uid, s.title, d.text_sha256 = ? FROM document AS d JOIN source AS s ON s.id = d.source_id "
            "WHERE ? IN (d.sha256, d.text_sha256)",
            (sha256, sha256),
        ).fetchall()
        for uid, source, is_text in owners:
            what = "text" if is_text else "file as received"
            sentence = f"The stored {what} of “{source}” is damaged. Attach a copy of it, or open a backup."
            yield Finding("content", sentence, (Ref(RefKind.DOCUMENT, uid),))
        if not owners and sha256 in of_layers:
            sentence = f"Shapes of the layer “{of_layers[sha256]}” are damaged. Add it again, or open a backup."
            yield Finding("content", sentence)
        elif not owners:
            yield Finding("content", "A stored text that no document uses now is damaged.")


def _content_of_layers(con: sqlite3.Connection) -> dict[str, str]:
    """The names of the layers of the map by the hashes of what is kept of them."""
    found = {}
    for row in layers(con):
        if row.sha256:
            found[row.sha256] = row.name
            with suppress(EnvironmentFault):  # the list of its blocks is damaged itself
                for block in layer_index(con, row.sha256).blocks:
                    found |= {block.shapes: row.name, block.properties: row.name}
    return found


def _documents(con: sqlite3.Connection) -> Iterator[Finding]:
    rows = con.execute(
        "SELECT d.id, d.uid, s.title, d.text_sha256, d.sha256, d.text_length, d.role FROM document AS d "
        "JOIN source AS s ON s.id = d.source_id ORDER BY d.id"
    ).fetchall()
    for document_id, uid, source, text_sha256, sha256, length, role in rows:
        ref = Ref(RefKind.DOCUMENT, uid)
        if role == DocumentRole.TABLE.value:
            yield from _table(con, document_id, source, ref)
            continue
        text = _text(con, text_sha256)
        if text_sha256 is None:
            yield from _without_text(con, document_id, source, ref)
            continue
        for what, wanted in (("text", text_sha256), ("file as received", sha256)):
            if wanted is not None and not _is_kept(con, wanted):
                yield Finding("text", f"The {what} of “{source}” is missing from the project.", (ref,))
        if text is None:
            continue
        if length is not None and length != len(text):
            sentence = f"The text of “{source}” should have {length} characters and has {len(text)}."
            yield Finding("text", sentence, (ref,))
        yield from _quotes(con, document_id, source, text)


def _table(con: sqlite3.Connection, document_id: int, source: str, ref: Ref) -> Iterator[Finding]:
    """Whether all pieces of a table are there, and each row that is quoted has its hash."""
    try:
        layout = table_layout(con, document_id)
        if layout is None:
            yield Finding("text", f"The table of “{source}” is missing from the project.", (ref,))
            return
        for _piece in file_bytes(con, layout):
            pass
        lost = _lost_rows(con, document_id, layout)
    except EnvironmentFault as fault:
        yield Finding("text", f"“{source}”: {fault}", (ref,))
        return
    if lost:
        rows = _plural(lost, "row")
        yield Finding("quote", f"{rows} of “{source}” that events rest on cannot be found or are changed.", (ref,))


def _lost_rows(con: sqlite3.Connection, document_id: int, layout: Layout) -> int:
    """How many of the quotes of a table have no row with their hash: one pass over both."""
    lost, last, wanted = 0, 0, dict[int, str]()
    for number, cells in kept_rows(con, layout):
        if number > last:
            lost += len(wanted)
            last = number + _ROWS_AT_ONCE
            wanted = _quoted_rows(con, document_id, number, last)
        sha256 = wanted.pop(number, None)
        if sha256 is not None and sha256 not in (row_hash(cells), row_hash(cells[: len(layout.dialect.names)])):
            lost += 1
    return lost + len(wanted)


def _quoted_rows(con: sqlite3.Connection, document_id: int, first: int, last: int) -> dict[int, str]:
    rows = con.execute(
        "SELECT CAST(substr(row_selector, 5) AS INTEGER) AS number, row_sha256 FROM quote WHERE document_id = ? "
        "AND selector = 'row' AND CAST(substr(row_selector, 5) AS INTEGER) BETWEEN ? AND ?",
        (document_id, first, last),
    ).fetchall()
    return dict(rows)


def _without_text(con: sqlite3.Connection, document_id: int, source: str, ref: Ref) -> Iterator[Finding]:
    """Stand-off, or else a document whose quotes claim a text that it does not have."""
    alive = con.execute(
        "SELECT count(*) FROM quote WHERE document_id = ? AND selector = 'text' "
        "AND state IN ('anchored', 'moved', 'changed')",
        (document_id,),
    ).fetchone()[0]
    if alive:
        sentence = f"“{source}” has no text, though {alive} of its quotes are said to be found in it."
        yield Finding("text", sentence, (ref,))


def _quotes(con: sqlite3.Connection, document_id: int, source: str, text: str) -> Iterator[Finding]:
    columns = ", ".join(f"q.{name}" for name in COLUMNS)
    lost: list[Ref] = []
    changed: list[Ref] = []
    for uid, state, found_start, found_end, *values in con.execute(
        f"SELECT q.uid, q.state, q.found_start, q.found_end, {columns} FROM quote AS q "
        "WHERE q.document_id = ? AND q.selector = 'text' ORDER BY q.start, q.id",
        (document_id,),
    ).fetchall():
        ref = Ref(RefKind.QUOTE, uid)
        selector = TextSelector.from_columns(values)
        if selector is None:
            yield Finding("quote", f"A quote of “{source}” has no position or hash.", (ref,))
        elif state == QuoteState.ORPHAN.value:
            lost.append(ref)
        elif state == QuoteState.STANDOFF.value:
            yield Finding("quote", f"A quote of “{source}” was not looked for, though its text is here.", (ref,))
        else:
            yield from _position(source, text, ref, state, selector, (found_start, found_end))
            changed += [ref] if state == QuoteState.CHANGED.value else []
    for refs, words in ((lost, "not found"), (changed, "found with other words")):
        if refs:
            quotes = "1 quote is" if len(refs) == 1 else f"{len(refs)} quotes are"
            sentence = f"{quotes} {words} in the copy of “{source}” that is attached."
            yield Finding("quote", sentence, tuple(refs), Severity.NOTICE)


def _position(
    source: str, text: str, ref: Ref, state: str, selector: TextSelector, found: tuple[Any, Any]
) -> Iterator[Finding]:
    start, end = found if all(isinstance(offset, int) for offset in found) else (selector.start, selector.end)
    shown = f"characters {start} to {end} of “{source}”"
    if not 0 <= start < end <= len(text):
        yield Finding("quote", f"A quote should be at {shown}, which has {len(text)}.", (ref,))
    elif state in _FOUND and not selector.holds(text[start:end]):
        yield Finding("quote", f"The words at {shown} are not those of the quote that is said to be there.", (ref,))


def _dates(con: sqlite3.Connection) -> Iterator[Finding]:
    zones = frozenset((None, *(row[0] for row in con.execute("SELECT zone_minutes FROM project").fetchall())))
    _readings.cache_clear()
    for uid, title, text, *stored in con.execute(
        "SELECT c.uid, coalesce(c.title, e.title), c.edtf, c.time_shape, c.earliest, c.latest_start, c.earliest_end, "
        "c.latest FROM claim AS c JOIN event AS e ON e.id = c.event_id "
        "WHERE c.edtf IS NOT NULL OR c.earliest IS NOT NULL"
    ).fetchall():
        name = f"“{title}”" if title else "a claim"
        problem = _date_problem(text, stored[0], stored[1:], zones)
        if problem:
            yield Finding("date", f"The date of {name} {problem}.", (Ref(RefKind.CLAIM, uid),))
    for uid, title, text, first, last in con.execute(
        "SELECT uid, title, published, published_first, published_last FROM source "
        "WHERE published IS NOT NULL OR published_first IS NOT NULL"
    ).fetchall():
        problem = _date_problem(text, Shape.MOMENT.value, (first, None, None, last), zones)
        if problem:
            yield Finding("date", f"The date at which “{title}” was published {problem}.", (Ref(RefKind.SOURCE, uid),))


@lru_cache(maxsize=100_000)  # rows of tables have the same dates again and again
def _readings(text: str, shape: str, zones: frozenset[int | None]) -> tuple[tuple[int, int, int, int], ...] | None:
    """The bounds of a date in some zones; None for what is no date."""
    found = []
    for zone in zones:
        try:
            span = edtf.parse(text, Shape(shape), zone)
        except InputFault:
            return None
        found.append((span.earliest_start, span.latest_start, span.earliest_end, span.latest_end))
    return tuple(found)


def _date_problem(text: object, shape: object, stored: Sequence[Any], zones: frozenset[int | None]) -> str | None:
    """What is wrong with a date and its bounds (earliest, latest start, earliest end, latest); None for nothing."""
    if not isinstance(text, str) or shape not in _SHAPES:
        return "has bounds and no text" if not isinstance(text, str) else f"is of an unknown shape, “{shape}”"
    readings = _readings(text, str(shape), zones)
    if readings is None:
        return f"cannot be: “{text}”"
    earliest, latest = stored[0], stored[-1]
    if earliest is not None and latest is not None and earliest > latest:
        return f"ends before it begins: “{text}”"
    fits = any(all(a is None or a == b for a, b in zip(stored, bounds, strict=True)) for bounds in readings)
    return None if fits and earliest is not None else f"is stored otherwise than its text, “{text}”, says"


def _is_kept(con: sqlite3.Connection, sha256: str) -> bool:
    return con.execute("SELECT 1 FROM content WHERE sha256 = ?", (sha256,)).fetchone() is not None


def _text(con: sqlite3.Connection, sha256: str | None) -> str | None:
    row = None if sha256 is None else con.execute("SELECT body FROM content WHERE sha256 = ?", (sha256,)).fetchone()
    data = None if row is None or sha256 is None else unpack(row[0], sha256)
    return None if data is None else data.decode("utf-8", "replace")


def _summary(con: sqlite3.Connection) -> str:
    counts = {
        name: con.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        for name in ("source", "document", "claim", "event")
    }
    states = Counter(dict(con.execute("SELECT state, count(*) FROM quote GROUP BY state").fetchall()))
    parts = [_plural(counts["source"], "source"), _plural(counts["document"], "document")]
    quotes = _plural(sum(states.values()), "quote")
    words = {"standoff": "without a text", "orphan": "not found"}
    by_state = [f"{states[s.value]} {words.get(s.value, s.value)}" for s in QuoteState if states[s.value]]
    parts.append(f"{quotes} ({', '.join(by_state)})" if by_state else quotes)
    return ", ".join([*parts, _plural(counts["claim"], "claim"), _plural(counts["event"], "event")]) + "."


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
