-- The tables of world.sqlite and tributaries.sqlite. Geometry: viewer/views/map/basemap/packing.py.
CREATE TABLE level (level INTEGER PRIMARY KEY, tolerance REAL, quantum REAL, cell REAL);
CREATE TABLE cell (level INTEGER, layer TEXT, cell INTEGER, west REAL, south REAL, east REAL, north REAL, data BLOB);
CREATE INDEX cell_by_level ON cell (level, layer);
CREATE TABLE country (number INTEGER, code TEXT PRIMARY KEY, name TEXT, name_ar TEXT, lon REAL, lat REAL,
    min_zoom REAL, rank INTEGER, breadth REAL);
CREATE TABLE place (id INTEGER, name TEXT, name_ar TEXT, lon REAL, lat REAL, kind TEXT, min_zoom REAL,
    population INTEGER, country TEXT);
CREATE TABLE area (id INTEGER PRIMARY KEY, name TEXT, name_ar TEXT, kind TEXT, lon REAL, lat REAL, min_zoom REAL,
    max_zoom REAL, size REAL, angle REAL, spacing REAL);
CREATE TABLE course (id INTEGER PRIMARY KEY, name TEXT, name_ar TEXT, rank INTEGER, west REAL, south REAL, east REAL,
    north REAL, data BLOB);
CREATE INDEX place_by_zoom ON place (min_zoom);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT);
