"""The transcript of a recording, from one call or from one for each of its parts."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from openapiopenai._files.limits import Limits, needs_chunking
from openapiopenai.longform.cutting import ENCODED_BYTES, Part, cut, is_copied
from openapiopenai.longform.joining_results import Piece, join_results, plain_text
from openapiopenai.longform.listening import find_silences, measure, quietest
from openapiopenai.longform.parts import Calls, located
from openapiopenai.longform.planning import Sizes, plan
from openapiopenai.longform.recording import Recording
from openapiopenai.longform.scheduling import run
from openapiopenai.longform.speakers import Speakers, introduce, name_speakers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openapiopenai._files.upload import AudioFile
    from openapiopenai.longform.joining_results import Variant
    from openapiopenai.longform.listening import Track
    from openapiopenai.longform.planning import Span

#: Characters of the preceding text that are sent as the prompt of a part: whisper reads the last
#: 224 tokens of a prompt (OpenAI's speech-to-text guide), and 400 characters are fewer in most
#: languages.
_CARRIED = 400


class Options(NamedTuple):
    """How a recording is divided, and how its parts are sent.

    :param limits: the limits of one call.
    :param workers: the number of calls at once.
    :param carry_prompt: whether the end of the text before a part is sent as its prompt.
    :param on_progress: called with the seconds that are done and the total.
    """

    limits: Limits
    workers: int
    carry_prompt: bool
    on_progress: Callable[[float, float], object] | None


def perform(calls: Calls, file: AudioFile, options: Options) -> Variant:
    """Make the calls for a recording.

    :param calls: the method and its parameters.
    :param file: the recording.
    :param options: how it is divided and sent.
    :return: what one call would have returned.
    """
    with Recording(file) as recording:
        track = measure(recording)
        progress = _Progress(options.on_progress, track.duration)
        if needs_chunking(str(calls.model), track.duration):
            calls = calls._replace(parameters={"chunking_strategy": "auto", **calls.parameters})
        if options.limits.allow(recording.size, track.duration):
            made = calls.make(recording.file, recording.digest)
            progress.add(track.duration)
            return made
        spans = _plan(recording, track, options.limits)
        with closing(cut(recording, track, spans)) as parts:
            pieces = _send(parts, calls, options, progress)
    pieces[-1] = pieces[-1]._replace(end=float("inf"))
    return join_results(pieces, calls.response_format)


class _Progress:
    """The seconds that are done, reported as they grow."""

    def __init__(self, report: Callable[[float, float], object] | None, total: float) -> None:
        self._report = report
        self._total = total
        self._done = 0.0

    def add(self, seconds: float) -> None:
        self._done = min(self._done + seconds, self._total)
        if self._report:
            self._report(self._done, self._total)

    def add_piece(self, piece: Piece) -> None:
        self.add(piece.end - piece.start)


def _plan(recording: Recording, track: Track, limits: Limits) -> list[Span]:
    encoded = [(0.0, 0), (track.duration, round(track.duration * ENCODED_BYTES))]
    sizes = track.sizes if is_copied(recording) else Sizes(encoded)
    return plan(
        track.duration,
        find_silences(recording, track),
        lambda start: min(start + limits.seconds_of_part, sizes.furthest(start, limits.bytes)),
        lambda span: quietest(recording, track, span),
    )


def _send(
    parts: Iterator[Part], calls: Calls, options: Options, progress: _Progress
) -> list[Piece]:
    if calls.response_format == "diarized_json":
        return _diarize(parts, calls, options, progress)
    if options.carry_prompt:
        return run(parts, _Carrying(calls), 1, progress.add_piece)
    return run(parts, lambda part: _send_part(part, calls), options.workers, progress.add_piece)


def _send_part(part: Part, calls: Calls) -> Piece:
    with located(f"seconds {part.start:.1f} to {part.end:.1f} of the recording"):
        return Piece(calls.make(part.file, part.digest), part.start, part.end)


class _Carrying:
    """Calls one after the other, each with the end of the text before it as its prompt."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._before = ""

    def __call__(self, part: Part) -> Piece:
        prompt = " ".join(filter(None, (self._calls.parameters.get("prompt"), self._before)))
        calls = self._calls.adding(prompt=prompt) if prompt else self._calls
        piece = _send_part(part, calls)
        self._before = _end_of(plain_text(piece.value, calls.response_format)) or self._before
        return piece


def _end_of(text: str) -> str:
    """Return the last words of a text."""
    end = text.strip()[-_CARRIED:]
    return end if len(end) < _CARRIED else end.partition(" ")[2] or end


def _diarize(
    parts: Iterator[Part], calls: Calls, options: Options, progress: _Progress
) -> list[Piece]:
    """Send the first part, then the others with samples of its speakers."""
    first = next(parts)
    pieces = run(iter([first]), lambda part: _send_part(part, calls), 1, progress.add_piece)
    speakers = introduce(_known(calls), pieces[0].value, first.file[1])
    del first  # its sound is not needed any more
    others = calls.adding(**speakers.parameters())
    pieces += run(parts, lambda part: _send_part(part, others), options.workers, progress.add_piece)
    name_speakers([piece.value for piece in pieces], speakers)
    return pieces


def _known(calls: Calls) -> Speakers:
    names: Any = calls.parameters.get("known_speaker_names") or []
    references: Any = calls.parameters.get("known_speaker_references") or []
    is_one = isinstance(names, str)
    return Speakers([names] if is_one else [*names], [references] if is_one else [*references], {})
