"""Text to speech: espeak-ng, called through ctypes.

The library has one global state, so a process speaks one sentence at a time, whoever asks.
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

#: Samples a second of what is spoken.
RATE = 22_050


class Voice(NamedTuple):
    """A dialect of English, and how a speaker of it sounds (in espeak-ng's words)."""

    dialect: str
    timbre: str


#: Of espeak-ng's synthesisers Klatt's are recognised best, and the third of them best of all.
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

_WORDS_PER_MINUTE = 160  # what the recogniser understands best
_SLOWEST = 80 / _WORDS_PER_MINUTE  # espeak-ng speaks no slower

# From espeak-ng's speak_lib.h.
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000  # else it ends the process when its data are missing
_RATE_PARAMETER = 1
_BY_CHARACTER = 1
_UTF8_WITH_FINAL_PAUSE = 0x0001 | 0x1000
_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)

_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_lock = threading.Lock()


class SpeechError(RuntimeError):
    """espeak-ng does not start."""


def speak(text: str, voice: str, speed: float = 1.0) -> Iterator[bytes]:
    """Speak a text, sentence by sentence, each as it is asked for.

    :param text: English text.
    :param voice: a key of ``VOICES``.
    :param speed: 1.0 is normal; below 0.5 it is spoken at 0.5, and ``tempo`` says what is
        left to do.
    :return: for each sentence its samples: 16-bit, mono, ``RATE`` a second.
    :raises SpeechError: when espeak-ng cannot be started.
    """
    for sentence in sentences(text):
        samples = _said(sentence, voice, speed)
        if samples:
            yield samples


def tempo(speed: float) -> float:
    """Tell how far speech is still to be stretched, since espeak-ng speaks only so slowly.

    :param speed: the speed that is asked for.
    :return: the tempo that makes it so: 1.0, or less.
    """
    return min(speed / _SLOWEST, 1.0)


def sentences(text: str) -> list[str]:
    """Part a text where sentences and lines end.

    :param text: the text.
    :return: its sentences, without the white space around them.
    """
    # To the library, which is written in C, a NUL would be the end of the text.
    parts = _SENTENCE_ENDS.split(text.replace("\0", " "))
    return [part.strip() for part in parts if part.strip()]


def start() -> None:
    """Start espeak-ng, so that the first sentence need not wait for it.

    :raises SpeechError: when it cannot be started.
    """
    with _lock:
        _library()


def _said(sentence: str, voice: str, speed: float) -> bytes:
    text = sentence.encode(errors="replace")  # JSON can hold half a character, UTF-8 cannot
    with _lock:
        library = _library()
        library.espeak_SetVoiceByName(f"{VOICES[voice].dialect}+{voice}".encode())
        library.espeak_SetParameter(_RATE_PARAMETER, round(_WORDS_PER_MINUTE * speed), 0)
        library.espeak_Synth(
            text, len(text) + 1, 0, _BY_CHARACTER, 0, _UTF8_WITH_FINAL_PAUSE, None, None
        )
        samples = b"".join(_heard)
        _heard.clear()
    return samples


_heard: list[bytes] = []


def _hear(samples: Any, count: int, _events: int | None) -> int:
    if samples and count > 0:
        _heard.append(ctypes.string_at(samples, 2 * count))
    return 0


_hear_callback = _Callback(_hear)  # kept: the library holds a bare pointer to it


@functools.cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = _data_folder()
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, str(data).encode(), _DONT_EXIT)
    if rate != RATE or library.espeak_SetVoiceByName(b"en-us+alloy"):
        raise SpeechError(f"espeak-ng did not start: it cannot use its data at {data}.")
    library.espeak_SetSynthCallback(_hear_callback)
    return library


def _data_folder() -> Path:
    """Make espeak-ng's data folder, with our voices, at a path that is short enough for it.

    It fails at 160 characters or more, which virtual environments may well have.
    """
    folder = Path(tempfile.mkdtemp(prefix="espeak-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for entry in Path(espeakng_loader.get_data_path()).iterdir():
        if entry.name != "voices":
            _link(entry, folder / entry.name)
    variants = folder / "voices" / "!v"
    variants.mkdir(parents=True)
    for name, voice in VOICES.items():
        # Flutter is a waver that goes on from call to call: without it, the same text is spoken
        # the same way each time, to the byte.
        variant = f"language variant\nname {name}\n{voice.timbre}\nflutter 0\n"
        (variants / name).write_text(variant, encoding="utf-8")
    return folder


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source, target_is_directory=source.is_dir())
    except OSError:  # Windows lets only some people make links
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
