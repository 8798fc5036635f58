"""Settings, and where their defaults come from."""

from __future__ import annotations

import copy
import logging
import os
import sys
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypedDict, TypeVar, cast, overload

from openapiopenai import __version__
from openapiopenai._transport.proxies import parse_proxy
from openapiopenai._transport.url import BaseURL
from openapiopenai.exceptions import ApiTypeError, ApiValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from pydantic import SecretStr
    from typing_extensions import Self
    from urllib3 import Retry

    AccessToken: TypeAlias = str | SecretStr | Callable[[], str | SecretStr]

T = TypeVar("T")

_OPENAI = "https://api.openai.com/v1"

#: Setting -> the environment variable that gives it where the caller does not.
_ENVIRONMENT = {
    "host": "OPENAI_BASE_URL",
    "access_token": "OPENAI_API_KEY",
    "organization": "OPENAI_ORG_ID",
    "project": "OPENAI_PROJECT_ID",
}

#: What ``repr`` and the debug report show; everything else may hold a secret.
_SHOWN = ("host", "timeout", "retries", "verify_ssl", "organization", "project")

#: How many connections a client keeps open for the next call, for each server.
_KEPT_CONNECTIONS = 64

#: How large an answer may become when it is read whole, in bytes after decompression.
_LARGEST_ANSWER = 1024**3


#: The name by which the handler of ``logger_file`` is found again.
_HANDLER = "openapiopenai.logger_file"


class HostSetting(TypedDict):
    """A server that the API's description names."""

    url: str
    description: str


#: How a call proves who makes it; written as a call because ``in`` is a keyword.
AuthSetting = TypedDict("AuthSetting", {"type": str, "in": str, "key": str, "value": str})


