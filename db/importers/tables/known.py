"""Event data sets that are recognised by their columns: ACLED, UCDP GED, GDELT 1.0 and 2.0, our own exports. No I/O.

Sources: ACLED Codebook and export columns; UCDP Georeferenced Event Dataset Codebook; GDELT Data Format Codebook 1.0
and Event Codebook V2.0. GDELT's files have no header; their columns are named here as those codebooks name them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from db.claim_columns import COLUMNS
from db.claim_columns import OUTLINE as CLAIM_OUTLINES
from db.importers.tables.codebooks import CAMEO, OWN, OWN_CSV, VIOLENCE
from db.importers.tables.columns import Field
from db.importers.tables.mapping import TableMapping
from db.importers.tables.spots import OUTLINE
from db.kept.dialect import plain

ACLED: Final = TableMapping(
    "ACLED",
    MappingProxyType(
        {
            Field.TITLE: ("sub_event_type", "location"),
            Field.START: ("event_date",),
            Field.DATE_PRECISION: ("time_precision",),
            Field.LAT: ("latitude",),
            Field.LON: ("longitude",),
            Field.PLACE: ("location",),
            Field.PLACE_PRECISION: ("geo_precision",),
            Field.COUNTRY: ("country",),
            Field.ADMIN1: ("admin1",),
            Field.KIND: ("event_type",),
            Field.ACTOR: ("actor1", "actor2"),
            Field.SOURCE: ("source",),
            Field.QUOTE: ("notes",),
            Field.QUANTITY: ("fatalities",),
            Field.ID: ("event_id_cnty",),
        }
    ),
    codebook="acled",
    publisher="ACLED",
)
UCDP: Final = TableMapping(
    "UCDP GED",
    MappingProxyType(
        {
            Field.TITLE: ("dyad_name", "where_coordinates"),
            Field.START: ("date_start",),
            Field.END: ("date_end",),
            Field.DATE_PRECISION: ("date_prec",),
            Field.LAT: ("latitude",),
            Field.LON: ("longitude",),
            Field.PLACE: ("where_coordinates",),
            Field.PLACE_PRECISION: ("where_prec",),
            Field.COUNTRY: ("country",),
            Field.ADMIN1: ("adm_1",),
            Field.KIND: ("type_of_violence",),
            Field.ACTOR: ("side_a", "side_b"),
            Field.SOURCE: ("source_office",),
            Field.QUOTE: ("source_article",),
            Field.QUANTITY: ("best",),
            Field.QUANTITY_LOW: ("low",),
            Field.QUANTITY_HIGH: ("high",),
            Field.ID: ("id",),
        }
    ),
    codebook="ucdp",
    kinds=VIOLENCE,
    publisher="UCDP",
)
GDELT: Final = TableMapping(
    "GDELT",
    MappingProxyType(
        {
            Field.TITLE: ("Actor1Name", "Actor2Name", "ActionGeo_FullName"),
            Field.START: ("SQLDATE",),
            Field.LAT: ("ActionGeo_Lat",),
            Field.LON: ("ActionGeo_Long",),
            Field.PLACE: ("ActionGeo_FullName",),
            Field.PLACE_PRECISION: ("ActionGeo_Type",),
            Field.COUNTRY: ("ActionGeo_CountryCode",),
            Field.KIND: ("EventRootCode",),
            Field.ACTOR: ("Actor1Name", "Actor2Name"),
            Field.SOURCE: ("SOURCEURL",),
            Field.ID: ("GLOBALEVENTID",),
        }
    ),
    codebook="gdelt",
    kinds=CAMEO,
    publisher="GDELT",
)
DATELINE: Final = TableMapping(
    "Dateline export",
    MappingProxyType(
        {
            Field.TITLE: ("title",),
            Field.SUMMARY: ("summary",),
            Field.KIND: ("kind",),
            Field.STATUS: ("status",),
            Field.EDTF: ("edtf",),
            Field.DATE_SHAPE: ("date_shape",),
            Field.GRADE: ("grade",),
            Field.PLACE: ("place",),
            Field.LAT: ("lat",),
            Field.LON: ("lon",),
            Field.RADIUS: ("radius_m",),
            Field.ACTOR: ("actors",),
            Field.SOURCE: ("attributed_to", "sources"),
            Field.TAGS: ("tags",),
            Field.NOTE: ("note",),
            Field.UID: ("uid",),
            Field.QUANTITY: ("quantity",),
            Field.QUANTITY_LOW: ("quantity_low",),
            Field.QUANTITY_HIGH: ("quantity_high",),
            Field.QUANTITY_WHAT: ("quantity_what",),
            Field.QUANTITY_UNIT: ("quantity_unit",),
            Field.CLAIMS: tuple(COLUMNS),
        }
    ),
    codebook=OWN,
)
"""What ``db/exporters`` writes."""
KNOWN: Final = (ACLED, UCDP, GDELT, DATELINE)
_OLDER_ID: Final = "data_id"
"""Of ACLED's rows, before they had others."""

