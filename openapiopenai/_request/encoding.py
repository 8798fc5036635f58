"""The body of a request as bytes, and the headers that describe it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from openapiopenai._request.form import form_fields
from openapiopenai._request.json import json_body
from openapiopenai._request.multipart import MultipartBody

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openapiopenai._request.request import Request

JSON = "application/json"


def encode(request: Request[Any]) -> tuple[bytes | MultipartBody, dict[str, str]]:
    """Return the body of a call, and its headers.

    :param request: the call.
    :raises ApiTypeError: when a form or JSON cannot hold a field.
    :raises ApiValueError: when a field cannot be written.
    """
    if request.form is not None:
        form = MultipartBody(form_fields(request.fields()))
        return form.to_bytes_if_small() or form, _form_headers(form)
    fields = {name: value for name, value in request.fields().items() if value is not None}
    return json_body(fields), {"content-type": request.options.content_type or JSON}


def encode_content(
    body: Any, post_params: Sequence[tuple[str, Any]] | None
) -> tuple[bytes | MultipartBody | None, dict[str, str]]:
    """Return the body of a request that a caller composes, and its headers.

    :param body: bytes or ``str`` as it is, anything else as JSON; None for no body.
    :param post_params: the fields of a form, instead of a body.
    """
    if post_params:
        # one by one: a name may occur several times
        fields = (form_fields({name: value}) for name, value in post_params)
        form = MultipartBody(chain.from_iterable(fields))
        return form, _form_headers(form)
    if body is None or isinstance(body, bytes):
        return body, {}
    if isinstance(body, str):
        return body.encode(), {}
    return json_body(body), {"content-type": JSON}


def _form_headers(form: MultipartBody) -> dict[str, str]:
    headers = {"content-type": form.content_type}
    if form.length is not None:
        headers["content-length"] = str(form.length)
    return headers
