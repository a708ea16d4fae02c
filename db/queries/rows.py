"""What the queries answer with: frozen rows, complete for the screen, with no connection behind them.

Ids are row ids of one file and live as long as it is open; uids are valid across copies. Times are TimeSpan values or
None for *undated*. Text of a source is only ever in ``QuoteRow.exact``, ``prefix`` and ``suffix``; everything else is
the project's own words. *Displayed* values are derived from the visible claims only (db/derive.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from db.values import (
    DocumentRole,
    Extent,
    Grade,
    Mode,
    PlaceKind,
    QuoteState,
    Reach,
    Stance,
    Status,
    TimeSpan,
)

STATUS_CODES: tuple[Status, ...] = tuple(Status)
"""The code of a status in ``EventColumns.status`` is its place in this tuple."""


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """The project itself. ``opens_at`` is EDTF, ``opens_with`` the uid of the event to select then."""

    uid: str
    title: str
    note: str | None
    extent: Extent | None
    opens_at: str | None
    opens_with: str | None
    zone_minutes: int | None


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of event. ``light`` and ``dark`` are #RRGGBB; ``key`` is the digit that chooses it."""

    id: int
    uid: str
    name: str
    shape: str
    light: str
    dark: str
    key: int | None
    position: int


@dataclass(frozen=True, slots=True)
class ActorRow:
    """``aliases`` are other spellings of the name."""

    id: int
    uid: str
    name: str
    aliases: tuple[str, ...]
    light: str | None
    dark: str | None
    pattern: str | None
    symbol: str | None
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Somewhere. ``lon`` and ``lat`` are a point to draw at (inside an area), NaN when it has no geometry.

    ``radius_m`` is 0 where the point is exact, otherwise the place is somewhere within. ``events`` counts the displayed
    events here, ``claims`` the visible claims that name it.
    """

    id: int
    uid: str
    name: str
    names: dict[str, str]  # language tag -> name
    kind: PlaceKind
    type: str | None
    lon: float
    lat: float
    radius_m: float
    country: str | None
    admin1: str | None
    geonames_id: int | None
    wikidata_id: str | None
    note: str | None
    events: int = 0
    claims: int = 0

    def counted(self, events: int, claims: int) -> PlaceRow:
        """The same place with other counts; ``dataclasses.replace`` takes eight times as long, and places are many."""
        make: Callable[..., PlaceRow] = PlaceRow
        return make(*_UNCOUNTED(self), events, claims)


_UNCOUNTED: Final = attrgetter(*[field.name for field in fields(PlaceRow)][:-2])


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One text of a source. ``has_text`` is false for a stand-off original whose copy is not attached."""

    id: int
    uid: str
    source_id: int
    role: DocumentRole
    title: str | None
    media_type: str | None
    file_name: str | None
    sha256: str | None
    text_sha256: str | None
    text_length: int | None  # code points
    canonicaliser: int | None
    encoding: str | None
    origin_id: int | None
    attached_at: str | None
    has_text: bool
    quotes: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A publication with its documents. Counts are of what rests on this source alone: quotes, claims, events."""

    id: int
    uid: str
    title: str
    publisher: str | None
    author: str | None
    language: str | None
    url: str | None
    dateline_place: str | None
    published: str | None  # EDTF
    published_first: int | None  # ms
    published_last: int | None  # ms
    published_evidence: str | None
    accessed: str | None
    reliability: str | None  # A-F, None is not judged
    judged_by: str | None
    note: str | None
    protected: bool
    position: int
    documents: tuple[DocumentRow, ...]
    quotes: int
    claims: int
    events: int


@dataclass(frozen=True, slots=True)
class QuoteClaim:
    """One use of a quote: the claim, and the event that it speaks of."""

    claim_id: int
    claim_uid: str
    event_id: int
    event_uid: str
    kind_id: int  # 0 when the event has no kind
    stance: Stance
    status: Status


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A stretch of a document. ``start`` and ``end`` are where it sits now, code points of the canonical text.

    They are None for a quote that has no position (a row, a region, or an orphan). ``given_start`` and ``given_end``
    are where it was made. ``exact`` is None in a stand-off document: its text is ``document_text(...)[start:end]``
    once a copy is attached.
    """

    id: int
    uid: str
    document_id: int
    source_id: int
    selector: str
    start: int | None
    end: int | None
    given_start: int | None
    given_end: int | None
    exact: str | None
    prefix: str | None
    suffix: str | None
    state: QuoteState
    note: str | None
    exact_sha256: str | None = None
    folded_sha256: str | None = None
    folded_length: int | None = None
    row_selector: str | None = None
    same_as_id: int | None = None  # a digest's quote: the quote of the original that it renders
    claims: tuple[QuoteClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class ActorRole:
    actor_id: int
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class EventActor:
    """An actor of an event as displayed, with the parts that visible claims give it: none where it was added."""

    actor_id: int
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceRole:
    """A place that a claim names, with its part: at (the main one), from, to, via, also."""

    place_id: int
    uid: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class ControlRow:
    """What a claim says about who holds a place."""

    place_id: int | None
    place_name: str | None
    holder_id: int | None
    holder_name: str | None
    reach: Reach | None
    mode: Mode | None


@dataclass(frozen=True, slots=True)
class QuantityRow:
    what: str | None
    value: float | None
    low: float | None
    high: float | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim as its card shows it. ``quote`` None is an unsupported assertion; ``source_id`` None the analyst's own.

    ``used_for`` names the displayed fields (title, summary, date, place, status) that come from this claim.
    """

    id: int
    uid: str
    event_id: int
    stance: Stance
    title: str | None
    summary: str | None
    status: Status
    when: TimeSpan | None
    place: PlaceRole | None
    places: tuple[PlaceRole, ...]
    actors: tuple[ActorRole, ...]
    attributed_to: str | None
    grade: Grade
    judged_by: str | None
    protected: bool
    control: ControlRow | None
    quantity: QuantityRow | None
    note: str | None
    source_id: int | None
    source_uid: str | None
    source_title: str | None
    publisher: str | None
    source_published: str | None  # EDTF
    document_id: int | None
    document_role: DocumentRole | None
    quote: QuoteRow | None
    used_for: frozenset[str]


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """The analyst's word on one field, in force: every claim that it rests on (uids) is visible."""

    id: int
    uid: str
    field: str
    value: Any
    claims: tuple[str, ...]
    treatment: str
    reason: str | None
    who: str | None
    decided_at: str | None


@dataclass(frozen=True, slots=True)
class EventDetail:
    """An event as displayed, with its visible claims (in the order in which they were made) and decisions in force."""

    id: int
    uid: str
    kind: KindRow | None
    title: str
    summary: str | None
    status: Status
    when: TimeSpan | None
    place: PlaceRow | None
    grade: Grade  # of the claim that leads
    note: str | None
    actors: tuple[EventActor, ...]
    tags: tuple[str, ...]
    outcome_of_id: int | None  # of a displayed event
    disagrees: bool
    supported: bool
    claims: tuple[ClaimRow, ...]
    decisions: tuple[DecisionRow, ...]
    quantity: QuantityRow | None  # what its visible claims count


@dataclass(frozen=True, slots=True)
class StepRow:
    """A heading of the history. ``undoes_id`` is the step that it reverts; ``at`` is UTC, ISO 8601."""

    id: int
    uid: str
    label: str
    who: str | None
    at: str
    undoes_id: int | None
    entries: int


@dataclass(frozen=True, slots=True)
class EventColumns:
    """All displayed events as arrays of one length n, sorted by (earliest, id). Not to be written to.

    Times are int64 ms, inclusive. An undated event (``dated`` false) has the widest bounds (OPEN_PAST, OPEN_FUTURE), so
    that it comes first and is possible in every window, and ``best`` = OPEN_PAST.
    """

    id: NDArray[np.int64]
    kind: NDArray[np.int32]  # kind id, 0 none
    status: NDArray[np.int8]  # place in STATUS_CODES
    earliest: NDArray[np.int64]  # earliest start
    latest_start: NDArray[np.int64]
    earliest_end: NDArray[np.int64]
    latest: NDArray[np.int64]  # latest end
    best: NDArray[np.int64]  # where to draw the marker
    dated: NDArray[np.bool_]
    lasting: NDArray[np.bool_]  # Shape.LASTING; else a moment
    precision: NDArray[np.int8]  # values.Precision
    edtf: NDArray[np.object_]  # the date's text, "" when undated
    lon: NDArray[np.float64]  # degrees, NaN when nowhere
    lat: NDArray[np.float64]
    radius_m: NDArray[np.float32]  # 0 is exact
    area: NDArray[np.bool_]  # the place has a shape of its own
    place: NDArray[np.int64]  # place id, 0 none
    claims: NDArray[np.int32]  # visible claims
    disagrees: NDArray[np.bool_]
    supported: NDArray[np.bool_]  # a visible claim has a quote
    source_offsets: NDArray[np.int64]  # n + 1: the sources of event i are source_ids[offsets[i]:offsets[i + 1]]
    source_ids: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.id)

    def sources_of(self, index: int) -> NDArray[np.int64]:
        """Ids of the visible sources of the event at ``index``, ascending."""
        return self.source_ids[self.source_offsets[index] : self.source_offsets[index + 1]]
