"""Real servers for the tests: on 127.0.0.1, on free ports, in threads.

Sound responses, and a record of the requests (``help(wire.RecordingServer)``, ``wire.Answer``)::

    with RecordingServer() as server:
        server.answer(429, {"error": {"message": "slow down"}}, {"Retry-After": "1"})
        ...                                     # Configuration(host=server.host)
        assert [request.path for request in server.requests] == ["/v1/audio/speech"] * 2
        assert server.last.form[0].name == "file"

Broken responses (``help(wire.scripts)`` lists them, ``help(wire.Connection)`` is for new ones)::

    with RawServer(in_turn(resets_after_request, replies(OK))) as server:
        ...
    assert server.requests_seen == 2

No response at all, certificates good and bad, and proxies::

    with full_backlog() as port: ...            # connecting times out
    with refused_port() as port: ...            # connecting is refused
    with RecordingServer(tls=server_context("expired")) as server: ...   # ca_file(tmp_path)
    with Proxy(username="user", password="sk-test") as proxy: ...        # and SocksProxy

Every server ends with its ``with`` block, which fails if one of its handlers failed.
``server.wait_for(lambda: server.open_connections == 0)`` waits without sleeping.
"""

from .answer import Answer
from .form import Part, parse_form
from .http1 import Headers
from .listener import Listener, ServerEndedError
from .ports import full_backlog, open_sockets, refused_port
from .proxy import Proxy, ProxyRequest
from .raw import Connection, RawServer, Script
from .recording import Recorded, RecordingServer
from .scripts import (
    OK,
    closes,
    closes_without_answer,
    drips,
    early_answer,
    in_turn,
    reads_nothing,
    reads_slowly,
    replies,
    resets_after_request,
    resets_before_request,
    resets_during_request,
    resets_in_answer,
    says_nothing,
    truncates,
    truncates_chunked,
    whole,
)
from .socks import SocksProxy
from .tls import Kind, authority, ca_file, ca_pem, client_files, server_context

__all__ = [
    "OK",
    "Answer",
    "Connection",
    "Headers",
    "Kind",
    "Listener",
    "Part",
    "Proxy",
    "ProxyRequest",
    "RawServer",
    "Recorded",
    "RecordingServer",
    "Script",
    "ServerEndedError",
    "SocksProxy",
    "authority",
    "ca_file",
    "ca_pem",
    "client_files",
    "closes",
    "closes_without_answer",
    "drips",
    "early_answer",
    "full_backlog",
    "in_turn",
    "open_sockets",
    "parse_form",
    "reads_nothing",
    "reads_slowly",
    "refused_port",
    "replies",
    "resets_after_request",
    "resets_before_request",
    "resets_during_request",
    "resets_in_answer",
    "says_nothing",
    "server_context",
    "truncates",
    "truncates_chunked",
    "whole",
]
