"""The one base of all models: what OpenAPI Generator's models offer, over pydantic."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_serializer
from pydantic_core import from_json
from typing_extensions import Self


class Model(BaseModel):
    """A schema of the API.

    Keys that the schema does not name are kept and readable as attributes, so that nothing a
    server adds is lost. Validators are built when a model is first used (``defer_build``), so
    that importing all of them costs little.
    """

    model_config = ConfigDict(
        extra="allow",
        defer_build=True,
        protected_namespaces=(),
        populate_by_name=True,
    )

    @classmethod
    def from_dict(cls, obj: Mapping[str, Any]) -> Self:
        """Make the model from a mapping such as :meth:`to_dict` gives.

        :param obj: names and values; nested models as mappings.
        :return: the model.
        :raises pydantic.ValidationError: when a value does not fit the schema.
        """
        return cls.model_validate(obj)

    @classmethod
    def from_json(cls, json_str: str | bytes) -> Self:
        """Make the model from a JSON text.

        :param json_str: a JSON object, as text or as UTF-8 bytes.
        :return: the model.
        :raises pydantic.ValidationError: when it is not JSON, or does not fit the schema.
        """
        return cls.model_validate_json(json_str)

    def given(self) -> dict[str, Any]:
        """Give the values that were given, by name and as they are: what is to be sent.

        :return: a new dict, without defaults.
        """
        named = self.model_fields_set
        given = {name: value for name, value in self.__dict__.items() if name in named}
        given.update(self.model_extra or ())
        return given

    def to_dict(self) -> dict[str, Any]:
        """Give the names and values that were given or received, nested models as dicts.

        Defaults that nobody gave are left out, so what came from a server is given back as it
        came.

        :return: a new dict.
        """
        return self.model_dump(by_alias=True, exclude_unset=True, warnings=False)

    def to_json(self) -> str:
        """Give :meth:`to_dict` as a JSON text.

        :return: the JSON text.
        """
        return self.model_dump_json(by_alias=True, exclude_unset=True, warnings=False)

    def to_str(self) -> str:
        """Give :meth:`to_dict` laid out for reading.

        :return: a text of one or more lines.
        """
        from pprint import pformat

        return pformat(self.to_dict())


class RequestModel(Model):
    """A schema that is sent: its limits are checked again when an attribute is assigned."""

    model_config = ConfigDict(validate_assignment=True)


class Wrapper(Model):
    """A schema that is one of several: ``actual_instance`` is the one it is.

    The generated style has such a class wherever the API's description says ``oneOf`` or
    ``anyOf``; on the wire only the value inside it exists.
    """

    model_config = ConfigDict(extra="forbid")

    actual_instance: Any = None

    def __init__(self, actual_instance: Any = None, /, **data: Any) -> None:
        """Wrap a value, given by position or as ``actual_instance=``."""
        if actual_instance is not None:
            data["actual_instance"] = actual_instance
        super().__init__(**data)

    @classmethod
    def from_dict(cls, obj: Any) -> Self:
        """Wrap a value, in the most specific schema that fits it.

        :param obj: a mapping, or a plain value where the schema allows one.
        :return: the wrapper.
        :raises pydantic.ValidationError: when no schema fits.
        """
        return cls(actual_instance=obj)

    @classmethod
    def from_json(cls, json_str: str | bytes) -> Self:
        """Wrap a value given as JSON; see :meth:`from_dict`."""
        return cls.from_dict(from_json(json_str))

    def to_dict(self) -> dict[str, Any] | str:  # type: ignore[override] # as published
        """Give the value inside: a dict for a model, a text as it is."""
        inner = self.actual_instance
        return inner.to_dict() if isinstance(inner, Model) else inner

    @model_serializer
    def _as_value(self) -> Any:
        return self.actual_instance

    def __str__(self) -> str:
        return str(self.actual_instance)
