"""The CPU time in which the command starts, over that of Python itself.

``python test/bench/command.py``. Contract: 0.1 s; where ``openai`` is installed, its command stands
beside ours. Exits with 1 when the limit is missed.
"""

from __future__ import annotations

import importlib.util
import resource
import statistics
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_RUNS = 21
_LIMIT = 0.1  # seconds

_OURS = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from openapiopenai.cli import main; main"
_COMMANDS = {
    "openapiopenai --help": f"{_OURS}(['--help'])",
    "openapiopenai --version": f"{_OURS}(['--version'])",
    "openai --help": "import sys; sys.argv[1:] = ['--help']; from openai.cli import main; main()",
}


def main() -> int:
    """Write a line a command: the median of some runs, in milliseconds over Python's."""
    has_peer = importlib.util.find_spec("openai") and importlib.util.find_spec("openai.cli")
    python = _seconds("pass")
    missed = False
    for name, script in _COMMANDS.items():
        if name.startswith("openai ") and not has_peer:
            continue
        over = _seconds(script) - python
        missed = missed or (name.startswith("openapiopenai") and over > _LIMIT)
        sys.stdout.write(f"{name}: {1000 * over:.1f} ms over Python's {1000 * python:.1f} ms\n")
    return int(missed)


def _seconds(script: str) -> float:
    return statistics.median(_once(script) for _ in range(_RUNS))


def _once(script: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-I", "-c", script], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
