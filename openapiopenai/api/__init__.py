"""The endpoints, and how a call is described."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openapiopenai.api.audio_api import AudioApi

__all__ = ["AudioApi"]


#: How the classes and modules of the endpoints of 1.x end: ``ChatApi``, ``chat_api``.
_ENDPOINTS = ("Api", "_api")


def missing(module: str, name: str) -> AttributeError | ImportError:
    """Return the error for a name that a module does not have.

    :param module: the name of the module.
    :param name: the name.
    :return: for an endpoint of 1.x, an ``ImportError`` that says why it is missing: ``from module
        import name`` would hide the text of an ``AttributeError``.
    """
    text = f"module {module!r} has no attribute {name!r}"
    if not name.endswith(_ENDPOINTS):
        return AttributeError(text)
    reason = "since 2.0 it has only the audio endpoints"
    return ImportError(f"{text}; {reason}; for the others, use version 1.3.0 or openai", name=name)


def __getattr__(name: str) -> object:
    # loaded when it is first used, as all names of the package are
    if name not in (*__all__, "audio_api"):
        raise missing(__name__, name)
    from importlib import import_module

    module = import_module(f"{__name__}.audio_api")
    return module if name == "audio_api" else module.AudioApi
