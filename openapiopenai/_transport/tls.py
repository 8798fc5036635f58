"""The TLS context of a client: which servers it trusts, and which certificate it shows."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from urllib3.util.ssl_ import create_urllib3_context

from openapiopenai._transport.sockets import deadline_class
from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from openapiopenai._transport.settings import TransportSettings


def ssl_context(settings: TransportSettings) -> ssl.SSLContext:
    """Return the context of a client, whose sockets keep a deadline.

    :param settings: the settings. Where they name no authorities, the system's are trusted, or
        those of ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``.
    :raises ApiValueError: when a certificate or key cannot be read.
    """
    context = create_urllib3_context()
    socket_class: Any = context.sslsocket_class
    context.sslsocket_class = deadline_class(socket_class)
    if not settings.verify_ssl:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    _load_authorities(context, settings)
    if settings.cert_file:
        try:
            context.load_cert_chain(settings.cert_file, settings.key_file)
        except (OSError, ssl.SSLError) as error:
            raise _unusable(_client_certificate(settings), error) from error
    return context


def _load_authorities(context: ssl.SSLContext, settings: TransportSettings) -> None:
    for setting, name in (("ssl_ca_cert", "cafile"), ("ca_cert_data", "cadata")):
        value = getattr(settings, setting)
        if not value:
            continue
        try:
            context.load_verify_locations(**{name: value})
        except (OSError, ssl.SSLError) as error:
            named = f"{setting}={value!r}" if setting == "ssl_ca_cert" else setting
            raise _unusable(named, error) from error
    if not (settings.ssl_ca_cert or settings.ca_cert_data):
        context.load_default_certs()


def _client_certificate(settings: TransportSettings) -> str:
    return f"cert_file={settings.cert_file!r}, key_file={settings.key_file!r}"


def _unusable(setting: str, error: Exception) -> ApiValueError:
    return ApiValueError(
        f"{setting} cannot be used: {error}; pass the path of a readable file in PEM format"
        if "=" in setting
        else f"{setting} cannot be used: {error}; pass PEM text or DER bytes"
    )
