"""How a server proves who it is, and how we do."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from urllib3.util.ssl_ import create_urllib3_context

from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from openapiopenai.configuration import Configuration


def ssl_context(configuration: Configuration) -> ssl.SSLContext:
    """Make the context of a client.

    :param configuration: the settings. Where they name no authorities, the system's are trusted,
        or those of ``SSL_CERT_FILE`` and ``SSL_CERT_DIR``.
    :return: the context.
    :raises ApiValueError: when a certificate or key cannot be read.
    """
    context = create_urllib3_context()
    if not configuration.verify_ssl:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        _load(context, configuration)
    except (OSError, ssl.SSLError) as error:
        raise ApiValueError(
            f"a certificate or key cannot be read ({error}); check ssl_ca_cert, ca_cert_data, "
            "cert_file and key_file"
        ) from error
    return context


def _load(context: ssl.SSLContext, configuration: Configuration) -> None:
    if configuration.ssl_ca_cert or configuration.ca_cert_data:
        context.load_verify_locations(configuration.ssl_ca_cert, None, configuration.ca_cert_data)
    else:
        context.load_default_certs()
    if configuration.cert_file:
        context.load_cert_chain(configuration.cert_file, configuration.key_file)
