"""The base class of all models: the methods of OpenAPI Generator's models, over pydantic."""

from __future__ import annotations

import inspect
from reprlib import Repr
from typing import TYPE_CHECKING, Any

from pydantic import VERSION, BaseModel, ConfigDict, model_serializer
from pydantic_core import from_json
from typing_extensions import Self

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Shortens the values in the ``repr`` of a request, so that a long text keeps to one screen.
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 120
_SHORT.maxlist = _SHORT.maxdict = 8


#: Whether validators can be built when a model is first used. Before pydantic 2.14, threads that
#: use a model for the first time at once may find it unfinished, and get values of another type.
_CAN_DEFER = tuple(map(int, VERSION.split(".")[:2])) >= (2, 14)


class _LazySignature:
    """Descriptor for the signature of a model whose validator is not built yet.

    pydantic knows the signature once it has built the model, and replaces this then.
    """

    def __get__(self, instance: object, owner: type[BaseModel]) -> inspect.Signature:
        if instance is not None:
            raise AttributeError("__signature__")
        owner.model_rebuild()
        return inspect.signature(owner)


class Model(BaseModel):
    """A schema of the API.

    Keys that the schema does not name are kept and readable as attributes, so that nothing a
    server adds is lost. Validators are built when a model is first used, so that importing all of
    them costs little; with older versions of pydantic, when it is imported.
    """

    model_config = ConfigDict(
        extra="allow",
        defer_build=_CAN_DEFER,
        protected_namespaces=(),
        populate_by_name=True,
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if not cls.__pydantic_complete__:
            cls.__signature__ = _LazySignature()  # type: ignore[assignment] # a descriptor

    @classmethod
    def from_dict(cls, obj: Mapping[str, Any]) -> Self:
        """Create the model from a mapping such as :meth:`to_dict` returns.

        :param obj: names and values; nested models as mappings.
        :return: the model.
        :raises pydantic.ValidationError: when a value does not match the schema.
        """
        return cls.model_validate(obj)

    @classmethod
    def from_json(cls, json_str: str | bytes) -> Self:
        """Create the model from a JSON text.

        :param json_str: a JSON object, as text or as UTF-8 bytes.
        :return: the model.
        :raises pydantic.ValidationError: when it is not JSON, or does not match the schema.
        """
        return cls.model_validate_json(json_str)

    def given(self) -> dict[str, Any]:
        """Return the values that were set, by name and unconverted: what is sent.

        :return: a new dict, without defaults.
        """
        named = self.model_fields_set
        given = {name: value for name, value in self.__dict__.items() if name in named}
        given.update(self.model_extra or ())
        return given

    def to_dict(self) -> dict[str, Any]:
        """Return the names and values that were set or received, nested models as dicts.

        Defaults are left out, so that what a server sent is returned as it was.

        :return: a new dict.
        """
        return self.model_dump(by_alias=True, exclude_unset=True, warnings=False)

    def to_json(self, indent: int | None = None) -> str:
        """Return :meth:`to_dict` as a JSON text.

        :param indent: how many spaces to indent each level by. Default: all on one line.
        :return: the JSON text.
        """
        return self.model_dump_json(
            by_alias=True, exclude_unset=True, warnings=False, indent=indent
        )

    def to_str(self) -> str:
        """Return :meth:`to_dict` formatted for reading.

        :return: a text of one or more lines.
        """
        from pprint import pformat

        return pformat(self.to_dict())


class RequestModel(Model):
    """A schema that is sent; its limits are checked again when an attribute is assigned."""

    model_config = ConfigDict(validate_assignment=True)

    def __repr_str__(self, join_str: str) -> str:
        return join_str.join(f"{name}={_SHORT.repr(value)}" for name, value in self.__repr_args__())


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
        """Return the value inside: a dict for a model, a ``str`` as it is."""
        inner = self.actual_instance
        return inner.to_dict() if isinstance(inner, Model) else inner

    @model_serializer
    def _as_value(self) -> Any:
        return self.actual_instance

    def __str__(self) -> str:
        return str(self.actual_instance)
