"""A SOCKS proxy: 5 (RFC 1928), with user name and password if wanted (RFC 1929), 4 and 4A."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

from .http1 import Inbox
from .listener import LOOPBACK
from .relay import Address, Relay

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OPEN, WITH_PASSWORD, NONE_OF_THEM = b"\x00", b"\x02", b"\xff"


class SocksProxy(Relay):
    """A SOCKS proxy that connects only to loopback, and speaks the version that the client speaks.

    ``targets`` lists the (host, port) that clients requested, as they named them, and
    ``credentials`` the (user name, password) that they gave. SOCKS4 knows no password: whoever
    speaks it gives a user name, or an empty one, and is let in.
    """

    def __init__(
        self,
        *,
        username: str | None = None,
        password: str = "",
        routes: Mapping[str, Address] | None = None,
    ) -> None:
        """Make a proxy that starts with its ``with`` block.

        :param username: require a user name and password; by default none.
        :param password: goes with the user name.
        :param routes: host names that only this proxy knows, and where on loopback they lead.
        """
        super().__init__(routes=routes)
        self.targets: list[Address] = []
        self.credentials: list[tuple[str, str]] = []
        self._wanted = None if username is None else (username, password)

    @property
    def url(self) -> str:
        """The proxy's address, for a client that resolves names itself."""
        return f"socks5://{LOOPBACK}:{self.port}"

    def serve(self, connection: socket.socket, number: int) -> None:  # noqa: ARG002
        """Negotiate, connect to the target, and copy both ways."""
        inbox = Inbox(connection)
        if inbox.exactly(1) == b"\x04":
            target, replies = self._read_target_4(inbox), REPLIES_4
        elif self._admits(connection, inbox):
            target, replies = _read_target(inbox), REPLIES_5
        else:
            return
        self.targets.append(target)
        self._pass_on(connection, inbox, target, replies)

    def _pass_on(
        self, connection: socket.socket, inbox: Inbox, target: Address, replies: tuple[bytes, bytes]
    ) -> None:
        granted, refused = replies
        try:
            server = self.connect_on(target)
        except OSError:
            connection.sendall(refused)
            return
        with server:
            connection.sendall(granted)
            self.copy_both_ways(connection, inbox, server)

    def _read_target_4(self, inbox: Inbox) -> Address:
        command = inbox.exactly(7)
        port, address = int.from_bytes(command[1:3], "big"), command[3:]
        self.credentials.append((_read_until_nul(inbox), ""))
        # 4A: an address that is none says that a name follows
        named = address[:3] == bytes(3) and address[3]
        return _read_until_nul(inbox) if named else socket.inet_ntoa(address), port

    def _admits(self, connection: socket.socket, inbox: Inbox) -> bool:
        offered = inbox.exactly(inbox.exactly(1)[0])
        method = OPEN if self._wanted is None else WITH_PASSWORD
        if method not in offered:
            connection.sendall(b"\x05" + NONE_OF_THEM)
            return False
        connection.sendall(b"\x05" + method)
        return method == OPEN or self._knows(connection, inbox)

    def _knows(self, connection: socket.socket, inbox: Inbox) -> bool:
        inbox.exactly(1)  # the version of the negotiation
        given = _read_text(inbox), _read_text(inbox)
        self.credentials.append(given)
        connection.sendall(b"\x01\x00" if given == self._wanted else b"\x01\x01")
        return given == self._wanted


def _read_until_nul(inbox: Inbox) -> str:
    return inbox.until(b"\0")[:-1].decode()


def _read_text(inbox: Inbox) -> str:
    return inbox.exactly(inbox.exactly(1)[0]).decode()


def _read_address(size: int) -> Callable[[Inbox], str]:
    return lambda inbox: str(ipaddress.ip_address(inbox.exactly(size)))


ADDRESS_READERS = {1: _read_address(4), 3: _read_text, 4: _read_address(16)}


def _read_target(inbox: Inbox) -> Address:
    kind = inbox.exactly(4)[3]
    host = ADDRESS_READERS[kind](inbox)
    return host, int.from_bytes(inbox.exactly(2), "big")


def _reply(head: bytes) -> bytes:
    return head + socket.inet_aton(LOOPBACK) + b"\x00\x00"


#: Granted, and refused. (SOCKS4 has the port before the address; here neither says anything.)
REPLIES_4 = _reply(b"\x00\x5a"), _reply(b"\x00\x5b")
REPLIES_5 = _reply(b"\x05\x00\x00\x01"), _reply(b"\x05\x05\x00\x01")
