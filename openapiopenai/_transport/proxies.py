"""Which proxy a call goes through."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from openapiopenai._transport.url import Address
    from openapiopenai.configuration import Configuration

SOCKS_SCHEMES = ("socks4", "socks4a", "socks5", "socks5h")
_SCHEMES = ("http", "https", *SOCKS_SCHEMES)

#: The scheme of a call -> the environment variables that name its proxy, in order. ``HTTP_PROXY``
#: in capitals is left out on a CGI server, where a visitor's ``Proxy:`` header would set it.
_VARIABLES = {
    "http": ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"),
    "https": ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
}


def proxy_for(address: Address, configuration: Configuration) -> str | None:
    """Tell the URL of the proxy for a server; None where it is reached directly.

    :param address: the server.
    :param configuration: the settings; where they name no proxy, the environment does.
    :return: the URL, credentials included.
    :raises ApiValueError: when it is not the URL of a proxy.
    """
    proxy = configuration.proxy or _from_environment(*_VARIABLES[address.scheme])
    no_proxy = configuration.no_proxy or _from_environment("no_proxy", "NO_PROXY") or ""
    if not proxy or is_exempt(address.host, address.port, no_proxy):
        return None
    return checked(proxy if "://" in proxy else f"http://{proxy}")


def checked(proxy: str) -> str:
    """Give a proxy's URL back, or say what is wrong with it without quoting its password."""
    try:
        parts = urlsplit(proxy)
        known = parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port or 1)
    except ValueError:
        known = False
    if not known:
        raise ApiValueError(
            "proxy is not the URL of one; pass 'http://host:port', with 'user:password@' before "
            f"the host if it needs credentials; accepted schemes: {', '.join(_SCHEMES)}"
        )
    return proxy


def without_credentials(proxy: str) -> tuple[str, str | None]:
    """Split the URL of a proxy into the URL proper and its ``user:password``.

    Apart, the URL can be shown in an error and a log.
    """
    parts = urlsplit(proxy)
    userinfo, at, place = parts.netloc.rpartition("@")
    return f"{parts.scheme}://{place}", unquote(userinfo) if at else None


def is_exempt(host: str, port: int, no_proxy: str) -> bool:
    """Tell whether a host is to be reached without a proxy.

    :param host: a name or an address.
    :param port: its port.
    :param no_proxy: names (which cover what is below them), addresses, networks as ``10.0.0.0/8``,
        each with or without a port, with commas or spaces between them; ``*`` covers all.
    :return: whether one of them covers the host.
    """
    return any(_covers(entry, host, port) for entry in no_proxy.replace(",", " ").split())


def _covers(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        return _in_network(host, entry)
    name, wanted_port = _name_and_port(entry.lower())
    name = name.lstrip("*").lstrip(".")
    fits = host == name or (bool(name) and host.endswith(f".{name}"))
    return fits and wanted_port in ("", str(port))


def _name_and_port(entry: str) -> tuple[str, str]:
    if entry.startswith("["):
        name, _, rest = entry[1:].partition("]")
        return name, rest.lstrip(":")
    name, _, port = entry.partition(":")
    # more than one colon: an IPv6 address as it is
    return (entry, "") if ":" in port else (name, port)


def _in_network(host: str, network: str) -> bool:
    import ipaddress

    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _from_environment(*names: str) -> str | None:
    usable = (name for name in names if name != "HTTP_PROXY" or "REQUEST_METHOD" not in os.environ)
    return next((value for name in usable if (value := os.environ.get(name))), None)
