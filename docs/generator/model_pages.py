"""The pages of the models, and of ``ApiResponse``."""

from __future__ import annotations

import contextlib
import inspect
import io
import os
import tempfile
from enum import Enum
from pathlib import Path
from typing import Any, get_type_hints

from openapiopenai import ApiResponse, AudioApi
from openapiopenai.models.base import Wrapper

from .api_page import OPERATIONS, names, own_parameters
from .examples import MODELS
from .reading import (
    default_of,
    described,
    limits,
    markdown,
    public_models,
    table,
    type_name,
    without_links,
)

_PAGE = """\
# {name}

{purpose}

## {heading}

{table}

## Example

```python
{example}
```

<!-- prints -->
```text
{prints}
```

## Used by

{users}

[[Back to Model list]](../README.md#documentation-for-models) \
[[Back to API list]](../README.md#documentation-for-api-endpoints) \
[[Back to README]](../README.md)
"""

#: Models that no signature names -> where a caller meets them.
_ELSEWHERE = {
    "CreateSpeechResponseStreamEvent": "`from_dict` parses any event of streamed speech",
    "CreateTranscriptionResponseStreamEvent": "`from_dict` parses any event of a transcript",
    "CreateTranscriptionRequest": "[AudioApi.create_transcription]"
    "(AudioApi.md#create_transcription) builds it from its arguments",
    "CreateTranslationRequest": "[AudioApi.create_translation]"
    "(AudioApi.md#create_translation) builds it from its arguments",
    "ErrorResponse": "`from_json` parses the `body` of an [ApiException]"
    "(errors-and-retries.md#exceptions)",
}

_HEAD = ("Name", "Type", "Description", "Default", "Limits")


def pages() -> dict[str, str]:
    """Return the pages of all models by file name."""
    kinds = {**public_models(), "ApiResponse": ApiResponse}
    return {f"{name}.md": _page(name, kind) for name, kind in kinds.items()}


def models_list(directory: str) -> str:
    """Return the list of all models.

    :param directory: the prefix of links to pages.
    :return: Markdown.
    """
    return "\n".join(
        f" - [{name}]({directory}{name}.md): {without_links(described(kind.__doc__).summary)}"
        for name, kind in public_models().items()
    )


def _page(name: str, kind: type) -> str:
    example = MODELS[name].strip()
    return _PAGE.format(
        name=name,
        purpose=described(kind.__doc__).text,
        heading="Values" if issubclass(kind, Enum) else "Properties",
        table=_values(kind) if issubclass(kind, Enum) else _properties(kind),
        example=example,
        prints=_printed(example),
        users=_users(name),
    )


def _values(kind: type[Enum]) -> str:
    return table(("Name", "Value"), [(f"**{item.name}**", f"`{item.value}`") for item in kind])


def _properties(kind: type) -> str:
    rows = [*_fields(kind), *_computed(kind)]
    return table(_HEAD, rows)


def _fields(kind: Any) -> list[tuple[str, ...]]:
    if kind is ApiResponse:
        descriptions = described(kind.__doc__).params
        hints = inspect.get_annotations(kind)
        return [
            (f"**{name}**", f"**{hints[name]}**", text, "required", "")
            for name, text in descriptions.items()
        ]
    hints = get_type_hints(kind, include_extras=True)
    return [
        (
            f"**{name}**",
            type_name(hints[name]),
            markdown(field.description or ""),
            default_of(field),
            limits(field),
        )
        for name, field in kind.model_fields.items()
    ]


def _computed(kind: Any) -> list[tuple[str, ...]]:
    """Return the properties that are computed, not stored."""
    return [
        (f"**{name}**", type_name(_returned(value)), markdown(value.__doc__ or ""), "read only", "")
        for base in reversed(kind.__mro__)
        if issubclass(base, (Wrapper, ApiResponse))
        for name, value in vars(base).items()
        if isinstance(value, property)
    ]


def _returned(value: property) -> Any:
    return get_type_hints(value.fget)["return"]


def _printed(example: str) -> str:
    """Return what an example prints when it is run beside a recording."""
    output = io.StringIO()
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        try:
            Path("hello.mp3").write_bytes(b"ID3")
            with contextlib.redirect_stdout(output):
                exec(compile(example, "example", "exec", dont_inherit=True), {})  # noqa: S102 - from this directory
        finally:
            os.chdir(before)
    return output.getvalue().strip()


def _users(name: str) -> str:
    """Return the methods and models whose types name a model."""
    users = [*_methods_with(name), *_models_with(name)] or [_ELSEWHERE[name]]
    return "\n".join(f" - {user}" for user in users)


def _methods_with(name: str) -> list[str]:
    users = []
    for method in (method for plain in OPERATIONS for method in names(plain)):
        signature = inspect.signature(getattr(AudioApi, method))
        where = [
            f"`{parameter.name}`"
            for parameter in own_parameters(getattr(AudioApi, method))
            if _mentions(type_name(parameter.annotation), name)
        ]
        where += ["return type"] * _mentions(type_name(signature.return_annotation), name)
        if where:
            users.append(f"[AudioApi.{method}](AudioApi.md#{method}): {', '.join(where)}")
    return users


def _models_with(name: str) -> list[str]:
    return [
        f"[{other}]({other}.md): {', '.join(where)}"
        for other, kind in public_models().items()
        if not issubclass(kind, Enum)
        and (where := [f"`{row[0].strip('*')}`" for row in _rows(kind) if _mentions(row[1], name)])
    ]


def _rows(kind: type) -> list[tuple[str, ...]]:
    return [*_fields(kind), *_computed(kind)]


def _mentions(text: str, name: str) -> bool:
    return f"({name}.md)" in text
