"""The tables of a project as SQLModel rows: columns and constraints, no behaviour.

Column types are limited to what a GeoPackage allows (OGC 12-128r18, table 1): TEXT, INTEGER, DOUBLE, BLOB, DATETIME,
BOOLEAN. Times are int64 milliseconds beside the EDTF text as entered; the DATETIME columns exist for readers such as
QGIS and are derived. Every table has an AUTOINCREMENT id (never reused) and, where other rows or files may point at
it, a uid (UUIDv7 text).
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel

from db.uid import new_uid


class GeometryType(UserDefinedType[bytes]):
    """A GeoPackage geometry blob; readers ask for the declared type GEOMETRY (OGC 12-128r18, requirement 25)."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        return "GEOMETRY"


class MomentType(UserDefinedType[str]):
    """A DATETIME column holding ``YYYY-MM-DDTHH:MM:SS.sssZ``: as TEXT a view would give other programs strings."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:
        return "DATETIME"


def _id() -> Any:
    return Field(default=None, sa_column=Column("id", Integer, primary_key=True, autoincrement=True))


def _uid() -> Any:
    # The default serves other programs that add a row; the Store gives such a row a UUIDv7 when it sees it.
    default = text("(lower(hex(randomblob(16))))")
    return Field(
        default_factory=new_uid, sa_column=Column("uid", Text, nullable=False, unique=True, server_default=default)
    )


def _text(*, required: bool = False, default: str | None = None, index: bool = False) -> Any:
    column = Column(Text, nullable=not required, index=index, server_default=default)
    return Field(default=default, sa_column=column)


def _int(*, required: bool = False, default: int | None = None) -> Any:
    server_default = None if default is None else text(str(default))
    return Field(default=default, sa_column=Column(Integer, nullable=not required, server_default=server_default))


def _real() -> Any:
    return Field(default=None, sa_column=Column(Double, nullable=True))


def _blob() -> Any:
    return Field(default=None, sa_column=Column(LargeBinary, nullable=True))


def _ref(target: str, *, required: bool = False, on_delete: str = "SET NULL", index: bool = True) -> Any:
    return Field(
        default=None,
        sa_column=Column(
            Integer,
            ForeignKey(
                f"{target}.id", ondelete="CASCADE" if required else on_delete, deferrable=True, initially="DEFERRED"
            ),
            nullable=not required,
            index=index,
        ),
    )


class Row(SQLModel):
    """Base of all tables. AUTOINCREMENT, because a plain row id is given again after deletion."""

    __table_args__: ClassVar[Any] = {"sqlite_autoincrement": True}


class Project(Row, table=True):
    """One row: what the project is called and where it looks."""

    id: int | None = _id()
    uid: str = _uid()
    title: str = _text(required=True)
    note: str | None = _text()
    west: float | None = _real()
    south: float | None = _real()
    east: float | None = _real()
    north: float | None = _real()
    opens_at: str | None = _text()  # EDTF: where the time cursor stands when nothing is remembered
    opens_with: str | None = _text()  # uid of the event selected then
    zone_minutes: int | None = _int()


class Kind(Row, table=True):
    """A kind of event. Kinds belong to the project, not to the program."""

    id: int | None = _id()
    uid: str = _uid()
    name: str = _text(required=True)
    shape: str = _text(required=True)  # square | triangle | diamond | circle | chevron | hexagon
    light: str = _text(required=True)  # #RRGGBB
    dark: str = _text(required=True)
    key: int | None = _int()  # the digit that chooses it
    position: int = _int(required=True, default=0)


class Actor(Row, table=True):
    id: int | None = _id()
    uid: str = _uid()
    name: str = _text(required=True)
    aliases: str | None = _text()  # JSON list
    light: str | None = _text()
    dark: str | None = _text()
    pattern: str | None = _text()
    symbol: str | None = _text()
    parent_id: int | None = _ref("actor")


class Place(Row, table=True):
    """Somewhere events happen. A point may have a radius within which it really is; an area has its polygon."""

    id: int | None = _id()
    uid: str = _uid()
    name: str = _text(required=True)
    names: str | None = _text()  # JSON object: language tag -> name, other scripts included
    kind: str = _text(required=True, default="point")  # PlaceKind
    type: str | None = _text()  # city, town, province, country, river, base, desert ...: words for people
    geom: bytes | None = Field(default=None, sa_column=Column(GeometryType, nullable=True))  # see geopackage.py
    radius_m: float | None = _real()
    geonames_id: int | None = _int()
    wikidata_id: str | None = _text()
    country: str | None = _text()
    admin1: str | None = _text()
    note: str | None = _text()


class Source(Row, table=True):
    """A publication. ``published`` is EDTF with its bounds; reliability is A-F or NULL for not judged."""

    id: int | None = _id()
    uid: str = _uid()
    title: str = _text(required=True)
    publisher: str | None = _text()
    author: str | None = _text()
    language: str | None = _text()
    url: str | None = _text()
    dateline_place: str | None = _text()
    published: str | None = _text()
    published_first: int | None = _int()
    published_last: int | None = _int()
    published_evidence: str | None = _text()
    accessed: str | None = _text()
    reliability: str | None = _text()
    judged_by: str | None = _text()
    note: str | None = _text()
    csl: str | None = _text()
    protected: int = _int(required=True, default=0)
    position: int = _int(required=True, default=0)


class Content(Row, table=True):
    """Bytes and canonical text by hash, compressed with zlib. Outside the journal: rows are only ever added."""

    id: int | None = _id()
    sha256: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Document(Row, table=True):
    """One text of a source. A stand-off original has ``taken_sha256`` and, until a copy is attached, no text."""

    id: int | None = _id()
    uid: str = _uid()
    source_id: int = _ref("source", required=True)
    role: str = _text(required=True, default="original")  # DocumentRole
    title: str | None = _text()
    sha256: str | None = _text(index=True)  # of the original bytes -> content
    media_type: str | None = _text()
    file_name: str | None = _text()
    text_sha256: str | None = _text(index=True)  # of the canonical text as UTF-8 -> content; a table's layout; NULL
    text_length: int | None = _int()  # code points
    canonicaliser: int | None = _int()  # version of the rules of canonical and folded text
    taken_sha256: str | None = _text(index=True)  # of the canonical text that its stand-off quotes were taken from
    folded_sha256: str | None = _text(index=True)  # of that text, or else its own, folded
    encoding: str | None = _text()
    origin_id: int | None = _ref("document")  # a digest or copy points at its original
    attached_at: str | None = _text()
    position: int = _int(required=True, default=0)


class Quote(Row, table=True):
    """A stretch of a document: W3C text position and text quote selectors, or positions and hashes alone."""

    id: int | None = _id()
    uid: str = _uid()
    document_id: int = _ref("document", required=True)
    selector: str = _text(required=True, default="text")  # text | row | region
    start: int | None = _int()  # code points of the canonical text
    end: int | None = _int()
    exact: str | None = _text()
    prefix: str | None = _text()
    suffix: str | None = _text()
    exact_sha256: str | None = _text()
    folded_sha256: str | None = _text()
    folded_length: int | None = _int()
    folded_start: int | None = _int()  # where it begins in the folded text it was taken from
    row_selector: str | None = _text()  # row=N, after RFC 7111: a table's header, where there is one, is row 1
    row_sha256: str | None = _text()
    state: str = _text(required=True, default="anchored")  # QuoteState
    found_start: int | None = _int()  # where it was found when that is not start..end
    found_end: int | None = _int()
    same_as_id: int | None = _ref("quote")  # a digest's quote: the quote of the original that it renders
    note: str | None = _text()


class Event(Row, table=True):
    """Something that happened, is planned, predicted or asserted.

    All columns from ``title`` on are derived from its claims and decisions (see derive.py) for the case that every
    source is visible; they are rebuilt by the Store and are what other programs read.
    """

    __table_args__: ClassVar[Any] = (
        Index("event_time", "earliest", "latest"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = _id()
    uid: str = _uid()
    kind_id: int | None = _ref("kind")
    note: str | None = _text()
    tags: str | None = _text()  # JSON list
    outcome_of_id: int | None = _ref("event")
    title: str | None = _text()
    summary: str | None = _text()
    status: str | None = _text()
    edtf: str | None = _text()
    time_shape: str | None = _text()
    earliest: int | None = _int()  # earliest start
    latest_start: int | None = _int()
    earliest_end: int | None = _int()
    latest: int | None = _int()  # latest end
    best: int | None = _int()
    precision: int | None = _int()
    place_id: int | None = _ref("place")
    claim_count: int = _int(required=True, default=0)
    disagrees: int = _int(required=True, default=0)
    supported: int = _int(required=True, default=0)  # 1 when a claim has a quote
    quote_count: int = _int(required=True, default=0)
    grade: str | None = _text()  # of the claim that leads: A-F and 1-6, as in values.Grade.code
    begins: str | None = Field(
        default=None, sa_column=Column(MomentType, nullable=True)
    )  # earliest, for other programs
    ends: str | None = Field(default=None, sa_column=Column(MomentType, nullable=True))  # latest


class Claim(Row, table=True):
    """What one quote says about one event, with its own values. ``quote_id`` NULL is an unsupported assertion."""

    id: int | None = _id()
    uid: str = _uid()
    event_id: int = _ref("event", required=True)
    quote_id: int | None = _ref("quote")
    source_id: int | None = _ref("source", on_delete="CASCADE")
    stance: str = _text(required=True, default="supports")
    title: str | None = _text()  # what it says, in our own few words
    summary: str | None = _text()
    status: str = _text(required=True, default="occurred")
    edtf: str | None = _text()
    time_shape: str | None = _text()
    earliest: int | None = _int()
    latest_start: int | None = _int()
    earliest_end: int | None = _int()
    latest: int | None = _int()
    precision: int | None = _int()
    place_id: int | None = _ref("place")
    attributed_to: str | None = _text()
    protected: int = _int(required=True, default=0)
    control_place_id: int | None = _ref("place")
    control_holder_id: int | None = _ref("actor")
    control_reach: str | None = _text()
    control_mode: str | None = _text()
    quantity_what: str | None = _text()
    quantity_value: float | None = _real()
    quantity_low: float | None = _real()
    quantity_high: float | None = _real()
    quantity_unit: str | None = _text()
    credibility: int | None = _int()
    judged_by: str | None = _text()
    note: str | None = _text()


class ClaimActor(Row, table=True):
    __tablename__ = "claim_actor"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("claim_id", "actor_id", "role"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = _id()
    claim_id: int = _ref("claim", required=True)
    actor_id: int = _ref("actor", required=True)
    role: str = _text(required=True, default="involved")


class ClaimPlace(Row, table=True):
    """Further places of a claim beyond its main one: from, to, via, also."""

    __tablename__ = "claim_place"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("claim_id", "place_id", "role"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = _id()
    claim_id: int = _ref("claim", required=True)
    place_id: int = _ref("place", required=True)
    role: str = _text(required=True, default="also")


class Decision(Row, table=True):
    """The analyst's word on one field of one event: which claims are used, or a value of the analyst's own.

    It holds only while every claim it rests on is visible; see derive.py.
    """

    id: int | None = _id()
    uid: str = _uid()
    event_id: int = _ref("event", required=True)
    field: str = _text(required=True)  # title | summary | date | place | status | actors
    value: str | None = _text()  # JSON: the value itself, when it is the analyst's own
    claims: str = _text(required=True, default="[]")  # JSON list of claim uids that the decision rests on
    treatment: str = _text(required=True, default="used")  # used | hatched | ignored
    reason: str | None = _text()
    who: str | None = _text()
    decided_at: str | None = _text()


class Step(Row, table=True):
    """A labelled transaction. ``undoes`` points at the step that it reverts."""

    id: int | None = _id()
    uid: str = _uid()
    label: str = _text(required=True)
    who: str | None = _text()
    at: str = _text(required=True)  # UTC, ISO 8601 with milliseconds
    undoes_id: int | None = _int()
    first_entry: int | None = _int()  # of the journal
    entries: int = _int(required=True, default=0)


class Journal(Row, table=True):
    """Row images before and after, written by TEMP triggers: undo, redo and the audit trail read them."""

    id: int | None = _id()
    step_id: int = _int(required=True)
    table_name: str = _text(required=True)
    row_id: int = _int(required=True)
    before: str | None = _text()
    after: str | None = _text()


class AppMeta(Row, table=True):
    """Identity of the file: key and value as text (project_uid, schema_version, min_reader, min_writer, ...)."""

    __tablename__ = "app_meta"
    __table_args__: ClassVar[Any] = {}

    key: str = Field(sa_column=Column(Text, primary_key=True))
    value: str | None = _text()


class Migration(Row, table=True):
    """A numbered forward step of the schema that has been taken in this file."""

    id: int | None = _id()
    version: int = _int(required=True)
    name: str = _text(required=True)
    at: str = _text(required=True)


class SearchText(Row, table=True):
    """What the full-text index holds of one row (see search.py): its content table, kept by the Store."""

    __tablename__ = "search_text"
    __table_args__: ClassVar[Any] = {}

    id: int | None = Field(default=None, sa_column=Column("id", Integer, primary_key=True))
    body: str = _text(required=True)
