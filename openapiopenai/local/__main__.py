"""``python -m openapiopenai.local``: see ``cli.py``."""

import sys

from openapiopenai.local.cli import main

if __name__ == "__main__":  # worker processes import this module under another name
    sys.exit(main())
