"""Two faults and no third: what the world did (tell the user) and what we did (report it)."""

from __future__ import annotations


class EnvironmentFault(Exception):
    """Something outside the program stands in the way; the message is one plain sentence or two for the user.

    It says what happened, what was kept, and what to do. The command line prints it and exits with code 2;
    the window shows it in a banner or dialog. Nothing has been written when it is raised.
    """


class InputFault(EnvironmentFault):
    """What the user handed in (a date, a file, a text) cannot be taken as it is."""


class StoreBug(Exception):
    """A promise of the store was broken by our own code: worth a report, never expected."""
