"""Quotes found again: alive in their own text and in copies of it, never in another passage."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from db.errors import InputFault
from db.reading.anchors import Taken, document_fields, find_quotes, make_quote_fields, standoff
from db.reading.folding import fold, folded_sha256
from db.reading.selectors import SearchedText, TextSelector
from db.reading.text import canonicalise
from db.tables import Quote
from db.values import QuoteState
from tests.helpers.articles import RETYPED, articles
from tests.helpers.examples import examples
from tests.helpers.shared import needs_shared

seeds = st.integers(0, 2**32)  # of edits: an edit of a whole article is too much to draw piece by piece


def selector(text, start, end, *, standoff=True):
    fields = make_quote_fields(text, start, end, standoff=standoff)
    return TextSelector.of(Quote(uid="", document_id=1, **fields))


def taken(text, *, keep=False):
    fields = document_fields(text)
    return Taken(fields["text_sha256"], fields["folded_sha256"], SearchedText(text) if keep else None)


def selectors_of(article, *, standoff=True):
    return [selector(article.text, start, end, standoff=standoff) for start, end in article.passages]


def plain(anchor):
    """State and position."""
    return anchor.state, anchor.start, anchor.end


# -- making quotes


def test_a_quote_keeps_its_words_and_context():
    text = "The army took the town. It was quiet."
    fields = make_quote_fields(text, 4, 23)
    assert (fields["exact"], fields["prefix"], fields["suffix"]) == ("army took the town.", "The ", " It was quiet.")
    assert (fields["folded_length"], fields["folded_start"], fields["state"]) == (16, 3, "anchored")
    assert fields["folded_sha256"] == folded_sha256("armytookthetown.")
    Quote(uid="", document_id=1, **fields)


def test_a_standoff_quote_keeps_no_word():
    text = "The army took the town. It was quiet."
    fields = standoff(text, 4, 23)
    assert [fields[name] for name in ("exact", "prefix", "suffix")] == [None, None, None]
    assert fields["state"] == "standoff"
    assert not any(word in str(value) for value in fields.values() for word in ("army", "took", "town", "quiet"))
    kept = make_quote_fields(text, 4, 23)
    assert {k: v for k, v in fields.items() if v is not None and k != "state"}.items() <= kept.items()


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 99)])
def test_a_stretch_outside_the_text_is_refused(start, end):
    with pytest.raises(InputFault, match="no passage from"):
        make_quote_fields("Ten letters", start, end)


def test_a_stretch_without_a_visible_character_is_refused():
    with pytest.raises(InputFault, match="visible"):
        make_quote_fields("one \n\u200b two", 3, 6)


@pytest.mark.parametrize(
    "damage",
    [
        {"start": None},
        {"end": 3},
        {"start": -4},
        {"folded_length": 0},
        {"folded_sha256": "xyz"},
        {"exact_sha256": None},
        {"selector": "row"},
    ],
)
def test_a_damaged_row_has_no_selector(damage):
    row = Quote(uid="", document_id=1, **make_quote_fields("The army took the town.", 4, 12) | damage)
    assert TextSelector.of(row) is None


VALUES = st.one_of(st.none(), st.integers(), st.text(max_size=5), st.binary(max_size=5), st.floats(), st.just("text"))


@given(st.lists(VALUES, min_size=10, max_size=10), st.booleans())
def test_a_row_of_anything_gives_a_selector_that_can_be_looked_for_or_none(values, hashes):
    values[3:5] = ["a" * 64, "b" * 64] if hashes else values[3:5]
    made = TextSelector.from_columns(["text", 3, 9, *values[3:5], 25, *values[6:]])
    assert (made is None) is not hashes
    assert TextSelector.from_columns(values) is None or hashes
    if made is not None:
        text = "The army took the town. It was quiet."
        assert not find_quotes(SearchedText(text), [made], taken(text))[0].is_found or made.exact


@given(st.text(max_size=80), st.data())
def test_any_quote_is_anchored_in_its_own_text(raw, data):
    text = canonicalise(raw)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if not fold(text[start:end]):
        return
    own = [selector(text, start, end, standoff=words) for words in (True, False)]
    for anchor in find_quotes(SearchedText(text), own, taken(text)):
        assert plain(anchor) == (QuoteState.ANCHORED, start, end)
        assert anchor.columns(own[0]) == {"state": "anchored", "found_start": None, "found_end": None}


# -- stand-off quotes of the real articles


@needs_shared
@pytest.mark.parametrize("way", RETYPED)
def test_every_passage_of_the_articles_is_found_in_a_retyped_copy(way):
    alive = 0
    for article in articles():
        searched = SearchedText(canonicalise(RETYPED[way](article.text)))
        own = selectors_of(article)
        for quote, anchor in zip(own, find_quotes(searched, own, taken(article.text)), strict=True):
            assert anchor.state in (QuoteState.ANCHORED, QuoteState.MOVED)
            passage = searched.text[anchor.start : anchor.end]
            assert quote.holds(passage)
            words = fold(passage).replace("-", "").lower()
            assert words == fold(article.text[quote.start : quote.end]).replace("-", "").lower()
            alive += 1
    assert alive == 162


@needs_shared
def test_a_copy_with_more_around_it_leaves_only_short_and_repeated_passages_open():
    lost = []
    for article in articles():
        searched = SearchedText("Share this article\n\n" + article.text + "\n\nMore stories")
        own = selectors_of(article)
        anchors = find_quotes(searched, own, taken(article.text))
        for quote, anchor in zip(own, anchors, strict=True):
            assert not anchor.is_found or plain(anchor) == (QuoteState.MOVED, quote.start + 20, quote.end + 20)
        lost += [(q, a) for q, a in zip(own, anchors, strict=True) if not a.is_found]
    assert all(a.candidates for _, a in lost)
    assert sorted((q.is_movable, len(a.candidates)) for q, a in lost) == [(False, 1), (True, 2), (True, 2)]


@needs_shared
def test_no_passage_of_one_article_is_found_in_another():
    for article in articles():
        for other in articles():
            if other is not article:
                found = find_quotes(SearchedText(other.text), selectors_of(article)[::6], taken(article.text))
                assert not any(anchor.is_found for anchor in found)


def edited(text, rng):
    """An editor's copy: words replaced, sentences dropped, swapped and put in."""
    sentences = re.split(r"(?<=[.!?”]) ", text)
    for _ in range(rng.randrange(1, 8)):
        i = rng.randrange(len(sentences))
        match rng.randrange(5):
            case 0:
                sentences[i] = ""
            case 1:
                j = rng.randrange(len(sentences))
                sentences[i], sentences[j] = sentences[j], sentences[i]
            case 2:
                sentences.insert(i, "A sentence of the editor's own stands here.")
            case 3:
                words = sentences[i].split(" ")
                words[rng.randrange(len(words))] = rng.choice(["Kirkuk", "never", "40,000", "reportedly"])
                sentences[i] = " ".join(words)
            case 4:
                sentences.insert(i, sentences[rng.randrange(len(sentences))])
    return " ".join(sentences)


