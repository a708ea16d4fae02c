"""Runs before everything: an offscreen Qt unless a display was asked for."""

from __future__ import annotations

import os

if os.environ.get("DATELINE_TEST_DISPLAY") != "1":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
