"""The settings that connections are made with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class TransportSettings(NamedTuple):
    """The settings of a ``Configuration`` that connections are made with."""

    proxy: str | None
    no_proxy: str | None
    proxy_headers: Mapping[str, str] | None
    connection_pool_maxsize: int
    socket_options: Iterable[tuple[int, int, int | bytes]] | None
    verify_ssl: bool
    ssl_ca_cert: str | None
    ca_cert_data: str | bytes | None
    cert_file: str | None
    key_file: str | None
    assert_hostname: str | bool | None
    tls_server_name: str | None
