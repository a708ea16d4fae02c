"""Where named mappings of tables are kept: with the user's settings, for they serve every project."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def mappings_folder() -> Path:
    """The folder of the user's mappings; made when the first is saved."""
    return Path(platformdirs.user_config_dir("dateline", appauthor=False)) / "mappings"
