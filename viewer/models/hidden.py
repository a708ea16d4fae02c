"""Why events are not shown, in a sentence."""

from __future__ import annotations

from db.values import Status
from viewer.core.data import ProjectData
from viewer.core.state import Filters
from viewer.models.wording import STATUS_WORDS, source_name

CHECKS = {
    "disagreeing": "only conflicting claims are shown",
    "vague_date": "only vague dates are shown",
    "region_only": "only events placed in a region are shown",
}
MOST = 3


def hidden_sentence(data: ProjectData, filters: Filters) -> str:
    """``32 hidden, because Planned and the source Reuters are off``; empty when nothing is hidden."""
    hidden = data.loaded.total_events - data.index.shown_count
    if not hidden or not filters.count:
        return ""
    return f"{hidden:,} hidden, because {reasons(data, filters)}"


def reasons(data: ProjectData, filters: Filters) -> str:
    """What the filters leave out, the heaviest first."""
    kinds = {row.uid: row.name for row in data.loaded.kinds.values()}
    off = [
        kinds.get(reason.key, "no kind") if reason.field == "hidden_kinds" else STATUS_WORDS[Status(reason.key)]
        for reason in data.index.hidden_reasons(filters)
        if reason.field != "only"
    ]
    off += [source_name(row) for row in data.loaded.sources.values() if row.uid in filters.hidden_sources]
    parts = []
    if off:
        shown = off[:MOST] if len(off) > MOST + 1 else off
        rest = len(off) - len(shown)
        names = [*shown, f"{rest} more"] if rest else shown
        listed = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
        parts.append(f"{listed} {'is' if len(off) == 1 else 'are'} off")
    parts += [CHECKS[check] for check in sorted(filters.only)]
    return " and ".join(parts)
