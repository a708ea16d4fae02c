"""The project file: everything Dateline knows, without a window. No Qt anywhere below this package."""
