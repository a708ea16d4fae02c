"""What the palette finds: one question, answers from all that a project holds and all that can be done."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from db import queries, search, timewords
from db.errors import InputFault
from db.passages import passage
from db.queries import QuoteRow
from db.search import fold
from db.spellings import same
from db.values import Ref, RefKind, TimeSpan, TimeWindow
from viewer.core.actions import ACTIONS, Action, Window
from viewer.core.data import ProjectData
from viewer.core.desk import Desk
from viewer.core.index import EventIndex
from viewer.core.loaded import Loaded

PER_GROUP: Final = 8
BEFORE: Final = 24
AFTER: Final = 60
"""So many characters around a passage are shown with it."""
SEEN: Final = 36
"""So many characters of a quote are sure to be seen in a line of the palette."""
PER_DATE: Final = 12
MOST_COUNTED: Final = 20_000
LEAST_BEGUN: Final = 3
"""The beginning of a place's name is taken for it from so many letters on."""
NOT_LISTED: Final = frozenset({"palette", "menu", "escape", "next_region", "previous_region"})
"""Actions that make no sense from within the palette."""


class Group(StrEnum):
    """Headings of the palette, in their order."""

    DATE = "Dates"
    EVENT = "Events"
    PLACE = "Places"
    ACTOR = "Actors"
    QUOTE = "Quotes"
    TEXT = "Texts"
    SOURCE = "Sources"
    COMMAND = "Commands"


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the palette; ``ref``, ``date``, ``action`` or ``words`` says what choosing it does."""

    group: Group
    title: str
    detail: str = ""
    icon: str = ""
    ref: Ref | None = None
    date: TimeSpan | None = None
    action: Action | None = None
    span: tuple[int, int] | None = None
    """Of a text: where in it, in code points."""
    words: str = ""
    """To be looked for in the table of events."""
    best: bool = False
    """The place or the actor that is called as was typed: it stands before the events."""

    @property
    def key(self) -> object:
        """The same for what is the same thing."""
        return self.ref or (self.group, self.title)


_GROUP_OF: Final = {
    RefKind.EVENT: (Group.EVENT, ""),
    RefKind.PLACE: (Group.PLACE, "map-pin"),
    RefKind.ACTOR: (Group.ACTOR, "user-round"),
    RefKind.QUOTE: (Group.QUOTE, "quote"),
    RefKind.DOCUMENT: (Group.TEXT, "book-open"),
    RefKind.SOURCE: (Group.SOURCE, "file-text"),
}


def find_at_once(text: str, window: Window) -> list[Found]:
    """Dates with their events, and commands: what needs no look into the file."""
    return [*_dates(text, window.desk), *_commands(text, window)]


def find_in_project(
    text: str, data: ProjectData, *, spellings: bool = False
) -> Callable[[sqlite3.Connection], list[Found]]:
    """The question to run on a reader: events, places, actors, quotes, texts and sources that match ``text``.

    ``spellings``: those that have its words in other spellings and scripts instead, and rows of tables that say them.
    """
    loaded, index, hidden = data.loaded, data.index, data.hidden_source_ids
    look = search.search_spellings if spellings else search.search_each

    def question(connection: sqlite3.Connection) -> list[Found]:
        hits = look(connection, text, PER_GROUP, _GROUP_OF, hidden)
        if spellings:  # rows are looked for as late: of a million it takes as long
            rows = queries.rows_saying(connection, text, PER_GROUP, hidden)
            hits = {**hits, RefKind.QUOTE: [*rows, *hits.get(RefKind.QUOTE, ())]}
        quotes = queries.quotes_by_id(connection, [hit.id for hit in hits.get(RefKind.QUOTE, ())])
        found: list[Found] = []
        for kind, (group, icon) in _GROUP_OF.items():
            if kind is RefKind.DOCUMENT:
                found += _in_texts(hits.get(kind, ()), loaded, text, spellings=spellings)
                continue
            named = None
            if kind is RefKind.PLACE:
                named = _named(text, hits.get(kind, ()), loaded, spellings=spellings)
            elif kind is RefKind.ACTOR and not spellings:
                named = _actor_called(connection, text, [hit.id for hit in hits.get(kind, ())], loaded)
                if named is not None:
                    row = loaded.actors[named]
                    found.append(Found(group, row.name, "", icon, Ref(kind, row.uid), best=True))
            for hit in hits.get(kind, ()):
                uid, title, detail = _describe(hit, loaded, index, quotes, text)
                if uid:
                    found.append(Found(group, title, detail, icon, Ref(kind, uid), best=hit.id == named))
            if kind is RefKind.EVENT and len(hits.get(kind, ())) >= PER_GROUP:
                words = " ".join(text.split())
                found.append(Found(group, f"All events with “{words}”", "in the table", "table", words=words))
        return found

    return question


def _named(sought: str, hits: Iterable[search.Hit], loaded: Loaded, *, spellings: bool) -> int | None:
    """The place (id) one of whose names is what was typed or begins with it; of several that with most events.

    Only of those that have a point to go to. ``spellings``: what was typed may be another spelling of the name.
    """
    wanted, ranks = " ".join(fold(sought).split()), []
    for hit in hits:
        place = loaded.places.get(hit.id)
        if place is None or np.isnan(place.lon):
            continue
        names = [fold(name) for name in (place.name, *place.names.values())]
        begun = len(wanted) >= LEAST_BEGUN and any(name.startswith(wanted) for name in names)
        called = wanted in names or (spellings and any(same(wanted, name) for name in names))
        if called or begun:
            ranks.append((called, place.events, -hit.id))
    return -max(ranks)[2] if ranks else None


def _actor_called(connection: sqlite3.Connection, sought: str, hits: Sequence[int], loaded: Loaded) -> int | None:
    """The actor (id) one of whose names is what was typed, also where others that begin so left no room for it."""
    wanted, hidden = " ".join(fold(sought).split()), loaded.hidden_ids

    def called(actor: int) -> bool:
        row = loaded.actors.get(actor)
        return row is not None and wanted in (fold(name) for name in (row.name, *row.aliases))

    found = next(filter(called, hits), None)
    if found is None and len(hits) >= PER_GROUP:
        found = next(filter(called, loaded.actors), None)
        if found is not None and hidden and not len(queries.event_actors(connection, hidden, (found,))[0]):
            return None  # maybe hidden sources alone name it
    return found


def count_events(found: Sequence[Found], data: ProjectData) -> Callable[[sqlite3.Connection], list[Found]] | None:
    """The question to run on a reader: the same with the number of shown events of actors without one; None for none.

    An actor that very many claims name is left uncounted: that would keep the reader from what is typed next.
    """
    index, hidden = data.index, data.loaded.hidden_ids
    ids = {row.uid: row.id for row in data.loaded.actors.values()}
    at = {
        place: ids[each.ref.uid]
        for place, each in enumerate(found)
        if each.group is Group.ACTOR and not each.detail and each.ref and each.ref.uid in ids
    }
    asked = frozenset(at.values())
    if not asked:
        return None

    def question(connection: sqlite3.Connection) -> list[Found]:
        counted = asked - queries.much_named(connection, asked, MOST_COUNTED)
        events, actors = queries.event_actors(connection, hidden, counted)
        rows = index.rows_of(events)
        there = (rows >= 0) & index.shown[rows]
        pairs = np.unique(actors[there] * index.n + rows[there])
        numbers = Counter(dict.fromkeys(counted, 0))
        numbers.update((pairs // max(index.n, 1)).tolist())
        said = {actor: "1 event" if number == 1 else f"{number:,} events" for actor, number in numbers.items()}
        return [
            replace(each, detail=said.get(at[place], "")) if place in at else each for place, each in enumerate(found)
        ]

    return question


def _in_texts(hits: Iterable[search.Hit], loaded: Loaded, sought: str, *, spellings: bool) -> list[Found]:
    """Texts, each with the place in it where the words sought stand closest together."""
    found = []
    of = {doc.id: (source, doc) for source in loaded.sources.values() for doc in source.documents} if hits else {}
    for hit in hits:
        if hit.id in of:
            source, document = of[hit.id]
            span = passage(hit.text, sought, spellings=spellings)
            detail = source.publisher or source.title
            ref = Ref(RefKind.DOCUMENT, document.uid)
            found.append(Found(Group.TEXT, _excerpt(hit.text, *span), detail, "book-open", ref, span=span))
    return found


def _excerpt(text: str, start: int, end: int) -> str:
    """A passage with a few words on either side of it, on one line."""
    before = text[max(start - BEFORE, 0) : start]
    after = text[end : end + AFTER]
    if start > BEFORE:
        before = "… " + before.partition(" ")[2]
    if end + AFTER < len(text):
        after = after.rpartition(" ")[0] + " …"
    return " ".join(f"{before}{text[start:end]}{after}".split())


def _describe(
    hit: search.Hit, loaded: Loaded, index: EventIndex, quotes: Mapping[int, QuoteRow], sought: str
) -> tuple[str, str, str]:
    """Uid, title and detail of a hit; an empty uid for what is gone meanwhile."""
    title, _newline, _rest = hit.text.partition("\n")
    match hit.kind:
        case RefKind.EVENT:
            row = index.row_of(hit.id)
            date = index.columns.edtf[row] if row is not None else ""
            return loaded.uids.get(hit.id, ""), title, timewords.show_text(date)
        case RefKind.PLACE:
            place = loaded.places.get(hit.id)
            return (place.uid, place.name, place.type or "") if place else ("", "", "")
        case RefKind.ACTOR:
            actor = loaded.actors.get(hit.id)
            return (actor.uid, actor.name, "") if actor else ("", "", "")
        case RefKind.SOURCE:
            source = loaded.sources.get(hit.id)
            return (source.uid, source.title, source.publisher or "") if source else ("", "", "")
        case _:
            quote = quotes.get(hit.id)
            source = loaded.sources.get(quote.source_id) if quote else None
            detail = (source.publisher or source.title) if source else ""
            if quote is not None and quote.selector == "row":  # rows say much the same: when and where tells them apart
                detail = " · ".join(part for part in (*_when_and_where(hit.id, loaded, index), detail) if part)
            return (quote.uid if quote else "", around(" ".join(hit.text.split()), sought), detail)


def _when_and_where(event_id: int, loaded: Loaded, index: EventIndex) -> tuple[str, str]:
    """Date and place of the event of a row, which has the number of the row's quote; empty for one without."""
    row = index.row_of(event_id)
    if row is None:
        return "", ""
    place = loaded.places.get(int(index.columns.place[row]))
    return timewords.show_text(index.columns.edtf[row]), place.name if place is not None else ""


