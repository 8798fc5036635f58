"""A recording that can be opened repeatedly, whatever the caller passed."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import av
from typing_extensions import Self

from openapiopenai._files.upload import Upload
from openapiopenai.exceptions import ApiValueError
from openapiopenai.longform.containers import READABLE, decoding

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import TracebackType

    from openapiopenai._files.upload import AudioFile
    from openapiopenai.longform.containers import AvContainer, AvStream

#: Bytes that are hashed at a time.
_BLOCK_SIZE = 1 << 20


class Recording:
    """A recording on disk or in memory; a context manager.

    A path or bytes are read where they are. Anything else is first copied to a temporary file,
    since it is read several times, and may be a pipe.

    :param file: what the caller passed, as for :meth:`openapiopenai.AudioApi.create_transcription`.
    :raises ApiTypeError: when it has another type.
    :raises ApiValueError: when it is empty, missing, or cannot be read.
    """

    def __init__(self, file: AudioFile) -> None:
        upload = Upload.of(file)
        content = cast("tuple[Any, ...]", file)[1] if isinstance(file, tuple) else file
        self.label = f"the recording {upload.name!r}"
        self.file = file
        self._spooled: IO[bytes] | None = None
        self._content: str | bytes
        if isinstance(content, (str, os.PathLike)) and upload.size is not None:
            self._content = os.fsdecode(cast("str | os.PathLike[str]", content))
            self.size = upload.size
        elif isinstance(content, bytes):
            self._content, self.size = content, len(content)
        else:
            self._spool(upload)

    def _spool(self, upload: Upload) -> None:
        self._spooled = tempfile.TemporaryFile()  # noqa: SIM115 - closed by ``close``
        try:
            self._spooled.writelines(upload.blocks())
        except BaseException:
            self._spooled.close()
            raise
        self.size = self._spooled.tell()
        self._spooled.seek(0)
        self.file = (upload.name, self._spooled, upload.content_type)

    def close(self) -> None:
        """Delete the temporary copy, if there is one."""
        if self._spooled:
            self._spooled.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def digest(self) -> str:
        """Return the SHA-256 of its bytes, in hexadecimal."""
        with self._source() as source:
            return _digest(source)

    @contextmanager
    def opened(self) -> Generator[tuple[AvContainer, AvStream], None, None]:
        """Open the recording from its beginning.

        Only one at a time can be open: a temporary copy has one position.

        :return: the container and its first sound track.
        :raises ApiValueError: when it cannot be decoded, or has no sound track.
        """
        options = {"format_whitelist": READABLE}
        with (
            decoding(self.label),
            self._source() as source,
            av.open(source, "r", options=options) as container,
        ):
            if not container.streams.audio:
                raise ApiValueError(
                    f"{self.label} has no sound track; pass a recording that has one"
                )
            yield container, container.streams.audio[0]

    @contextmanager
    def _source(self) -> Generator[Any, None, None]:
        if self._spooled:
            self._spooled.seek(0)
            yield self._spooled
        elif isinstance(self._content, bytes):
            yield io.BytesIO(self._content)
        else:
            with Path(self._content).open("rb") as file:
                yield file
        if self._spooled:
            self._spooled.seek(0)


def _digest(source: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := source.read(_BLOCK_SIZE):
        digest.update(block)
    return digest.hexdigest()
