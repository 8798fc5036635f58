"""The call for a part: made once, kept where that is wanted, and located when it fails."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from openapiopenai.exceptions import ApiException
from openapiopenai.longform.resume import Results, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from openapiopenai.longform.joining_results import Variant

#: Parameters that are about the call and not about its result.
_ABOUT_THE_CALL = ("_request_timeout", "_request_auth", "_headers", "_retries")


class Calls(NamedTuple):
    """Calls of one method of the API with the same parameters.

    :param method: the method.
    :param model: the model, as the caller gave it.
    :param parameters: further parameters.
    :param results: where results are kept.
    """

    method: Callable[..., Any]
    model: Any
    parameters: dict[str, Any]
    results: Results

    @property
    def response_format(self) -> str | None:
        """The name of the format that is requested."""
        given = self.parameters.get("response_format")
        return None if given is None else str(getattr(given, "value", given))

    def adding(self, **parameters: Any) -> Calls:
        """Return the same calls with further parameters."""
        return self._replace(parameters={**self.parameters, **parameters})

    def make(self, file: Any, digest: Callable[[], str]) -> Variant:
        """Make a call, unless its result is kept.

        :param file: what is sent.
        :param digest: returns the hash of its sound.
        :return: what ``actual_instance`` of the result is.
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
    """Name the part over which a call fails."""
    try:
        yield
    except ApiException as error:
        error.part = where
        raise
