"""The server that all contenders are measured against, in a process of its own.

It does as little as a server can: it finds the length of a request, throws the body away, and
sends an answer that was made before. The path says which: ``/<kind>/<size>/...``. It prints its
port, and ends when its standard input does.
"""

from __future__ import annotations

import re
import socket
import sys
import threading
from functools import cache, partial

import answers

_BLOCK = 1024 * 1024

#: The block size of a proxy in front of a server, in bytes.
_CHUNK = 16 * 1024

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def _answer(kind: str, *framing: str) -> bytes:
    lines = ("HTTP/1.1 200 OK", f"Content-Type: {kind}", "X-Request-Id: req-1", *framing)
    return "\r\n".join((*lines, "", "")).encode()


def _whole(kind: str, body: bytes) -> list[bytes]:
    return [_answer(kind, f"Content-Length: {len(body)}") + body]


def _in_chunks(pieces: list[bytes]) -> list[bytes]:
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return [_answer("text/event-stream", "Transfer-Encoding: chunked") + chunks + b"0\r\n\r\n"]


def _events(number: int) -> list[bytes]:
    stream = b"".join(answers.events(number))
    return _in_chunks([stream[at : at + _CHUNK] for at in range(0, len(stream), _CHUNK)])


def _audio(size: int) -> list[bytes]:
    """Return audio in blocks, which are one object, so that the server needs little memory."""
    blocks, rest = divmod(size, _BLOCK)
    head = _answer("audio/wav", f"Content-Length: {size}")
    block = b"RIFF....WAVE....".ljust(_BLOCK, b"\x01")
    return [head + block[:rest], *([block] * blocks)]


_KINDS = {
    "json": lambda _: _whole("application/json", answers.transcript()),
    "verbose": lambda segments: _whole("application/json", answers.verbose(segments)),
    "events": _events,
    "events-one-by-one": lambda number: _in_chunks(answers.events(number)),
    "audio": _audio,
}


@cache
def _made(kind: str, size: str) -> list[bytes]:
    return _KINDS[kind](int(size))


def _serve(connection: socket.socket) -> None:
    space = memoryview(bytearray(_BLOCK))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        while head := _take_request(connection, space):
            _, kind, size, _ = head.split(b"/", 3)
            for piece in _made(kind.decode(), size.decode()):
                connection.sendall(piece)


def _take_request(connection: socket.socket, space: memoryview) -> bytes:
    """Read a request, and return its head; empty if the client has disconnected."""
    head = b""
    while b"\r\n\r\n" not in head:
        got = connection.recv(64 * 1024)
        if not got:
            return b""
        head += got
    head, _, body = head.partition(b"\r\n\r\n")
    if b"100-continue" in head and not body:
        connection.sendall(_CONTINUE)
    length = _LENGTH.search(head)
    left = int(length[1]) - len(body) if length else 0
    while left > 0:
        left -= connection.recv_into(space) or left
    return head


def _main() -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    start = partial(threading.Thread, target=_accept, args=(listener,), daemon=True)
    start().start()
    sys.stdin.read()


def _accept(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_serve, args=(connection,), daemon=True).start()


if __name__ == "__main__":
    _main()
