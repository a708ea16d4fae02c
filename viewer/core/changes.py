"""Every change of the project that a user can make, one method each.

They go to the writer thread as one labelled step of the Store; when they are on disk the user is told, with Undo at
hand.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlmodel import Session

from db import edits, edits_many, edtf, timewords
from db.exporters import export_events
from db.reading.attach import Report as AttachReport
from db.reading.attach import attach
from db.store import Change
from db.values import Ref, RefKind, Shape, Status
from viewer.core.data import ProjectData
from viewer.core.jobs import Cancelled, Jobs, Progress
from viewer.core.messages import Messages, within
from viewer.core.state import State


class Edit(Protocol):
    """A change of one event inside a step; it does not rest on the claims of ``hidden_sources`` (ids)."""

    def __call__(self, session: Session, event_id: int, /, *, hidden_sources: frozenset[int]) -> object: ...


class ManyEdit(Protocol):
    """A change of many events inside a step, which reports how far it is."""

    def __call__(self, session: Session, event_ids: Sequence[int], /, *, told: edits_many.Told) -> object: ...


class Changes:
    """What the user can change. Holds no state of its own."""

    def __init__(self, data: ProjectData, state: State, jobs: Jobs, messages: Messages) -> None:
        self.data, self.state, self.jobs, self.messages = data, state, jobs, messages

    def set_title(self, event: Ref, title: str) -> None:
        text = " ".join(title.split())
        if text:
            self._change("Rename event", "Renamed event", event, partial(edits.set_event_title, title=text))

    def set_kind(self, event: Ref, kind_id: int) -> None:
        def work(session: Session, event_id: int, /, *, hidden_sources: frozenset[int]) -> None:
            edits.set_event_kind(session, event_id, kind_id)  # a kind rests on no claim

        self._change("Change kind", "Changed kind", event, work)

    def set_date(self, event: Ref, text: str, shape: Shape = Shape.MOMENT) -> None:
        """Raises InputFault with a sentence when the text is no date, or none that can be of that shape."""
        span = timewords.parse_typed(text, self.state.view.time_cursor, shape)
        if span.shape is not shape:
            span = edtf.all_through(span)
        self._change("Change date", "Changed date", event, partial(edits.set_event_date, span=span))

    def set_place(self, event: Ref, place_id: int) -> None:
        self._change("Change place", "Changed place", event, partial(edits.set_event_place, place_id=place_id))

    def set_new_place(self, event: Ref, name: str, lon: float, lat: float) -> None:
        """Make a place at a point (degrees) and put the event there, as one step."""

        def work(session: Session, event_id: int, /, *, hidden_sources: frozenset[int]) -> None:
            place_id = edits.add_place(session, name, lon, lat)
            edits.set_event_place(session, event_id, place_id, hidden_sources=hidden_sources)

        self._change("Change place", "Changed place", event, work)

    def add_actor(self, event: Ref, name: str) -> None:
        """Have an actor take part in an event; one that the project has under this name, else a new one."""
        work = partial(edits.add_event_actor, name=name)
        words = f"actor “{' '.join(name.split())}”"
        self._change(f"Add {words}", f"Added {words}", event, work)

    def remove_actor(self, event: Ref, actor_id: int) -> None:
        """Have an actor take no part in an event any more; it stays in the project."""
        actor = self.data.loaded.actors.get(actor_id)
        words = f"actor “{actor.name}”" if actor is not None else "actor"
        self._change(f"Remove {words}", f"Removed {words}", event, partial(edits.remove_event_actor, actor_id=actor_id))

    def delete_selected(self) -> None:
        """Delete the selected events that are shown, with their claims; the quotes stay in their documents."""
        index = self.data.index
        ids = [int(index.columns.id[row]) for row in self.data.selected_rows() if index.shown[row]]
        if not ids:
            if self.state.view.selection:
                self.messages.warn("The selected events are hidden by filters. Nothing was deleted.")
            return
        self.state.set("command", selection=frozenset(), current=None, quote=None)
        self._delete(ids)

    # Many events at once, by their ids

    def set_kind_of(self, ids: Sequence[int], kind_id: int) -> None:
        self._change_many("Change", "Changed", "the kind of {}", ids, partial(edits_many.set_kind, kind_id=kind_id))

    def set_status_of(self, ids: Sequence[int], status: Status) -> None:
        work = partial(edits_many.set_status, status=status, hidden_sources=self.data.hidden_source_ids)
        self._change_many("Change", "Changed", "the status of {}", ids, work)

    def set_place_of(self, ids: Sequence[int], place_id: int) -> None:
        work = partial(edits_many.set_place, place_id=place_id, hidden_sources=self.data.hidden_source_ids)
        self._change_many("Change", "Changed", "the place of {}", ids, work)

    def add_tag_to(self, ids: Sequence[int], tag: str) -> None:
        self._change_many("Tag", "Tagged", f"{{}} with “{_unbraced(tag)}”", ids, partial(edits_many.add_tag, tag=tag))

    def remove_tag_from(self, ids: Sequence[int], tag: str) -> None:
        work = partial(edits_many.remove_tag, tag=tag)
        self._change_many("Remove", "Removed", f"the tag “{_unbraced(tag)}” from {{}}", ids, work)

    def delete_events(self, ids: Sequence[int]) -> None:
        """Delete events with their claims; what else is selected stays so."""
        gone = {self.data.ref(each) for each in ids if each in self.data.loaded.uids}
        current = self.state.view.current
        with self.state.batch("command"):
            self.state.set("command", selection=self.state.view.selection - gone)
            if current in gone:
                self.state.set("command", current=None, quote=None)
        self._delete(ids)

    def _delete(self, ids: Sequence[int]) -> None:
        self._change_many("Delete", "Deleted", "{}", ids, edits_many.delete_events)

    def _change_many(self, verb: str, done: str, what: str, ids: Sequence[int], work: ManyEdit) -> None:
        """One step for all; ``verb`` begins its label, and ``done`` what is said of it. It can be stopped."""
        if not ids or not self.is_writable():
            return
        words = what.format("event" if len(ids) == 1 else f"{len(ids):,} events")
        label = f"{verb} {words}"

        def step(progress: Progress) -> Change | None:
            with self.data.store.step(label, origin="command") as session:
                work(session, ids, told=progress.report)
            return session.change

        def tell(change: Change | None) -> None:
            if change is not None:
                said = partial(self.messages.done, f"{done} {words}", "Undo", self.undo)
                self.data.when_seen(change.stamp, said)
            else:
                self.messages.done("It was so already. Nothing was changed.")

        def failed(error: Exception) -> None:
            if isinstance(error, Cancelled):
                self.messages.done("Stopped. Nothing was changed.")
            else:
                self.messages.fault(error)

        self.jobs.write_long(label, step, tell, failed)

    def attach(self, paths: list[Path]) -> None:
        """Give stand-off sources the user's own copies of their texts."""

        def tell(report: AttachReport) -> None:
            if report.attached:
                self.messages.done(report.summary, "Undo", self.undo)
            else:
                self.messages.warn(report.summary)

        def failed(error: Exception) -> None:
            if isinstance(error, Cancelled):
                self.messages.done("No text was attached")
            else:
                self.messages.fault(error)

        def work(progress: Progress) -> AttachReport:
            return attach(self.data.store, paths, progress.report)

        if self.is_writable():
            label = f"Attaching {len(paths)} texts" if len(paths) > 1 else f"Attaching {paths[0].name}"
            self.jobs.write_long(label, work, tell, failed)

    def save_copy(self, path: Path) -> None:
        """Write the whole project to another file, after all changes before it."""
        self.jobs.write(
            lambda: self.data.store.save_copy(path),
            lambda _none: self.messages.done(f"Copy saved as {path.name}"),
            self.messages.fault,
        )

    def export(self, path: Path) -> None:
        """Write the events that are shown to a file, in place of what is there; its ending is the format.

        Sources that are hidden, or were when the events were last read, leave no trace in it.
        """
        index, loaded = self.data.index, self.data.loaded
        ids = index.columns.id[index.shown].tolist()
        hidden = self.data.hidden_source_ids
        hidden |= frozenset(row.id for row in loaded.sources.values() if row.uid in loaded.hidden_sources)

        def work(connection: sqlite3.Connection, progress: Progress) -> int:
            return export_events(connection, path, progress.report, ids=ids, hidden_sources=hidden, overwrite=True)

        def tell(count: int) -> None:
            self.messages.done(f"Exported {count:,} {'event' if count == 1 else 'events'} to {path.name}")

        def failed(error: Exception) -> None:
            if isinstance(error, Cancelled):
                self.messages.done(f"The export was stopped; {path.name} was not written")
            else:
                self.messages.fault(error)

        if not ids:
            self.messages.warn("No events are shown, so there is nothing to export.")
            return
        self.jobs.read_long(f"Exporting to {path.name}", work, tell, failed)

    def undo(self) -> None:
        store = self.data.store
        self._revert("Undoing", "Undone", lambda: store.undo_label, lambda: store.undo(), "Nothing to undo")

    def redo(self) -> None:
        store = self.data.store
        self._revert("Redoing", "Redone", lambda: store.redo_label, lambda: store.redo(), "Nothing to redo")

    def write(self, label: str, done: str, work: Callable[[Session], object], origin: str = "command") -> None:
        """Run one step on the writer thread, labelled as what can be undone; ``done`` is said when it is on disk, and
        nothing when nothing was changed.
        """
        if not self.is_writable():
            return

        def step() -> Change | None:
            with self.data.store.step(label, origin=origin) as session:
                work(session)
            return session.change

        def tell(change: Change | None) -> None:
            if change is not None:
                self.messages.done(done, "Undo", self.undo)

        self.jobs.write(step, tell, self.messages.fault)

    def _choose(self, change: Change) -> None:
        """What undo or redo has changed is chosen, so that it can be seen, where that is one event."""
        ids = change.rows.get("event", frozenset())
        if len(ids) == 1 and ids <= self.data.loaded.uids.keys():
            ref = self.data.ref(min(ids))
            self.state.set(change.origin, selection=frozenset({ref}), current=ref)

    def is_writable(self) -> bool:
        """Whether the project can be changed; the user is told where it cannot."""
        if self.data.store.read_only:
            self.messages.warn(f"Nothing was changed. {self.data.store.read_only_reason}")
            return False
        return True

    def _change(self, label: str, done: str, event: Ref, work: Edit) -> None:
        event_id = self.data.event_id(event)
        if event_id is None or event.kind is not RefKind.EVENT:
            self.messages.warn("That event is no longer in the project. Nothing was changed.")
            return
        # The edit rests on what the user sees now, not on what is shown when its turn comes.
        hidden = self.data.hidden_source_ids
        self.write(label, done, lambda session: work(session, event_id, hidden_sources=hidden))

    def _revert(
        self, doing: str, word: str, label: Callable[[], str | None], act: Callable[[], Change | None], nothing: str
    ) -> None:
        """``label``: of the step that it is about, asked once all changes before it are made. That it is done is said
        when it is seen.
        """
        if not self.is_writable():
            return

        def words() -> str:
            about = label()
            return f"{doing}: {within(about)}" if about else doing

        def tell(change: Change | None) -> None:
            self.messages.done(f"{word}: {within(change.label)}" if change is not None else nothing)
            if change is not None:
                self._choose(change)
            if change is not None and change.note:
                self.messages.warn(change.note)

        def done(change: Change | None) -> None:
            self.data.when_seen(0 if change is None else change.stamp, partial(tell, change))

        self.jobs.write_long(words, lambda _progress: act(), done, self.messages.fault, stops=False)


def _unbraced(text: str) -> str:
    """A typed text as it may stand in a format string."""
    return " ".join(text.split()).replace("{", "{{").replace("}", "}}")
