"""Fixtures of the journeys: the program, the sample, and the dialog of tables."""

from __future__ import annotations

from tests.helpers.table_dialog import look, tables_project
from tests.helpers.window import app, program, sample, sample_file

__all__ = ["app", "look", "program", "sample", "sample_file", "tables_project"]
