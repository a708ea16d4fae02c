"""The window. ``core`` knows no widgets, ``views`` do not know each other, ``app`` alone sees everything."""
