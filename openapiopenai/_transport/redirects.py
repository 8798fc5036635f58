"""Where a redirect leads, if it may be followed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from openapiopenai._transport.url import BaseURL

if TYPE_CHECKING:
    from urllib3 import HTTPResponse

    from openapiopenai._transport.request import HTTPRequest


def redirect_target(request: HTTPRequest, response: HTTPResponse) -> str | None:
    """Return the new path and query of a request that is redirected within its server.

    The recording and the key never go to another server.

    :param request: the request.
    :param response: the response to it.
    :return: the path and query; None where there is nothing to follow.
    """
    location = response.headers.get("location")
    if not location or not request.is_repeatable:
        return None
    try:
        url = urljoin(request.url.root + request.target, location)
        is_same_server = BaseURL.parse(url).origin == request.url.origin
    except ValueError:  # not a URL, or not one of HTTP
        return None
    if not is_same_server:
        return None
    place = urlsplit(url)
    return (place.path or "/") + (f"?{place.query}" if place.query else "")
