"""The call for a part: its result can be kept, and its error names the part."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from openapiopenai.exceptions import ApiException
from openapiopenai.longform.resume import Results, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from openapiopenai.longform.joining_results import Variant

#: Options of the call, on which its result does not depend.
_ABOUT_THE_CALL = ("_request_timeout", "_request_auth", "_headers", "_retries")


class Calls(NamedTuple):
    """Calls of one method of the API with the same parameters.

    :param method: the method.
    :param model: the model, as the caller passed it.
    :param parameters: further parameters.
    :param results: where results are kept.
    """

    method: Callable[..., Any]
    model: Any
    parameters: dict[str, Any]
    results: Results

    @property
    def response_format(self) -> str | None:
        """The name of the requested format."""
        given = self.parameters.get("response_format")
        return None if given is None else str(getattr(given, "value", given))

    def adding(self, **parameters: Any) -> Calls:
        """Return the same calls with further parameters."""
        return self._replace(parameters={**self.parameters, **parameters})

    def make(self, file: Any, digest: Callable[[], str]) -> Variant:
        """Return the result of a call, which is not made if its result was kept.

        :param file: the file to send.
        :param digest: returns its hash.
        :return: ``actual_instance`` of the result.
        """
        key = self._key(digest()) if self.results.are_kept else ""
        kept = self.results.load(key)
        if kept is not None:
            return kept
        made: Variant = self.method(file, self.model, **self.parameters).actual_instance
        self.results.keep(key, made)
        return made

    def _key(self, digest: str) -> str:
        deciding = {k: v for k, v in self.parameters.items() if k not in _ABOUT_THE_CALL}
        return key_of(digest, self.method.__name__, {**deciding, "model": str(self.model)})


@contextmanager
def located(where: str) -> Generator[None, None, None]:
    """Set ``part`` of an exception that a call raises."""
    try:
        yield
    except ApiException as error:
        error.part = where
        raise
