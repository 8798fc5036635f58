"""Checks of settings, made when they are set rather than at the first call."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from openapiopenai._transport.proxies import parse_proxy
from openapiopenai.exceptions import ApiTypeError, ApiValueError

_TEXT = "a string"
_MAPPING = "a dict"


def check(name: str, value: Any) -> None:
    """Check the value of a setting.

    :param name: the setting; one without a check may be anything.
    :param value: its value.
    :raises ApiTypeError: when it has a wrong type.
    :raises ApiValueError: when it cannot work.
    """
    if name in _CHECKS:
        _CHECKS[name](name, value)


def _instance(
    kinds: type | tuple[type, ...],
    accepted: str,
    name: str,
    value: Any,
    *,
    optional: bool = True,
) -> None:
    """Check the type of a setting; None is one that is not made, unless it must be."""
    if not isinstance(value, kinds) and not (optional and value is None):
        # not quoted: it may be a secret
        raise ApiTypeError(f"{name} is {type(value).__name__}; pass {accepted}")


def _count(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ApiTypeError(f"{name} is {type(value).__name__}; pass a whole number")
    if value < 1:
        raise ApiValueError(f"{name} is {value}; pass a number of at least 1")


def _timeout(_name: str, value: Any) -> None:
    if value is not None:
        from openapiopenai._transport.timeouts import parse_timeout

        parse_timeout(value)


def _retries(_name: str, value: Any) -> None:
    if value is not None:
        from openapiopenai._transport.retry import parse_retries

        parse_retries(value)


def _proxy(name: str, value: Any) -> None:
    _text(name, value)
    if value:
        parse_proxy(value)


def _api_key(name: str, value: Any) -> None:
    if isinstance(value, str):
        raise ApiTypeError(f"{name} is str; pass the key as access_token")
    _mapping(name, value)


def _access_token(name: str, value: Any) -> None:
    if not (value is None or callable(value) or hasattr(value, "get_secret_value")):
        _instance(str, "a str, a SecretStr, or a function that returns one", name, value)


def _socket_options(name: str, value: Any) -> None:
    accepted = "a list of (level, name, value)"
    _instance(Iterable, accepted, name, value)
    if isinstance(value, (str, bytes)):
        raise ApiTypeError(f"{name} is {type(value).__name__}; pass {accepted}")


def _hook(name: str, value: Any) -> None:
    if not (value is None or callable(value)):
        raise ApiTypeError(f"{name} is {type(value).__name__}; pass a function")


_text = partial(_instance, str, _TEXT)
_required_text = partial(_instance, str, _TEXT, optional=False)
_text_or_path = partial(_instance, (str, os.PathLike), "a path")
_text_or_bytes = partial(_instance, (str, bytes), "a string or bytes")
_text_or_flag = partial(_instance, (str, bool), "a string or False")
_flag = partial(_instance, bool, "True or False", optional=False)
_mapping = partial(_instance, Mapping, _MAPPING)
_index = partial(_instance, int, "a whole number")

#: Setting -> its check.
_CHECKS: dict[str, Callable[[str, Any], None]] = {
    "access_token": _access_token,
    "api_key": _api_key,
    "api_key_prefix": _mapping,
    "assert_hostname": _text_or_flag,
    "ca_cert_data": _text_or_bytes,
    "cert_file": _text_or_path,
    "client_side_validation": _flag,
    "connection_pool_maxsize": _count,
    "date_format": _required_text,
    "datetime_format": _required_text,
    "debug": _flag,
    "ignore_operation_servers": _flag,
    "key_file": _text_or_path,
    "largest_answer": _count,
    "logger_file": _text_or_path,
    "logger_format": _required_text,
    "no_proxy": _text,
    "organization": _text,
    "password": _text,
    "project": _text,
    "proxy": _proxy,
    "proxy_headers": _mapping,
    "refresh_api_key_hook": _hook,
    "retries": _retries,
    "safe_chars_for_path_param": _required_text,
    "server_index": _index,
    "server_operation_index": _mapping,
    "server_operation_variables": _mapping,
    "server_variables": _mapping,
    "socket_options": _socket_options,
    "ssl_ca_cert": _text_or_path,
    "temp_folder_path": _text_or_path,
    "timeout": _timeout,
    "tls_server_name": _text,
    "username": _text,
    "verify_ssl": _flag,
}
