"""The table of map layers. It came with version 2 of the schema: see migrations.py.

Apart from tables.py only because of its size.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from db.tables import Row, _id, _int, _real, _text, _uid

SINCE: Final = 2
"""The version of the schema that has the table."""


class Layer(Row, table=True):
    """A layer of the map: shapes kept in the project, or a picture of tiles or pixels outside it.

    The shapes are in ``content``, packed in blocks: ``sha256`` names the list of them (layers/packing.py).
    """

    __table_args__: ClassVar[Any] = {"sqlite_autoincrement": True, "info": {"since": SINCE}}

    id: int | None = _id()
    uid: str = _uid()
    name: str = _text(required=True)
    kind: str = _text(required=True)  # vector | raster
    position: int = _int(required=True, default=0)  # the lowest is drawn first, so it lies at the bottom
    visible: int = _int(required=True, default=1)
    style: str | None = _text()  # JSON: see layers/style.py
    begins: str | None = _text()  # EDTF: the layer shows from then ...
    ends: str | None = _text()  # ... to then
    begin_field: str | None = _text()  # or each feature by fields of its own
    end_field: str | None = _text()
    file_name: str | None = _text()  # what it was made from
    path: str | None = _text()  # of a raster: relative to the project's folder, or absolute
    sha256: str | None = _text()  # of the list of packed blocks -> content
    features: int | None = _int()
    points: int | None = _int()
    west: float | None = _real()
    south: float | None = _real()
    east: float | None = _real()
    north: float | None = _real()
