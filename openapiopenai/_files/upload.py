"""Audio files as callers pass them, and as they are sent: name, content type, size, bytes."""

from __future__ import annotations

import os  # noqa: TC003 - the aliases below name it
from typing import TYPE_CHECKING, Annotated, Any, Union, cast

from pydantic import PlainSerializer, PlainValidator
from typing_extensions import TypeAliasType

from openapiopenai._files.formats import (
    COMPRESSED,
    CONTENT_TYPES,
    SENT_AS,
    UNKNOWN_TYPE,
    base_name,
    extension_of,
    recognize,
)
from openapiopenai._files.reading import BinaryReadable, WaitLimit
from openapiopenai._files.sources import ACCEPTED, Source, source_of
from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Iterator

AudioContent = TypeAliasType(
    "AudioContent",
    Union[str, "os.PathLike[str]", bytes, bytearray, memoryview, BinaryReadable],
)
AudioFile = TypeAliasType(
    "AudioFile",
    Union[
        AudioContent,
        tuple[Union[str, None], AudioContent],
        tuple[Union[str, None], AudioContent, Union[str, None]],
    ],
)


class Upload:
    """A recording that is ready to be sent.

    :param source: where the bytes come from.
    :param name: the caller's name for it, which is sent as it is but for its directory. Default:
        the name that the source knows, with an extension that servers accept.
    :param content_type: the caller's content type. Default: by the extension or the first bytes.
    """

    def __init__(self, source: Source, name: str = "", content_type: str = "") -> None:
        self._source = source
        self._name = base_name(name) if name else ""
        self._content_type = content_type or ("" if name else source.content_type)
        if source.size is not None:
            self.prepare()

    @classmethod
    def of(cls, file: AudioFile | Upload) -> Upload:
        """Return the upload for what a caller passes as ``file``.

        :param file: see :data:`AudioFile`. A file object is read from its current position and
            is not closed.
        :return: the upload.
        :raises ApiTypeError: when it is of another type.
        :raises ApiValueError: when it is empty, missing, or cannot be read.
        """
        if isinstance(file, Upload):
            return file
        name, content, content_type = _parts_of(file)
        return cls(source_of(content), name or "", content_type or "")

    def prepare(self, limit: WaitLimit | None = None) -> None:
        """Check that there are bytes, and work out name and content type.

        Done at once if the size is known. A stream is read for it, so that waits until it is sent.

        :param limit: bounds each wait for a pipe's data.
        :raises ApiValueError: when there are no bytes, or they cannot be read.
        """
        source = self._source
        if source.size == 0 or (source.size is None and not source.peek(0, limit)):
            raise ApiValueError(
                f"the audio is empty: {source.label} has no bytes to send from where it stands; "
                "rewind it with seek(0) if it was just written"
            )
        self._name = self._name or self._name_of_source(limit)
        if not self._content_type:
            extension = extension_of(self._name)
            if extension not in CONTENT_TYPES:
                extension = self._recognized(limit)
            self._content_type = CONTENT_TYPES.get(extension, UNKNOWN_TYPE)

    @property
    def name(self) -> str:
        """The file name of the part, without a directory."""
        if not self._name:
            self.prepare()
        return self._name

    @property
    def content_type(self) -> str:
        """The content type of the part."""
        if not self._content_type:
            self.prepare()
        return self._content_type

    @property
    def size(self) -> int | None:
        """The number of bytes; None if only the end of the source reveals it."""
        return self._source.size

    @property
    def rewindable(self) -> bool:
        """Whether the bytes can be sent a second time."""
        return self._source.size is not None

    def blocks(self, limit: WaitLimit | None = None) -> Iterator[bytes | memoryview]:
        """Yield the bytes; once more from the start at each call if they are rewindable.

        :param limit: bounds each wait for a pipe's data. A Python ``read`` that blocks cannot be
            bounded.
        """
        return self._source.blocks(limit)

    def _name_of_source(self, limit: WaitLimit | None) -> str:
        """Return the source's name with an extension that tells the container."""
        name = base_name(self._source.name or "audio")
        extension = extension_of(name)
        if extension in COMPRESSED:
            name = self._without_compression(name, extension, limit)
            extension = extension_of(name)
        if not extension:
            missing = self._recognized(limit) or ("" if self._source.name else "bin")
            return f"{name.rstrip('.')}.{missing}" if missing else name
        if extension in SENT_AS:
            return f"{name[: -len(extension)]}{SENT_AS[extension]}"
        return name

    def _without_compression(self, name: str, extension: str, limit: WaitLimit | None) -> str:
        """Return a name without ``.gz`` or its like if the bytes come decompressed."""
        if self._source.peek(0, limit).startswith(COMPRESSED[extension]):
            return name
        return name[: -len(extension) - 1]

    def _recognized(self, limit: WaitLimit | None) -> str:
        return recognize(lambda offset: self._source.peek(offset, limit))

    def __repr__(self) -> str:
        name = self._name or self._source.name
        return f"Upload({name!r}, {self._content_type!r}, size={self.size})"


def _upload_or_none(file: AudioFile | Upload | None) -> Upload | None:
    return file if file is None or isinstance(file, Upload) else Upload.of(file)


#: The type of a model's ``file``: anything that a caller may pass, kept as an :class:`Upload`.
UploadField = Annotated[
    Any,
    PlainValidator(_upload_or_none),
    PlainSerializer(lambda upload: upload and upload.name, return_type=str),
]


def _parts_of(file: Any) -> tuple[str | None, Any, str | None]:
    if not isinstance(file, tuple):
        return None, file, None
    given = cast("tuple[Any, ...]", file)
    name, content, content_type = (*given, None, None, None)[:3]
    named = isinstance(name, (str, type(None))) and isinstance(content_type, (str, type(None)))
    if len(given) not in (2, 3) or not named:
        kinds = ", ".join(type(item).__name__ for item in given)
        raise ApiTypeError(f"file is a tuple ({kinds}); pass {ACCEPTED}")
    return name, content, content_type
