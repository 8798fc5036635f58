"""What a caller can do about an error, where the server itself cannot know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from openapiopenai._response.headers import retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openapiopenai._transport.url import BaseURL


class Failure(NamedTuple):
    """A response other than 2xx, and what is known of its request.

    :param status: its status.
    :param headers: its headers.
    :param host: the base URL of the server.
    :param path: the path of the endpoint below it.
    :param is_key_withheld: whether the environment has a key that is not for this server.
    :param max_retry_after: the longest wait that a server is granted, in seconds.
    """

    status: int
    headers: Mapping[str, str]
    host: BaseURL
    path: str
    is_key_withheld: bool
    max_retry_after: float


def advice(failure: Failure) -> str | None:
    """Return what to do about an error; None where the server's own words are all there is."""
    advise = _ADVICE.get(failure.status)
    return advise(failure) if advise else _wait(failure)


def _moved(failure: Failure) -> str | None:
    location = failure.headers.get("location")
    if not location:
        return None
    return f"the server has moved; set host to {location.partition(failure.path)[0]}"


def _withheld(failure: Failure) -> str | None:
    if not failure.is_key_withheld:
        return None
    return (
        "OPENAI_API_KEY was not sent: it is for OPENAI_BASE_URL, else for OpenAI itself; pass "
        "access_token to send a key to this server"
    )


def _no_path(failure: Failure) -> str | None:
    if failure.host.path:
        return None
    return f"most servers have their endpoints below /v1; try host={failure.host.root + '/v1'!r}"


def _wait(failure: Failure) -> str | None:
    seconds = retry_after(failure.headers)
    if seconds is None or seconds <= failure.max_retry_after:
        return None
    return (
        f"the server asks to wait {seconds:.0f} s; it was not waited for, since that is longer "
        f"than {failure.max_retry_after:.0f} s"
    )


_ADVICE: dict[int, Callable[[Failure], str | None]] = {
    **dict.fromkeys(range(300, 400), _moved),
    401: _withheld,
    404: _no_path,
}
