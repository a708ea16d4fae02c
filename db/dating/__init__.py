"""Floor 0: the workings behind db.edtf (EDTF text <-> bounds) and db.timewords (dates in words, shown and typed)."""
