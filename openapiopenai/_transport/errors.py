"""What urllib3, http.client, ssl and the system raise, as exceptions of this package."""

from __future__ import annotations

import ssl
from http.client import BadStatusLine, HTTPException, IncompleteRead, RemoteDisconnected
from typing import TYPE_CHECKING

from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
)

from openapiopenai._transport.resolver import ResolutionTimeoutError
from openapiopenai._transport.timeouts import Deadline
from openapiopenai.exceptions import ApiConnectionException, ApiTimeoutException

if TYPE_CHECKING:
    from openapiopenai._transport.timeouts import CallTimeout

#: What sending a request or reading a response may raise.
NETWORK_ERRORS = (HTTPError, HTTPException, OSError)

_TIMEOUTS = (ConnectTimeoutError, ReadTimeoutError, TimeoutError)

_CLOSED = "the connection was closed before there was a response"

#: Error -> what happened; the first that matches. The system describes its own errors.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (RemoteDisconnected, _CLOSED),
    (ConnectionResetError, _CLOSED),
    (BrokenPipeError, _CLOSED),
    (BadStatusLine, "the server does not speak HTTP/1.1"),
    (IncompleteRead, "the response broke off"),
)

#: What the system or OpenSSL says -> what a caller can do about it.
_ADVICE = {
    "Connection refused": "check that a server runs there",
    "WRONG_VERSION_NUMBER": "the server may speak plain HTTP: use a host that begins with 'http://'",
    "CERTIFICATE_VERIFY_FAILED": "name its authority in ssl_ca_cert or SSL_CERT_FILE",
    "407 ": "put 'user:password@' before the host in the URL of the proxy",
}


def network_error(
    error: Exception, place: str, timeout: CallTimeout, attempts: int = 1
) -> ApiConnectionException:
    """Return the exception for a request without a response.

    :param error: what urllib3, http.client or the system raised; the caller chains it.
    :param place: the server, as a URL without credentials.
    :param timeout: the timeout of the call.
    :param attempts: how often the request was sent.
    """
    chain = _chain(error)
    if any(_is_timeout(link) for link in chain):
        return ApiTimeoutException(0, _timeout_reason(chain, place, timeout), attempts=attempts)
    return ApiConnectionException(0, _reason(chain, place), attempts=attempts)


def reading_error(
    error: Exception, timeout: CallTimeout, received: int, expected: int | None
) -> ApiConnectionException:
    """Return the exception for a response that breaks off.

    :param error: what urllib3, http.client or the system raised; the caller chains it.
    :param timeout: the timeout of the call.
    :param received: how many bytes of the body had arrived.
    :param expected: how many it was to have; None where it did not say.
    """
    size = f"{received} bytes" if expected is None else f"{received} of {expected} bytes"
    if any(_is_timeout(link) for link in _chain(error)):
        return ApiTimeoutException(0, f"{_exceeded(timeout)}, after {size} of the response")
    return ApiConnectionException(0, f"the response broke off after {size}")


def _chain(error: Exception) -> list[Exception]:
    """Return an error and what it wraps: as its cause, or as the last of its arguments."""
    links = [error]
    while len(links) < 8:  # noqa: PLR2004 - more than any library nests
        last = links[-1]
        wrapped = (last.__cause__, *reversed(last.args))
        inner = [item for item in wrapped if isinstance(item, Exception)]
        if not inner or inner[0] in links:
            break
        links.append(inner[0])
    return links


def _is_timeout(error: Exception) -> bool:
    # to urllib3, a refused connection is a kind of timeout
    return isinstance(error, _TIMEOUTS) and not isinstance(error, NewConnectionError)


def _timeout_reason(chain: list[Exception], place: str, timeout: CallTimeout) -> str:
    root = chain[-1]
    if isinstance(root, ResolutionTimeoutError):
        phase = f"resolving {root.host}"
    elif any(isinstance(link, ConnectTimeoutError) for link in chain):
        phase = f"connecting to {place}"
    else:
        return _exceeded(timeout)
    if isinstance(timeout, Deadline):
        return f"{_exceeded(timeout)}, {phase}"
    return f"{phase} took longer than {timeout.connect:g} s"


def _exceeded(timeout: CallTimeout) -> str:
    if isinstance(timeout, Deadline):
        return f"the call timed out after {timeout.seconds:g} s"
    return f"no response within {timeout.read:g} s"


def _reason(chain: list[Exception], place: str) -> str:
    root = chain[-1]
    if any(isinstance(link, NameResolutionError) for link in chain):
        text = f"the name of {place} cannot be resolved: {_words(root)}"
    elif isinstance(root, ssl.SSLError):
        text = f"no TLS connection to {place}: {_ssl_reason(root)}"
    elif refused := [link for link in chain if isinstance(link, NewConnectionError)]:
        text = f"connecting to {_route(refused[0])} failed: {_words(root)}"
    else:
        text = next((text for kind, text in _REASONS if isinstance(root, kind)), _words(root))
    if isinstance(root, BadStatusLine) and not isinstance(root, RemoteDisconnected):
        text += _sent(getattr(root, "line", ""))
    if any(isinstance(link, ProxyError) for link in chain):
        text = f"the proxy does not connect to {place}: {text}"
    return "; ".join([text, *(advice for sign, advice in _ADVICE.items() if sign in str(chain))])


def _route(error: NewConnectionError) -> str:
    return getattr(error.conn, "route", None) or f"{error.conn.host}:{error.conn.port}"


def _sent(line: str) -> str:
    """Return what a server sent instead of a status line, if it can be read."""
    text = line.strip()
    return f": it sent {text[:60]!r}" if text.isascii() and text.isprintable() and text else ""


def _words(error: Exception) -> str:
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _ssl_reason(error: ssl.SSLError) -> str:
    verified = getattr(error, "verify_message", None)
    if verified:
        return f"certificate verify failed: {verified}"
    return (error.reason or str(error)).replace("_", " ").lower()