class _Personal(Generic[T]):
    """A setting that says who asks: what was given, else the environment's.

    The environment's goes only to the server that the environment points to, so that a key is
    never handed to another one.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, configuration: None, owner: type) -> Self: ...
    @overload
    def __get__(self, configuration: Configuration, owner: type) -> T | None: ...
    def __get__(self, configuration: Configuration | None, owner: type) -> Self | T | None:
        if configuration is None:
            return self
        given: T | None = configuration.__dict__.get(self._name)
        return configuration.from_environment(self._name) if given is None else given

    def __set__(self, configuration: Configuration, value: T | None) -> None:
        vars(configuration)[self._name] = value


class Configuration:
    """The settings of a client.

    :param host: the base URL of the server, with its path and, for Azure, its query. Default:
        ``OPENAI_BASE_URL``, else OpenAI. Credentials in it (``https://user:password@...``) are
        moved to ``username`` and ``password``.
    :param api_key: keys by the name of their scheme, for :meth:`get_api_key_with_prefix`.
    :param api_key_prefix: what stands before these keys, by the same names.
    :param username: the name for HTTP basic authentication, where there is no token.
    :param password: the password that goes with it.
    :param access_token: the key, sent as ``Authorization: Bearer ...``: a ``str``, a
        ``SecretStr``, or a function that gives one, asked anew for each attempt. Default:
        ``OPENAI_API_KEY``, which goes only to where ``OPENAI_BASE_URL`` points, else to OpenAI.
    :param server_index: which of :meth:`get_host_settings` to use where ``host`` is not given.
    :param server_variables: values for variables in that server's URL; OpenAI's has none.
    :param server_operation_index: the same by operation; no operation here has servers of its own.
    :param server_operation_variables: the same by operation.
    :param ignore_operation_servers: whether servers of an operation are ignored.
    :param ssl_ca_cert: the path of a file with the authorities to trust, in PEM.
    :param retries: what is tried again: None for this package's policy (twice, see
        :class:`openapiopenai.RetryPolicy`), False for nothing, an ``int`` for that many
        times, or a ``urllib3.Retry``. All of them count for POST.
    :param ca_cert_data: the authorities to trust, as PEM text or DER bytes.
    :param cert_file: the path of a client certificate, in PEM.
    :param key_file: the path of its private key.
    :param verify_ssl: whether the server must prove who it is. Default: True.
    :param assert_hostname: the name that the certificate must have, or False for any.
    :param tls_server_name: the name to ask for in the TLS handshake (SNI) and in the certificate.
    :param connection_pool_maxsize: how many connections to keep open for each server.
    :param proxy: the URL of a proxy, with its credentials if it needs some; ``http``, ``https``,
        and ``socks5``, ``socks5h``, ``socks4`` with the extra ``socks``. Default: ``HTTPS_PROXY``,
        ``HTTP_PROXY`` or ``ALL_PROXY``, whichever fits the host.
    :param no_proxy: names, suffixes, addresses and networks to reach without it, with commas
        between them; ``*`` for all. Default: ``NO_PROXY``.
    :param proxy_headers: headers for the proxy alone.
    :param safe_chars_for_path_param: characters that are not escaped in a path; no path here has
        parameters.
    :param client_side_validation: kept from the generated style. Models always check what they
        are given; ``model_construct`` makes one without a check.
    :param socket_options: options for each socket, as ``(level, name, value)``, instead of the
        package's own (TCP_NODELAY and keepalive).
    :param datetime_format: kept from the generated style; times are written in ISO 8601.
    :param date_format: kept from the generated style; dates are written in ISO 8601.
    :param timeout: how long a call may take in all, in seconds; see ``_request_timeout`` of
        :class:`openapiopenai.AudioApi`. Default: no limit over all, 5 s to connect and 600 s
        between bytes.
    :param organization: the organization to bill. Default: ``OPENAI_ORG_ID``.
    :param project: the project to bill. Default: ``OPENAI_PROJECT_ID``.
    :param debug: whether the package's logger logs each call.
    :raises ApiValueError: when a setting cannot work, before anything is sent.
    """

    _default: ClassVar[Configuration | None] = None

    access_token = _Personal["AccessToken"]()
    organization = _Personal[str]()
    project = _Personal[str]()

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
        environment_host = self._environment["host"] or _OPENAI
        self._environment_origin = BaseURL.parse(environment_host, _ENVIRONMENT["host"]).origin
        self.username = username
        self.password = password
        self.server_index = server_index or 0
        self.server_variables = server_variables or {}
        self.server_operation_index = server_operation_index or {}
        self.server_operation_variables = server_operation_variables or {}
        self.ignore_operation_servers = ignore_operation_servers
        self.host = host or self._environment["host"] or self.get_host_from_settings(server_index)
        self.access_token = access_token
        self.organization = organization
        self.project = project
        if isinstance(cast("Any", api_key), str):
            raise ApiTypeError("api_key is str; pass the key as access_token")
        self.api_key = api_key or {}
        self.api_key_prefix = api_key_prefix or {}
        self.refresh_api_key_hook: Callable[[Configuration], None] | None = None
        self.timeout = timeout
        self.retries = retries
        self.largest_answer = _LARGEST_ANSWER
        self.verify_ssl = verify_ssl
        self.ssl_ca_cert = ssl_ca_cert
        self.ca_cert_data = ca_cert_data
        self.cert_file = cert_file
        self.key_file = key_file
        self.assert_hostname = assert_hostname
        self.tls_server_name = tls_server_name
        self.connection_pool_maxsize = connection_pool_maxsize or _KEPT_CONNECTIONS
        self.socket_options = socket_options
        self.proxy = proxy
        if proxy:
            parse_proxy(proxy)
        self.no_proxy = no_proxy
        self.proxy_headers = proxy_headers
        self.safe_chars_for_path_param = safe_chars_for_path_param
        self.client_side_validation = client_side_validation
        self.temp_folder_path: str | None = None
        self.datetime_format = datetime_format
        self.date_format = date_format
        self._log_format = "%(asctime)s %(levelname)s %(message)s"
        self._log_file: str | None = None
        self._debug = False
        if debug:
            self.debug = debug

    # -- where to ---------------------------------------------------------------------------

    @property
    def host(self) -> str:
        """The base URL of the server, without credentials."""
        return self.address.url

    @host.setter
    def host(self, url: str) -> None:
        self.address = BaseURL.parse(url)
        if self.address.username is not None:
            self.username, self.password = self.address.username, self.address.password
            self.address = self.address._replace(username=None, password=None)

    def get_host_settings(self) -> list[HostSetting]:
        """Give the servers that the API's description names.

        :return: a list of one, OpenAI.
        """
        return [{"url": _OPENAI, "description": "OpenAI"}]

    def get_host_from_settings(
        self,
        index: int | None,
        variables: Mapping[str, str] | None = None,
        servers: list[HostSetting] | None = None,
    ) -> str:
        """Give the URL of one of the servers.

        :param index: which one; None for the first.
        :param variables: values for variables in its URL, written ``{name}`` there.
        :param servers: the servers. Default: :meth:`get_host_settings`.
        :return: the URL.
        :raises ApiValueError: when there is no such server.
        """
        known = self.get_host_settings() if servers is None else servers
        if not 0 <= (index or 0) < len(known):
            raise ApiValueError(f"server {index} was asked for; there are {len(known)}, from 0")
        url = known[index or 0]["url"]
        for name, value in (variables or self.server_variables).items():
            url = url.replace(f"{{{name}}}", value)
        return url

    # -- who asks ---------------------------------------------------------------------------

    def from_environment(self, name: str) -> Any:
        """Give a setting's default, where the environment means this host.

        :param name: ``access_token``, ``organization`` or ``project``.
        :return: the default; None where there is none for this host.
        """
        default = self._environment[name]
        return default if default and self.address.origin == self._environment_origin else None

    def auth_settings(self) -> dict[str, AuthSetting]:
        """Give how a call proves who makes it; a token that is a function is asked now.

        :return: the scheme and the header to send; empty where nothing was given.
        :raises ApiValueError: when the token cannot stand in a header.
        """
        token = _plain_token(self.access_token)
        if token is not None:
            return {"ApiKeyAuth": _auth_setting("bearer", f"Bearer {token}")}
        basic = self.get_basic_auth_token()
        return {"BasicAuth": _auth_setting("basic", basic)} if basic else {}

    def get_api_key_with_prefix(self, identifier: str, alias: str | None = None) -> str | None:
        """Give one of ``api_key``, after ``refresh_api_key_hook`` where there is one.

        :param identifier: the name of the key.
        :param alias: the name to look under where there is none under the first.
        :return: the key with its prefix; None where there is none.
        """
        if self.refresh_api_key_hook is not None:
            self.refresh_api_key_hook(self)
        key = self.api_key.get(identifier) or (self.api_key.get(alias) if alias else None)
        prefix = self.api_key_prefix.get(identifier)
        return f"{prefix} {key}" if key and prefix else key

    def get_basic_auth_token(self) -> str | None:
        """Give the header of HTTP basic authentication; None where there is no name."""
        if self.username is None and self.password is None:
            return None
        import base64

        pair = f"{self.username or ''}:{self.password or ''}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"

    # -- what is told -----------------------------------------------------------------------

    @property
    def logger(self) -> dict[str, logging.Logger]:
        """The loggers that calls are logged to: this package's own, and urllib3's."""
        return {
            "package_logger": logging.getLogger("openapiopenai"),
            "urllib3_logger": logging.getLogger("urllib3"),
        }

    @property
    def debug(self) -> bool:
        """Whether the package's own logger logs each call, without its headers and bodies."""
        return self._debug

    @debug.setter
    def debug(self, value: bool) -> None:
        self._debug = value
        self.logger["package_logger"].setLevel(logging.DEBUG if value else logging.WARNING)

    @property
    def logger_format(self) -> str:
        """The format of a line in ``logger_file``."""
        return self._log_format

    @logger_format.setter
    def logger_format(self, value: str) -> None:
        self._log_format = value
        self.logger_file = self._log_file

    @property
    def logger_file(self) -> str | None:
        """The file that the package's logger writes to; None for none."""
        return self._log_file

    @logger_file.setter
    def logger_file(self, path: str | None) -> None:
        logger = self.logger["package_logger"]
        for handler in [handler for handler in logger.handlers if handler.name == _HANDLER]:
            logger.removeHandler(handler)
            handler.close()
        self._log_file = path
        if path:
            handler = logging.FileHandler(path)
            handler.name = _HANDLER
            handler.setFormatter(logging.Formatter(self._log_format))
            logger.addHandler(handler)

    def to_debug_report(self) -> str:
        """Give what a report of a problem should quote; no secret is in it."""
        return (
            "Python SDK Debug Report:\n"
            f"OS: {sys.platform}\n"
            f"Python Version: {sys.version}\n"
            f"SDK Package Version: {__version__}\n"
            f"Settings: {self!r}"
        )

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in _SHOWN)
        return f"Configuration({shown})"

    # -- the shared one ---------------------------------------------------------------------

    @classmethod
    def set_default(cls, default: Configuration | None) -> None:
        """Set the settings that clients use which are given none; a copy is kept.

        :param default: the settings; None for a new :class:`Configuration`.
        """
        Configuration._default = copy.deepcopy(default)

    @classmethod
    def get_default(cls) -> Configuration:
        """Give the settings that clients use which are given none."""
        if Configuration._default is None:
            Configuration._default = cls()
        return Configuration._default

    @classmethod
    def get_default_copy(cls) -> Configuration:
        """Give a copy of :meth:`get_default`, to change without changing the default."""
        return copy.deepcopy(cls.get_default())