def around(quote: str, sought: str) -> str:
    """A quote from a little before the first of the words sought, so that one line shows them."""
    wanted = tuple(fold(word) for word in re.findall(r"\w+", sought))
    words = list(re.finditer(r"\w+", quote))
    folded = [fold(word[0]) for word in words]
    at = next((number for number, word in enumerate(folded) if wanted and word.startswith(wanted)), None)
    if at is None:
        at = next((number for number, word in enumerate(folded) if any(same(each, word) for each in wanted)), 0)
    if not words or words[at].end() <= SEEN:
        return quote
    return "… " + quote[words[max(at - 2, 0)].start() :]


def filled_up(first: Sequence[Found], more: Iterable[Found]) -> list[Found]:
    """What was found first, and of the rest so much that no group has more than PER_GROUP."""
    room = Counter(dict.fromkeys(Group, PER_GROUP))
    room.subtract(each.group for each in first)
    found = list(first)
    for each in more:
        if room[each.group] > 0:
            room[each.group] -= 1
            found.append(each)
    return found


def in_order(found: Iterable[Found]) -> list[Found]:
    """Grouped under their headings, the order within a group kept, so that what is found as it was typed comes before
    other spellings; what is found twice stands once. What was called by its name stands before the events.
    """
    ranks = {group: rank for rank, group in enumerate(Group)}
    once: dict[object, Found] = {}
    for each in found:
        once.setdefault(each.key, each)
    return sorted(once.values(), key=lambda each: (ranks[Group.EVENT if each.best else each.group], not each.best))


