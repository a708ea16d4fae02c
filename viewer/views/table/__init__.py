"""The table of events."""
