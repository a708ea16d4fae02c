"""Many selected events: one change for all of them."""
