"""Canonical text: offsets, line ends, encodings, paragraphs."""

from __future__ import annotations

import os
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import InputFault
from db.reading.text import (
    MAX_TEXT_BYTES,
    Utf16Map,
    canonicalise,
    canonicalise_with_map,
    decode,
    paragraphs,
    text_sha256,
)
from tests.helpers.shared import SHARED, needs_shared

# What breaks offsets: emoji, flags, joined families, right to left, marks, joiners, line ends of every kind, a BOM.
PIECES = st.sampled_from(
    [
        "a",
        "Mosul ",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\u2028",
        "\u2029",
        "\ufeff",
        "\x00",
        "\ufdd0",
        "\ud83d",
        "\ude00",
        "😀",
        "🇮🇶",
        "👨‍👩‍👧",
        "الموصل",
        "é",
        "e\u0301",
        "“",
        "𐎀",
    ]
)
texts = st.one_of(st.lists(PIECES, max_size=24).map("".join), st.text(max_size=40))


@given(texts, st.data())
def test_a_slice_by_code_points_is_the_slice_by_utf16_units(raw, data):
    text = canonicalise(raw)
    units = text.encode("utf-16-le")
    convert = Utf16Map(text)
    assert convert.length16 == len(units) // 2
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = convert.to_utf16(start), convert.to_utf16(end)
    assert units[2 * first : 2 * last].decode("utf-16-le") == text[start:end]
    assert (convert.to_code_point(first), convert.to_code_point(last)) == (start, end)


@given(texts)
def test_every_offset_converts_alike_one_by_one_and_many_at_once(raw):
    text = canonicalise(raw)
    convert = Utf16Map(text)
    offsets = np.arange(convert.length + 1)
    offsets16 = np.arange(convert.length16 + 1)
    assert convert.to_utf16_many(offsets).tolist() == [convert.to_utf16(i) for i in range(convert.length + 1)]
    back = [convert.to_code_point(i) for i in range(convert.length16 + 1)]
    assert convert.to_code_point_many(offsets16).tolist() == back
    assert back == sorted(back)


def test_an_offset_between_the_halves_of_a_character_is_its_start():
    convert = Utf16Map("a😀b")
    assert [convert.to_code_point(i) for i in range(5)] == [0, 1, 1, 2, 3]


@pytest.mark.parametrize("offset", [-1, 4])
def test_offsets_outside_the_text_are_refused(offset):
    convert = Utf16Map("a😀b")
    with pytest.raises(IndexError):
        convert.to_utf16(offset)
    with pytest.raises(IndexError):
        convert.to_code_point(offset + (offset > 0))
    with pytest.raises(IndexError):
        convert.to_utf16_many([0, offset])


@given(texts)
def test_canonical_text_is_canonical(raw):
    text = canonicalise(raw)
    assert canonicalise(text) == text
    assert not set(text) & set("\r\u2028\u2029\x00\ufdd0\ufdd1")
    assert not text.startswith("\ufeff")
    assert text.encode().decode() == text
    assert len(text_sha256(text)) == 64


@given(texts)
def test_offsets_of_the_text_received_lead_into_the_canonical_text(raw):
    text, offsets = canonicalise_with_map(raw)
    assert text == canonicalise(raw)
    assert offsets.to_canonical(len(raw)) == len(text)
    kept = [i for i in range(len(raw)) if offsets.to_canonical(i + 1) > offsets.to_canonical(i)]
    assert [canonicalise("x" + raw[i])[1:] for i in kept] == list(text)


def test_line_ends_and_marks():
    assert canonicalise("\ufeffone\r\ntwo\rthree\u2028four\u2029five\n\r\n") == "one\ntwo\nthree\nfour\nfive\n\n"
    assert canonicalise("a\x00b\ud800c\ufdd0\ufdd1") == "a\ufffdb\ufffdc\ufffd\ufffd"


WORDS = "Islamic State’s “caliphate” — Zürich’s café was retaken, officials said on Monday, 28 November."


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings_are_recognised(encoding, name):
    decoded = decode(WORDS.encode(encoding))
    assert (canonicalise(decoded.text), decoded.encoding) == (WORDS, name)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1256", "استعاد الجيش السيطرة على المدينة بعد معارك طويلة، حسبما قال مسؤولون."),
        ("cp1251", "Армия вернула контроль над городом после длительных боев, сообщили официальные лица."),
        ("koi8_r", "Армия вернула контроль над городом после длительных боев, сообщили официальные лица."),
        ("shift_jis", "軍は長い戦闘の後、都市の支配を取り戻したと当局者は述べた。"),
        ("utf-16-le", "The army said so, and الموصل was named."),
    ],
)
def test_other_scripts_are_recognised(encoding, text):
    assert decode(text.encode(encoding)).text == text


def test_a_named_encoding_overrides_the_judgement():
    assert decode("é".encode("cp437"), "cp437").text == "é"
    with pytest.raises(InputFault, match="no encoding called"):
        decode(b"x", "klingon")
    with pytest.raises(InputFault, match="cannot be read as ascii"):
        decode(b"\xe9", "ascii")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7 stream", "a PDF"),
        (b"PK\x03\x04rest", "zip archive"),
        (b"SQLite format 3\x00" + bytes(100), "database or a project"),
        (bytes(range(32)) * 20, "control characters"),
        (bytes(1000), "control characters"),
        (b"\x80\x81\xff\x00" * 50, "control characters"),
        (bytes(random.Random(7).choices(range(1, 256), k=2000)), "not a text"),
    ],
)
def test_what_is_no_text_is_refused_in_words(data, words):
    with pytest.raises(InputFault, match=words):
        decode(data)


def test_a_huge_file_is_refused_before_it_is_read():
    with pytest.raises(InputFault, match="64 MB"):
        decode(bytes(MAX_TEXT_BYTES + 1))


def test_random_bytes_are_refused_or_read_but_never_break():
    for n in range(60):
        try:
            text = canonicalise(os.urandom(5 + 20 * n))
        except InputFault:
            continue
        assert canonicalise(text) == text


@given(st.binary(max_size=60))
def test_any_bytes_give_a_text_or_a_sentence(data):
    try:
        canonicalise(data)
    except InputFault as fault:
        sentence = str(fault)
    else:
        sentence = "It is a text."
    assert sentence.endswith(".")


@given(texts)
def test_paragraphs_hold_each_visible_character_once(raw):
    text = canonicalise(raw)
    spans = paragraphs(text)
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    rest = list(text)
    for start, end in spans:
        assert text[start:end] == text[start:end].strip()
        rest[start:end] = " " * (end - start)
    assert not "".join(rest).strip()


def test_wrapped_lines_join_and_long_lines_do_not():
    wrapped = "The army said on\nMonday that it\nhad taken the\ntown again.\nA witness saw\nsmoke\nat noon.\n\nEnd"
    assert [wrapped[a:b].replace("\n", " ") for a, b in paragraphs(wrapped)] == [
        "The army said on Monday that it had taken the town again.",
        "A witness saw smoke at noon.",
        "End",
    ]
    lines = "A first sentence stands here.\nA second one stands here.\n\nA third one."
    assert [lines[a:b] for a, b in paragraphs(lines)] == lines.replace("\n\n", "\n").split("\n")


@needs_shared
def test_the_articles_offsets_count_in_their_canonical_text():
    for path in sorted((SHARED / "seeds").glob("*.txt")):
        data = path.read_bytes()
        assert canonicalise(data) == data.decode()
        assert len(paragraphs(canonicalise(data))) >= 10
