"""The page of the methods, ``docs/AudioApi.md``."""

from __future__ import annotations

import inspect
import re
from typing import Any

from openapiopenai import AudioApi, exceptions

from .examples import METHODS
from .reading import described, known, link, markdown, table, type_name, without_links

_BACK = (
    "[[Back to top]](#openapiopenaiaudioapi) "
    "[[Back to API list]](../README.md#documentation-for-api-endpoints) "
    "[[Back to Model list]](../README.md#documentation-for-models) "
    "[[Back to README]](../README.md)"
)

_TRANSCRIPTS = (
    "application/json, text/plain, application/x-subrip or text/vtt, depending on `response_format`"
)

#: Operation -> its path, and the content types of its requests and responses.
OPERATIONS = {
    "create_speech": (
        "/audio/speech",
        "application/json",
        "application/octet-stream, audio/*; text/event-stream if `stream_format` is `sse`",
    ),
    "create_transcription": (
        "/audio/transcriptions",
        "multipart/form-data",
        f"{_TRANSCRIPTS}; text/event-stream for `create_transcription_streaming`",
    ),
    "create_translation": (
        "/audio/translations",
        "multipart/form-data",
        _TRANSCRIPTS,
    ),
}

_SUFFIXES = ("", "_with_http_info", "_without_preload_content", "_streaming")

_INTRODUCTION = """\
# openapiopenai.AudioApi

All URIs are relative to *https://api.openai.com/v1*

{table}

Every method sends one POST request. Besides its own parameters it accepts
[those of every call](#parameters-of-every-call). A parameter that is omitted or None is not sent.
"""

_SHARED = """\
# Parameters of every call

These apply to one call. As positional arguments they follow `create_speech_request`,
`timestamp_granularities` or `temperature`, depending on the operation. Those marked "by keyword"
are keyword-only.

{table}

{back}
"""

_METHOD = """\
# **{name}**
> {returns} {name}({arguments})

{summary}

### Example

* Bearer Authentication ([ApiKeyAuth](../README.md#ApiKeyAuth)):

```python
{example}
```

### Parameters

{table}

Also [those of every call](#parameters-of-every-call).

### Return type

{type}: {returned}

### Authorization

[ApiKeyAuth](../README.md#ApiKeyAuth)

### HTTP request headers

 - **Content-Type**: {sends}
 - **Accept**: {accepts}

### HTTP response details

{statuses}

{back}
"""

_SIBLING = """\
## **{name}**
> {returns} {name}({arguments})

{summary} The parameters are those of [{plain}](#{plain}).

```python
{example}
```

### Return type

{type}

{back}
"""


def page() -> str:
    """Return the page."""
    sections = [_INTRODUCTION.format(table=methods_table("")), _shared()]
    for plain in OPERATIONS:
        sections.append(_method(plain))
        sections += [_sibling(plain, name) for name in names(plain)[1:]]
    return "\n".join(sections)


def names(plain: str) -> list[str]:
    """Return the methods of an operation.

    :param plain: the name of its plain method.
    :return: their names, the plain method first.
    """
    return [plain + suffix for suffix in _SUFFIXES if hasattr(AudioApi, plain + suffix)]


def methods_table(directory: str) -> str:
    """Return the table of all methods.

    :param directory: the prefix of links to pages.
    :return: Markdown.
    """
    rows = [
        (
            f"[**{name}**]({directory}AudioApi.md#{name})",
            f"**POST** {path}",
            without_links(described(getattr(AudioApi, name).__doc__).summary),
        )
        for plain, (path, _, _) in OPERATIONS.items()
        for name in names(plain)
    ]
    return table(("Method", "HTTP request", "Description"), rows)


