"""Giving stand-off sources the user's own copies of their texts, so that their quotes can be read.

A file becomes the text of the document that its hash names, else of the one most of whose quotes it holds. Quotes get
positions only: they stay stand-off, so that the project can still be shared without a word of the text.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sqlmodel import Session, col, select

from db.errors import EnvironmentFault
from db.reading.anchors import Taken, find_quotes
from db.reading.files import TextFile, keep_content, read_text_file, unpack
from db.reading.selectors import COLUMNS, Anchor, SearchedText, TextSelector
from db.reading.text import CANONICALISER
from db.reading.windows import find_by_hash
from db.schema import now_text
from db.store import Store
from db.tables import Document, Quote
from db.values import DocumentRole, QuoteState

ALIVE: Final = frozenset((QuoteState.ANCHORED, QuoteState.MOVED, QuoteState.CHANGED))
_STATES: Final = {state.value: state for state in QuoteState}
_NAMED: Final = 2  # so many texts that were not attached are named in a summary
_ENOUGH: Final = 3  # quotes found that make a text the copy of a source; of fewer than six, half of them will do


class Outcome(StrEnum):
    """What became of a file."""

    ATTACHED = "attached"
    REPLACED = "replaced"  # attached in the place of a copy in which fewer quotes were found
    ALREADY = "already"
    UNMATCHED = "unmatched"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class AttachRow:
    """One file of an attachment. ``counts`` are the document's quotes by state after it; empty where none was found."""

    file: Path
    outcome: Outcome
    sentence: str
    document_id: int | None = None
    source_title: str | None = None
    counts: Mapping[QuoteState, int] = field(default_factory=dict)

    @property
    def attached(self) -> bool:
        return self.outcome in (Outcome.ATTACHED, Outcome.REPLACED)


@dataclass(frozen=True, slots=True)
class Report:
    """A row for each file, in order."""

    rows: tuple[AttachRow, ...]

    @property
    def attached(self) -> int:
        """How many texts the step attached."""
        return sum(row.attached for row in self.rows)

    @property
    def summary(self) -> str:
        """One text in its own sentence; several in sum, with the sentences of the first that were not attached."""
        if len(self.rows) == 1:
            return self.rows[0].sentence
        counts: Counter[QuoteState] = Counter()
        for row in self.rows:
            if row.attached:
                counts.update(row.counts)
        left = [row.sentence for row in self.rows if not row.attached]
        texts = "1 text was" if self.attached == 1 else f"{self.attached or 'No'} texts were"
        said = [f"{texts} attached" + (f"; {_found_words(counts)}." if self.attached else ".")]
        more = len(left) - _NAMED
        return " ".join(said + left[:_NAMED] + ([f"{more} more were not attached."] if more > 0 else []))


@dataclass(slots=True)
class _Target:
    """A document that files may become the text of, as it will be after the files before."""

    id: int
    source: str
    shown: str | None  # hash of the text it has; None without one
    taken: Taken
    quotes: dict[int, TextSelector] = field(default_factory=dict)
    states: dict[int, QuoteState] = field(default_factory=dict)

    @property
    def is_standoff(self) -> bool:
        return any(selector.is_standoff for selector in self.quotes.values())

    @property
    def alive(self) -> int:
        return sum(self.states[quote_id] in ALIVE for quote_id in self.quotes)

    @property
    def counts(self) -> dict[QuoteState, int]:
        return dict(Counter(self.states.values()))


@dataclass(frozen=True, slots=True)
class _Match:
    """A document, and what becomes of its quotes in a text."""

    target: _Target
    anchors: Mapping[int, Anchor]

    @property
    def alive(self) -> int:
        return sum(anchor.is_found for anchor in self.anchors.values())


