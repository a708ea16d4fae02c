"""Makes standoff.json: where the quotes of the five articles lie in them, as positions and hashes, without a word.

Run from the checkout, with the articles and their annotation at hand (a folder with ``seeds/`` and ``sample/``):

    DATELINE_SHARED=/path/to/shared .venv/bin/python -m resources.sample.standoff
"""

from __future__ import annotations

import json
import os
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from db.reading.anchors import document_fields, standoff
from db.reading.text import canonicalise_with_map, decode

ARTICLES: Final = {
    "000": "reuters",
    "001": "arab-weekly",
    "002": "al-masdar",
    "003": "cipher-brief",
    "004": "debka",
}
"""The number that an article's file name begins with -> the id of its source in sources.json."""

QUOTE_FIELDS: Final = ("start", "end", "exact_sha256", "folded_sha256", "folded_length", "folded_start")


def describe(path: Path, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One article: the hashes and lengths of its file and text, and its quotes in the order of their rows."""
    data = path.read_bytes()
    received, encoding = decode(data)
    text, offsets = canonicalise_with_map(received)
    quotes = []
    for row in sorted(rows, key=lambda each: each["id"]):
        start, end = (offsets.to_canonical(row[key]) for key in ("char_start", "char_end"))
        if text[start:end] != row["quote"]:
            raise SystemExit(f"{path.name}, {row['id']}: the annotation and the text do not agree")
        fields = standoff(text, start, end)
        quotes.append({"row": row["id"]} | {name: fields[name] for name in QUOTE_FIELDS})
    return {
        "source": ARTICLES[path.name[:3]],
        "sha256": sha256(data).hexdigest(),
        "bytes": len(data),
        "media_type": "text/plain",
        "encoding": encoding,
        **document_fields(text),
        "quotes": quotes,
    }


def write(documents: list[dict[str, Any]]) -> str:
    """JSON with a line for each quote."""
    blocks = []
    for document in documents:
        head = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in document.items() if key != "quotes"]
        quotes = ",\n".join(f"   {json.dumps(quote)}" for quote in document["quotes"])
        blocks.append(" {\n" + ",\n".join(head) + ',\n  "quotes": [\n' + quotes + "\n  ]\n }")
    return "[\n" + ",\n".join(blocks) + "\n]\n"


def main() -> None:
    shared = Path(os.environ["DATELINE_SHARED"])
    rows = json.loads((shared / "sample" / "events.json").read_text("utf-8"))
    documents = [
        describe(path, [row for row in rows if row["file"] == path.name])
        for path in sorted((shared / "seeds").glob("*.txt"))
    ]
    out = Path(__file__).with_name("standoff.json")
    out.write_text(write(documents), "utf-8")
    sys.stdout.write(f"{out.name}: {sum(len(each['quotes']) for each in documents)} quotes\n")


if __name__ == "__main__":
    main()
