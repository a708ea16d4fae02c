"""A file becomes the layer that its ending says: shapes, with pyogrio as the last resort, or a raster."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Final

from db.errors import InputFault
from db.layers.files import VectorFile
from db.layers.rasters import Raster
from db.layers.reference import refused
from db.layers.vector import GeoJson, GeoPackage

VECTORS: Final = (".geojson", ".geojsonl", ".json", ".gpkg", ".shp")
RASTERS: Final = (".mbtiles", ".tif", ".tiff", ".gtiff")


def open_vector(path: Path, part: str | None = None) -> VectorFile:
    """The features of a file by its ending, those of the first table unless ``part`` is named.

    Raises InputFault when the file is none of ours, cannot be read, or is in a reference system that needs pyogrio
    where there is none.
    """
    ending = path.suffix.lower()
    found: VectorFile
    if ending in (".geojson", ".geojsonl", ".json"):
        found = GeoJson(path)
    elif ending == ".gpkg":
        found = GeoPackage(path, part)
    elif ending in (".shp", ".dbf", ".shx", ".prj"):
        from db.layers.shapefiles import Shapefile  # slow to load, as its library and tifffile are

        found = Shapefile(path.with_suffix(".shp") if ending != ".shp" else path)
    else:
        raise InputFault(f"{path.name} is no file of shapes that is known here. Nothing was written.")
    if found.reference.known:
        return found
    if importlib.util.find_spec("pyogrio") is None:
        raise refused(path.name, found.reference)
    from db.layers.reprojected import Reprojected

    return Reprojected(found.path, part or (found.parts[0] if found.parts else None), found.parts)


def open_raster(path: Path) -> Raster:
    """Open a raster by its ending. Raises InputFault with a sentence when it cannot be shown."""
    if path.suffix.lower() == ".mbtiles":
        from db.layers.mbtiles import MbTiles

        return MbTiles(path)
    if path.suffix.lower() in RASTERS:
        from db.layers.geotiff import GeoTiff

        return GeoTiff(path)
    raise InputFault(f"{path.name} is no raster that is known here. Nothing was written.")
