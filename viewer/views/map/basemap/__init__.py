"""The basemap: a world atlas from committed data, drawn live. Its own store, tiles, painter and names.

``Basemap`` (basemap.py) composes the picture under the events, ``Atlas`` (labels.py) knows the names on it,
``viewer.views.map.placing`` decides which names have room. Where the data comes from: resources/basemap/CREDITS.md.
"""
