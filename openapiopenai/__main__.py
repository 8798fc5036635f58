"""``python -m openapiopenai``: see ``cli.py``."""

import sys

from openapiopenai.cli import main

if __name__ == "__main__":
    sys.exit(main())
