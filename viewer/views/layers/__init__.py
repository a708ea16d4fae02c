"""The list of the map's layers."""
