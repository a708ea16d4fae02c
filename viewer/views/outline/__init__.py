"""The outline: the project's events and places as lists."""
