"""The page of the settings, ``docs/Configuration.md``."""

from __future__ import annotations

import inspect
import types

from openapiopenai import Configuration
from openapiopenai._transport.proxies import VARIABLES
from openapiopenai.configuration import _ENVIRONMENT

from .reading import described, markdown, table

_PAGE = """\
# Configuration

{summary} Pass one to an [ApiClient](AudioApi.md); without one, the client uses
`Configuration.get_default()`.

```python
import openapiopenai

configuration = openapiopenai.Configuration(
    access_token="sk-test",
    timeout=120,  # seconds for a call, retries included
    retries=3,
)
with openapiopenai.ApiClient(configuration) as api_client:
    api_instance = openapiopenai.AudioApi(api_client)
    print(configuration)  # secrets are not shown
```

## Parameters

All are optional. Each is also an attribute of the same name, which is validated when it is set; a
misspelt name raises an `ApiAttributeError` that suggests the right one.

{parameters}

## Environment

Read when a `Configuration` is created, for parameters that are not passed:

{environment}

A key, organization or project from the environment is sent only to `OPENAI_BASE_URL`, or to OpenAI
if that is not set. For another `host`, pass `access_token`, unless the server needs no key.

Read when a connection is opened:

{late}

## Further attributes

{attributes}

## Methods

{methods}

[[Back to README]](../README.md)
"""

_LATE = (
    (
        "`NO_PROXY`, `no_proxy`",
        "hosts to reach without a proxy; the parameter `no_proxy` takes precedence",
    ),
    (
        "`SSL_CERT_FILE`, `SSL_CERT_DIR`",
        "authorities to trust if no parameter names them",
    ),
)

_ATTRIBUTES = (
    (
        "largest_answer",
        "the largest response to read into memory, in bytes after decompression. Default: 1 GiB",
    ),
    (
        "refresh_api_key_hook",
        "called with the configuration before a key of `api_key` is read",
    ),
    ("temp_folder_path", "accepted for compatibility; nothing is written there"),
)


def page() -> str:
    """Return the page."""
    docstring = described(Configuration.__doc__)
    return _PAGE.format(
        summary=docstring.summary,
        parameters=table(("Name", "Type", "Description"), _parameters(docstring.params)),
        environment=table(("Variable", "Parameter"), _environment()),
        late=table(("Variable", "Meaning"), _late()),
        attributes=table(("Name", "Description"), _attributes()),
        methods=table(("Name", "Description"), _methods()),
    )


def _parameters(descriptions: dict[str, str]) -> list[tuple[str, ...]]:
    return [
        (f"**{name}**", f"`{parameter.annotation}`", descriptions[name])
        for name, parameter in inspect.signature(Configuration).parameters.items()
    ]


def _environment() -> list[tuple[str, ...]]:
    return [(f"`{variable}`", f"`{name}`") for name, variable in _ENVIRONMENT.items()]


def _late() -> list[tuple[str, ...]]:
    proxies = [
        (
            ", ".join(f"`{name}`" for name in names),
            f"the proxy for `{scheme}` hosts; the first that is set",
        )
        for scheme, names in VARIABLES.items()
    ]
    return [*proxies, *_LATE]


def _attributes() -> list[tuple[str, ...]]:
    return [*((f"**{name}**", text) for name, text in _ATTRIBUTES), *_documented(property)]


def _methods() -> list[tuple[str, ...]]:
    return _documented((types.FunctionType, classmethod))


def _documented(kind: type | tuple[type, ...]) -> list[tuple[str, ...]]:
    parameters = inspect.signature(Configuration).parameters
    return [
        (f"**{name}**", markdown((value.__doc__ or "").partition("\n\n")[0]))
        for name, value in vars(Configuration).items()
        if isinstance(value, kind) and not name.startswith("_") and name not in parameters
    ]
