"""The filter panel: what is left out of the picture."""
