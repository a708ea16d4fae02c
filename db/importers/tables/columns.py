"""What a column of a table can mean, and what is told of a row that does not go in as any other. No I/O."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from db.errors import InputFault
from db.kept.tables import PASSAGE


class Field(StrEnum):
    """What is taken from a row. Those with SEVERAL may be fed by more than one column."""

    TITLE = "title"
    SUMMARY = "summary"
    START = "start"
    END = "end"
    EDTF = "edtf"
    DATE_PRECISION = "date_precision"
    DATE_SHAPE = "date_shape"
    LAT = "lat"
    LON = "lon"
    PLACE = "place"
    PLACE_PRECISION = "place_precision"
    RADIUS = "radius"
    OUTLINE = "outline"
    COUNTRY = "country"
    ADMIN1 = "admin1"
    KIND = "kind"
    ACTOR = "actor"
    SOURCE = "source"
    QUOTE = PASSAGE
    GRADE = "grade"
    QUANTITY = "quantity"
    QUANTITY_LOW = "quantity_low"
    QUANTITY_HIGH = "quantity_high"
    QUANTITY_WHAT = "quantity_what"
    QUANTITY_UNIT = "quantity_unit"
    STATUS = "status"
    TAGS = "tags"
    NOTE = "note"
    UID = "uid"
    ID = "id"
    CLAIMS = "claims"


SEVERAL: Final = frozenset((Field.TITLE, Field.ACTOR, Field.SOURCE, Field.PLACE, Field.CLAIMS))

WORDS: Final = {
    Field.TITLE: "title",
    Field.SUMMARY: "summary",
    Field.START: "date, or its start",
    Field.END: "end of the date",
    Field.EDTF: "date in EDTF or in words",
    Field.DATE_PRECISION: "precision of the date (code)",
    Field.DATE_SHAPE: "shape of the date: moment or lasting",
    Field.LAT: "latitude",
    Field.LON: "longitude",
    Field.PLACE: "name of the place",
    Field.PLACE_PRECISION: "precision of the place (code)",
    Field.RADIUS: "radius of the place in metres",
    Field.OUTLINE: "outline of the place",
    Field.COUNTRY: "country",
    Field.ADMIN1: "province",
    Field.KIND: "kind of event",
    Field.ACTOR: "actors",
    Field.SOURCE: "who said it",
    Field.QUOTE: "passage to show first",
    Field.GRADE: "credibility (1 to 6, or a grade such as B2)",
    Field.QUANTITY: "count of people killed, or another",
    Field.QUANTITY_LOW: "lowest count",
    Field.QUANTITY_HIGH: "highest count",
    Field.QUANTITY_WHAT: "what is counted",
    Field.QUANTITY_UNIT: "unit of the count",
    Field.STATUS: "status: reported, planned, predicted, claimed or denied",
    Field.TAGS: "tags, parted by semicolons",
    Field.NOTE: "note on the event",
    Field.UID: "uid of an event, to pass over those that the project has",
    Field.ID: "id of the row",
    Field.CLAIMS: "what each claim says, in our own exports",
}
"""Each field in words, for people."""


class Fate(StrEnum):
    """What became of a row that did not simply go in, in the order in which people are told of it."""

    LEFT = "left"
    UNREAD = "unread"
    TAKEN = "taken"
    CHANGED = "changed"
    REPEATED = "repeated"
    RESHAPED = "reshaped"
    NOWHERE = "nowhere"
    UNDATED = "undated"
    UNTITLED = "untitled"
    SAME = "same"


class BadRow(InputFault):
    """A row that cannot be taken; the message says why, the others go in."""

    fate: Fate = Fate.LEFT


class Unread(BadRow):
    """Cells that cannot be read: with those of ``fields`` empty the row can be taken."""

    def __init__(self, why: str, *fields: Field) -> None:
        super().__init__(why)
        self.fields = fields


class PassedOver(BadRow):
    """A row that came in before, or stands further up: it could be taken, and is not."""

    def __init__(self, fate: Fate, why: str) -> None:
        super().__init__(why)
        self.fate = fate


class Missing(NamedTuple):
    """What a row came in without, as it cannot be read, and why."""

    fields: tuple[Field, ...]
    reason: str


class BadLine(NamedTuple):
    """A row that is listed: its number among the rows, its first line in the file, why, and its cells."""

    row: int
    line: int
    reason: str
    cells: tuple[str, ...]
