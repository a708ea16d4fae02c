"""The inspector: the current event, its claims, and what else is known of its place."""
