"""Settings, and their defaults from the environment."""

from __future__ import annotations

import copy
import logging
import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from openapiopenai import __version__
from openapiopenai._request.headers import basic_auth
from openapiopenai._settings import logs
from openapiopenai._settings.checks import check
from openapiopenai._settings.credentials import (
    AuthSetting,
    Credential,
    auth_setting,
    plain_token,
)
from openapiopenai._settings.hosts import check_path, shown
from openapiopenai._transport.url import BaseURL
from openapiopenai.exceptions import ApiAttributeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from urllib3 import Retry

    from openapiopenai._settings.credentials import AccessToken

__all__ = ["AuthSetting", "Configuration", "HostSetting"]

_OPENAI = "https://api.openai.com/v1"

#: Setting -> the environment variable of its default.
_ENVIRONMENT = {
    "host": "OPENAI_BASE_URL",
    "access_token": "OPENAI_API_KEY",
    "organization": "OPENAI_ORG_ID",
    "project": "OPENAI_PROJECT_ID",
}

#: What ``repr`` and the debug report show besides the host; everything else may hold a secret.
_SHOWN = ("timeout", "retries", "verify_ssl", "organization", "project")

#: How many connections a client keeps open for later calls, per server.
_MAX_CONNECTIONS = 64

#: How large a response may be, in bytes after decompression.
_MAX_RESPONSE = 1024**3


class HostSetting(TypedDict):
    """A server that the API's description names."""

    url: str
    description: str


