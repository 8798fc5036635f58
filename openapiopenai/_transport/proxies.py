"""Choosing the proxy of a request, and parsing its URL and credentials."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from openapiopenai._transport.url import BaseURL

SOCKS_SCHEMES = ("socks4", "socks4a", "socks5", "socks5h")
_SCHEMES = ("http", "https", *SOCKS_SCHEMES)

#: The scheme of a request -> the environment variables that name its proxy, in order.
#: ``HTTP_PROXY`` in capitals is left out on a CGI server, where a visitor's ``Proxy:`` header
#: would set it.
VARIABLES = {
    "http": ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"),
    "https": ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
}


class Proxy(NamedTuple):
    """A proxy.

    :param url: its URL without credentials, which may be shown in errors and logs.
    :param username: the name to log in with.
    :param password: the password that goes with it.
    """

    url: str
    username: str | None = None
    password: str | None = None

    @property
    def scheme(self) -> str:
        """The scheme, which names the protocol of the proxy."""
        return urlsplit(self.url).scheme

    @property
    def host(self) -> str:
        """The name or address."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int | None:
        """The port; None for the usual one."""
        return urlsplit(self.url).port

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS, and not HTTP."""
        return self.scheme in SOCKS_SCHEMES


def proxy_for(url: BaseURL, proxy: str | None, no_proxy: str | None) -> Proxy | None:
    """Return the proxy for a server; None where it is reached directly.

    :param url: the server.
    :param proxy: the URL of the proxy; None for the environment's.
    :param no_proxy: the hosts that are reached directly; None for the environment's ``NO_PROXY``.
    :return: the proxy.
    :raises ApiValueError: when the URL is not that of a proxy.
    """
    chosen = proxy or _from_environment(*VARIABLES[url.scheme])
    exempt = no_proxy or _from_environment("no_proxy", "NO_PROXY") or ""
    if not chosen or is_exempt(url.host, url.port, exempt):
        return None
    return parse_proxy(chosen if "://" in chosen else f"http://{chosen}")


def parse_proxy(proxy: Any) -> Proxy:
    """Parse the URL of a proxy.

    :param proxy: the URL, with its credentials.
    :return: the proxy.
    :raises ApiTypeError: when it is not a ``str``.
    :raises ApiValueError: when it is not the URL of a proxy; the message does not quote it, since
        it may hold a password.
    """
    if not isinstance(proxy, str):
        raise ApiTypeError(f"proxy is {type(proxy).__name__}; pass a URL: 'http://host:port'")
    parts = _split(proxy)
    if parts is None or parts.scheme not in _SCHEMES or not parts.hostname:
        raise ApiValueError(
            "proxy is not the URL of a proxy; pass 'http://host:port', with 'user:password@' "
            f"before the host if it needs credentials; accepted schemes: {', '.join(_SCHEMES)}"
        )
    _, _, place = parts.netloc.rpartition("@")
    # divided before they are unescaped: an escaped colon belongs to the name
    username, password = parts.username, parts.password
    return Proxy(
        f"{parts.scheme}://{place}", username and unquote(username), password and unquote(password)
    )


def _split(url: str) -> SplitResult | None:
    with suppress(ValueError):  # whose text may quote a password
        parts = urlsplit(url)
        if parts.port != 0:
            return parts
    return None


def is_exempt(host: str, port: int, no_proxy: str) -> bool:
    """Return whether a host is to be reached without a proxy.

    :param host: a name or an address.
    :param port: its port.
    :param no_proxy: names (which cover what is below them), addresses, networks as ``10.0.0.0/8``,
        each with or without a port, divided by commas, semicolons or spaces; ``*`` covers all.
    :return: whether one of them covers the host.
    """
    entries = no_proxy.replace(",", " ").replace(";", " ").split()
    return any(_covers(entry, host.rstrip("."), port) for entry in entries)


def _covers(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        return _in_network(host, entry)
    name, wanted_port = _split_port(entry.lower())
    if wanted_port not in ("", str(port)):
        return False
    name = name.lstrip("*").strip(".")
    return host == name or _in_network(host, name) or (bool(name) and host.endswith(f".{name}"))


def _split_port(entry: str) -> tuple[str, str]:
    if entry.startswith("["):
        name, _, rest = entry[1:].partition("]")
        return name, rest.lstrip(":")
    name, _, port = entry.partition(":")
    # more than one colon: an IPv6 address as it is
    return (entry, "") if ":" in port else (name, port)


def _in_network(host: str, network: str) -> bool:
    if not (network[:1].isalnum() or network.startswith(":")):
        return False
    import ipaddress

    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _from_environment(*names: str) -> str | None:
    usable = (name for name in names if name != "HTTP_PROXY" or "REQUEST_METHOD" not in os.environ)
    return next((value for name in usable if (value := os.environ.get(name))), None)
