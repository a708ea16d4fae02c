"""What columns are usually called, by the field that they mean. No I/O.

Words as ``plain`` writes them, each of one field. Left out is what means another thing in another language: *nombre* is
a name in Spanish and a number in French, *tag* a day in German. Of German and French words that are English ones, too,
some count only beside others of their language (``AMONG``); *Länge* and *Breite*, which may be a length and a width,
only both together, as all coordinates do. Names of data sets stand with the English headings.
"""

from __future__ import annotations

from itertools import chain
from types import MappingProxyType
from typing import Final

from db.importers.tables.columns import Field

_ENGLISH: Final[dict[Field, tuple[str, ...]]] = {
    Field.TITLE: ("title", "headline", "event", "event_title", "event_name", "name"),
    Field.SUMMARY: ("summary", "description", "details"),
    Field.START: ("date", "start", "start_date", "date_start", "event_date", "begin", "begins", "from", "when", "day",
                  "sqldate", "begin_date", "datetime", "timestamp", "time", "year"),
    Field.END: ("end", "end_date", "date_end", "ends", "until", "to", "finish"),
    Field.EDTF: ("edtf",),
    Field.DATE_PRECISION: ("time_precision", "date_prec", "date_precision"),
    Field.LAT: ("lat", "latitude", "y", "ycoord", "decimallatitude", "actiongeo_lat"),
    Field.LON: ("lon", "long", "lng", "longitude", "x", "xcoord", "decimallongitude", "actiongeo_long"),
    Field.PLACE: ("place", "location", "place_name", "location_name", "town", "city", "where", "locality",
                  "where_coordinates", "actiongeo_fullname"),
    Field.PLACE_PRECISION: ("geo_precision", "where_prec"),
    Field.RADIUS: ("radius_m", "radius"),
    Field.OUTLINE: ("area_outline",),
    Field.COUNTRY: ("country", "country_name"),
    Field.ADMIN1: ("admin1", "adm_1", "adm1", "province", "governorate", "state", "region"),
    Field.KIND: ("kind", "type", "event_type", "category", "class"),
    Field.ACTOR: ("actor", "actors", "actor1", "actor2", "side_a", "side_b", "who", "group", "perpetrator"),
    Field.SOURCE: ("source", "sources", "source_article", "reported_by", "publisher", "outlet",
                   "attributed_to"),
    Field.QUOTE: ("quote", "notes", "text", "excerpt", "passage"),
    Field.GRADE: ("grade", "credibility", "admiralty"),
    Field.QUANTITY: ("fatalities", "deaths", "killed", "best", "quantity", "count"),
    Field.QUANTITY_LOW: ("fatalities_low", "low", "deaths_low"),
    Field.QUANTITY_HIGH: ("fatalities_high", "high", "deaths_high"),
    Field.TAGS: ("tags",),
    Field.NOTE: ("note",),
    Field.ID: ("event_id", "eventid", "event_id_cnty", "globaleventid", "incident_id", "record_id", "report_id", "id"),
}  # fmt: skip
_GERMAN: Final[dict[Field, tuple[str, ...]]] = {
    Field.TITLE: ("titel", "ereignis", "überschrift", "schlagzeile", "bezeichnung"),
    Field.SUMMARY: ("zusammenfassung", "beschreibung"),
    Field.START: ("datum", "beginn", "anfang", "von", "zeitpunkt", "jahr"),
    Field.END: ("ende", "bis"),
    Field.LAT: ("breite", "breitengrad"),
    Field.LON: ("länge", "laenge", "längengrad", "laengengrad"),
    Field.PLACE: ("ort", "ortsname", "stadt"),
    Field.COUNTRY: ("land", "staat"),
    Field.ADMIN1: ("provinz", "bundesland", "gouvernement"),
    Field.KIND: ("art", "typ", "kategorie", "ereignisart", "ereignistyp"),
    Field.ACTOR: ("akteur", "akteure", "akteur_e", "beteiligte", "gruppe", "täter"),
    Field.SOURCE: ("quelle", "quellen"),
    Field.QUOTE: ("zitat", "notiz", "notizen", "anmerkung", "anmerkungen", "bemerkung", "bemerkungen"),
    Field.GRADE: ("glaubwürdigkeit",),
    Field.QUANTITY: ("tote", "todesopfer", "getötete", "anzahl"),
    Field.TAGS: ("schlagworte", "schlagwörter"),
}
_FRENCH: Final[dict[Field, tuple[str, ...]]] = {
    Field.TITLE: ("titre", "événement", "evenement", "nom"),
    Field.SUMMARY: ("résumé",),
    Field.START: ("début", "debut", "date_début", "date_debut", "date_de_début", "jour", "année"),
    Field.END: ("fin", "date_fin", "date_de_fin"),
    Field.PLACE: ("lieu", "ville", "localité", "localite", "endroit"),
    Field.COUNTRY: ("pays",),
    Field.ADMIN1: ("gouvernorat", "région"),
    Field.KIND: ("catégorie", "categorie"),
    Field.ACTOR: ("acteur", "acteurs", "acteur_s", "groupe", "auteur_présumé"),
    Field.SOURCE: ("source_s",),
    Field.QUOTE: ("citation", "extrait", "texte", "remarque", "remarques"),
    Field.QUANTITY: ("morts", "tués", "tues", "décès", "deces"),
    Field.TAGS: ("mots_clés",),
}
_SPANISH: Final[dict[Field, tuple[str, ...]]] = {
    Field.TITLE: ("título", "titulo", "evento", "suceso", "titular"),
    Field.SUMMARY: ("resumen", "descripción", "descripcion"),
    Field.START: ("fecha", "inicio", "fecha_inicio", "fecha_de_inicio", "comienzo", "día", "año"),
    Field.END: ("fecha_fin", "fecha_de_fin"),
    Field.LAT: ("latitud",),
    Field.LON: ("longitud",),
    Field.PLACE: ("lugar", "ciudad", "localidad", "ubicación", "ubicacion"),
    Field.COUNTRY: ("país", "pais"),
    Field.ADMIN1: ("provincia", "departamento", "región"),
    Field.KIND: ("tipo", "clase", "categoría", "categoria"),
    Field.ACTOR: ("actores", "actor_es", "grupo", "perpetrador"),
    Field.SOURCE: ("fuente", "fuentes"),
    Field.QUOTE: ("cita", "texto", "notas", "observaciones"),
    Field.QUANTITY: ("muertos", "muertes", "fallecidos"),
    Field.TAGS: ("etiquetas",),
}
_ARABIC: Final[dict[Field, tuple[str, ...]]] = {
    Field.TITLE: ("العنوان", "عنوان", "الحدث", "حدث"),
    Field.SUMMARY: ("الملخص", "ملخص", "الوصف", "وصف"),
    Field.START: ("التاريخ", "تاريخ", "تاريخ_البداية", "البداية", "اليوم", "السنة"),
    Field.END: ("تاريخ_النهاية", "النهاية"),
    Field.LAT: ("خط_العرض",),
    Field.LON: ("خط_الطول",),
    Field.PLACE: ("المكان", "مكان", "الموقع", "موقع", "المدينة", "مدينة"),
    Field.COUNTRY: ("البلد", "الدولة"),
    Field.ADMIN1: ("المحافظة", "محافظة"),
    Field.KIND: ("النوع", "نوع", "نوع_الحدث"),
    Field.ACTOR: ("الفاعل", "الجهة", "المجموعة", "الجهة_الفاعلة"),
    Field.SOURCE: ("المصدر", "مصدر", "المصادر"),
    Field.QUOTE: ("الاقتباس", "اقتباس", "ملاحظات", "الملاحظات", "النص"),
    Field.QUANTITY: ("القتلى", "قتلى", "عدد_القتلى", "الوفيات"),
}

HEADINGS: Final = MappingProxyType(
    {
        field: tuple(name for usual in (_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ARABIC) for name in usual.get(field, ()))
        for field in _ENGLISH
    }
)
"""Each field with its usual headings, those of one language after those of another."""
_ODD: Final = (("art", "land"), _GERMAN), (("pays", "tues"), _FRENCH)
AMONG: Final = MappingProxyType(
    {word: frozenset(chain.from_iterable(usual.values())).difference(odd) for odd, usual in _ODD for word in odd}
)
"""Headings that are words of English tables, each with those of its language of which one has to stand beside it."""
