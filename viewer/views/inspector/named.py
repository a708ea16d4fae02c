"""Who took part in the current event, and its tags: chips that are added and taken away, each a step to undo."""

from __future__ import annotations

from functools import partial
from typing import Final

from db import queries
from db.queries import EventActor, EventDetail
from db.values import Ref, RefKind
from viewer.core.desk import Desk
from viewer.look.theme import ThemeManager
from viewer.widgets.chip_field import ChipField, ChipItem

ROLES: Final = {"acts": "acting", "involved": ""}
"""Parts in the words of the interface; any other is a word already, and that of which no more is known goes unsaid."""
NO_ACTORS: Final = "Type the first actor, then Enter"
NO_TAGS: Final = "Type the first tag, then Enter"


class NamedFields:
    """The two rows of chips of one event: ``actors`` and ``tags``."""

    def __init__(self, desk: Desk, look: ThemeManager) -> None:
        self._desk = desk
        self._detail: EventDetail | None = None
        self.actors, self.tags = ChipField(look, "actor"), ChipField(look, "tag")
        self.actors.added.connect(self._add_actor)
        self.actors.removed.connect(self._remove_actor)
        self.actors.asked.connect(self._offer_actors)
        self.tags.added.connect(self._add_tag)
        self.tags.removed.connect(self._remove_tag)
        self.tags.asked.connect(self._offer_tags)

    def show_event(self, detail: EventDetail) -> None:
        """Show the actors and tags of an event."""
        afresh = self._detail is None or self._detail.uid != detail.uid
        self._detail = detail
        writable = not self._desk.data.store.read_only
        self.actors.show_chips([self._chip(each) for each in detail.actors], writable=writable, afresh=afresh)
        self.tags.show_chips([ChipItem(tag, tag) for tag in detail.tags], writable=writable, afresh=afresh)

    def _chip(self, actor: EventActor) -> ChipItem:
        row = self._desk.data.loaded.actors.get(actor.actor_id)
        own = (row.light, row.dark) if row is not None and row.light and row.dark else None
        roles = ", ".join(filter(None, (ROLES.get(role, role) for role in actor.roles)))
        return ChipItem(str(actor.actor_id), actor.name, roles, own)

    # What the chips ask for

    def _add_actor(self, name: str) -> None:
        if self._detail is not None:
            self._desk.commands.add_actor(Ref(RefKind.EVENT, self._detail.uid), name)

    def _remove_actor(self, key: str) -> None:
        if self._detail is not None:
            self._desk.commands.remove_actor(Ref(RefKind.EVENT, self._detail.uid), int(key))

    def _add_tag(self, tag: str) -> None:
        if self._detail is not None:
            self._desk.commands.add_tag_to((self._detail.id,), tag)

    def _remove_tag(self, tag: str) -> None:
        if self._detail is not None:
            self._desk.commands.remove_tag_from((self._detail.id,), tag)

    def _offer_actors(self) -> None:
        hidden = self._desk.data.hidden_source_ids

        def offer(names: list[str]) -> None:
            self.actors.offer(names, "Name of an actor" if names else NO_ACTORS)

        self._desk.data.ask(f"actor names {id(self)}", partial(queries.actor_names, hidden_sources=hidden), offer)

    def _offer_tags(self) -> None:
        def offer(tags: dict[str, int]) -> None:
            self.tags.offer(list(tags), "Tag" if tags else NO_TAGS)

        self._desk.data.ask(f"tag names {id(self)}", queries.tags_of, offer)
