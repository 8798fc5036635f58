"""Recordings and texts of any length, beyond the limits of a single request.

It needs the extra ``longform`` (``pip install "openapiopenai[longform]"``); the client never
imports it by itself::

    from openapiopenai import AudioApi, longform

    result = longform.transcribe(AudioApi(), "lecture.mp3", "whisper-1")

Its modules, in the order in which a recording passes through them::

    transcripts.py      transcribe and translate, over transcribing.py
    the limits          limits.py (by model, with their sources)
    the recording       recording.py (what may be passed), listening.py (length, silences, levels)
    its parts           planning.py (where to cut), cutting.py (packets copied, or encoded anew)
                        into containers.py
    their calls         scheduling.py (in parallel, in order), parts.py over resume.py;
                        speakers.py (the same labels in all parts)
    the result          joining_results.py, joining_subtitles.py

and a text::

    speech.py           speak
    its parts           dividing.py (where to divide)
    their calls         fetching.py (ahead of the reader)
    the result          joining_audio.py
"""

try:
    import av as _av
    import sentencex as _sentencex  # type: ignore[import-untyped] # pyright: ignore[reportMissingTypeStubs]
except ImportError as error:
    raise ImportError(
        f'openapiopenai.longform needs {error.name}: pip install "openapiopenai[longform]"'
    ) from error

if not hasattr(_av.AudioFrame, "metadata"):  # where FFmpeg's filters write what they find
    raise ImportError(
        f"openapiopenai.longform needs PyAV 18 or later, which needs Python 3.11; this is PyAV "
        f'{_av.__version__}: pip install "openapiopenai[longform]"'
    )

from openapiopenai.longform.speech import speak
from openapiopenai.longform.transcripts import transcribe, translate

del _av, _sentencex

__all__ = ["speak", "transcribe", "translate"]
