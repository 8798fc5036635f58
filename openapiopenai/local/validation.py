"""Validates requests, and turns what is refused into errors in OpenAI's shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from openapiopenai.local.errors import ApiError
from openapiopenai.local.schemas import SpeechRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic_core import ErrorDetails
    from starlette.datastructures import FormData

    from openapiopenai.local.limits import Limits

_Schema = TypeVar("_Schema", bound=BaseModel)

#: Pydantic's error type, or a custom one of the schemas -> status and OpenAI's code; any other type
#: is 400 and ``invalid_value``.
_CODES = {
    "empty_string": (400, "empty_string"),
    "json_invalid": (400, "invalid_json"),
    "missing": (422, "missing_required_parameter"),
    "model_type": (400, "invalid_json"),
    "string_too_long": (400, "string_above_max_length"),
    "unsupported_language": (400, "unsupported_language"),
    "unsupported_value": (400, "unsupported_value"),
    "voice_not_found": (404, "voice_not_found"),
}

#: Messages for errors whose message by pydantic would not help a client.
_MESSAGES = {
    "is_instance_of": "must be uploaded as a file: a form part with a filename",
    "model_type": "it must be an object",
}


#: Where a message by pydantic has no parameter: "Input should be ...".
_SUBJECT = re.compile(r"^\w+ should")


def parse_speech(body: bytes, limits: Limits) -> SpeechRequest:
    """Validate the body of a speech request.

    :param body: a JSON object.
    :param limits: limits on requests.
    :return: the request.
    :raises ApiError: 422 for a missing parameter, 404 for an unknown custom voice, else 400.
    """
    return _validate(lambda: SpeechRequest.model_validate_json(body, context=limits))


def parse_form(schema: type[_Schema], form: FormData) -> _Schema:
    """Validate the form of a transcription or a translation.

    :param schema: the request model.
    :param form: the form; lists are named ``name[]``, members of objects ``name[member]``.
    :return: the request.
    :raises ApiError: 422 for a missing parameter, else 400.
    """
    fields = {name: form.getlist(name) if name.endswith("[]") else form[name] for name in form}
    return _validate(lambda: schema.model_validate(fields))


def _validate(parse: Callable[[], _Schema]) -> _Schema:
    try:
        return parse()
    except ValidationError as error:
        raise _api_error(error.errors()[0]) from error


def _api_error(error: ErrorDetails) -> ApiError:
    status, code = _CODES.get(error["type"], (400, "invalid_value"))
    reason = _MESSAGES.get(error["type"], error["msg"])
    param = _param(error["loc"])
    message = f"'{param}' {_SUBJECT.sub('must', reason)}."
    if error["type"] == "missing":
        message = f"Missing required parameter: '{param}'."
    if code == "invalid_json":
        message, param = f"Could not parse the body as JSON: {reason}.", None
    return ApiError(status, message, param=param, code=code)


def _param(location: tuple[int | str, ...]) -> str | None:
    """Return the innermost name of an error's location, without the brackets of a list."""
    names = [part for part in location if isinstance(part, str)]
    return names[-1].removesuffix("[]") if names else None
