"""The endpoints, and how a call is described."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openapiopenai.api.audio_api import AudioApi

__all__ = ["AudioApi"]


#: How the classes and modules of the endpoints of 1.x end: ``ChatApi``, ``chat_api``.
_ENDPOINTS = ("Api", "_api")


def missing(module: str, name: str) -> AttributeError:
    """Return the error for a name that a module does not have.

    :param module: the name of the module.
    :param name: the name; that of an endpoint of 1.x adds why it is missing.
    """
    gone = "; since 2.0 there are the audio endpoints alone" if name.endswith(_ENDPOINTS) else ""
    return AttributeError(f"module {module!r} has no attribute {name!r}{gone}")


def __getattr__(name: str) -> object:
    # loaded when it is first used, as all names of the package are
    if name not in (*__all__, "audio_api"):
        raise missing(__name__, name)
    from importlib import import_module

    module = import_module(f"{__name__}.audio_api")
    return module if name == "audio_api" else module.AudioApi
