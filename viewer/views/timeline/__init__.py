"""The bottom of the window: transport, overview, ruler and lanes."""