_NEEDED: Final = (
    (DATELINE, frozenset(("title", "status", "edtf", "date_shape", "radius_m", "disagrees", "tags", "note", "uid"))),
    (DATELINE, frozenset(("name", "status", "claims", "disagrees", "uid"))),  # KML leaves out what nothing has
    (ACLED, frozenset(("event_date", "event_type", "sub_event_type", "actor1", "location", "latitude", "longitude"))),
    (UCDP, frozenset(("date_start", "date_end", "type_of_violence", "where_coordinates", "latitude", "longitude"))),
    (GDELT, frozenset(("globaleventid", "sqldate", "eventrootcode", "actiongeo_lat", "actiongeo_long"))),
)

_ACTOR: Final = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code",
                 "Type1Code", "Type2Code", "Type3Code")  # fmt: skip
_GEO: Final = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
_EVENT: Final = ("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
                 "NumMentions", "NumSources", "NumArticles", "AvgTone")  # fmt: skip


def _gdelt_columns(second: bool) -> tuple[str, ...]:
    geo = [each for each in _GEO if second or each != "ADM2Code"]
    return (
        *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
        *(f"Actor{number}{each}" for number in (1, 2) for each in _ACTOR),
        *_EVENT,
        *(f"{of}Geo_{each}" for of in ("Actor1", "Actor2", "Action") for each in geo),
        *("DATEADDED", "SOURCEURL"),
    )


GDELT_2: Final = _gdelt_columns(second=True)
GDELT_1: Final = _gdelt_columns(second=False)


def gdelt_header(first: Sequence[str]) -> tuple[str, ...] | None:
    """The names of the columns of a GDELT file, by its first row; None for another file.

    61 columns are 2.0, 58 are 1.0, and 57 are 1.0 before April 2013, without the address of the report.
    """
    if len(first) < 57 or not first[0].isdecimal() or not (first[1].isdecimal() and len(first[1]) == 8):
        return None
    return {61: GDELT_2, 58: GDELT_1, 57: GDELT_1[:-1]}.get(len(first))


def _as_written(mapping: TableMapping, names: frozenset[str]) -> TableMapping:
    """Our export as one of its formats has it: a CSV with columns for the position, and with guards; the others with
    the columns that are made of their geometry.
    """
    if CLAIM_OUTLINES in names:
        mapping = mapping.with_column(Field.CLAIMS, *mapping.columns.get(Field.CLAIMS, ()), CLAIM_OUTLINES)
    if Field.TITLE not in mapping.columns:  # KML calls it so
        mapping = mapping.with_column(Field.TITLE, "name")
    if "lat" in names:
        return replace(mapping, codebook=OWN_CSV)
    if not {"latitude", "longitude"} <= names:
        return mapping
    mapping = mapping.with_column(Field.LAT, "latitude").with_column(Field.LON, "longitude")
    return mapping.with_column(Field.OUTLINE, OUTLINE) if OUTLINE in names else mapping


def recognise(header: Sequence[str]) -> TableMapping | None:
    """The data set whose columns a table has; None for another. Fields whose column is missing are left out."""
    names = frozenset(map(plain, header))
    for known, needed in _NEEDED:
        if needed <= names:
            mapping = known
            for field, columns in known.columns.items():
                there = tuple(each for each in columns if plain(each) in names)
                if there != columns:
                    mapping = mapping.with_column(field, *there)
            if known is ACLED and Field.ID not in mapping.columns:
                mapping = mapping.with_column(Field.ID, *sorted(names & {_OLDER_ID}))
            if known is DATELINE:
                mapping = _as_written(mapping, names)
            return mapping
    return None
