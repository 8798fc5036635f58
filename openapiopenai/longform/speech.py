"""Speech of texts of any length."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import Self

from openapiopenai._files.reading import BLOCK_SIZE
from openapiopenai._response.saving import save
from openapiopenai.exceptions import ApiTypeError, ApiValueError
from openapiopenai.longform.dividing import divide
from openapiopenai.longform.fetching import Fetching
from openapiopenai.longform.joining_audio import FORMATS, RAW, join_audio
from openapiopenai.longform.transcripts import checked_workers
from openapiopenai.models.create_speech_request import MAX_TEXT, CreateSpeechRequest

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType

    from openapiopenai.api.audio_api import (
        AudioApi,
        ExtraFields,
        Headers,
        RequestAuth,
        RequestRetries,
        RequestTimeout,
        SpeechRequest,
    )
    from openapiopenai.longform.fetching import Stream

#: The format where a request names none (the API's description).
_DEFAULT_FORMAT = "mp3"


class LongSpeech:
    """Speech that can be iterated, read or saved while it is made; a context manager.

    :param fetching: the parts, which are being fetched.
    :param texts: the text of each.
    :param speech_format: the format of each.
    :param on_progress: called with the characters that were read and the total.
    """

    def __init__(
        self,
        fetching: Fetching,
        texts: list[str],
        speech_format: str,
        on_progress: Callable[[int, int], object] | None,
    ) -> None:
        self._fetching = fetching
        self._total = sum(map(len, texts))
        self._is_joined = len(texts) > 1 and speech_format not in RAW
        self._format = speech_format
        self._on_progress = on_progress
        self._blocks: Iterator[bytes] | None = None
        self._rest = b""

    def __iter__(self) -> Iterator[bytes]:
        """Return an iterator over the bytes, in one container, which yields them as they arrive."""
        if self._blocks is None:
            self._blocks = self._streamed() if self._is_joined else self._plain()
        return self._blocks

    def read(self, size: int = -1) -> bytes:
        """Return bytes of the speech.

        :param size: the maximum number of bytes to return. Default: all that are left.
        :return: the bytes; empty at the end.
        """
        blocks = iter(self)
        kept = [self._rest]
        length = len(self._rest)
        while size < 0 or length < size:
            block = next(blocks, b"")
            if not block:
                break
            kept.append(block)
            length += len(block)
        read = b"".join(kept)
        end = length if size < 0 else size
        self._rest = read[end:]
        return read[:end]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the speech to a file, which appears under its name only when it is complete.

        The sizes and lengths in its header are right, which is not possible in a stream.

        :param path: the path of the file; an existing file is replaced.
        :raises ApiValueError: when some of it was read before, or the path is not that of a file.
        :raises ApiException: when a part fails.
        :raises OSError: when the file cannot be written.
        """
        if self._blocks is not None:
            raise ApiValueError("some of the speech was read before; save it instead of reading it")
        self._blocks = self._filed() if self._is_joined else self._plain()
        save(self._blocks, path)

    def close(self) -> None:
        """Stop making requests; closing more than once is allowed."""
        self._fetching.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _plain(self) -> Iterator[bytes]:
        for blocks in self._parts():
            yield from blocks
        self.close()

    def _streamed(self) -> Iterator[bytes]:
        sink = _Sink()
        for _ in join_audio(self._parts(), self._format, sink):
            if written := sink.take():
                yield written
        self.close()

    def _filed(self) -> Iterator[bytes]:
        with tempfile.TemporaryFile() as file:
            for _ in join_audio(self._parts(), self._format, file):
                pass
            self.close()
            file.seek(0)
            while block := file.read(BLOCK_SIZE):
                yield block

    def _parts(self) -> Iterator[Iterable[bytes]]:
        done = 0
        for text, blocks in self._fetching:
            yield blocks
            done += len(text)
            if self._on_progress:
                self._on_progress(done, self._total)


class _Sink:
    """A file without ``seek``, whose content is taken out as it is written."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        """Return what was written since the last call."""
        written, self._written = bytes(self._written), bytearray()
        return written


def speak(
    api: AudioApi,
    create_speech_request: SpeechRequest,
    *,
    workers: int = 4,
    max_characters: int = MAX_TEXT,
    on_progress: Callable[[int, int], object] | None = None,
    _request_timeout: RequestTimeout | None = None,
    _request_auth: RequestAuth | None = None,
    _headers: Headers | None = None,
    _retries: RequestRetries | None = None,
    _extra_fields: ExtraFields | None = None,
) -> LongSpeech:
    """Turn a text of any length into speech.

    A text within the limit is one call of :meth:`AudioApi.create_speech_streaming`, and the speech
    is returned unchanged. A longer one is divided at paragraphs, sentences, clauses and words, in
    that order; its parts are requested in parallel, and their speech is joined. Parameters that
    are not described here are those of that method, and apply to each call.

    :param api: the API that makes the calls.
    :param create_speech_request: as for that method; as a ``dict``, its ``input`` may be of any
        length.
    :param workers: the number of parts that are fetched ahead and kept in memory. Default: 4.
    :param max_characters: the maximum length of the text of a request. Default: 4096.
    :param on_progress: called with the characters that were read and the total, in the thread
        that reads.
    :return: the speech, to be iterated, read or saved.
    :raises ApiValueError: when the format is not one that can be joined.
    :raises ApiException: when the first call fails. If a later one fails, reading raises it.
        ``part`` names its characters.
    """
    fields = _fields_of(create_speech_request)
    texts = _texts(fields, max_characters)
    speech_format = _format_of(fields, is_divided=len(texts) > 1)

    def open_stream(text: str) -> Stream:
        return api.create_speech_streaming(
            _request(fields, text),
            _request_timeout=_request_timeout,
            _request_auth=_request_auth,
            _headers=_headers,
            _retries=_retries,
            _extra_fields=_extra_fields,
        )

    fetching = Fetching(texts, open_stream, checked_workers(workers))
    return LongSpeech(fetching, texts, speech_format, on_progress)


def _fields_of(request: SpeechRequest) -> dict[str, Any]:
    if isinstance(request, CreateSpeechRequest):
        return request.given()
    try:
        return dict(request)
    except (TypeError, ValueError) as error:
        raise ApiTypeError(
            f"create_speech_request is {type(request).__name__}; pass a CreateSpeechRequest, or a "
            "dict with its keys"
        ) from error


def _texts(fields: Mapping[str, Any], max_characters: int) -> list[Any]:
    if max_characters < 1:
        raise ApiValueError(f"max_characters is {max_characters}; pass 1 or more")
    text = fields.get("input")
    if not isinstance(text, str) or len(text) <= max_characters:
        return [text]
    texts = divide(text, max_characters)
    if not texts:
        raise ApiValueError("input is nothing but white space; pass a text")
    return texts


def _format_of(fields: Mapping[str, Any], *, is_divided: bool) -> str:
    speech_format = str(fields.get("response_format") or _DEFAULT_FORMAT)
    if is_divided and speech_format not in (*FORMATS, *RAW):
        accepted = ", ".join(sorted((*FORMATS, *RAW)))
        raise ApiValueError(
            f"response_format is {speech_format!r}, which cannot be joined; pass one of {accepted}"
        )
    return speech_format


def _request(fields: dict[str, Any], text: Any) -> SpeechRequest:
    request = {**fields, "input": text}
    if isinstance(text, str) and len(text) > MAX_TEXT:  # which the model would refuse
        return CreateSpeechRequest.model_construct(**request)
    return cast("SpeechRequest", request)
