"""A folder of data files that cannot be: a plain sentence that names file and row, and no project left behind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from db.errors import EnvironmentFault, InputFault
from db.importers.bundle import build
from db.importers.digest import read_digest

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(SAMPLE, tmp_path / "bundle"))


def edit(folder, name, change):
    path = folder / name
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content), "utf-8")


def claim(content, row):
    return next(claim for event in content for claim in event["claims"] if claim["row"] == row)


def set_claim(row, **values):
    return lambda content: claim(content, row).update(values)


def repeat(content):
    content[1]["claims"].append(dict(content[0]["claims"][0]))


def drop(content):
    content[0]["claims"].pop()


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("events.json", set_claim("e045", place="atlantis"), "events.json, e045: “atlantis”"),
        ("events.json", set_claim("e045", date="2016-13"), "events.json, e045: There is no month 13"),
        ("events.json", set_claim("e045", status="rumoured"), "events.json, e045: 'rumoured'"),
        ("events.json", set_claim("e045", credibility=7), "events.json, e045: credibility"),
        ("events.json", set_claim("e045", places={"near": ["mosul"]}), "events.json, e045: a further place"),
        ("events.json", set_claim("e045", actors={"acts": ["nobody"]}), "events.json, e045: “nobody”"),
        (
            "events.json",
            set_claim("e045", control={"place": "raqqa", "holder": "isis", "reach": "some", "mode": "holds"}),
            "events.json, e045: 'some'",
        ),
        ("events.json", lambda content: claim(content, "e045").pop("title"), "events.json, e045: “title”"),
        ("events.json", repeat, "events.json, e001: two claims rest on this quote"),
        ("events.json", drop, "events.json: nothing is claimed by e114"),
        ("events.json", lambda content: content[3].update(outcome_of="nothing"), "events.json, mosul-end-of-isis: “no"),
        ("events.json", lambda content: content[3].update(kind="weather"), "events.json, mosul-end-of-isis: “weather”"),
        ("places.json", lambda content: content[0].update(lat=95), "places.json, afghanistan: There is no place"),
        ("places.json", lambda content: content[0].update(kind="blob"), "places.json, afghanistan: 'blob'"),
        ("actors.json", lambda content: content[0].update(parent="x"), "actors.json, abadi: “x”"),
        ("sources.json", lambda content: content[0].update(published="soon"), "sources.json, reuters: “soon”"),
        ("sources.json", lambda content: content[0].update(reliability="Z"), "sources.json, reuters: reliability"),
        ("sources.json", lambda content: content.pop(), "standoff.json: there is no source “debka”"),
        ("standoff.json", lambda content: content.pop(), "sources.json, debka: “debka”"),
        ("project.json", lambda content: content.update(opens_with="x"), "project.json, the project: “x”"),
        ("project.json", lambda content: content.pop("title"), "project.json does not say “title”"),
    ],
)
def test_what_is_wrong_is_named_with_its_row(folder, tmp_path, name, change, said):
    edit(folder, name, change)
    out = tmp_path / "out.gpkg"
    with pytest.raises(InputFault) as caught:
        build(folder, out)
    assert str(caught.value).startswith(said)
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_missing_or_broken_file_is_named(folder, tmp_path):
    (folder / "places.json").write_text("{", "utf-8")
    with pytest.raises(InputFault, match=r"places\.json is not JSON"):
        build(folder, tmp_path / "out.gpkg")
    (folder / "places.json").write_text("{}", "utf-8")
    with pytest.raises(InputFault, match=r"places\.json should hold a JSON list"):
        build(folder, tmp_path / "out.gpkg")
    (folder / "places.json").unlink()
    with pytest.raises(EnvironmentFault, match=r"places\.json cannot be read"):
        build(folder, tmp_path / "out.gpkg")
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_marks_of_a_digest_that_do_not_match_are_named(folder, tmp_path):
    path = folder / "digests" / "debka.md"
    path.write_text(path.read_text("utf-8").replace("{/e162}", ""), "utf-8")
    with pytest.raises(InputFault, match=r"^digests/debka\.md, the text: e162 begins and has no end\.$"):
        build(folder, tmp_path / "out.gpkg")
    assert not (tmp_path / "out.gpkg").exists()


def test_an_existing_file_is_left_alone(folder, tmp_path):
    out = tmp_path / "out.gpkg"
    out.write_bytes(b"mine")
    with pytest.raises(InputFault, match="already"):
        build(folder, out)
    assert out.read_bytes() == b"mine"


def test_marks_nest_and_overlap():
    digest = read_digest("# Heading\n\n{a}One {b}two\nthree{/a} four{/b}.\n\n{c}{d}Five{/d}{/c} six.\n")
    assert digest.text == "One two three four.\n\nFive six."
    assert {row: digest.text[slice(*span)] for row, span in digest.spans.items()} == {
        "a": "One two three",
        "b": "two three four",
        "c": "Five",
        "d": "Five",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{a}x{/a} {a}y{/a}", "marked twice"),
        ("x{/a}", "ends where it has not begun"),
        ("{a}x{/a}{/a}", "ends where it has not begun"),
        ("{a}x", "begins and has no end"),
        ("{a}{/a}x", "marks no words"),
        ("{a}x {/a}y", "blanks around them"),
    ],
)
def test_bad_marks_are_refused(text, said):
    with pytest.raises(InputFault, match=said):
        read_digest(text)
