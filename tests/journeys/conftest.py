"""Fixtures of the journeys: the program and the sample."""

from __future__ import annotations

from tests.helpers.window import app, program, sample, sample_file

__all__ = ["app", "program", "sample", "sample_file"]
