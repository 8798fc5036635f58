"""The recordings of a command line, each with the files to write of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openapiopenai._cli.arguments import FORMATS, STANDARD
from openapiopenai._cli.recordings import name_outputs
from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from openapiopenai._cli.recordings import Recording


@dataclass(frozen=True)
class Job:
    """A recording, and the files to write of it.

    :param recording: the recording.
    :param targets: format -> file; None for standard output.
    """

    recording: Recording
    targets: dict[str, Path | None]

    @property
    def missing(self) -> dict[str, Path | None]:
        """The targets that do not exist."""
        return {name: path for name, path in self.targets.items() if not (path and path.exists())}

    @property
    def resume_dir(self) -> Path | None:
        """The folder for the finished parts of a long recording, until its files are written."""
        path = next(iter(self.targets.values()))
        return path and path.with_name(f".{path.stem}.parts")


def format_of_output(output: str | None) -> str | None:
    """Return the format of an output that is one file; None for a folder or standard output.

    :param output: the argument, such as ``talk.srt``.
    """
    path = Path(output or "")
    suffix = path.suffix[1:].lower()
    return suffix if suffix in FORMATS and not path.is_dir() else None


def plan_jobs(recordings: list[Recording], output: str | None, formats: list[str]) -> list[Job]:
    """Choose the files to write.

    :param recordings: the recordings, each file once.
    :param output: a folder, a file, or ``-`` or None for standard output.
    :param formats: the formats to write.
    :return: a job for each recording.
    :raises ApiValueError: if there is more to write than one output can hold.
    """
    if output is None or output == STANDARD:
        _refuse_mixture("standard output", recordings, formats)
        return [Job(each, dict.fromkeys(formats)) for each in recordings]
    if format_of_output(output):
        _refuse_several(output, recordings, formats)
        return [Job(each, {formats[0]: Path(output)}) for each in recordings]
    names = name_outputs(recordings)
    return [
        Job(each, {kind: Path(output, f"{names[each]}.{kind}") for kind in formats})
        for each in recordings
    ]


def _refuse_mixture(output: str, recordings: list[Recording], formats: list[str]) -> None:
    if formats != ["txt"]:  # texts of several recordings can follow one another
        _refuse_several(output, recordings, formats)


def _refuse_several(output: str, recordings: list[Recording], formats: list[str]) -> None:
    for given in (recordings, formats):
        if len(given) > 1:
            what = "recordings" if given is recordings else f"formats ({', '.join(formats)})"
            raise ApiValueError(
                f"{output} holds one result, and there are {len(given)} {what}; "
                "name a folder with -o"
            )