def _auth_setting(scheme: str, value: str) -> AuthSetting:
    return {"type": scheme, "in": "header", "key": "Authorization", "value": value}


def _plain_token(token: AccessToken | None) -> str | None:
    """Give a token as the text to send; the errors do not quote it."""
    given = token() if callable(token) else token
    text = given if given is None or isinstance(given, str) else _revealed(given)
    text = text and text.strip()
    if not text:
        return None
    if text[:7].lower() == "bearer ":
        raise ApiValueError("access_token begins with 'Bearer', which is added; pass the key alone")
    if not _fits_a_header(text):
        raise ApiValueError(
            "access_token holds a character that cannot stand in a header (a control character, "
            "or one outside Latin-1); copy the key again, without line breaks or typographic signs"
        )
    return text


def _revealed(secret: SecretStr) -> str:
    if not hasattr(secret, "get_secret_value"):
        raise ApiTypeError(
            f"access_token is {type(secret).__name__}; pass a str, a SecretStr, or a function "
            "that gives one"
        )
    return secret.get_secret_value()


def _fits_a_header(text: str) -> bool:
    # the quick look settles it for every key that a server hands out
    return (text.isascii() and text.isprintable()) or all(
        " " <= character <= "\xff" and not "\x7f" <= character < "\xa0" for character in text
    )
