"""Responses other than 2xx."""

from __future__ import annotations

from typing import Any

from openapiopenai import (
    ApiException,
    BadRequestException,
    ConflictException,
    ForbiddenException,
    NotFoundException,
    PayloadTooLargeException,
    ServiceException,
    TooManyRequestsException,
    UnauthorizedException,
    UnprocessableEntityException,
)

from .case import HTTP_INFO, PLAIN, Case

TEXT = "text/plain; charset=utf-8"
GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body></html>\r\n"


def error(**members: Any) -> dict[str, Any]:
    return {"error": {"message": "no such voice", **members}}


BY_STATUS = {
    400: BadRequestException,
    401: UnauthorizedException,
    402: ApiException,
    403: ForbiddenException,
    404: NotFoundException,
    405: ApiException,
    408: ApiException,
    409: ConflictException,
    413: PayloadTooLargeException,
    415: ApiException,
    418: ApiException,
    422: UnprocessableEntityException,
    429: TooManyRequestsException,
    451: ApiException,
    500: ServiceException,
    501: ServiceException,
    502: ServiceException,
    503: ServiceException,
    504: ServiceException,
    529: ServiceException,
    599: ServiceException,
    999: ServiceException,
}

STATUSES = [
    Case(f"status {status}", error(), status=status, raises=kind, message="no such voice")
    for status, kind in BY_STATUS.items()
]

SHAPES = [
    Case(
        "OpenAI",
        error(type="invalid_request_error", param="voice", code="unknown_voice"),
        attrs={"type": "invalid_request_error", "param": "voice", "code": "unknown_voice"},
    ),
    Case("a code that is a number", error(code=404), attrs={"code": 404, "type": None}),
    Case(
        "LiteLLM: the word None",
        error(code="400", param="None", type="None"),
        attrs={"code": "400", "param": None, "type": None},
    ),
    Case("members of odd types", error(code=[1], param={"a": 1}, type=7), attrs={"code": None}),
    Case(
        "Azure: what lies behind",
        error(code="filter", inner_error={"code": "Policy"}),
        attrs={"code": "filter", "type": None, "param": None},
    ),
    Case("an error that is a text", {"error": "no such voice"}),
    Case("an error that is a text, and a code", {"error": "no such voice", "code": "x"}),
    Case("FastAPI: a text", {"detail": "no such voice"}),
    Case(
        "FastAPI: a value that is not one of the known, with its context",
        {
            "detail": [
                {
                    "type": "literal_error",
                    "loc": ["body", "response_format"],
                    "msg": "no such voice, but 'a' or 'b'",
                    "input": "c",
                    "ctx": {"expected": "'a' or 'b'"},
                }
            ]
        },
    ),
    Case(
        "vLLM: a report in several lines, and a type with a blank",
        {"error": {"message": "1 problem:\n  no such voice", "type": "Bad Request", "code": 400}},
        attrs={"type": "Bad Request", "code": 400, "param": None},
    ),
    Case(
        "FastAPI: a list",
        {"detail": [{"type": "missing", "loc": ["body", "voice"], "msg": "no such voice"}]},
    ),
    Case(
        "FastAPI: two problems",
        {"detail": [{"msg": "no file", "loc": "body"}, {"msg": "no such voice", "loc": [0]}]},
    ),
    Case(
        "Kokoro: an object",
        {"detail": {"error": "bad_voice", "message": "no such voice", "type": "invalid"}},
        attrs={"type": "invalid"},
    ),
    Case("message on top", {"message": "no such voice", "code": 3}, attrs={"code": 3}),
    Case("vLLM, formerly", {"object": "error", "message": "no such voice", "type": "NotFound"}),
    Case(
        "problem+json",
        {"type": "about:blank", "title": "no such voice", "status": 404},
        "application/problem+json",
    ),
    Case("JSON as text/plain", '{"error": "no such voice"}', TEXT),
    Case("a text", "no such voice", TEXT),
    Case("a text labelled as JSON", "no such voice"),
    Case("whisper.cpp: a text of two lines", "500 Internal Server Error\nno such voice", TEXT),
    Case("a text in UTF-16", "no such voice".encode("utf-16"), "text/plain"),
    Case("a JSON text", '"no such voice"'),
    Case("a page", "<html><title>no such voice</title></html>", "text/html"),
    Case("half a surrogate pair", rb'{"error": "\ud83d no such voice"}'),
    Case("message under errors in lists", {"error": [{"message": "no such voice"}]}),
]

WITHOUT_MESSAGE = [
    Case("nothing", "", None),
    Case("an empty object", {}),
    Case("null", "null"),
    Case("a number", "7"),
    Case("an object without words", {"error": {}}),
    Case("an error that is null", {"error": None}),
    Case("no bottom", b'{"error":' * 300 + b"1" + b"}" * 300),
    Case("no bottom at all", b"[" * 100_000),
    Case("bytes", bytes(range(256)), "application/octet-stream"),
    Case("a page without a title", "<html></html>", "text/html"),
]

REDIRECTS = [
    Case(
        f"a redirect with {status}",
        "",
        None,
        status=status,
        headers={"Location": "https://elsewhere.example/v1"},
        raises=ApiException,
        message="https://elsewhere.example/v1",
    )
    for status in (301, 302, 303, 307, 308)
]

_TRANSCRIPTION = [
    *STATUSES,
    *(
        Case(
            **{**vars(case), "status": 404, "raises": NotFoundException, "message": "no such voice"}
        )
        for case in SHAPES
    ),
    *(
        Case(**{**vars(case), "status": 400, "raises": BadRequestException})
        for case in WITHOUT_MESSAGE
    ),
    *REDIRECTS,
    Case(
        "nginx: a page",
        GATEWAY,
        "text/html",
        status=502,
        raises=ServiceException,
        message="502 Bad Gateway",
    ),
    Case(
        "nginx: a page because of the size",
        GATEWAY.replace("502 Bad Gateway", "413 Request Entity Too Large"),
        "text/html",
        status=413,
        raises=PayloadTooLargeException,
        message="413 Request Entity Too Large",
    ),
    Case(
        "speaches: 403 for a missing key",
        {"detail": "no key"},
        status=403,
        headers={"WWW-Authenticate": "Bearer"},
        raises=ForbiddenException,
        message="no key",
    ),
    Case("not modified", "", None, status=304, raises=ApiException),
]
_OTHERS = [
    Case(
        **{
            **vars(case),
            "call": call,
            "ways": (PLAIN, HTTP_INFO) if call == "translation" else case.ways,
        }
    )
    for call in ("translation", "speech")
    for case in SHAPES[:7]
    for case in [
        Case(
            **{
                **vars(case),
                "status": 422,
                "raises": UnprocessableEntityException,
                "message": "no such voice",
            }
        )
    ]
]
ERRORS = [*_TRANSCRIPTION, *_OTHERS]
