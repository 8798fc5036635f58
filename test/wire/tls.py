"""TLS for the servers: an authority for the session, and certificates good and bad."""

from __future__ import annotations

import functools
import ssl
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Literal

import trustme

from .listener import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Kind = Literal["good", "wrong_name", "expired", "unknown_ca", "client_certificate"]

NAMES = ("localhost", LOOPBACK)
# A fixed date long past: it has to lie before now, and after the authority became valid.
EXPIRED = datetime(2020, 1, 1, tzinfo=timezone.utc)


@functools.cache
def authority() -> trustme.CA:
    """Return the certificate authority that clients are to trust."""
    return trustme.CA(organization_name="Test authority")


def ca_pem() -> bytes:
    """Return the authority's certificate, as for ``Configuration(ca_cert_data=...)``."""
    return authority().cert_pem.bytes()


def ca_file(directory: Path) -> Path:
    """Return a file with the authority's certificate, as for ``ssl_ca_cert``."""
    path = directory / "ca.pem"
    path.write_bytes(ca_pem())
    return path


def client_files(directory: Path) -> tuple[Path, Path]:
    """Return a client's certificate and its key, as for ``cert_file`` and ``key_file``."""
    issued = authority().issue_cert("client@localhost")
    certificate, key = directory / "client.pem", directory / "client.key"
    certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    key.write_bytes(issued.private_key_pem.bytes())
    return certificate, key


def server_context(kind: Kind = "good", *, names: tuple[str, ...] = ()) -> ssl.SSLContext:
    """Make the server's side of TLS, for ``RecordingServer(tls=...)``.

    :param kind: ``good``, for localhost and 127.0.0.1; ``wrong_name``; ``expired``;
        ``unknown_ca``; or ``client_certificate``: good, and clients have to show one, too.
    :param names: the names in the certificate, in place of those of its kind.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATES[kind](names).configure_cert(context)
    if kind == "client_certificate":
        context.verify_mode = ssl.CERT_REQUIRED
        authority().configure_trust(context)
    return context


def _issue(*usual: str, **options: Any) -> Callable[[tuple[str, ...]], trustme.LeafCert]:
    return lambda names: authority().issue_cert(*(names or usual), **options)


CERTIFICATES: dict[Kind, Callable[[tuple[str, ...]], trustme.LeafCert]] = {
    "good": _issue(*NAMES),
    "wrong_name": _issue("another.test"),
    "expired": _issue(*NAMES, not_before=EXPIRED - timedelta(days=1), not_after=EXPIRED),
    "unknown_ca": lambda names: trustme.CA().issue_cert(*(names or NAMES)),
    "client_certificate": _issue(*NAMES),
}