@needs_shared
@settings(max_examples=examples(20), deadline=None)
@given(st.integers(0, 4), seeds)
def test_an_edited_copy_gives_the_passage_or_nothing(number, seed):
    rng = random.Random(seed)
    article = articles()[number]
    copy = edited(article.text, rng)
    own = selectors_of(article)
    for quote, anchor in zip(own, find_quotes(SearchedText(copy), own, taken(article.text)), strict=True):
        exact = fold(article.text[quote.start : quote.end])
        assert anchor.state is not QuoteState.CHANGED  # without words there is nothing to compare with
        if anchor.is_found:
            assert fold(copy[anchor.start : anchor.end]) == exact
        else:
            assert len(exact) < 20 or fold(copy).count(exact) != 1


# -- quotes whose words are known

NAMES = ["Army", "Militia", "Column", "Convoy", "Police", "Council"]
PLACES = ["Tikrit", "Ramadi", "Fallujah", "Sinjar", "Palmyra", "Manbij", "Sirte", "Raqqa", "Hit", "Baiji"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
VERBS = ["entered", "took", "left", "shelled", "surrounded"]
REST = ["after a week of fighting", "at dawn", "without a shot", "officials said", "according to a witness in the town"]


def report(rng, length):
    """Sentences so alike that only names and days tell them apart, each different from all others."""
    made = {}
    while len(made) < length:
        words = [rng.choice(x) for x in (NAMES, VERBS, PLACES, DAYS, REST)]
        made["The {} {} the town of {} on {} {}.".format(*words)] = None
    return list(made)


def found_among_others(seed, keep, deleted):
    """A quoted sentence and what is found of it in a copy that has others more, and itself or not."""
    rng = random.Random(seed)
    sentences = report(rng, 14)
    text = " ".join(sentences)
    number = rng.randrange(14)
    start = text.index(sentences[number])
    quote = selector(text, start, start + len(sentences[number]), standoff=False)
    kept = [sentence for sentence in sentences if not deleted or sentence != sentences[number]]
    for _ in range(rng.randrange(4)):
        kept.insert(rng.randrange(len(kept)), "The weather was fine in the capital that week.")
    copy = " ".join(kept)
    anchor = find_quotes(SearchedText(copy), [quote], taken(text, keep=keep))[0]
    return sentences[number], None if anchor.start is None else copy[anchor.start : anchor.end]


@settings(max_examples=examples(60), deadline=None)
@given(seeds, st.booleans())
def test_among_sentences_all_alike_no_quote_goes_to_another(seed, deleted):
    sentence, found = found_among_others(seed, True, deleted)
    assert found == (None if deleted else sentence)


def test_without_the_earlier_text_hardly_any_quote_goes_to_a_sentence_alike():
    """The worst case that there is: a text of one pattern, the sentence gone, and nothing to compare with."""
    assert sum(found_among_others(seed, False, True)[1] is not None for seed in range(300)) <= 6


@needs_shared
@settings(max_examples=examples(20), deadline=None)
@given(st.integers(0, 4), seeds, st.sampled_from([0.02, 0.08, 0.15]))
@example(1, 324819206, 0.08)  # slips made the passage longer than a window of the quote's length
def test_a_passage_with_slips_in_it_is_found_where_it_stands(number, seed, rate):
    article = articles()[number]
    slack = 6 if rate < 0.1 else 10  # characters: where every seventh is wrong, the edge of a word may be gone
    for quote, anchor, place in found_after_slips(article, seed, rate):
        if anchor.is_found:
            assert abs(anchor.start - place[quote.start]) <= slack
            assert abs(anchor.end - place[quote.end]) <= slack


@needs_shared
def test_nearly_all_passages_are_found_in_spite_of_slips():
    """Over all articles and ten copies of each with 15 % of the characters mutated; a single copy may do worse."""
    found = [
        anchor.is_found
        for article in articles()
        for seed in range(10)
        for _quote, anchor, _place in found_after_slips(article, seed, 0.15)
    ]
    assert sum(found) >= 0.97 * len(found)


def found_after_slips(article, seed, rate):
    """Each quote of an article with where it was found in a copy with slips, and the map to where it really is."""
    copy, place = slips(article.text, random.Random(seed), rate)
    own = selectors_of(article, standoff=False)
    anchors = find_quotes(SearchedText(copy), own, taken(article.text, keep=True))
    return [(quote, anchor, place) for quote, anchor in zip(own, anchors, strict=True)]


def slips(text, rng, rate):
    """The text with characters dropped, replaced and put in, and where each offset went."""
    made, place = [], []
    for character in text:
        place.append(len(made))
        chance = rng.random() / rate
        made += "" if chance < 1 / 3 else rng.choice("aeinst ") if chance < 2 / 3 else character
        made += rng.choice("aeinst ") if 2 / 3 < chance < 1 else ""
    return "".join(made), [*place, len(made)]


@needs_shared
def test_a_passage_cut_out_is_an_orphan():
    for article in articles():
        for quote in selectors_of(article, standoff=False)[::3]:
            exact = article.text[quote.start : quote.end]
            copy = article.text[: quote.start] + article.text[quote.end :]
            if fold(exact) in fold(copy):
                continue
            for keep in (True, False):
                anchor = find_quotes(SearchedText(copy), [quote], taken(article.text, keep=keep))[0]
                assert anchor.state is QuoteState.ORPHAN


def test_a_changed_word_leaves_the_quote_changed_and_whole():
    before, after = "Nobody had expected it so soon. ", " The road to the south stayed closed for days."
    was = "The army entered Tikrit on Monday with ten tanks."
    now = "The army entered Tikrit on Tuesday with 10 tanks."
    quote = selector(before + was + after, 32, 32 + len(was), standoff=False)
    copy = "A new headline\n\n" + before + now + after
    anchor = find_quotes(SearchedText(copy), [quote], taken(before + was + after, keep=True))[0]
    assert anchor.state is QuoteState.CHANGED
    assert copy[anchor.start : anchor.end] == now
    assert anchor.columns(quote) == {"state": "changed", "found_start": anchor.start, "found_end": anchor.end}


def test_a_short_quote_follows_its_context_and_only_that():
    text = "Planes struck Mosul at night. Nobody fled from there. Weeks later Mosul was silent again."
    place = text.rindex("Mosul")
    quote = selector(text, place, place + 5, standoff=False)
    copy = "News of Mosul. " + text
    anchor = find_quotes(SearchedText(copy), [quote], taken(text))[0]
    assert plain(anchor) == (QuoteState.MOVED, place + 15, place + 20)
    anchor = find_quotes(SearchedText("Entirely other news came from Mosul."), [quote], taken(text))[0]
    assert anchor.state is QuoteState.ORPHAN
    assert [("Entirely other news came from Mosul."[c.start : c.end]) for c in anchor.candidates] == ["Mosul"]


def test_equal_passages_in_equal_contexts_are_candidates():
    line = "The front did not move that day, officials said in the capital. "
    text = line * 6
    quote = selector(text, 130, 180, standoff=False)
    anchor = find_quotes(SearchedText("Title. " + text), [quote], taken(text))[0]
    assert anchor.state is QuoteState.ORPHAN
    assert len(anchor.candidates) >= 2


@pytest.mark.parametrize("copy", ["", " ", "x", "\n\n", "’"])
@pytest.mark.parametrize("words", [True, False])
def test_a_text_with_nothing_in_it_gives_orphans(copy, words):
    text = "The army took the town. It was quiet there for weeks."
    quotes = [selector(text, 0, 23, standoff=words), selector(text, 4, 8, standoff=words)]
    assert [a.state for a in find_quotes(SearchedText(copy), quotes, taken(text))] == [QuoteState.ORPHAN] * 2


def test_a_twin_of_an_edited_passage_is_no_more_than_a_candidate():
    words = "The caliphate had lost most of its land by December."
    text = f"Much was said that week. {words} Others disagreed with that. A pull quote follows here: {words}"
    place = text.index(words)
    quote = selector(text, place, place + len(words), standoff=False)
    anchor = find_quotes(SearchedText(text.replace("most of its", "much of its", 1)), [quote], taken(text))[0]
    assert anchor.state is QuoteState.ORPHAN
    assert [c.start for c in anchor.candidates] == [place, text.rindex(words)]


def test_a_wrong_hash_is_never_taken_for_sound():
    text = "The army took the town. It was quiet there for weeks."
    other = selector(text.replace("army", "navy"), 0, 23)
    anchor = find_quotes(SearchedText(text), [other], taken(text))[0]
    assert anchor.state is QuoteState.ORPHAN


def test_a_passage_cut_in_mid_word_keeps_its_edges_in_a_long_text():
    rng = random.Random(5)
    text = " ".join(report(rng, 1500))
    quote = selector(text, 50_000, 50_200, standoff=False)
    copy = text[:20_000] + text[20_400:50_100] + "x" + text[50_101:]
    anchor = find_quotes(SearchedText(copy), [quote], taken(text))[0]
    assert plain(anchor) == (QuoteState.CHANGED, 49_600, 49_800)


@pytest.mark.parametrize(
    "passage",
    [
        "held the bridge until the night",
        "“Nobody crossed,” he said",
        "سقط الجسر يوم الاثنين بعد قتال طويل",
        "军队过桥后撤退到城里并在那里停留了三个星期直到新的命令到达",
        "الجيش دخل المدينة في الليل",
        "km from the town they stopped",
    ],
    ids=["words", "marks", "arabic", "unspaced", "prefix", "unit"],
)
def test_a_passage_is_found_by_its_hash_in_a_text_as_long_as_a_book(passage):
    around = " ".join(f"word{number}" for number in range(12_000))
    before = {"ا": "و", "k": "12.5"}.get(passage[0], "他们说")  # what it may follow without a space
    own = f"Before it. The text says {before}{passage}. After it."
    start = own.index(passage)
    [anchor] = find_quotes(SearchedText(f"{around}\n\n{own}"), [selector(own, start, start + len(passage))], taken(own))
    assert anchor.is_found
    assert (anchor.start, anchor.end) == (len(around) + 2 + start, len(around) + 2 + start + len(passage))
