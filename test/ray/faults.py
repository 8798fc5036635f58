"""A server in front of the local engine, with the faults and the limits of a real one.

What the engine has answered for a recording is kept by the hash of its bytes, and given again for
the same bytes: so every answer is the engine's own, and a recording costs one recognition.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple

import urllib3

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from typing_extensions import Self

_JSON = "application/json"
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time, so that closing sends RST


class Engine:
    """The engine's answers, each asked for once.

    :param url: its base URL.
    """

    def __init__(self, url: str) -> None:
        self._url = f"{url}/audio/transcriptions"
        self._pool = urllib3.PoolManager(retries=False, maxsize=64)
        self._answers: dict[bytes, bytes] = {}
        self._locks = [threading.Lock() for _ in range(64)]

    def answer(self, upload: Upload) -> bytes:
        key = hashlib.sha256(upload.audio).digest()
        with self._locks[key[0] % len(self._locks)]:
            if key not in self._answers:
                self._answers[key] = self._ask(upload)
        return self._answers[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.clear()

    def _ask(self, upload: Upload) -> bytes:
        headers = {"Content-Type": upload.content_type}
        response = self._pool.request("POST", self._url, body=upload.form, headers=headers)
        assert response.status == 200, response.data
        return response.data


class Upload(NamedTuple):
    """A form, and the recording in it."""

    content_type: str
    form: bytes
    name: str
    audio: bytes

    @classmethod
    def of(cls, content_type: str, form: bytes) -> Upload:
        boundary = content_type.partition("boundary=")[2].strip('"').encode()
        head, _, rest = form[form.index(b'filename="') + 10 :].partition(b"\r\n\r\n")
        audio = rest[: rest.index(b"\r\n--" + boundary)]
        return cls(content_type, form, head.partition(b'"')[0].decode(), audio)


class Allowance:
    """How many calls a second are let through, with at most a second's worth saved up.

    :param per_second: how many.
    """

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._saved = 0.0
        self._seen: float | None = None
        self._lock = threading.Lock()

    def take(self) -> bool:
        with self._lock:
            now = time.monotonic()
            earned = 0.0 if self._seen is None else (now - self._seen) * self._per_second
            self._saved, self._seen = min(self._saved + earned, self._per_second), now
            taken = self._saved >= 1
            self._saved -= taken
            return taken


class Asked(NamedTuple):
    """A call that came in: when, for which recording, and what came of it."""

    at: float
    name: str
    outcome: str


class FaultyServer:
    """Answers as the engine does, except where a fault is due.

    :param engine: what gives the answers.
    :param faults: what happens to one call in five, in turn: `429`, `500`, `reset`, `truncated`.
    :param broken: names of recordings that are refused, whoever asks.
    :param allowance: how many calls a second are let through; None for all.
    :param latency: how long an answer takes, in seconds.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        faults: Iterable[str] = (),
        broken: frozenset[str] = frozenset(),
        allowance: Allowance | None = None,
        latency: float = 0.0,
    ) -> None:
        self.engine, self.broken, self.allowance, self.latency = engine, broken, allowance, latency
        self.asked: list[Asked] = []
        self.most_in_flight = 0
        self.in_flight = 0
        self.lock = threading.Lock()
        turns = [turn for fault in faults for turn in (*["answer"] * 4, fault)]
        self._turns = itertools.cycle(turns or ["answer"])
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.faulty = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def allow(self, per_second: float) -> float:
        """From now on let so many calls a second through.

        :return: since when.
        """
        with self.lock:
            self.allowance = Allowance(per_second)
            return time.monotonic()

    def recover(self) -> None:
        """From now on answer every call."""
        with self.lock:
            self.broken, self._turns = frozenset(), itertools.cycle(["answer"])

    def names(self, outcome: str) -> list[str]:
        """Return the recordings of the calls that ended so."""
        with self.lock:
            return [call.name for call in self.asked if call.outcome == outcome]

    def outcome_for(self, name: str) -> str:
        """Decide what comes of a call, and remember it."""
        with self.lock:
            outcome = self._outcome_for(name)
            self.asked.append(Asked(time.monotonic(), name, outcome))
        return outcome

    def _outcome_for(self, name: str) -> str:
        if self.allowance and not self.allowance.take():
            return "429"
        return "400" if name in self.broken else next(self._turns)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing the server waits for them
    request_queue_size = 128
    faulty: FaultyServer

    def handle_error(self, *_: object) -> None:
        """Log nothing of clients that disconnected: they are killed on purpose."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30  # for the next call on a connection that is kept
    server: _Server

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"]))
        upload = Upload.of(self.headers["Content-Type"], form)
        faulty = self.server.faulty
        with _counted(faulty):
            time.sleep(faulty.latency)
            outcome = faulty.outcome_for(upload.name)
            if outcome.isdigit():
                self._refuse(int(outcome))
            else:
                getattr(self, f"_{outcome}")(upload)

    def _answer(self, upload: Upload) -> None:
        body = self.server.faulty.engine.answer(upload)
        self._send(200, body, {"x-request-id": f"req-{upload.name}"})

    def _truncated(self, upload: Upload) -> None:
        body = self.server.faulty.engine.answer(upload)
        self._send(200, body[: len(body) // 2], {"Content-Length": str(len(body))})
        self.close_connection = True

    def _reset(self, _: Upload) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        socket.socket(fileno=self.connection.detach()).close()
        self.close_connection = True

    def _refuse(self, status: int) -> None:
        wait = {"Retry-After": "1"} if status == 429 else {}
        self._send(status, b'{"error": {"message": "refused"}}', {**wait, "x-request-id": "req-no"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", _JSON)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@contextlib.contextmanager
def _counted(faulty: FaultyServer) -> Iterator[None]:
    with faulty.lock:
        faulty.in_flight += 1
        faulty.most_in_flight = max(faulty.most_in_flight, faulty.in_flight)
    try:
        yield
    finally:
        with faulty.lock:
            faulty.in_flight -= 1
