"""Transcripts and translations of recordings of any length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from openapiopenai._files.limits import limits_of
from openapiopenai.exceptions import ApiTypeError, ApiValueError
from openapiopenai.longform.parts import Calls
from openapiopenai.longform.resume import Results
from openapiopenai.longform.transcribing import Options, perform
from openapiopenai.models.create_transcription200_response import CreateTranscription200Response
from openapiopenai.models.create_translation200_response import CreateTranslation200Response

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from openapiopenai._files.upload import AudioFile
    from openapiopenai.api.audio_api import (
        AudioApi,
        ChunkingStrategy,
        ExtraFields,
        Headers,
        RequestAuth,
        RequestRetries,
        RequestTimeout,
        ResponseFormat,
        TranscriptionModel,
        TranslationModel,
    )
    from openapiopenai.models.transcription_include import TranscriptionInclude

    Progress = Callable[[float, float], object]


def transcribe(
    api: AudioApi,
    file: AudioFile,
    model: TranscriptionModel,
    *,
    language: str | None = None,
    prompt: str | None = None,
    response_format: ResponseFormat | None = None,
    temperature: float | None = None,
    timestamp_granularities: list[Literal["word", "segment"] | str] | str | None = None,
    include: list[TranscriptionInclude | Literal["logprobs"] | str] | str | None = None,
    languages: list[str] | str | None = None,
    keywords: list[str] | str | None = None,
    chunking_strategy: ChunkingStrategy | None = None,
    known_speaker_names: list[str] | str | None = None,
    known_speaker_references: list[str] | str | None = None,
    workers: int = 4,
    max_bytes: int | None = None,
    max_seconds: float | None = None,
    carry_prompt: bool = False,
    resume_dir: str | os.PathLike[str] | None = None,
    on_progress: Progress | None = None,
    _request_timeout: RequestTimeout | None = None,
    _request_auth: RequestAuth | None = None,
    _headers: Headers | None = None,
    _retries: RequestRetries | None = None,
    _extra_fields: ExtraFields | None = None,
) -> CreateTranscription200Response:
    """Transcribe a recording of any length.

    A recording within the limits is sent unchanged, in one call of
    :meth:`AudioApi.create_transcription`. A longer one is cut at silences, its parts are
    transcribed in parallel, and the results are joined. Parameters that are not described here
    are those of that method, and apply to each call: ``_request_timeout`` limits one call, and
    ``_retries`` is for one call, not for all of them. With ``response_format="diarized_json"``,
    samples of the speakers of the first part are sent with the others, so that they keep their
    labels; a speaker who is not heard there gets a new label in each part.

    :param api: the API that makes the calls.
    :param file: the recording, or a video with sound; anything that FFmpeg can read. Anything other
        than a path or ``bytes`` is first copied to a temporary file.
    :param model: the name of the model, on which the limits depend.
    :param workers: the number of calls at once, and of parts in memory. Default: 4.
    :param max_bytes: the maximum size of a file that is sent, in bytes. Default: 25 MB.
    :param max_seconds: the maximum length of a file that is sent, in seconds. Default: the limit of
        the model; 1400 for ``gpt-4o-transcribe`` and its family, none for others.
    :param carry_prompt: send the end of the text before each part as its prompt, after
        ``prompt``; the parts are then transcribed one after the other. Without effect on
        ``diarized_json``.
    :param resume_dir: a folder that keeps each part as soon as it is finished. A second run with
        the same recording and parameters makes only the calls that are missing.
    :param on_progress: called with the seconds that are done and the total, in the caller's thread.
    :return: what one call would have returned, with times relative to the start of the recording.
    :raises ApiValueError: when the recording cannot be decoded, or has no sound track; nothing
        was sent.
    :raises ApiException: when a part fails; ``part`` names its seconds. The calls in flight are
        finished first (also on Ctrl-C), and kept in ``resume_dir``.
    """
    parameters = _given(
        language=language,
        prompt=prompt,
        response_format=response_format,
        temperature=temperature,
        timestamp_granularities=timestamp_granularities,
        include=include,
        languages=languages,
        keywords=keywords,
        chunking_strategy=chunking_strategy,
        known_speaker_names=known_speaker_names,
        known_speaker_references=known_speaker_references,
        _request_timeout=_request_timeout,
        _request_auth=_request_auth,
        _headers=_headers,
        _retries=_retries,
        _extra_fields=_extra_fields,
    )
    calls = Calls(api.create_transcription, model, parameters, Results(resume_dir))
    limits = limits_of(str(model), max_bytes, max_seconds)
    options = Options(limits, checked_workers(workers), carry_prompt, on_progress)
    return CreateTranscription200Response.model_construct(
        actual_instance=perform(calls, file, options)
    )


def translate(
    api: AudioApi,
    file: AudioFile,
    model: TranslationModel,
    *,
    prompt: str | None = None,
    response_format: ResponseFormat | None = None,
    temperature: float | None = None,
    workers: int = 4,
    max_bytes: int | None = None,
    max_seconds: float | None = None,
    carry_prompt: bool = False,
    resume_dir: str | os.PathLike[str] | None = None,
    on_progress: Progress | None = None,
    _request_timeout: RequestTimeout | None = None,
    _request_auth: RequestAuth | None = None,
    _headers: Headers | None = None,
    _retries: RequestRetries | None = None,
    _extra_fields: ExtraFields | None = None,
) -> CreateTranslation200Response:
    """Translate a recording of any length into English text.

    It works like :func:`transcribe`, with :meth:`AudioApi.create_translation`.

    :return: what one call would have returned, with times relative to the start of the recording.
    """
    parameters = _given(
        prompt=prompt,
        response_format=response_format,
        temperature=temperature,
        _request_timeout=_request_timeout,
        _request_auth=_request_auth,
        _headers=_headers,
        _retries=_retries,
        _extra_fields=_extra_fields,
    )
    calls = Calls(api.create_translation, model, parameters, Results(resume_dir))
    limits = limits_of(str(model), max_bytes, max_seconds)
    options = Options(limits, checked_workers(workers), carry_prompt, on_progress)
    return CreateTranslation200Response.model_construct(
        actual_instance=perform(calls, file, options)
    )


def checked_workers(workers: int) -> int:
    """Return the number of workers.

    :raises ApiTypeError: when it is not an integer.
    :raises ApiValueError: when it is less than 1.
    """
    if not isinstance(workers, int):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ApiTypeError(f"workers is {type(workers).__name__}; pass a whole number")
    if workers < 1:
        raise ApiValueError(f"workers is {workers}; pass 1 or more")
    return workers


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
