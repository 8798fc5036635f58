"""The host of a configuration: mistakes in it, and what may be shown of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from openapiopenai._transport.url import BaseURL

#: The paths that the client appends to a host.
_ENDPOINTS = ("/audio/speech", "/audio/transcriptions", "/audio/translations")

#: Parameters in the query of a host that are no secret; Azure's is worth showing.
_SHOWN_PARAMETERS = ("api-version",)


def check_path(address: BaseURL, setting: str) -> None:
    """Check that a host is not the URL of an endpoint.

    :param address: the host.
    :param setting: where it was set, for the message.
    :raises ApiValueError: when it is; with the host to use.
    """
    for endpoint in _ENDPOINTS:
        if address.path.endswith(endpoint):
            host = address.root + address.path.removesuffix(endpoint)
            raise ApiValueError(
                f"{setting} ends in {endpoint}, which the client appends; pass {host!r}"
            )


def shown(address: BaseURL) -> str:
    """Return a host with the values in its query hidden, since keys may be among them."""
    query = "&".join(_without_value(pair) for pair in address.query.split("&") if pair)
    return f"{address.root}{address.path}{query and f'?{query}'}"


def _without_value(pair: str) -> str:
    name, _, _ = pair.partition("=")
    return pair if name.lower() in _SHOWN_PARAMETERS else f"{name}=***"
