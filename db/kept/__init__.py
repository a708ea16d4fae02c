"""Tables as the project keeps them: what importers write and questions read."""
