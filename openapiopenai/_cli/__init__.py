"""The command line, in the order in which a command passes through it.

    arguments.py     the parser and the help
    transcribe.py    transcribe and translate: recordings.py (what is meant), jobs.py (what to
                     write of each), calls.py (its call), formats.py (the result in each format)
    speak.py         speak
    for both         connect.py (the client), reporting.py (standard error), output.py

Nothing here is loaded before it is needed, so that ``--help`` and ``--version`` start at once.
"""
