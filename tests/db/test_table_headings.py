"""Columns are guessed by their usual headings, also in other languages than English."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from db.importers.tables.columns import Field
from db.importers.tables.headings import HEADINGS
from db.importers.tables.mapping import field_called, guess
from db.kept.dialect import plain
from db.store import Store
from tests.helpers.imported import bring, details, own
from tests.helpers.imported import store as store_fixture

store = store_fixture
LANGUAGES = {
    "German": "Titel,Beginn,Ende,Ort,Breitengrad,Längengrad,Art,Akteur(e),Quelle,Tote,Anmerkungen",
    "French": "Titre,Début,Fin,Lieu,Latitude,Longitude,Type,Acteurs,Source,Morts,Remarques",
    "Spanish": "TÍTULO,Inicio,Fecha fin,Lugar,Latitud,Longitud,Tipo,Actores,Fuente,Muertos,Notas",
    "Arabic": "العنوان,تاريخ,تاريخ النهاية,المكان,خط العرض,خط الطول,النوع,الجهة,المصدر,القتلى,ملاحظات",
}
FIELDS = (
    *(Field.TITLE, Field.START, Field.END, Field.PLACE, Field.LAT, Field.LON, Field.KIND, Field.ACTOR, Field.SOURCE),
    *(Field.QUANTITY, Field.QUOTE),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_of_other_languages_are_known(store: Store, tmp_path: Path, language: str) -> None:
    header = LANGUAGES[language].split(",")
    assert guess(header).columns == {field: (name,) for field, name in zip(FIELDS, header, strict=True)}
    row = "Treffen,2016-11-27,2016-11-28,Mossul,36.3,43.1,Raid,Group A,Herald,3,Words\n"
    bring(store, own(tmp_path, LANGUAGES[language] + "\n" + row))
    (event,) = details(store)
    assert event.when is not None
    assert event.place is not None
    assert (event.title, event.when.edtf, event.place.name) == ("Treffen", "2016-11-27/2016-11-28", "Mossul")
    assert event.claims[0].quantity is not None
    assert event.claims[0].quantity.value == 3


def test_only_whole_words_count_and_english_ones_first() -> None:
    assert guess(["Datumsgrenze", "Ortsteil", "Nombre", "Tag", "Total"]).columns == {}
    assert guess(["Datum", "Date"]).columns == {Field.START: ("Date",)}
    assert guess(["La\u0308nge", "Breite"]).columns == {Field.LAT: ("Breite",), Field.LON: ("La\u0308nge",)}


def test_an_english_word_counts_beside_others_of_its_language() -> None:
    assert guess(["Title", "Art", "Land", "Tues", "Pays"]).columns == {Field.TITLE: ("Title",)}
    assert guess(["Art", "Land"]).columns == {}, "neither speaks for the other"
    assert guess(["Datum", "Art", "Land", "Tues"]).columns == {
        Field.START: ("Datum",), Field.KIND: ("Art",), Field.COUNTRY: ("Land",),
    }  # fmt: skip
    assert guess(["Lieu", "Pays", "Tues", "Art"]).columns == {
        Field.PLACE: ("Lieu",), Field.COUNTRY: ("Pays",), Field.QUANTITY: ("Tues",),
    }  # fmt: skip
    assert guess(["Länge", "Gewicht"]).columns == {}


def test_a_heading_means_the_same_when_it_is_typed() -> None:
    assert all(field_called(name) is field for field, usual in HEADINGS.items() for name in usual)
    assert guess(["Note", "Notes"]).columns == {Field.NOTE: ("Note",), Field.QUOTE: ("Notes",)}


def test_each_heading_means_one_field() -> None:
    assert all(plain(name) == name for name in chain.from_iterable(HEADINGS.values()))
    fields = Counter(chain.from_iterable(set(usual) for usual in HEADINGS.values()))
    assert [name for name, number in fields.items() if number > 1] == []
