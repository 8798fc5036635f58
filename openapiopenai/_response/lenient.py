"""Reading what a server meant: a value that does not fit its schema is left out, not the answer."""

from __future__ import annotations

import base64
import binascii
import codecs
import gc
import json
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from pydantic import ValidationError

from openapiopenai._response import headers as _headers
from openapiopenai._response.json import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openapiopenai.models.base import Model


M = TypeVar("M", bound="Model")

#: How often what does not fit is looked for: each time a level further up.
_ROUNDS = 4

#: From this size on, in bytes, an answer becomes so many objects that the collector looks for
#: garbage among them several times while they are being made.
_WORTH_A_PAUSE = 16 * 1024

#: How deep JSON may nest; what lies deeper is left out. No answer needs more than six levels, and
#: printing, copying and pickling a value go down it by recursion.
_DEEPEST = 100

#: What Python can decode and no server means: escapes and encodings of its own, and UTF-7, which
#: browsers refuse too.
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}

#: 2xx without a body: nothing that a caller could be given.
WITHOUT_BODY = (204, 205)


class UnreadableError(ValueError):
    """Nothing can be made of an answer.

    :param message: why.
    :param data: the part that cannot be read, where it is known.
    """

    def __init__(self, message: str, data: bytes | None = None) -> None:
        super().__init__(message)
        self.data = data


def decoded(body: bytes, headers: Mapping[str, str]) -> str:
    """Give a body as text, whatever its charset, without a byte order mark.

    :param body: the body.
    :param headers: its headers; a charset that they name is used where Python knows it.
    :return: the text; what cannot be decoded is replaced.
    """
    guessed = json.detect_encoding(body)  # by byte order marks, and by the zeros of UTF-16
    charset = guessed if guessed != "utf-8" else _headers.charset(headers) or guessed
    try:
        known = codecs.lookup(charset).name not in _NO_CHARSETS
        text = body.decode(charset if known else "utf-8", "replace")
    except (LookupError, ValueError):
        text = body.decode("utf-8", "replace")
    return text.removeprefix("\ufeff")


def decoded_audio(text: str) -> bytes:
    """Give the audio that a text holds in base64.

    :param text: the text; white space in it is passed over.
    :return: the audio.
    :raises UnreadableError: when it is not base64.
    """
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError(f"the audio in the answer is not base64: {error}") from error


def parsed(text: str | bytes) -> Any:
    """Give what a JSON text holds.

    :param text: the text; bytes are UTF-8.
    :return: the value. What nests too deeply is left out, half a surrogate pair is replaced, and
        an integer with thousands of digits is infinite.
    :raises UnreadableError: when it is not JSON.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    if not text.strip():
        raise UnreadableError("the answer is empty")
    try:
        value = json.loads(text, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"the answer is not JSON: {error}") from error
    _cut_off(value, _DEEPEST)
    return _with_whole_characters(value) if "\\ud" in text.lower() else value


def read_json(model: type[M], body: bytes, headers: Mapping[str, str]) -> M:
    """Give a body as a model.

    :param model: the schema.
    :param body: a JSON object.
    :param headers: its headers.
    :return: the model.
    :raises UnreadableError: when nothing can be made of it.
    """
    try:
        return _validated(model, body)
    except ValidationError:
        return fitted(model, parsed(decoded(body, headers)))


def _validated(model: type[M], body: bytes) -> M:
    """Validate without the collector of cyclic garbage, which would take half of the time.

    There is no garbage: all that is made is kept. pydantic makes it in one step, during which no
    other thread runs, so none misses the collector.
    """
    if len(body) < _WORTH_A_PAUSE or not gc.isenabled():
        return model.model_validate_json(body)
    gc.disable()
    try:
        return model.model_validate_json(body)
    finally:
        gc.enable()


def fitted(model: type[M], data: Any) -> M:
    """Give parsed JSON as a model, without the values that do not fit.

    :param model: the schema.
    :param data: what was parsed; changed in place.
    :return: the model.
    :raises UnreadableError: when what the schema requires is not there.
    """
    if not isinstance(data, dict):
        raise UnreadableError(f"the answer is {_kind(data)}, not an object")
    for trimmed in range(_ROUNDS):
        try:
            return model.model_validate(data)
        except ValidationError as error:
            problems = [
                (problem["loc"][: max(1, len(problem["loc"]) - trimmed)], problem["type"])
                for problem in error.errors(include_url=False, include_input=False)
            ]
        _refuse_missing(model, problems)
        for path, kind in dict.fromkeys(reversed(problems)):  # backwards: items may be deleted
            _leave_out(data, path, item=trimmed > 0 or kind == "model_type")
    raise UnreadableError("the answer does not have the shape of one")


def _integer(digits: str) -> float:
    try:
        return int(digits)
    except ValueError:  # more digits than Python converts
        return float(digits)


def _cut_off(value: Any, depth: int) -> None:
    level = [value]
    for _ in range(depth):
        level = [inner for outer in level for inner in _containers_in(outer)]
    for container in level:
        as_object(container).clear()
        as_list(container).clear()


def _containers_in(value: Any) -> list[Any]:
    items = [*as_object(value).values(), *as_list(value)]
    return [item for item in items if isinstance(item, (dict, list))]


def _with_whole_characters(value: Any) -> Any:
    """Replace halves of surrogate pairs, which JSON can write and no encoding can."""
    halves = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass")
    return json.loads(halves.decode("utf-16", "replace"))


_Problem: TypeAlias = "tuple[tuple[int | str, ...], str]"


def _refuse_missing(model: type[Model], problems: Sequence[_Problem]) -> None:
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    missing = sorted({str(path[0]) for path, _ in problems} & required)
    if missing:
        raise UnreadableError(f"the answer has no usable {' and no usable '.join(missing)}")


def _leave_out(data: Any, path: Sequence[int | str], *, item: bool) -> None:
    """Set to None what a path of pydantic leads to.

    :param data: where the path begins.
    :param path: keys and indexes, and between them names of pydantic's own, such as a union's.
    :param item: whether an item of a list goes alone; else the list does not make sense without.
    """
    places: list[tuple[Any, int | str]] = [(data, path[0])]
    for step in path[1:]:
        holder, key = places[-1]
        if _holds(holder[key], step):
            places.append((holder[key], step))
    if isinstance(places[-1][0], list) and not item:
        places.pop()
    holder, key = places[-1]
    if isinstance(key, int):
        del holder[key]
    else:
        holder[key] = None


def _holds(value: Any, step: int | str) -> bool:
    return step < len(as_list(value)) if isinstance(step, int) else step in as_object(value)


def _kind(data: Any) -> str:
    return "null" if data is None else f"a {type(data).__name__}"
