"""The endpoints, and how a call is described."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openapiopenai.api.audio_api import AudioApi

__all__ = ["AudioApi"]


def __getattr__(name: str) -> object:
    # loaded when it is first used, as all names of the package are
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from openapiopenai.api.audio_api import AudioApi

    return AudioApi
