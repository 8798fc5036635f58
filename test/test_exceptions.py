"""What a failed call says, and where: the tree, the messages, and what survives copying."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from urllib3 import HTTPHeaderDict

from openapiopenai import exceptions
from openapiopenai.exceptions import (
    ApiAttributeError,
    ApiConnectionException,
    ApiDecodeException,
    ApiException,
    ApiKeyError,
    ApiTimeoutException,
    ApiTypeError,
    ApiValueError,
    BadRequestException,
    ConflictException,
    ForbiddenException,
    NotFoundException,
    OpenApiException,
    PayloadTooLargeException,
    ServiceException,
    TooManyRequestsException,
    UnauthorizedException,
    UnprocessableEntityException,
    exception_class,
)

#: The tree: each class, and the classes of Python's that it also is.
ARGUMENTS = {
    ApiTypeError: TypeError,
    ApiValueError: ValueError,
    ApiAttributeError: AttributeError,
    ApiKeyError: KeyError,
}
BY_STATUS = {
    400: BadRequestException,
    401: UnauthorizedException,
    403: ForbiddenException,
    404: NotFoundException,
    409: ConflictException,
    413: PayloadTooLargeException,
    422: UnprocessableEntityException,
    429: TooManyRequestsException,
    500: ServiceException,
    503: ServiceException,
    599: ServiceException,
    402: ApiException,
    418: ApiException,
    302: ApiException,
}
CALLS = [
    *dict.fromkeys(BY_STATUS.values()),
    ApiConnectionException,
    ApiTimeoutException,
    ApiDecodeException,
]


def failed(body: Any = None, status: int = 400, **options: Any) -> ApiException:
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    return exception_class(status)(status, "Reason", body=text, **options)


# -- the tree -------------------------------------------------------------------------------


def test_every_exception_is_in_the_tree_and_drawn_once() -> None:
    public = {
        value
        for name, value in vars(exceptions).items()
        if isinstance(value, type) and issubclass(value, Exception) and not name.startswith("_")
    }
    assert public == {OpenApiException, *ARGUMENTS, *CALLS}
    drawing = (exceptions.__doc__ or "").replace(",", " ").split()
    for kind in public:
        assert drawing.count(kind.__name__) == 1


@pytest.mark.parametrize(("kind", "builtin"), list(ARGUMENTS.items()))
def test_errors_over_arguments_are_pythons_too(
    kind: type[OpenApiException], builtin: type[Exception]
) -> None:
    assert issubclass(kind, (OpenApiException, builtin))
    assert issubclass(kind, builtin)
    assert not issubclass(kind, ApiException)


def test_errors_of_a_call_are_api_exceptions() -> None:
    for kind in CALLS:
        assert issubclass(kind, ApiException)
    assert issubclass(ApiException, OpenApiException)
    assert issubclass(ApiConnectionException, ConnectionError)
    assert issubclass(ApiTimeoutException, ApiConnectionException)
    assert issubclass(ApiTimeoutException, TimeoutError)
    assert not issubclass(ServiceException, OSError)


@pytest.mark.parametrize(("status", "kind"), list(BY_STATUS.items()))
def test_the_status_decides_the_class(status: int, kind: type[ApiException]) -> None:
    assert exception_class(status) is kind


# -- arguments ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(ARGUMENTS))
def test_an_argument_error_says_where(kind: Any) -> None:
    assert str(kind("wrong")) == "wrong"
    error = kind("wrong", ["segments", 0])
    assert str(error) == "wrong at ['segments'][0]"
    assert error.path_to_item == ["segments", 0]


def test_a_type_error_knows_what_is_accepted() -> None:
    error = ApiTypeError("wrong", ["a"], (str, int), True)  # noqa: FBT003 - the published position
    assert (error.valid_classes, error.key_type) == ((str, int), True)
    assert copy.copy(error).valid_classes == (str, int)


# -- messages -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "no"}}, "no"),
        ({"error": {"message": {"message": "no"}}}, "no"),
        ({"error": "no"}, "no"),
        ({"message": "no"}, "no"),
        ({"message": ["no", "never"]}, "no; never"),
        ({"detail": "no"}, "no"),
        ({"detail": {"message": "no"}}, "no"),
        ({"detail": {"error": "no"}}, "no"),
        ({"detail": [{"loc": ["body", "file"], "msg": "Field required"}]}, "Field required (body"),
        ({"detail": [{"msg": "one"}, {"msg": "two"}]}, "one; two"),
        ({"title": "no"}, "no"),
        ({"error": {"code": "x"}, "message": "no"}, "no"),
        ({"error": None, "detail": "no"}, "no"),
        ('"no"', "no"),
        (["no"], "no"),
        ("no", "no"),
        ("  no\n", "no"),
        ("<html><head><title>413 Too Large</title></head></html>", "413 Too Large"),
        ("<html>nothing</html>", "Reason"),
        ({}, "Reason"),
        ({"error": {}}, "Reason"),
        ({"message": ""}, "Reason"),
        ({"message": "None"}, "Reason"),
        ({"message": 5}, "Reason"),
        ("5", "Reason"),
        ("", "Reason"),
        (None, "Reason"),
        ("{broken", "{broken"),
    ],
)
def test_the_message_is_found_in_every_known_shape(body: Any, message: str) -> None:
    assert failed(body).message.startswith(message)


def test_a_message_that_nests_without_end_is_given_up() -> None:
    nested: Any = "deep"
    for _ in range(50):
        nested = {"error": nested}
    assert failed(nested).message == "Reason"


def test_the_particulars_are_read_from_the_error() -> None:
    error = failed({"error": {"message": "no", "code": "c", "param": "file", "type": "t"}})
    assert (error.code, error.param, error.type) == ("c", "file", "t")
    azure = failed({"error": {"code": "DeploymentNotFound", "message": "no"}})
    assert (azure.code, azure.param, azure.type) == ("DeploymentNotFound", None, None)
    top = failed({"code": 404, "message": "no", "type": "NotFoundError", "param": "None"})
    assert (top.code, top.param, top.type) == (404, None, "NotFoundError")
    inner = failed({"detail": {"code": "c", "message": "no"}})
    assert inner.code == "c"
    assert failed("no").code is None


def test_str_leads_with_the_status_and_quotes_a_bounded_piece_of_the_body() -> None:
    headers = HTTPHeaderDict({"x-request-id": "req_1"})
    body = {"error": {"message": "no", "code": "c", "param": "file"}, "rest": "x" * 5000}
    text = str(failed(body, headers=headers, attempts=3))
    first, second = text.split("\n")
    assert first == "(400) Reason: no [code: c, param: file, request id: req_1, attempts: 3]"
    assert second.startswith('Body: {"error": ')
    assert f"({len(json.dumps(body))} characters)" in second
    assert len(text) < 1000


def test_a_long_message_is_bounded_too() -> None:
    error = failed({"message": "m" * 100_000})
    assert len(str(error)) < 2000
    assert len(repr(error)) < 2000
    assert len(error.message) == 100_000


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ApiException(), ""),
        (ApiException(404, "Not Found"), "(404) Not Found"),
        (ApiConnectionException(0, "refused"), "refused"),
        (ApiException(500), "(500)"),
        (ApiException(500, body="broken"), "(500) broken"),
        (ApiException(500, "Oops", body=""), "(500) Oops"),
    ],
)
def test_str_says_what_there_is(error: ApiException, text: str) -> None:
    assert str(error) == text


def test_repr_is_telling() -> None:
    error = failed({"message": "no"}, 429, headers={"x-request-id": "req_1"})
    assert repr(error) == ("TooManyRequestsException(status=429, message='no', request_id='req_1')")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({}, None),
        (None, None),
    ],
)
def test_the_wait_that_a_server_asks_for_is_in_seconds(headers: Any, seconds: float | None) -> None:
    assert failed(headers=headers).retry_after == seconds


# -- the published attributes ---------------------------------------------------------------


class Response:
    """An answer as the generated code knows it."""

    def __init__(self, data: Any) -> None:
        self.status = 404
        self.reason = "Not Found"
        self.data = data
        self.headers = {"x-request-id": "req_1"}


@pytest.mark.parametrize("data", [b'{"message": "no"}', '{"message": "no"}'])
def test_an_exception_takes_what_it_needs_from_an_answer(data: Any) -> None:
    error = ApiException(http_resp=Response(data))
    assert (error.status, error.reason, error.message) == (404, "Not Found", "no")
    assert (error.body, error.data) == ('{"message": "no"}', {"message": "no"})
    assert error.request_id == "req_1"
    given = ApiException(400, "Mine", Response(data), body="b", data={"message": "d"})
    assert (given.status, given.reason, given.body, given.message) == (400, "Mine", "b", "d")


def test_data_is_the_body_as_json_where_it_is_json() -> None:
    assert failed({"a": 1}).data == {"a": 1}
    assert failed("{broken").data is None
    assert failed("[" * 100_000).data is None
    assert failed(None).data is None


# -- copies ---------------------------------------------------------------------------------


def of_kind(kind: type[ApiException]) -> ApiException:
    headers = HTTPHeaderDict({"x-request-id": "req_1", "retry-after": "3"})
    return kind(429, "Reason", body='{"message": "no", "code": "c"}', headers=headers, attempts=3)


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))]
)
def test_an_error_of_a_call_survives_copying(kind: type[ApiException], duplicate: Any) -> None:
    error = of_kind(kind)
    twin = duplicate(error)
    assert type(twin) is kind
    assert (str(twin), repr(twin)) == (str(error), repr(error))
    for name in ("status", "reason", "body", "data", "attempts", "message", "code", "retry_after"):
        assert getattr(twin, name) == getattr(error, name)
    assert twin.headers["X-Request-ID"] == "req_1"


@pytest.mark.parametrize("kind", list(ARGUMENTS))
@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda error: pickle.loads(pickle.dumps(error))]
)
def test_an_error_over_an_argument_survives_copying(kind: Any, duplicate: Any) -> None:
    twin = duplicate(kind("wrong", ["a", 1]))
    assert type(twin) is kind
    assert str(twin) == "wrong at ['a'][1]"
    assert twin.path_to_item == ["a", 1]


def test_a_message_holds_nothing_that_a_terminal_obeys() -> None:
    error = ApiException(400, "No\x1b[31m", body="\x1b]0;title\x07 a\r\nb\tc\x9b")
    assert str(error) == r"(400) No\x1b[31m: \x1b]0;title\x07 a" + "\nb\tc" + r"\x9b"
    assert error.body == "\x1b]0;title\x07 a\r\nb\tc\x9b"
