"""The recordings that a command line names, and a name for what is written of each."""

from __future__ import annotations

import glob
import os
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from openapiopenai._cli.arguments import STANDARD
from openapiopenai._files.formats import CONTENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True)
class Recording:
    """A recording to transcribe.

    :param path: its file; ``-`` for standard input.
    :param folder: the folder that was given, below which its output keeps the tree.
    """

    path: Path
    folder: Path

    @property
    def is_standard_input(self) -> bool:
        """Whether it comes from standard input."""
        return str(self.path) == STANDARD

    def __str__(self) -> str:
        return "standard input" if self.is_standard_input else str(self.path)

    def seconds(self) -> float | None:
        """Return its duration; None where it, or PyAV (extra ``longform``), does not tell."""
        try:
            import av
        except ImportError:
            return None
        if self.is_standard_input:
            return None
        try:
            with av.open(str(self.path)) as container:
                return container.duration and container.duration / av.time_base
        except (OSError, ValueError):  # FFmpeg's errors are one or the other
            return None

    @property
    def relative(self) -> Path:
        """The path of its output below the output folder, with its own extension."""
        return Path("stdin") if self.is_standard_input else self.path.relative_to(self.folder)


def find_recordings(name: str) -> list[Recording]:
    """Find the recordings of one argument.

    :param name: a file, a folder, a pattern that no shell has expanded, or ``-``.
    :return: the recordings: of a folder, those with the extension of an audio file.
    :raises FileNotFoundError: if there are none.
    """
    if name == STANDARD:
        return [Recording(Path(STANDARD), Path())]
    # glob.glob, since Path.glob takes no absolute pattern
    is_path = os.path.lexists(name)
    paths = [name] if is_path else sorted(glob.glob(name, recursive=True))  # noqa: PTH207
    if not paths:
        raise FileNotFoundError("no such file or folder")
    found = [recording for path in map(Path, paths) for recording in _expand(path)]
    if not found:
        raise FileNotFoundError("no audio files in this folder")
    return found


def unique(recordings: Iterable[Recording]) -> list[Recording]:
    """Return the recordings without those that are the same file as an earlier one."""
    return list({_identity(each): each for each in reversed(list(recordings))}.values())[::-1]


def name_outputs(recordings: list[Recording]) -> dict[Recording, Path]:
    """Choose the path of each recording's output, relative to the output folder.

    ``a.mp3`` is written to ``a``, unless that would be the name of another's too: then to
    ``a.mp3``, to ``folder/a.mp3``, or to ``a.mp3 (2)``.

    :param recordings: the recordings, each file once.
    :return: the paths, without the extension of a format; no two differ only in letter case.
    """
    chosen: dict[Recording, Path] = {}
    taken: set[str] = set()
    for name in (_stem, _full_name, _full_name_in_folder):
        offers = {each: name(each) for each in recordings if each not in chosen}
        counts = Counter(map(_folded, offers.values()))
        unique_ones = {each: path for each, path in offers.items() if counts[_folded(path)] == 1}
        chosen.update({e: path for e, path in unique_ones.items() if _folded(path) not in taken})
        taken.update(map(_folded, chosen.values()))
    for each in recordings:
        if each not in chosen:
            chosen[each] = next(path for path in _numbered(each) if _folded(path) not in taken)
            taken.add(_folded(chosen[each]))
    return chosen


def _expand(path: Path) -> Iterator[Recording]:
    if not path.is_dir():
        yield Recording(path, path.parent)
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            if Path(name).suffix[1:].lower() in CONTENT_TYPES and not name.startswith("."):
                yield Recording(Path(folder, name), path)


def _identity(recording: Recording) -> str:
    return STANDARD if recording.is_standard_input else os.path.realpath(recording.path)


def _stem(recording: Recording) -> Path:
    return recording.relative.with_suffix("")


def _full_name(recording: Recording) -> Path:
    return recording.relative


def _full_name_in_folder(recording: Recording) -> Path:
    return recording.folder.resolve().name / recording.relative


def _numbered(recording: Recording) -> Iterator[Path]:
    name = recording.relative.name
    return (recording.relative.with_name(f"{name} ({number})") for number in count(2))


def _folded(path: Path) -> str:
    """Return what a file system that ignores letter case, as many do, compares."""
    return unicodedata.normalize("NFC", str(path)).casefold()
