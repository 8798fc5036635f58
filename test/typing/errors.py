"""Errors as users catch them: read by type checkers, never run."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import assert_type

from openapiopenai import (
    ApiConnectionException,
    ApiDecodeException,
    ApiTimeoutException,
    ApiTypeError,
    ApiValueError,
    AudioApi,
    BadRequestException,
    OpenApiException,
    TooManyRequestsException,
)
from openapiopenai.exceptions import NotFoundException
from openapiopenai.rest import ApiException

api = AudioApi()

try:
    api.create_translation("talk.mp3", "whisper-1")
except TooManyRequestsException as limited:
    assert_type(limited.retry_after, float | None)
except (BadRequestException, NotFoundException) as refused:
    assert_type(refused.message, str)
    assert_type(refused.param, str | None)
except ApiTimeoutException as late:
    assert_type(late.attempts, int)
except ApiConnectionException as unreached:
    assert_type(unreached.reason, str | None)
except ApiDecodeException as unreadable:
    assert_type(unreadable.body, str | None)
except ApiException as failed:
    assert_type(failed.status, int | None)
    assert_type(failed.reason, str | None)
    assert_type(failed.body, str | None)
    assert_type(failed.headers, Mapping[str, str] | None)
    assert_type(failed.code, int | str | None)
    assert_type(failed.type, str | None)
    assert_type(failed.request_id, str | None)
except (ApiTypeError, ApiValueError) as wrong:
    assert_type(wrong.path_to_item is None, bool)
except OpenApiException as other:
    assert_type(str(other), str)

ApiException(404, "Not Found", body="{}", headers={"x-request-id": "1"})


def timed_out(error: TimeoutError) -> bool:
    """Distinguish this package's errors from others."""
    return isinstance(error, ApiTimeoutException)


def unreachable(error: ApiConnectionException) -> ConnectionError:
    """Handle an error as Python's own."""
    return error
