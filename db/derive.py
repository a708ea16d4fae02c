"""Claims -> what is displayed of an event. Pure functions, no I/O.

Only visible claims count: those whose source is not hidden, and the analyst's own, which have no source. So hiding a
source shows exactly what a project without it would show. For each field the analyst's decision is taken if every claim
it rests on is visible; else the best graded claims speak, supporting claims before mentions before disputes. Claims of
the same rank with different dates give the widest hull; of different places or statuses the one most often named, then
the earliest made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from db import edtf
from db.values import OPEN_FUTURE, OPEN_PAST, Grade, Shape, Stance, Status, TimeSpan

T = TypeVar("T")

_STANCE_RANK: Final = {Stance.SUPPORTS: 0, Stance.MENTIONS: 1, Stance.DISPUTES: 2}
_RELIABILITY_RANK: Final = {"A": 0, "B": 1, "C": 2, "D": 3, "E": 4, "F": 5, None: 5}
_CREDIBILITY_RANK: Final = {1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5, None: 5}
FALLBACK_KIND: Final = "Event"
NOT_GRADED: Final = Grade()


@dataclass(frozen=True, slots=True)
class ClaimValues:
    """What derivation needs of a claim. ``when`` None is undated; ``quoted`` says that it has a quote."""

    id: int
    uid: str
    stance: Stance = Stance.SUPPORTS
    title: str | None = None
    summary: str | None = None
    status: Status = Status.OCCURRED
    when: TimeSpan | None = None
    place_id: int | None = None
    grade: Grade = NOT_GRADED
    quoted: bool = True

    @property
    def rank(self) -> tuple[int, int, int]:
        """Smaller speaks first."""
        return (
            _STANCE_RANK[self.stance],
            _RELIABILITY_RANK[self.grade.reliability],
            _CREDIBILITY_RANK[self.grade.credibility],
        )


@dataclass(frozen=True, slots=True)
class DecisionValues:
    """The analyst's word on ``field``: title, summary, date, place or status.

    ``value`` is the analyst's own (str, TimeSpan, place id or Status by field); None means the values of ``claims``
    (uids). ``treatment``: ``used`` and ``hatched`` take those claims, ``ignored`` takes the others.
    """

    id: int
    field: str
    value: Any
    claims: tuple[str, ...]
    treatment: str = "used"


@dataclass(frozen=True, slots=True)
class Displayed:
    """An event as it is shown. ``used`` tells per field the ids of the claims that the value comes from."""

    title: str
    summary: str | None
    status: Status
    when: TimeSpan | None
    place_id: int | None
    grade: Grade
    claim_count: int
    quote_count: int
    disagrees: bool
    used: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @property
    def supported(self) -> bool:
        return self.quote_count > 0


def displayed(
    claims: Sequence[ClaimValues],
    decisions: Sequence[DecisionValues],
    kind_name: str | None,
    place_names: Mapping[int, str],
) -> Displayed | None:
    """What an event shows from its *visible* claims, in any order; None when it has none and so vanishes.

    ``place_names`` maps ids to names for the places that claims and decisions name.
    """
    if not claims:
        return None
    claims = sorted(claims, key=lambda claim: claim.id)
    leading = min(claims, key=lambda claim: claim.rank)
    asked = _Asked(claims, decisions, leading) if decisions or len(claims) > 1 else None
    if asked is None:
        when, place_id, status = leading.when, leading.place_id, leading.status
        title, summary = leading.title, leading.summary
        values = {"title": title, "summary": summary, "status": status, "date": when, "place": place_id}
        uses = {name: frozenset((leading.id,)) for name, value in values.items() if value is not None}
    else:
        when = asked.value("date", lambda claim: claim.when, hull)
        place_id = asked.value("place", lambda claim: claim.place_id, most_common)
        status = asked.value("status", lambda claim: claim.status, most_common) or leading.status
        title = asked.words("title", lambda claim: claim.title)
        summary = asked.words("summary", lambda claim: claim.summary)
        uses = asked.used
    return Displayed(
        title=title or fallback_title(kind_name, None if place_id is None else place_names.get(place_id)),
        summary=summary or None,
        status=status,
        when=when,
        place_id=place_id,
        grade=leading.grade,
        claim_count=len(claims),
        quote_count=sum(claim.quoted for claim in claims),
        disagrees=len(claims) > 1 and disagree(claims),
        used=uses,
    )


class _Asked:
    """One event's claims and decisions, asked field by field."""

    def __init__(
        self, claims: Sequence[ClaimValues], decisions: Sequence[DecisionValues], leading: ClaimValues
    ) -> None:
        self.claims, self.leading = claims, leading
        uids = {claim.uid for claim in claims}
        self.decisions = [each for each in decisions if uids.issuperset(each.claims)]
        self.used: dict[str, frozenset[int]] = {}

    def value(self, name: str, of: Callable[[ClaimValues], Any], combine: Callable[[Sequence[Any]], Any]) -> Any:
        """The displayed value of a field that several claims of one rank settle between them."""
        decision, candidates = self._candidates(name)
        if decision is not None and decision.value is not None:
            self.used[name] = frozenset()
            return decision.value
        holders = [claim for claim in candidates if of(claim) is not None]
        if not holders:
            self.used[name] = frozenset()
            return None
        if decision is None:
            best = min(claim.rank for claim in holders)
            holders = [claim for claim in holders if claim.rank == best]
        values = [value for claim in holders if (value := of(claim)) is not None]
        result = combine(values)
        exact = frozenset(claim.id for claim in holders if of(claim) == result)
        self.used[name] = exact or frozenset(claim.id for claim in holders)
        return result

    def words(self, name: str, of: Callable[[ClaimValues], str | None]) -> str | None:
        """A text comes whole from one claim: the leading one of the candidates, and from no other."""
        decision, candidates = self._candidates(name)
        if decision is not None and decision.value is not None:
            self.used[name] = frozenset()
            return str(decision.value)
        if not candidates:
            self.used[name] = frozenset()
            return None
        chosen = min(candidates, key=lambda claim: claim.rank)
        self.used[name] = frozenset((chosen.id,) if of(chosen) is not None else ())
        return of(chosen)

    def _candidates(self, name: str) -> tuple[DecisionValues | None, Sequence[ClaimValues]]:
        """The last positive decision on a field, and the claims that may speak to it."""
        ruling, ignored = None, set[str]()
        for decision in sorted((each for each in self.decisions if each.field == name), key=lambda each: each.id):
            if decision.treatment == "ignored":
                ignored.update(decision.claims)
            else:
                ruling = decision
        candidates = [claim for claim in self.claims if claim.uid not in ignored]
        if ruling is not None and ruling.value is None:
            candidates = [claim for claim in candidates if claim.uid in ruling.claims]
        return ruling, candidates


