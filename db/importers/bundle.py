"""Builds a project from a folder of data files that diff well: the sample, or any collection kept that way.

``project.json``, ``kinds.json``, ``actors.json``, ``places.json``, ``sources.json``, ``standoff.json``, ``events.json``
and ``digests/<source>.md``; the README beside the sample's files says what is in each. The files point at each other
by ids of their own. The uids of the rows are derived from those, so that two builds have the same ones and a Ref or a
stored view holds in every copy.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from sqlmodel import Session, SQLModel, select

from db import edtf
from db.displayed import span_columns
from db.errors import InputFault
from db.geometry import point_blob
from db.importers.bundle_files import BundleFiles, Item, naming
from db.importers.digest import Digest
from db.reading.anchors import document_fields, make_quote_fields
from db.reading.files import keep_content
from db.store import Store
from db.tables import (
    Actor,
    Claim,
    ClaimActor,
    ClaimPlace,
    Document,
    Event,
    Kind,
    Place,
    Project,
    Quote,
    Source,
)
from db.values import CREDIBILITY, RELIABILITY, DocumentRole, Mode, PlaceKind, QuoteState, Reach, Shape, Stance, Status

STEP_LABEL: Final = "Build project"
_NAMESPACE: Final = uuid5(NAMESPACE_URL, "https://dateline.invalid/bundle")
_PLACE_ROLES: Final = ("from", "to", "via", "also")


def build(folder: Path, out: Path) -> None:
    """Make the project file ``out`` from the data files in ``folder``. Nothing in it can be undone.

    Raises InputFault when ``out`` exists, and EnvironmentFault naming the file and the row when a data file is missing
    or says something that cannot be; then there is no ``out``.
    """
    files = BundleFiles(folder)
    store = Store.create(out, str(files.project["title"]))
    try:
        try:
            with store.step(STEP_LABEL, origin="bundle") as session:
                _Builder(session, files).run()
            store.seal()
        finally:
            store.close()
    except BaseException:
        out.unlink(missing_ok=True)
        raise


def uid_of(kind: str, key: str) -> str:
    """The uid of a row of a bundle: ``kind`` is its table, ``key`` its id in the data files."""
    return str(uuid5(_NAMESPACE, f"{kind}/{key}"))


class _Builder:
    """Adds the rows of a bundle to a new project, within one step; remembers what each id of the files became."""

    def __init__(self, session: Session, files: BundleFiles) -> None:
        self.session = session
        self.files = files
        self.kinds: dict[str, int] = {}
        self.actors: dict[str, int] = {}
        self.places: dict[str, int] = {}
        self.originals: dict[str, int] = {}  # row -> the quote of the original
        self.digests: dict[str, int] = {}  # row -> the quote of the digest
        self.rows_used: set[str] = set()

    def run(self) -> None:
        self._kinds()
        self._actors()
        self._places()
        self._sources()
        self._events()
        self._project()

    def _add(self, row: SQLModel) -> int:
        self.session.add(row)
        self.session.flush()
        row_id = getattr(row, "id", None)
        assert isinstance(row_id, int)
        return row_id

    def _project(self) -> None:
        with naming("project.json", "the project"):
            item = self.files.project
            project = self.session.exec(select(Project)).one()
            project.note = item.get("note")
            extent = item["extent"]
            project.west, project.south = float(extent["west"]), float(extent["south"])
            project.east, project.north = float(extent["east"]), float(extent["north"])
            project.opens_at = edtf.parse(item["opens_at"]).edtf
            if item["opens_with"] not in {event["id"] for event in self.files.events}:
                raise KeyError(item["opens_with"])
            project.opens_with = uid_of("event", item["opens_with"])
            self.session.add(project)

    def _kinds(self) -> None:
        for position, item in enumerate(self.files.kinds):
            with naming("kinds.json", item.get("id")):
                columns = {name: item[name] for name in ("name", "shape", "light", "dark", "key")}
                kind = Kind(uid=uid_of("kind", item["id"]), position=position, **columns)
                self.kinds[item["id"]] = self._add(kind)

    def _actors(self) -> None:
        rows: dict[str, Actor] = {}
        for item in self.files.actors:
            with naming("actors.json", item.get("id")):
                aliases = item.get("aliases")
                rows[item["id"]] = Actor(
                    uid=uid_of("actor", item["id"]),
                    name=item["name"],
                    aliases=json.dumps(aliases, ensure_ascii=False) if aliases else None,
                    light=item.get("light"),
                    dark=item.get("dark"),
                )
                self.actors[item["id"]] = self._add(rows[item["id"]])
        for item in self.files.actors:
            if "parent" in item:
                with naming("actors.json", item["id"]):
                    rows[item["id"]].parent_id = self.actors[item["parent"]]

    def _places(self) -> None:
        for item in self.files.places:
            with naming("places.json", item.get("id")):
                names = {"ar": item["ar"]} if "ar" in item else {}
                place = Place(
                    uid=uid_of("place", item["id"]),
                    name=item["name"],
                    names=json.dumps(names, ensure_ascii=False) if names else None,
                    kind=PlaceKind(item["kind"]).value,
                    type=item["type"],
                    geom=point_blob(item["lon"], item["lat"]),
                    radius_m=float(item["radius_m"]),
                    geonames_id=item.get("geonames"),
                    wikidata_id=item.get("wikidata"),
                    country=item.get("country"),
                    admin1=item.get("admin1"),
                    note=item.get("note"),
                )
                self.places[item["id"]] = self._add(place)

    def _sources(self) -> None:
        originals = {item["source"]: item for item in self.files.originals}
        for position, item in enumerate(self.files.sources):
            with naming("sources.json", item.get("id")):
                source_id = self._add(_source(item, position, self.files.judge))
                original = originals.pop(item["id"])
            with naming("standoff.json", item["id"]):
                document_id = self._original(source_id, item["id"], original)
            digest = self.files.digest(item["id"])
            if digest is not None:
                with naming(f"digests/{item['id']}.md", "the text"):
                    self._digest(source_id, document_id, item["id"], digest)
        if originals:
            raise InputFault(f"standoff.json: there is no source “{min(originals)}” in sources.json.")

    def _original(self, source_id: int, source: str, item: Item) -> int:
        """The original: its hashes, and its quotes as positions and hashes."""
        columns = ("sha256", "media_type", "encoding", "text_length", "folded_sha256", "canonicaliser")
        document = Document(
            uid=uid_of("document", f"{source}/original"),
            source_id=source_id,
            role=DocumentRole.ORIGINAL.value,
            title="Original article",
            position=1,
            taken_sha256=item["text_sha256"],
            **{name: item[name] for name in columns},
        )
        document_id = self._add(document)
        for quote in item["quotes"]:
            row = quote["row"]
            if row in self.originals:
                raise InputFault(f"{row} is quoted twice.")
            fields = {name: value for name, value in quote.items() if name != "row"}
            state = QuoteState.STANDOFF.value
            self.originals[row] = self._add(
                Quote(uid=uid_of("quote", row), document_id=document_id, selector="text", state=state, **fields)
            )
        return document_id

    def _digest(self, source_id: int, original_id: int, source: str, digest: Digest) -> None:
        """The digest: its text, and its quotes, each of which renders one of the original."""
        fields: dict[str, Any] = document_fields(digest.text)
        document = Document(
            uid=uid_of("document", f"{source}/digest"),
            source_id=source_id,
            role=DocumentRole.DIGEST.value,
            title="Digest in our own words",
            media_type="text/plain",
            encoding="utf-8",
            sha256=keep_content(self.session, digest.text.encode()),
            origin_id=original_id,
            position=0,
            **fields,
        )
        document_id = self._add(document)
        for row, (start, end) in sorted(digest.spans.items()):
            position: dict[str, Any] = make_quote_fields(digest.text, start, end)
            uid = uid_of("quote", f"{row}/digest")
            self.digests[row] = self._add(
                Quote(uid=uid, document_id=document_id, same_as_id=self.originals[row], **position)
            )

    def _events(self) -> None:
        ids: dict[str, Event] = {}
        for item in self.files.events:
            with naming("events.json", item.get("id")):
                event = Event(uid=uid_of("event", item["id"]), kind_id=self.kinds[item["kind"]])
                ids[item["id"]] = event
                event_id = self._add(event)
                claims = item["claims"]
                if not claims:
                    raise InputFault("an event needs a claim.")
            for claim in claims:
                with naming("events.json", claim.get("row")):
                    self._claim(event_id, claim)
        for item in self.files.events:
            if "outcome_of" in item:
                with naming("events.json", item["id"]):
                    ids[item["id"]].outcome_of_id = ids[item["outcome_of"]].id
        unused = self.originals.keys() - self.rows_used
        if unused:
            raise InputFault(f"events.json: nothing is claimed by {', '.join(sorted(unused))}.")

    def _claim(self, event_id: int, item: Item) -> None:
        row = item["row"]
        if row in self.rows_used:
            raise InputFault("two claims rest on this quote.")
        self.rows_used.add(row)
        span = edtf.parse(item["date"], Shape(item["shape"]))
        bounds: dict[str, Any] = span_columns(span)
        claim = Claim(
            uid=uid_of("claim", row),
            event_id=event_id,
            quote_id=self.digests.get(row, self.originals[row]),
            stance=Stance(item["stance"]).value,
            title=item["title"],
            summary=item["summary"],
            status=Status(item["status"]).value,
            edtf=span.edtf,
            time_shape=span.shape.value,
            place_id=self.places[item["place"]] if "place" in item else None,
            attributed_to=item.get("said_by"),
            note=item.get("note"),
            **bounds,
            **self._control(item.get("control")),
            **_quantity(item.get("quantity")),
            **_credibility(item.get("credibility"), self.files.judge),
        )
        claim_id = self._add(claim)
        for role, actors in item.get("actors", {}).items():
            for actor in actors:
                self.session.add(ClaimActor(claim_id=claim_id, actor_id=self.actors[actor], role=role))
        for role, places in item.get("places", {}).items():
            if role not in _PLACE_ROLES:
                raise InputFault(f"a further place is {', '.join(_PLACE_ROLES)}, not “{role}”.")
            for place in places:
                self.session.add(ClaimPlace(claim_id=claim_id, place_id=self.places[place], role=role))

    def _control(self, item: Item | None) -> dict[str, Any]:
        if item is None:
            return {}
        return {
            "control_place_id": self.places[item["place"]],
            "control_holder_id": self.actors[item["holder"]],
            "control_reach": Reach(item["reach"]).value,
            "control_mode": Mode(item["mode"]).value,
        }


def _source(item: Item, position: int, judge: str) -> Source:
    published = edtf.parse(item["published"])
    if item["reliability"] not in RELIABILITY:
        raise InputFault("reliability is a letter from A to F.")
    return Source(
        uid=uid_of("source", item["id"]),
        title=item["title"],
        publisher=item["publisher"],
        author=item["author"],
        language=item["language"],
        dateline_place=item["dateline_place"],
        published=published.edtf,
        published_first=published.earliest_start,
        published_last=published.latest_end,
        published_evidence=item["published_evidence"],
        reliability=item["reliability"],
        judged_by=judge,
        note=f"{item['note']}\n\nWhy {item['reliability']}: {item['reason']}",
        position=position,
    )


def _quantity(item: Item | None) -> dict[str, Any]:
    return {f"quantity_{name}": item.get(name) for name in ("what", "value", "low", "high", "unit")} if item else {}


def _credibility(grade: int | None, judge: str) -> dict[str, Any]:
    if grade is None:
        return {}
    if grade not in CREDIBILITY:
        raise InputFault("credibility is a number from 1 to 6.")
    return {"credibility": grade, "judged_by": judge}
