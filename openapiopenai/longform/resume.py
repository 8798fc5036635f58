"""Finished parts, kept in a folder, so that a second run makes only the calls that are missing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from openapiopenai._response.saving import save
from openapiopenai.models.base import Model
from openapiopenai.models.create_transcription_response_diarized_json import (
    CreateTranscriptionResponseDiarizedJson,
)
from openapiopenai.models.create_transcription_response_json import CreateTranscriptionResponseJson
from openapiopenai.models.create_transcription_response_verbose_json import (
    CreateTranscriptionResponseVerboseJson,
)
from openapiopenai.models.create_translation_response_json import CreateTranslationResponseJson
from openapiopenai.models.create_translation_response_verbose_json import (
    CreateTranslationResponseVerboseJson,
)

if TYPE_CHECKING:
    import os

    from openapiopenai.longform.joining_results import Variant

#: A part of each key; increased when the files or the keys change.
_VERSION = 1

#: Name -> class of the results that can be kept.
_CLASSES: dict[str, type[Model]] = {
    kind.__name__: kind
    for kind in (
        CreateTranscriptionResponseDiarizedJson,
        CreateTranscriptionResponseJson,
        CreateTranscriptionResponseVerboseJson,
        CreateTranslationResponseJson,
        CreateTranslationResponseVerboseJson,
    )
}


class Results:
    """The folder of ``resume_dir``; without one, nothing is kept.

    :param folder: the folder, which is created if it does not exist.
    """

    def __init__(self, folder: str | os.PathLike[str] | None) -> None:
        self._folder = None if folder is None else Path(folder)
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)

    @property
    def are_kept(self) -> bool:
        """Whether there is a folder."""
        return self._folder is not None

    def load(self, key: str) -> Variant | None:
        """Return the result that was kept; None if there is none, or it is damaged."""
        if not self._folder:
            return None
        try:
            kept = json.loads(self._path(key).read_bytes())
            if kept["sha256"] != _hash(kept["value"]):
                return None
            kind, value = kept["kind"], kept["value"]
            return _CLASSES[kind].from_dict(value) if kind in _CLASSES else str(value)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, key: str, value: Variant) -> None:
        """Keep the result of a part; the file is written completely or not at all.

        Another run that shares the folder may remove it at any time. A part that is lost by this
        is not an error, since its result is still returned.
        """
        if not self._folder:
            return
        plain = value if isinstance(value, str) else value.to_dict()
        kept = {"kind": type(value).__name__, "sha256": _hash(plain), "value": plain}
        with suppress(FileNotFoundError):  # removed while the file was written
            self._folder.mkdir(parents=True, exist_ok=True)
            save([json.dumps(kept).encode()], self._path(key))

    def _path(self, key: str) -> Path:
        return (self._folder or Path()) / f"{key}.json"


def key_of(digest: str, operation: str, parameters: Mapping[str, Any]) -> str:
    """Return the name under which the result of a part is kept.

    :param digest: the hash of its file.
    :param operation: the name of the method of the API.
    :param parameters: the parameters on which the result depends.
    :return: a hash of all of them.
    """
    return _hash([_VERSION, digest, operation, parameters])


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_dict()
    return {**cast("Mapping[str, Any]", value)} if isinstance(value, Mapping) else str(value)
