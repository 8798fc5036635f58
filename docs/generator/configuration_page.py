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

{summary} An [ApiClient](AudioApi.md) is created with one; without one it uses
`Configuration.get_default()`.

```python
import openapiopenai

configuration = openapiopenai.Configuration(
    access_token="sk-test",
    timeout=120,  # seconds for a whole call, retries included
    retries=3,
)
with openapiopenai.ApiClient(configuration) as api_client:
    api_instance = openapiopenai.AudioApi(api_client)
    print(configuration)  # no secret is shown
```

## Parameters

All are optional. Attributes of the same names can be read and set, and are checked when they are
set; a misspelt one is an `ApiAttributeError` with the nearest name.

{parameters}

## Environment

Read when a `Configuration` is created, for parameters that are not given.

{environment}

A key, an organization or a project from the environment is sent only to the server that the
environment names: `OPENAI_BASE_URL`, else OpenAI. For another `host`, pass `access_token`; a server
without keys is called without one.

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
        "hosts to reach without a proxy; overridden by `no_proxy` of `Configuration`",
    ),
    (
        "`SSL_CERT_FILE`, `SSL_CERT_DIR`",
        "the certificate authorities to trust, if the settings name none",
    ),
)

_ATTRIBUTES = (
    (
        "largest_answer",
        "the largest response that is read, in bytes after decompression; 1 GiB",
    ),
    ("refresh_api_key_hook", "called with the configuration before a key of `api_key` is given"),
    ("temp_folder_path", "accepted for compatibility; nothing is written to it"),
)


def page() -> str:
    """Return the page."""
    told = described(Configuration.__doc__)
    return _PAGE.format(
        summary=told.summary,
        parameters=table(("Name", "Type", "Description"), _parameters(told.params)),
        environment=table(("Variable", "Parameter"), _environment()),
        late=table(("Variable", "Purpose"), _late()),
        attributes=table(("Name", "Description"), _attributes()),
        methods=table(("Name", "Description"), _methods()),
    )


def _parameters(told: dict[str, str]) -> list[tuple[str, ...]]:
    return [
        (f"**{name}**", f"`{parameter.annotation}`", told[name])
        for name, parameter in inspect.signature(Configuration).parameters.items()
    ]


def _environment() -> list[tuple[str, ...]]:
    return [(f"`{variable}`", f"`{name}`") for name, variable in _ENVIRONMENT.items()]


def _late() -> list[tuple[str, ...]]:
    proxies = [
        (
            ", ".join(f"`{name}`" for name in names),
            f"the proxy for `{scheme}` hosts; the first counts",
        )
        for scheme, names in VARIABLES.items()
    ]
    return [*proxies, *_LATE]


def _attributes() -> list[tuple[str, ...]]:
    return [*((f"**{name}**", told) for name, told in _ATTRIBUTES), *_documented(property)]


def _methods() -> list[tuple[str, ...]]:
    return _documented((types.FunctionType, classmethod))


def _documented(kind: type | tuple[type, ...]) -> list[tuple[str, ...]]:
    parameters = inspect.signature(Configuration).parameters
    return [
        (f"**{name}**", markdown((value.__doc__ or "").partition("\n\n")[0]))
        for name, value in vars(Configuration).items()
        if isinstance(value, kind) and not name.startswith("_") and name not in parameters
    ]
