"""The command line, in the order in which a command passes through it.

``arguments.py`` parses it; ``transcribe.py`` (which also translates) and ``speak.py`` carry it out,
the former with ``recordings.py`` (what to transcribe, and the names of what is written) and
``formats.py`` (one result in each format); ``connect.py`` makes the client, and ``reporting.py``
writes to standard error.

Nothing here is loaded before it is needed, so that ``--help`` and ``--version`` start at once.
"""