def fallback_title(kind_name: str | None, place_name: str | None) -> str:
    """What an event is called when its leading claim has no title."""
    kind = kind_name or FALLBACK_KIND
    return f"{kind} at {place_name}" if place_name else kind


def most_common(values: Sequence[T]) -> T:
    """The value most often given; of those as frequent, the first."""
    counts = Counter(values)
    return max(counts, key=lambda value: counts[value])  # a Counter keeps the order of arrival, max takes the first


def hull(spans: Sequence[TimeSpan]) -> TimeSpan | None:
    """The narrowest span that allows every reading of each; the first one itself where their bounds agree.

    A moment and a lasting time together give a moment somewhere within both; None where nothing bounds it at all.
    """
    first = spans[0]
    if all(_bounds(span) == _bounds(first) for span in spans[1:]):
        return first
    earliest = min(span.earliest_start for span in spans)
    latest = max(span.latest_end for span in spans)
    lasting = all(span.shape is Shape.LASTING for span in spans)
    if earliest <= OPEN_PAST and latest >= OPEN_FUTURE:
        return None
    text = edtf.enclosing(earliest, latest, Shape.LASTING if lasting else Shape.MOMENT)
    if not lasting:
        return TimeSpan(text.edtf, earliest, latest, earliest, latest, text.precision)
    latest_start = max(span.latest_start for span in spans)
    earliest_end = min(span.earliest_end for span in spans)
    bounds = (earliest, latest_start, earliest_end, latest)
    return TimeSpan(text.edtf, *bounds, text.precision, shape=Shape.LASTING)


def _bounds(span: TimeSpan) -> tuple[int, int, int, int, Shape]:
    return span.earliest_start, span.latest_start, span.earliest_end, span.latest_end, span.shape


def disagree(claims: Sequence[ClaimValues]) -> bool:
    """Whether visible claims of one event contradict each other.

    Supporting claims do when their dates cannot both hold or their places differ; a dispute does when there is another
    claim for it to dispute.
    """
    stances = {claim.stance for claim in claims}
    if Stance.DISPUTES in stances and len(stances) > 1:
        return True
    supports = [claim for claim in claims if claim.stance is Stance.SUPPORTS]
    if len({claim.place_id for claim in supports if claim.place_id is not None}) > 1:
        return True
    return not compatible([claim.when for claim in supports if claim.when is not None])


def compatible(spans: Sequence[TimeSpan]) -> bool:
    """Whether each two of the spans can both hold.

    Two moments share an instant; a moment lies in what may be covered; two lasting times may start together and may
    end together. Intervals that meet two by two have a point in common, so one pass is enough.
    """
    if len(spans) < 2:
        return True
    if max(span.earliest_start for span in spans) > min(span.latest_end for span in spans):
        return False
    lasting = [span for span in spans if span.shape is Shape.LASTING]
    return len(lasting) < 2 or (
        max(span.earliest_start for span in lasting) <= min(span.latest_start for span in lasting)
        and max(span.earliest_end for span in lasting) <= min(span.latest_end for span in lasting)
    )