def _method(plain: str) -> str:
    method = getattr(AudioApi, plain)
    docstring = described(method.__doc__)
    _, sends, accepts = OPERATIONS[plain]
    return _METHOD.format(
        name=plain,
        returns=_plain_type(_returned(method)),
        arguments=_arguments(method),
        summary=docstring.summary,
        example=METHODS[plain].strip(),
        table=table(
            ("Name", "Type", "Description", "Notes"), _parameters(method, docstring.params)
        ),
        type=type_name(_returned(method)),
        returned=docstring.returns,
        sends=sends,
        accepts=accepts,
        statuses=_statuses(),
        back=_BACK,
    )


def _sibling(plain: str, name: str) -> str:
    method = getattr(AudioApi, name)
    return _SIBLING.format(
        name=name,
        plain=plain,
        returns=_plain_type(_returned(method)),
        arguments=_arguments(method),
        summary=described(method.__doc__).summary,
        example=METHODS[name].strip(),
        type=type_name(_returned(method)),
        back=_BACK,
    )


def _shared() -> str:
    rows = []
    descriptions = _bullets(AudioApi.__doc__ or "")
    for parameter in _signature(AudioApi.create_speech).values():
        if parameter.name.startswith("_"):
            kind = type_name(parameter.annotation)
            rows.append(
                (f"**{parameter.name}**", kind, descriptions[parameter.name], _notes(parameter))
            )
    shown = table(("Name", "Type", "Description", "Notes"), rows)
    return _SHARED.format(table=shown, back=_BACK)


def _bullets(docstring: str) -> dict[str, str]:
    """Return the parameters of every call, which the class describes in a list."""
    items = re.split(r"^- ``(\w+)``: ", inspect.cleandoc(docstring), flags=re.MULTILINE)[1:]
    return {
        name: markdown(text.partition("\n\n")[0])
        for name, text in zip(items[::2], items[1::2], strict=True)
    }


def _parameters(method: Any, descriptions: dict[str, str]) -> list[tuple[str, ...]]:
    return [
        (
            f"**{parameter.name}**",
            type_name(parameter.annotation),
            descriptions[parameter.name],
            _notes(parameter),
        )
        for parameter in own_parameters(method)
    ]


def _notes(parameter: inspect.Parameter) -> str:
    notes = [
        "" if parameter.default is parameter.empty else "[optional]",
        "by keyword" if parameter.kind is parameter.KEYWORD_ONLY else "",
        "" if parameter.name == "create_speech_request" else known(parameter.annotation),
    ]
    return "; ".join(filter(None, notes))


def own_parameters(method: Any) -> list[inspect.Parameter]:
    """Return the parameters of a method that are its own, not those of every call.

    :param method: a method of ``AudioApi``.
    :return: its parameters, in order.
    """
    return [
        parameter
        for parameter in _signature(method).values()
        if not parameter.name.startswith("_") and parameter.name != "self"
    ]


def _arguments(method: Any) -> str:
    return ", ".join(
        parameter.name if parameter.default is parameter.empty else f"{parameter.name}=None"
        for parameter in own_parameters(method)
    )


def _signature(method: Any) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(method).parameters)


def _returned(method: Any) -> Any:
    return inspect.signature(method).return_annotation


def _plain_type(kind: Any) -> str:
    text = str(kind) if "[" in str(kind) else kind.__name__
    return re.sub(r"(?:\w+\.)+", "", text)


def _statuses() -> str:
    """Return the table of statuses; the docstrings of the exceptions describe them."""
    rows = [("**200**", "OK; likewise any other 2xx with a body", "Content-Type, x-request-id", "")]
    for kind in vars(exceptions).values():
        status = re.match(r"(\d\w\w): (.+)", getattr(kind, "__doc__", None) or "")
        if status:
            when = "Retry-After, x-request-id" if status[1] == "429" else "x-request-id"
            rows.append((f"**{status[1]}**", markdown(status[2]), when, _raised(kind)))
    rows.append(("any other", "The request failed.", "x-request-id", link("ApiException")))
    return table(("Status code", "Description", "Response headers", "Raises"), rows)


def _raised(kind: type) -> str:
    return f"[`{kind.__name__}`](errors-and-retries.md#exceptions)"
