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

{summary} An [ApiClient](AudioApi.md) is made with one; without one it takes
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

All are optional, and attributes of the same names can be read and set.

{parameters}

## Environment

Read when a `Configuration` is made, where the parameter is not given.

{environment}

A key, an organization or a project from the environment goes only to the server that the
environment points to: `OPENAI_BASE_URL`, else OpenAI. With another `host`, pass `access_token`; a
server that wants no key is called without one.

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
        "what is reached without a proxy; `no_proxy` of `Configuration` wins",
    ),
    ("`SSL_CERT_FILE`, `SSL_CERT_DIR`", "the authorities to trust, where the settings name none"),
)

_ATTRIBUTES = (
    (
        "largest_answer",
        "how large an answer that is read whole may become, in bytes, decompressed; 1 GiB",
    ),
    ("refresh_api_key_hook", "called with the configuration before a key of `api_key` is given"),
    ("temp_folder_path", "kept from the generated style; nothing is written to it"),
)


def page() -> str:
    """Give the page."""
    told = described(Configuration.__doc__)
    return _PAGE.format(
        summary=told.summary,
        parameters=table(("Name", "Type", "Description"), _parameters(told.params)),
        environment=table(("Variable", "Parameter"), _environment()),
        late=table(("Variable", "What it gives"), _late()),
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
