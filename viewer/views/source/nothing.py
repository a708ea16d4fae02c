"""What the source panel says where it has nothing to show."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from db.values import DocumentRole

NOT_OURS_TO_SHOW: Final = (
    "This text is not in the project: only where its {count} quotes lie, and their hashes. "
    "Attach your own copy and they come alive."
)
CHOOSE: Final = "Choose an event or a source to read what it rests on."
CHOOSE_ROW: Final = "The events of this project came from tables. Choose one to read its row."
NO_DOCUMENTS: Final = "This project has no documents yet."
NO_DOCUMENTS_OF_EVENTS: Final = "This project has no text and no table, so nothing that its events rest on can be read."


def invitation(roles: Collection[DocumentRole], events: int) -> str:
    """What there is to read in a project with documents of these roles and so many events."""
    if not roles:
        return NO_DOCUMENTS_OF_EVENTS if events else NO_DOCUMENTS
    return CHOOSE_ROW if all(role is DocumentRole.TABLE for role in roles) else CHOOSE
