"""Fixtures of the command line's tests."""

from __future__ import annotations

from tests.helpers.commands import built, project, run, text

__all__ = ["built", "project", "run", "text"]
