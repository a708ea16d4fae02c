"""The source panel: a document of a source with its quotes marked in it."""
