"""The client of a command, made from its arguments and the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapiopenai.api_client import ApiClient
from openapiopenai.configuration import Configuration
from openapiopenai.exceptions import ApiValueError

if TYPE_CHECKING:
    from openapiopenai._cli.arguments import Arguments


def connect(arguments: Arguments) -> ApiClient:
    """Make the client.

    :param arguments: ``host``, ``timeout`` and ``verbose``.
    :return: the client, which closes as a context manager.
    :raises ApiValueError: if a setting cannot work, or OpenAI is called without a key.
    """
    configuration = Configuration(
        arguments.host, timeout=arguments.timeout, debug=arguments.verbose
    )
    openai = configuration.get_host_settings()[0]["url"]
    if configuration.host == openai and not configuration.auth_settings():
        raise ApiValueError("no API key: set OPENAI_API_KEY, or name another server with --host")
    return ApiClient(configuration)