def attach(
    store: Store,
    files: Sequence[Path],
    tell: Callable[[int, int], None] = lambda _done, _total: None,
    *,
    origin: str = "attach",
) -> Report:
    """Attach files in one undoable step; what cannot be attached is told in its row, and the others go on.

    ``tell(done, total)`` is called after each file and now and then within one; what it raises ends the work. Raises
    EnvironmentFault when the project cannot be written. Nothing has been attached then.
    """
    rows: list[AttachRow] = []
    work: list[tuple[TextFile, _Match]] = []
    with closing(store.reader()) as con:
        planner = _Planner(con)
        for number, path in enumerate(files, start=1):
            try:
                file = read_text_file(path)
                row, match = planner.consider(path, file.text, partial(tell, number - 1, len(files)))
                if match is not None:
                    work.append((file, match))
            except EnvironmentFault as fault:
                row = AttachRow(path, Outcome.FAILED, f"{path.name}: {fault}")
            rows.append(row)
            tell(number, len(files))
    if work:
        with store.step("Attach a text" if len(work) == 1 else f"Attach {len(work)} texts", origin) as session:
            for file, match in work:
                _write(session, file, match)
    return Report(tuple(rows))


class _Planner:
    """Decides, file by file and without writing, which document each becomes the text of."""

    def __init__(self, con: sqlite3.Connection) -> None:
        self._con = con
        self._targets = _targets(con)

    def consider(self, path: Path, text: str, pause: Callable[[], None]) -> tuple[AttachRow, _Match | None]:
        """What to do with a file; where it is attached, its target is brought to what it will be then."""
        searched = SearchedText(text, pause)
        same = [t for t in self._targets if searched.sha256 in (t.shown, t.taken.text_sha256)]
        for target in same:
            if target.shown == searched.sha256 and self._is_sound(target):
                return _left(path, Outcome.ALREADY, f"already the text of “{target.source}”", target), None
        if same:
            target = next((target for target in same if target.shown is None), same[0])
            return _taken(path, searched, self._match(searched, target))
        matches = self._nearest(searched)
        if not matches:
            return _left(path, Outcome.UNMATCHED, "matches no source of this project"), None
        if len(matches) > 1:
            names = " and of ".join(f"“{match.target.source}”" for match in matches[:3])
            words = f"holds as many quotes of {names}, and was attached to none of them"
            return _left(path, Outcome.UNMATCHED, words), None
        target = matches[0].target
        if target.shown is not None and matches[0].alive <= target.alive:
            words = f"“{target.source}” has a text already, in which no fewer quotes are found; it was kept"
            return _left(path, Outcome.ALREADY, words, target), None
        return _taken(path, searched, matches[0])

    def _nearest(self, searched: SearchedText) -> list[_Match]:
        """The stand-off documents of which the text is a copy, as far as can be told: the best one, or equals."""
        standoff = [target for target in self._targets if target.is_standoff]
        retyped = [t for t in standoff if searched.form_of(t.taken.folded_sha256) is not None]
        if retyped:
            matches = [self._match(searched, target) for target in retyped]
        else:
            matches = [self._match(searched, target, known) for target, known in _likely(searched, standoff)]
        best = max((match.alive for match in matches), default=0)
        return [match for match in matches if match.alive == best]

    def _match(
        self, searched: SearchedText, target: _Target, known: Mapping[int, Anchor] = MappingProxyType({})
    ) -> _Match:
        """What becomes of a document's quotes in a text; ``known`` are those of them that were looked for already."""
        open_ = {i: selector for i, selector in target.quotes.items() if i not in known}
        taken = target.taken
        if not all(selector.is_standoff for selector in open_.values()):
            taken = replace(taken, text=self._stored(target))
        anchors = find_quotes(searched, list(open_.values()), taken)
        return _Match(target, {**known, **dict(zip(open_, anchors, strict=True))})

    def _stored(self, target: _Target) -> SearchedText | None:
        """The text that the document has in the project now, with which the quotes with words were made."""
        row = self._con.execute(
            "SELECT c.body, c.sha256 FROM document AS d JOIN content AS c ON c.sha256 = d.text_sha256 WHERE d.id = ?",
            (target.id,),
        ).fetchone()
        data = None if row is None else unpack(*row)
        return None if data is None else SearchedText(data.decode("utf-8", "replace"))

    def _is_sound(self, target: _Target) -> bool:
        """Whether the text that a document has can be read: a damaged one is to be healed by attaching it again."""
        row = self._con.execute("SELECT body, sha256 FROM content WHERE sha256 = ?", (target.shown,)).fetchone()
        return row is None or unpack(*row) is not None  # none yet: a file before this one brings it


