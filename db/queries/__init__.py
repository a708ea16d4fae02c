"""Named questions to a project: plain functions (connection, ...) -> frozen rows or numpy columns.

Every function takes an ordinary sqlite3 connection (``Store.reader()``) and leaves no cursor open. Where an answer
shows displayed values it takes ``hidden_sources``, ids of the sources that must leave no trace in it.
"""

from __future__ import annotations

from db.queries.rows import (
    STATUS_CODES,
    ActorRole,
    ActorRow,
    ClaimRow,
    ControlRow,
    DecisionRow,
    DocumentRow,
    EventColumns,
    EventDetail,
    KindRow,
    PlaceRole,
    PlaceRow,
    ProjectRow,
    QuantityRow,
    QuoteClaim,
    QuoteRow,
    SourceRow,
    StepRow,
)

__all__ = [
    "STATUS_CODES",
    "ActorRole",
    "ActorRow",
    "ClaimRow",
    "ControlRow",
    "DecisionRow",
    "DocumentRow",
    "EventColumns",
    "EventDetail",
    "KindRow",
    "PlaceRole",
    "PlaceRow",
    "ProjectRow",
    "QuantityRow",
    "QuoteClaim",
    "QuoteRow",
    "SourceRow",
    "StepRow",
]
