"""A caller of the local speech server that shares nothing with the package's own client."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openapiopenai.local import LocalServer

SECONDS = 60.0  # without an answer by then, a test fails
BOUNDARY = "boundary"

# Each comes back word for word, whatever the format and whichever version encodes it.
SENTENCES = [
    "Today the sky is blue and the sun is shining.",
    "My friend Michael Johnson lives in San Francisco.",
    "Thank you for listening to this short message.",
    "I will see you again tomorrow morning.",
    "The book is on the table.",
]
#: The shortest, where any of them will do.
SENTENCE = SENTENCES[-1]


def heard(sentence: str) -> str:
    """Return what the recognizer makes of a sentence, if it makes no mistake."""
    return sentence.lower().replace(".", "")


class Reply(NamedTuple):
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> Any:
        return self.json["error"]


class Caller:
    """Sends requests to a speech server, each on a connection of its own."""

    def __init__(self, server: LocalServer, headers: Mapping[str, str] | None = None) -> None:
        self.port = server.port
        self._headers = dict(headers or {})

    @contextmanager
    def opened(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[HTTPResponse]:
        """Send a request; its answer is still to be read."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)) as connection:
            connection.request(method, path, body, {**self._headers, **(headers or {})})
            yield connection.getresponse()

    def send(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        with self.opened(method, path, body, headers) as response:
            received = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, received, response.read())

    def speech(self, text: Any = SENTENCES[0], /, **fields: Any) -> Reply:
        return self.send("POST", "/v1/audio/speech", *speech(text, **fields))

    def spoken(self, text: str, speech_format: str = "mp3", **fields: Any) -> bytes:
        reply = self.speech(text, response_format=speech_format, **fields)
        assert reply.status == 200, reply
        return reply.body

    def transcription(self, audio: bytes | None, /, *fields: tuple[str, str]) -> Reply:
        return self.send("POST", "/v1/audio/transcriptions", *form(audio, *fields))

    def translation(self, audio: bytes | None, /, *fields: tuple[str, str]) -> Reply:
        return self.send("POST", "/v1/audio/translations", *form(audio, *fields))


def speech(text: Any, **fields: Any) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers that ask for speech; a field that is None is left out."""
    given = {"model": "tts-1", "input": text, "voice": "alloy", **fields}
    body = {name: value for name, value in given.items() if value is not None}
    return json.dumps(body).encode(), {"Content-Type": "application/json"}


def form(
    audio: bytes | None, *fields: tuple[str, str], model: str | None = "whisper-1"
) -> tuple[bytes, dict[str, str]]:
    """Return the body and headers of a form with these fields and, unless None, this file."""
    named = [*([("model", model)] if model is not None else []), *fields]
    parts = [_part(f'name="{name}"', value.encode()) for name, value in named]
    if audio is not None:
        parts.append(_part('name="file"; filename="audio"', audio))
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def _part(disposition: str, content: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def events(lines: bytes) -> list[Any]:
    """Return what the events of a whole stream carry; ``[DONE]`` as that string."""
    return [_event(block) for block in lines.decode().split("\n\n") if block]


def next_event(response: HTTPResponse) -> Any:
    """Return what the next event of an open stream carries."""
    block = response.readline()
    assert response.readline() == b"\n"
    return _event(block.decode().rstrip("\n"))


def _event(block: str) -> Any:
    data = block.removeprefix("data: ")
    return data if data == "[DONE]" else json.loads(data)