class Configuration:
    """The settings of a client. A misspelt attribute is refused with the nearest name.

    :param host: the base URL of the server, with its path and, for Azure, its query; without the
        path of an endpoint. Default: ``OPENAI_BASE_URL``, else OpenAI. Credentials in it
        (``https://user:password@...``) are moved to ``username`` and ``password``.
    :param api_key: keys by the name of their scheme, for :meth:`get_api_key_with_prefix`.
    :param api_key_prefix: the prefixes of these keys, by the same names.
    :param username: the name for HTTP basic authentication, where there is no token.
    :param password: the password for it.
    :param access_token: the key, sent as ``Authorization: Bearer ...``: a ``str``, a
        ``SecretStr``, or a function that returns one and is called for each attempt; no timeout
        interrupts it. Default: ``OPENAI_API_KEY``, which is sent only to the server of
        ``OPENAI_BASE_URL``, by default OpenAI.
    :param server_index: which of :meth:`get_host_settings` to use if ``host`` is not given.
    :param server_variables: values for variables in that server's URL; OpenAI's has none.
    :param server_operation_index: the same by operation; no operation here has servers of its own.
    :param server_operation_variables: the same by operation.
    :param ignore_operation_servers: whether servers of an operation are ignored.
    :param ssl_ca_cert: the path of a file with the certificate authorities to trust, in PEM.
    :param retries: retries of a failed call: None for this package's policy (two, see
        :class:`openapiopenai.RetryPolicy`), False for none, an ``int`` for that many, or a
        ``urllib3.Retry``. All of them apply to POST.
    :param ca_cert_data: the certificate authorities to trust, as PEM text or DER bytes.
    :param cert_file: the path of a client certificate, in PEM.
    :param key_file: the path of its private key.
    :param verify_ssl: whether to verify the server's certificate. Default: True.
    :param assert_hostname: the name that the certificate must be for, or False for any.
    :param tls_server_name: the server name for the TLS handshake (SNI) and the certificate.
    :param connection_pool_maxsize: how many connections to keep open per server. Default: 64.
    :param proxy: the URL of a proxy, with credentials if it needs some; ``http``, ``https``,
        and ``socks5``, ``socks5h``, ``socks4`` with the extra ``socks``. Default: ``HTTPS_PROXY``,
        ``HTTP_PROXY`` or ``ALL_PROXY``, by the scheme of the host.
    :param no_proxy: names, suffixes, addresses and networks to reach without the proxy, separated
        by commas, semicolons or blanks; ``*`` for all. Default: ``NO_PROXY``.
    :param proxy_headers: headers for the proxy only.
    :param safe_chars_for_path_param: characters that are not escaped in a path; no path here has
        parameters.
    :param client_side_validation: accepted for compatibility. Models always validate;
        ``model_construct`` creates one without validation.
    :param socket_options: options for each socket, as ``(level, name, value)``, instead of the
        package's own (TCP_NODELAY and keepalive).
    :param datetime_format: accepted for compatibility; times are sent in ISO 8601.
    :param date_format: accepted for compatibility; dates are sent in ISO 8601.
    :param timeout: seconds for an entire call, or a pair; see ``_request_timeout`` of
        :class:`openapiopenai.AudioApi`. Default: 5 s to connect and 600 s between bytes.
    :param organization: the organization to bill. Default: ``OPENAI_ORG_ID``.
    :param project: the project to bill. Default: ``OPENAI_PROJECT_ID``.
    :param debug: whether to log each call: to standard error, unless logging is configured.
    :raises ApiTypeError: when a setting has a wrong type.
    :raises ApiValueError: when a setting cannot work. It is checked when it is set, here or later.
    """

    _default: ClassVar[Configuration | None] = None
    _default_lock: ClassVar[threading.Lock] = threading.Lock()

    access_token = Credential["AccessToken"]()
    organization = Credential[str]()
    project = Credential[str]()

    def __init__(  # noqa: PLR0913, PLR0917 - the published parameters
        self,
        host: str | None = None,
        api_key: dict[str, str] | None = None,
        api_key_prefix: dict[str, str] | None = None,
        username: str | None = None,
        password: str | None = None,
        access_token: AccessToken | None = None,
        server_index: int | None = None,
        server_variables: dict[str, str] | None = None,
        server_operation_index: dict[int, int] | None = None,
        server_operation_variables: dict[int, dict[str, str]] | None = None,
        ignore_operation_servers: bool = False,  # noqa: FBT001, FBT002 - the published position
        ssl_ca_cert: str | None = None,
        retries: int | Retry | None = None,
        ca_cert_data: str | bytes | None = None,
        cert_file: str | None = None,
        key_file: str | None = None,
        verify_ssl: bool = True,  # noqa: FBT001, FBT002 - the published position
        assert_hostname: str | bool | None = None,  # noqa: FBT001 - the published position
        tls_server_name: str | None = None,
        connection_pool_maxsize: int | None = None,
        proxy: str | None = None,
        no_proxy: str | None = None,
        proxy_headers: Mapping[str, str] | None = None,
        safe_chars_for_path_param: str = "",
        client_side_validation: bool = True,  # noqa: FBT001, FBT002 - the published position
        socket_options: Iterable[tuple[int, int, int | bytes]] | None = None,
        datetime_format: str = "%Y-%m-%dT%H:%M:%S.%f%z",
        date_format: str = "%Y-%m-%d",
        *,
        timeout: float | tuple[float, float] | None = None,
        organization: str | None = None,
        project: str | None = None,
        debug: bool | None = None,
    ) -> None:
        self._environment = {
            name: os.environ.get(key, "").strip() for name, key in _ENVIRONMENT.items()
        }
        self._environment_origin: tuple[str, str, int] | None = None
        with suppress(ApiValueError):  # a bad URL there is no concern of a host given here
            url = self._environment["host"] or _OPENAI
            self._environment_origin = BaseURL.parse(url, _ENVIRONMENT["host"]).origin
        self._debug = False
        self._log_format = logs.FORMAT
        self._log_file: str | None = None
        self.username = username
        self.password = password
        self.server_index = server_index or 0
        self.server_variables = server_variables or {}
        self.server_operation_index = server_operation_index or {}
        self.server_operation_variables = server_operation_variables or {}
        self.ignore_operation_servers = ignore_operation_servers
        self._set_first_host(host)
        self.access_token = access_token
        self.organization = organization
        self.project = project
        self.api_key = api_key or {}
        self.api_key_prefix = api_key_prefix or {}
        self.refresh_api_key_hook: Callable[[Configuration], None] | None = None
        self.timeout = timeout
        self.retries = retries
        self.largest_answer = _MAX_RESPONSE
        self.verify_ssl = verify_ssl
        self.ssl_ca_cert = ssl_ca_cert
        self.ca_cert_data = ca_cert_data
        self.cert_file = cert_file
        self.key_file = key_file
        self.assert_hostname = assert_hostname
        self.tls_server_name = tls_server_name
        self.connection_pool_maxsize = connection_pool_maxsize or _MAX_CONNECTIONS
        self.socket_options = socket_options
        self.proxy = proxy
        self.no_proxy = no_proxy
        self.proxy_headers = proxy_headers
        self.safe_chars_for_path_param = safe_chars_for_path_param
        self.client_side_validation = client_side_validation
        self.temp_folder_path: str | None = None
        self.datetime_format = datetime_format
        self.date_format = date_format
        if debug:
            self.debug = debug
        self._is_complete = True

    def __setattr__(self, name: str, value: Any) -> None:
        if "_is_complete" in vars(self) and not hasattr(self, name):
            raise self._unknown(name)
        check(name, value)
        object.__setattr__(self, name, value)

    def _unknown(self, name: str) -> ApiAttributeError:
        import difflib

        public = [known for known in dir(self) if not known.startswith("_")]
        nearest = difflib.get_close_matches(name, public, 1)
        advice = f"; did you mean {nearest[0]!r}?" if nearest else ""
        return ApiAttributeError(f"Configuration has no attribute {name!r}{advice}")

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        if self._debug:
            self.debug = True

    # -- host -------------------------------------------------------------------------------

    @property
    def host(self) -> str:
        """The base URL of the server, without credentials."""
        return self.address.url

    @host.setter
    def host(self, url: str) -> None:
        self._set_host(url, "host")

    def _set_first_host(self, host: str | None) -> None:
        default = self._environment["host"]
        if host or not default:
            self.host = host or self.get_host_from_settings(self.server_index)
        else:
            self._set_host(default, _ENVIRONMENT["host"])

    def _set_host(self, url: str, setting: str) -> None:
        address = BaseURL.parse(url, setting)
        check_path(address, setting)
        if address.username is not None:
            self.username, self.password = address.username, address.password
        self.address = address._replace(username=None, password=None)

    def get_host_settings(self) -> list[HostSetting]:
        """Return the servers that the API's description names.

        :return: a list of one, OpenAI.
        """
        return [{"url": _OPENAI, "description": "OpenAI"}]

    def get_host_from_settings(
        self,
        index: int | None,
        variables: Mapping[str, str] | None = None,
        servers: list[HostSetting] | None = None,
    ) -> str:
        """Return the URL of one of the servers.

        :param index: which one. Default: the first.
        :param variables: values for variables in its URL, written ``{name}`` there.
        :param servers: the servers. Default: :meth:`get_host_settings`.
        :return: the URL.
        :raises ApiValueError: when there is no such server.
        """
        known = self.get_host_settings() if servers is None else servers
        if not 0 <= (index or 0) < len(known):
            raise ApiValueError(f"there is no server {index}; there are {len(known)}, from 0")
        url = known[index or 0]["url"]
        for name, value in (variables or self.server_variables).items():
            url = url.replace(f"{{{name}}}", value)
        return url

    # -- credentials ------------------------------------------------------------------------

    def from_environment(self, name: str) -> Any:
        """Return the default of a credential, if the environment means this host.

        :param name: ``access_token``, ``organization`` or ``project``.
        :return: the default; None if there is none for this host.
        """
        value = self._environment[name]
        return value if value and self.address.origin == self._environment_origin else None

    @property
    def key_is_withheld(self) -> bool:
        """Whether the environment has a key that is not sent, since it is for another server."""
        is_elsewhere = self.address.origin != self._environment_origin
        return (
            bool(self._environment["access_token"]) and self.access_token is None and is_elsewhere
        )

    def auth_settings(self) -> dict[str, AuthSetting]:
        """Return the settings that authenticate a call; a token that is a function is called.

        :return: the scheme and the header; empty without credentials.
        :raises ApiValueError: when the token cannot stand in a header.
        """
        token = plain_token(self.access_token)
        if token is not None:
            return {"ApiKeyAuth": auth_setting("bearer", f"Bearer {token}")}
        basic = self.get_basic_auth_token()
        return {"BasicAuth": auth_setting("basic", basic)} if basic else {}

    def get_api_key_with_prefix(self, identifier: str, alias: str | None = None) -> str | None:
        """Return one of ``api_key``, after calling ``refresh_api_key_hook`` if there is one.

        :param identifier: the name of the key.
        :param alias: a second name, if there is no key under the first.
        :return: the key with its prefix; None if there is none.
        """
        if self.refresh_api_key_hook is not None:
            self.refresh_api_key_hook(self)
        key = self.api_key.get(identifier) or (self.api_key.get(alias) if alias else None)
        prefix = self.api_key_prefix.get(identifier)
        return f"{prefix} {key}" if key and prefix else key

    def get_basic_auth_token(self) -> str | None:
        """Return the header of HTTP basic authentication; None without a user name."""
        return basic_auth(self.username, self.password)

    # -- logging ----------------------------------------------------------------------------

    @property
    def logger(self) -> dict[str, logging.Logger]:
        """The loggers of calls: this package's own, and urllib3's."""
        return {"package_logger": logs.LOGGER, "urllib3_logger": logging.getLogger("urllib3")}

    @property
    def debug(self) -> bool:
        """Whether the package's own logger logs each call, without headers and bodies."""
        return self._debug

    @debug.setter
    def debug(self, value: bool) -> None:
        self._debug = value
        logs.set_debug(self, value=value)

    @property
    def logger_format(self) -> str:
        """The format of a line in ``logger_file``."""
        return self._log_format

    @logger_format.setter
    def logger_format(self, value: str) -> None:
        self._log_format = value
        logs.set_file(self._log_file, value)

    @property
    def logger_file(self) -> str | None:
        """The file that the package's logger writes to; None for none."""
        return self._log_file

    @logger_file.setter
    def logger_file(self, path: str | None) -> None:
        self._log_file = path
        logs.set_file(path, self._log_format)

    def to_debug_report(self) -> str:
        """Return what to quote when reporting a problem; it contains no secret."""
        return (
            "Python SDK Debug Report:\n"
            f"OS: {sys.platform}\n"
            f"Python Version: {sys.version}\n"
            f"SDK Package Version: {__version__}\n"
            f"Settings: {self!r}"
        )

    def __repr__(self) -> str:
        others = "".join(f", {name}={getattr(self, name)!r}" for name in _SHOWN)
        return f"Configuration(host={shown(self.address)!r}{others})"

    # -- default ----------------------------------------------------------------------------

    @classmethod
    def set_default(cls, default: Configuration | None) -> None:
        """Set the configuration of clients that are created without one; a copy is kept.

        :param default: the configuration; None for a new one at the next use.
        """
        Configuration._default = copy.deepcopy(default)

    @classmethod
    def get_default(cls) -> Configuration:
        """Return the configuration of clients that are created without one."""
        with Configuration._default_lock:
            if Configuration._default is None:
                Configuration._default = cls()
            return Configuration._default

    @classmethod
    def get_default_copy(cls) -> Configuration:
        """Return :meth:`get_default`: the same object, as in OpenAPI Generator's clients."""
        return cls.get_default()