def _dates(text: str, desk: Desk) -> list[Found]:
    """The date that was typed, and the events that touch it.

    First those whose best estimate lies in it, the soonest first; then the others, the more exactly dated and the
    nearer first.
    """
    if len(text.strip()) < 2:
        return []
    try:
        span = timewords.parse_typed(text, desk.state.view.time_cursor)
    except InputFault:
        return []
    window = TimeWindow(span.earliest_start, span.latest_end)
    rows = desk.data.index.in_window(window)
    columns = desk.data.index.columns
    best = columns.best[rows]
    outside = (best < window.first) | (best > window.last)
    vague = np.where(outside, columns.latest[rows] - columns.earliest[rows], 0)
    away = np.where(outside, np.abs(best - span.best), best)
    order = np.lexsort((away, vague, outside))
    listed = f"{PER_DATE} of {len(rows):,}" if len(rows) > PER_DATE else f"{len(rows)}"
    counted = "" if not len(rows) else ", 1 event" if len(rows) == 1 else f", {listed} events"
    found = [Found(Group.DATE, timewords.show(span), f"Go to this date{counted}", "calendar", date=span)]
    for row in rows[order][:PER_DATE].tolist():
        found.append(Found(Group.EVENT, desk.data.title(row), desk.commands.when(row), ref=desk.data.row_ref(row)))
    return found


def _commands(text: str, window: Window) -> list[Found]:
    words = fold(text).split()
    matches = [
        action
        for action in ACTIONS
        if action.id not in NOT_LISTED
        and all(word in fold(f"{action.menu} {action.title}") for word in words)
        and action.enabled(window)
    ]
    matches.sort(key=lambda action: not fold(action.title).startswith(fold(text)))
    shown = matches[: PER_GROUP if words else len(matches)]
    return [
        Found(Group.COMMAND, _name(each, window), window.desk.keymap.first(each.id), each.icon, action=each)
        for each in shown
    ]


def _name(action: Action, window: Window) -> str:
    """What is read of a command; of a switch, whether it is on."""
    if action.checked is None:
        return action.title.rstrip("…")
    return f"{action.title} ({'on' if action.checked(window) else 'off'})"
