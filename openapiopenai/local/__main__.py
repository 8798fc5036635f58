"""``python -m openapiopenai.local``: see ``command.py``."""

import sys

from openapiopenai.local.command import main

if __name__ == "__main__":  # which it is not in the worker processes, though they read this too
    sys.exit(main())
