"""Named questions to a project: plain functions (connection, ...) -> frozen rows or numpy columns.

Every function takes an ordinary sqlite3 connection (``Store.reader()``) and leaves no cursor open. Where an answer
shows displayed values it takes ``hidden_sources``, ids of the sources that must leave no trace in it.
"""

from __future__ import annotations

from db.displayed import Rest, displayed_events
from db.queries.attributions import event_attributions
from db.queries.catalogue import (
    actor_names,
    actors,
    claims_at_places,
    event_actors,
    info,
    kind,
    kinds,
    much_named,
    place,
    place_outlines,
    places,
    project,
    steps,
    unused_bytes,
)
from db.queries.columns import event_columns, event_dates, event_titles, event_uids, positions, some_positions
from db.queries.events import event_detail
from db.queries.layers import LayerRow, layer_fields, layer_index, layer_properties, layer_shapes, layer_values, layers
from db.queries.movements import Movement, movements
from db.queries.quantities import NO_QUANTITIES, EventQuantities, event_quantities
from db.queries.rows import (
    STATUS_CODES,
    ActorRole,
    ActorRow,
    ClaimRow,
    ControlRow,
    DecisionRow,
    DocumentRow,
    EventActor,
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
from db.queries.snapshot import at_one_instant, snapshot
from db.queries.sources import (
    document_bytes,
    document_text,
    documents_of,
    quote,
    quote_by_uid,
    quotes_by_id,
    quotes_of_document,
    sources,
    twins,
)
from db.queries.tables import TableRow, is_table, rows_saying, table_row
from db.queries.tags import event_tags, tags_of
from db.queries.texts import Texts
from db.queries.together import Others, together

__all__ = [
    "NO_QUANTITIES",
    "STATUS_CODES",
    "ActorRole",
    "ActorRow",
    "ClaimRow",
    "ControlRow",
    "DecisionRow",
    "DocumentRow",
    "EventActor",
    "EventColumns",
    "EventDetail",
    "EventQuantities",
    "KindRow",
    "LayerRow",
    "Movement",
    "Others",
    "PlaceRole",
    "PlaceRow",
    "ProjectRow",
    "QuantityRow",
    "QuoteClaim",
    "QuoteRow",
    "Rest",
    "SourceRow",
    "StepRow",
    "TableRow",
    "Texts",
    "actor_names",
    "actors",
    "at_one_instant",
    "claims_at_places",
    "displayed_events",
    "document_bytes",
    "document_text",
    "documents_of",
    "event_actors",
    "event_attributions",
    "event_columns",
    "event_dates",
    "event_detail",
    "event_quantities",
    "event_tags",
    "event_titles",
    "event_uids",
    "info",
    "is_table",
    "kind",
    "kinds",
    "layer_fields",
    "layer_index",
    "layer_properties",
    "layer_shapes",
    "layer_values",
    "layers",
    "movements",
    "much_named",
    "place",
    "place_outlines",
    "places",
    "positions",
    "project",
    "quote",
    "quote_by_uid",
    "quotes_by_id",
    "quotes_of_document",
    "rows_saying",
    "snapshot",
    "some_positions",
    "sources",
    "steps",
    "table_row",
    "tags_of",
    "together",
    "twins",
    "unused_bytes",
]
