"""Two calls over a real socket: the first gets any response, and the second its own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fuzz.responses import Choices, response_from
from wire import RawServer, whole

from openapiopenai import ApiClient, ApiException, AudioApi, Configuration

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from wire import Connection

WAV = b"RIFF\x24\x00\x00\x00WAVE"
SPEECH = {"model": "tts-1", "input": "hi", "voice": "alloy"}

#: Where a server holds the connection open, a response without an end lasts this long, in seconds.
SHORT = 0.1
#: No response that ends takes this long, in seconds.
LONG = 30.0


def transcript(api: AudioApi, **options: Any) -> str:
    return api.create_transcription(WAV, "whisper-1", **options).text


def text(api: AudioApi, **options: Any) -> str:
    return transcript(api, response_format="srt", **options)


def speech(api: AudioApi, **options: Any) -> bytes:
    return bytes(api.create_speech(SPEECH, **options))


def streamed_speech(api: AudioApi, **options: Any) -> bytes:
    with api.create_speech_streaming(SPEECH, **options) as stream:
        return stream.read()


def streamed_transcript(api: AudioApi, **options: Any) -> str:
    with api.create_transcription_streaming(WAV, "whisper-1", **options) as stream:
        return "".join(event.to_json() for event in stream) and stream.text


CALLS: tuple[Callable[..., str | bytes], ...] = (
    transcript,
    text,
    speech,
    streamed_speech,
    streamed_transcript,
)


class Exchange:
    """A server of one client whose calls are named: one of them is responded to with any bytes.

    :param data: what chooses the response, and what happens around it.
    :param settings: further settings of the client.
    """

    def __init__(self, data: bytes, **settings: Any) -> None:
        self.settings = {"access_token": "sk-test", "retries": False, **settings}
        choices = Choices(data)
        self.call = choices.of(CALLS)
        self.is_warm = bool(choices.number(2))
        self.stays_open = choices.number(3) == 2
        self.sent = response_from(choices)

    def follow(self, connection: Connection) -> None:
        """Respond to each request of a connection with what its call is to get."""
        while head := connection.read_request()[0]:
            name = head.lower().partition(b"x-call: ")[2].partition(b"\r\n")[0].decode()
            if name == "first":
                connection.send(self.sent)
                if not self.stays_open:
                    return
            else:
                connection.send(whole(200, {"text": name}))

    def run(self, tls: ssl.SSLContext | None = None) -> str | bytes | ApiException:
        """Make the calls, and check what comes of them.

        :param tls: the server's side of TLS; plain by default.
        :return: what came of the first.
        """
        with (
            RawServer(self.follow, tls=tls) as server,
            ApiClient(Configuration(server.host, **self.settings)) as client,
        ):
            client.rest_client.sleep = lambda _: None
            api = AudioApi(client)
            if self.is_warm:
                assert transcript(api, **named("warm", LONG)) == "warm"
            outcome = self._first(api)
            # the server may be closing the connection just now, which is nobody's fault
            second = transcript(api, **named("second", LONG), _retries=2)
            assert second == "second", f"the response to the second call is {second!r}"
        return outcome

    def _first(self, api: AudioApi) -> str | bytes | ApiException:
        limit = SHORT if self.stays_open else LONG
        outcome: str | bytes | ApiException = ""
        started = time.monotonic()
        try:
            outcome = self.call(api, **named("first", limit))
        except ApiException as error:
            outcome = error
        assert time.monotonic() - started < limit + 1
        assert outcome != b"", "nothing is no audio"
        return outcome


def named(name: str, seconds: float) -> dict[str, Any]:
    """Return the options of a call that the server is to know."""
    return {"_headers": {"x-call": name}, "_request_timeout": seconds}