def _likely(searched: SearchedText, targets: Sequence[_Target]) -> list[tuple[_Target, dict[int, Anchor]]]:
    """The documents enough of whose stand-off quotes stand in the text, with what becomes of those quotes."""
    pool = [(target, i, s) for target in targets for i, s in target.quotes.items() if s.is_standoff]
    anchors: dict[int, dict[int, Anchor]] = {target.id: {} for target in targets}
    for (target, i, _), anchor in zip(
        pool, find_by_hash(searched, [selector for *_, selector in pool], of_one_text=False), strict=True
    ):
        anchors[target.id][i] = anchor
    found = {key: sum(anchor.is_found for anchor in known.values()) for key, known in anchors.items()}
    return [
        (target, anchors[target.id])
        for target in targets
        if found[target.id] >= _ENOUGH or 0 < len(anchors[target.id]) <= 2 * found[target.id]
    ]


def _targets(con: sqlite3.Connection) -> list[_Target]:
    """The documents of the project but digests, which are our own words, and tables, which are no texts."""
    documents = con.execute(
        "SELECT d.id, s.title, d.text_sha256, d.taken_sha256, d.folded_sha256, c.id IS NOT NULL FROM document AS d "
        "JOIN source AS s ON s.id = d.source_id LEFT JOIN content AS c ON c.sha256 = d.text_sha256 "
        "WHERE d.role NOT IN (?, ?) ORDER BY d.id",
        (DocumentRole.DIGEST.value, DocumentRole.TABLE.value),
    ).fetchall()
    targets = {
        row[0]: _Target(row[0], row[1], row[2] if row[5] else None, Taken(row[3] or row[2], row[4]))
        for row in documents
    }
    columns = ", ".join(f"q.{name}" for name in COLUMNS)
    for quote_id, document_id, state, *values in con.execute(
        f"SELECT q.id, q.document_id, q.state, {columns} FROM quote AS q WHERE q.selector = 'text' ORDER BY q.id"
    ).fetchall():
        target, selector = targets.get(document_id), TextSelector.from_columns(values)
        if target is not None and selector is not None:
            target.quotes[quote_id] = selector
            target.states[quote_id] = _STATES.get(state, QuoteState.ORPHAN)
    return list(targets.values())


def _left(path: Path, outcome: Outcome, words: str, target: _Target | None = None) -> AttachRow:
    """The row of a file that is not attached."""
    if target is None:
        return AttachRow(path, outcome, f"{path.name}: {words}.")
    return AttachRow(path, outcome, f"{path.name}: {words}.", target.id, target.source, target.counts)


def _taken(path: Path, searched: SearchedText, match: _Match) -> tuple[AttachRow, _Match]:
    """The row of a file that is attached; the target becomes what it will be then."""
    target = match.target
    first = target.shown in (None, searched.sha256)
    target.shown = searched.sha256
    target.states.update((quote_id, anchor.state) for quote_id, anchor in match.anchors.items())
    how = "now the text of" if first else "now the text, in place of another copy, of"
    sentence = f"{path.name}: {how} “{target.source}”; {_found_words(target.counts)}."
    outcome = Outcome.ATTACHED if first else Outcome.REPLACED
    return AttachRow(path, outcome, sentence, target.id, target.source, target.counts), match


def _found_words(counts: Mapping[QuoteState, int]) -> str:
    total = sum(counts.values())
    alive = sum(counts.get(state, 0) for state in ALIVE)
    if not total:
        return "it has no quotes"
    if alive < total:
        words = f"{alive} of {total} quotes were found, {total - alive} not"
    else:
        words = "its one quote was found" if total == 1 else f"all {total} quotes were found"
    changed = counts.get(QuoteState.CHANGED, 0)
    return f"{words} ({changed} with other words)" if changed else words


def _write(session: Session, file: TextFile, match: _Match) -> None:
    document = session.get_one(Document, match.target.id)
    document.text_sha256 = keep_content(session, file.text.encode())
    document.text_length = len(file.text)
    document.canonicaliser = CANONICALISER
    document.sha256 = keep_content(session, file.data)
    document.file_name = file.name
    document.media_type = "text/plain"
    document.encoding = file.encoding
    document.attached_at = now_text()
    session.add(document)
    for quote in session.exec(select(Quote).where(col(Quote.document_id) == document.id)):
        anchor = match.anchors.get(quote.id or 0)
        if anchor is not None:
            for name, value in anchor.columns(match.target.quotes[quote.id or 0]).items():
                setattr(quote, name, value)
            session.add(quote)
