"""Tables coming in: each row an event, with a claim that rests on the row.

``reading`` opens a file of any kind as rows of text, ``mapping`` and ``known`` say what its columns mean, ``rows``
turns a row into values, ``importer`` brings them into a project in bulk, ``kept`` finds a row again.
"""
