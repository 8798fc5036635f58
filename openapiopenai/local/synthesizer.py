"""Text to speech by espeak-ng, through ctypes.

The library has global state, so a lock lets a process synthesize one sentence at a time.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import re
import shutil
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import espeakng_loader  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Samples per second of the synthesized audio.
RATE = 22_050


class Voice(NamedTuple):
    """A dialect of English, and a timbre in the syntax of espeak-ng's voice files."""

    dialect: str
    timbre: str


#: Klatt voices have the fewest word errors in recognition, the third the fewest of all.
VOICES = {
    "alloy": Voice("en-us", "klatt 3"),
    "ash": Voice("en-us", "klatt 3\npitch 70 100"),
    "ballad": Voice("en-gb-x-rp", "klatt 3"),
    "cedar": Voice("en-us", "klatt 4\npitch 65 95"),
    "coral": Voice("en-us", "klatt 5\npitch 120 170"),
    "echo": Voice("en-us", "klatt 4"),
    "fable": Voice("en-gb-scotland", "klatt 3"),
    "marin": Voice("en-us", "klatt 3\npitch 120 170"),
    "nova": Voice("en-us", "klatt 5\npitch 100 150"),
    "onyx": Voice("en-us", "klatt 6\npitch 60 90"),
    "sage": Voice("en-us", "klatt 6"),
    "shimmer": Voice("en-us", "klatt 4\npitch 120 170"),
    "verse": Voice("en-us", "klatt 5"),
}

#: The rate with the fewest word errors in recognition.
_WORDS_PER_MINUTE = 160

#: The lowest speed of espeak-ng, at 80 words per minute.
_MIN_SPEED = 80 / _WORDS_PER_MINUTE

# From espeak-ng's speak_lib.h.
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000  # otherwise it exits the process when its data is missing
_RATE_PARAMETER = 1
_BY_CHARACTER = 1
_UTF8_WITH_FINAL_PAUSE = 0x0001 | 0x1000
_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_lock = threading.Lock()


class SpeechError(RuntimeError):
    """espeak-ng cannot be initialized."""


def synthesize(text: str, voice: str, speed: float = 1.0) -> Iterator[bytes]:
    """Synthesize a text lazily, sentence by sentence.

    :param text: English text.
    :param voice: a key of ``VOICES``.
    :param speed: 1.0 is normal; below 0.5 it is spoken at 0.5, see ``tempo``.
    :return: an iterator of the samples of each sentence: 16-bit, mono, at ``RATE``.
    :raises SpeechError: if espeak-ng cannot be initialized.
    """
    for sentence in split_sentences(text):
        samples = _samples(sentence, voice, speed)
        if samples:
            yield samples


def tempo(speed: float) -> float:
    """Return the tempo to stretch speech by, since espeak-ng has a minimum speed.

    :param speed: the requested speed.
    :return: a factor of 1.0 or less.
    """
    return min(speed / _MIN_SPEED, 1.0)


def split_sentences(text: str) -> list[str]:
    """Split a text at the ends of sentences and lines.

    :param text: the text.
    :return: its sentences, stripped.
    """
    # The library is written in C, where NUL terminates a string.
    parts = _SENTENCE_ENDS.split(text.replace("\0", " "))
    return [part.strip() for part in parts if part.strip()]


def start() -> None:
    """Initialize espeak-ng ahead of the first sentence.

    :raises SpeechError: if it cannot be initialized.
    """
    with _lock:
        _library()


def _samples(sentence: str, voice: str, speed: float) -> bytes:
    text = sentence.encode(errors="replace")  # lone surrogates cannot be encoded
    with _lock:
        library = _library()
        library.espeak_SetVoiceByName(f"{VOICES[voice].dialect}+{voice}".encode())
        library.espeak_SetParameter(_RATE_PARAMETER, round(_WORDS_PER_MINUTE * speed), 0)
        library.espeak_Synth(
            text, len(text) + 1, 0, _BY_CHARACTER, 0, _UTF8_WITH_FINAL_PAUSE, None, None
        )
        samples = b"".join(_received)
        _received.clear()
    return samples


#: Samples of the sentence that is being synthesized, guarded by the lock.
_received: list[bytes] = []


def _receive(samples: Any, count: int, _events: int | None) -> int:
    if samples and count > 0:
        _received.append(ctypes.string_at(samples, 2 * count))
    return 0


_callback = _Callback(_receive)  # a reference: the library holds a bare pointer to it


@functools.cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = _data_folder()
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, str(data).encode(), _DONT_EXIT)
    if rate != RATE or library.espeak_SetVoiceByName(b"en-us+alloy"):
        raise SpeechError(f"espeak-ng did not start: it cannot read its data in {data}.")
    library.espeak_SetSynthCallback(_callback)
    return library


def _data_folder() -> Path:
    """Return a temporary folder with espeak-ng's data and the voices above.

    espeak-ng fails if the path has 160 characters or more, as in many virtual environments.
    """
    folder = Path(tempfile.mkdtemp(prefix="espeak-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for entry in Path(espeakng_loader.get_data_path()).iterdir():
        if entry.name != "voices":
            _link(entry, folder / entry.name)
    variants = folder / "voices" / "!v"
    variants.mkdir(parents=True)
    for name, voice in VOICES.items():
        # Flutter carries state from call to call; without it, the same text gives the same bytes.
        variant = f"language variant\nname {name}\n{voice.timbre}\nflutter 0\n"
        (variants / name).write_text(variant, encoding="utf-8")
    return folder


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source, target_is_directory=source.is_dir())
    except OSError:  # symbolic links need a privilege on Windows
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
