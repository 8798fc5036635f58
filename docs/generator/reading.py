"""Types, docstrings and limits of the package, as Markdown."""

from __future__ import annotations

import inspect
import re
import types
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from typing_extensions import TypeAliasType, is_typeddict

import openapiopenai
from openapiopenai._files.upload import AudioFile, UploadField

#: Types other than models -> where the documents describe them.
_PLACES = {
    "ApiResponse": "ApiResponse.md",
    "AudioFile": "files.md",
    "SpeechStream": "streaming.md#speechstream",
    "TranscriptionStream": "streaming.md#transcriptionstream",
    "Configuration": "Configuration.md",
    "ApiException": "errors-and-retries.md#exceptions",
    "RetryPolicy": "errors-and-retries.md#retries",
    "AudioApi": "AudioApi.md",
}

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic.fields import FieldInfo

_ROLES = re.compile(r":(?:class|meth|mod|data|func):`~?([^`]+)`")
_CODE = re.compile(r"``(.+?)``", re.DOTALL)
_FIELD = re.compile(r"^:(param \w+|return|raises \w+):", re.MULTILINE)


class Described(NamedTuple):
    """The parts of a docstring, as Markdown."""

    summary: str
    text: str
    params: dict[str, str]
    returns: str


def described(docstring: str | None) -> Described:
    """Parse a docstring.

    :param docstring: the docstring, with ``:param name:`` and ``:return:`` fields.
    :return: its parts, as Markdown.
    """
    text, *fields = _FIELD.split(inspect.cleandoc(docstring or ""))
    named = dict(zip(fields[::2], map(markdown, fields[1::2]), strict=True))
    params = {name.removeprefix("param "): text for name, text in named.items() if " " in name}
    summary = markdown(text.partition("\n\n")[0])
    return Described(summary, prose(text), params, named.get("return", ""))


def markdown(text: str) -> str:
    """Convert a piece of a docstring to one line of Markdown.

    :param text: reStructuredText with roles and literals.
    :return: the same with links and code spans.
    """
    line = " ".join(text.split())
    line = line[:1].upper() + line[1:]
    return _CODE.sub(r"`\1`", _ROLES.sub(lambda found: link(found[1]), line))


def prose(text: str) -> str:
    """Convert the text of a docstring to Markdown, paragraph by paragraph."""
    paragraphs = (part for part in text.split("\n\n") if part.strip())
    return "\n\n".join(markdown(part) for part in paragraphs)


def link(name: str, style: str = "`{}`") -> str:
    """Return a name as a link to its description, if it has one.

    :param name: the name, dotted or not.
    :param style: the format of the name.
    :return: Markdown.
    """
    short = name.rpartition(".")[2]
    place = f"{short}.md" if short in public_models() else _PLACES.get(short)
    shown = style.format(name.removeprefix("openapiopenai."))
    return f"[{shown}]({place})" if place else shown


def without_links(text: str) -> str:
    """Return Markdown with the text of its links only, for a page in another folder."""
    return re.sub(r"\[(.+?)\]\(.+?\)", r"\1", text)


def type_name(annotation: Any) -> str:
    """Return a type as Markdown, with links to its models.

    :param annotation: the type. None in a union is omitted, and so are known values beside ``str``,
        which are listed among the limits.
    :return: Markdown, without a vertical bar.
    """
    if annotation in (UploadField, AudioFile):
        return link("AudioFile", "**{}**")
    annotation = _bare(annotation)
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return _one_of(arguments)
    if origin is Literal:
        return " or ".join(f"`{value!r}`" for value in arguments)
    if inspect.isclass(origin):
        return _generic(origin, arguments)
    return link(getattr(annotation, "__name__", str(annotation)), "**{}**")


def _bare(annotation: Any) -> Any:
    """Return a type without its alias or annotations."""
    if isinstance(annotation, TypeAliasType):
        return _bare(annotation.__value__)
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _one_of(arguments: tuple[Any, ...]) -> str:
    kinds = [kind for kind in arguments if kind is not type(None)]
    known = (kind for kind in kinds if get_origin(kind) is Literal)
    redundant = set(known) if str in kinds else set()
    return " or ".join(dict.fromkeys(type_name(kind) for kind in kinds if kind not in redundant))


def _generic(origin: type, arguments: tuple[Any, ...]) -> str:
    if origin.__name__ in ("list", "Sequence"):
        return f"{origin.__name__} of {type_name(arguments[0])}"
    if origin.__name__ == "ApiResponse":
        return f"{link('ApiResponse', '**{}**')} of {type_name(arguments[0])}"
    inner = ", ".join(type_name(kind).replace("**", "") for kind in arguments)
    return f"**{origin.__name__}**[{inner}]" if "](" not in inner else f"**{origin.__name__}**"


def known_values(annotation: Any) -> list[str]:
    """Return the literal values and enum members in a type."""
    annotation = _bare(annotation)
    if get_origin(annotation) is Literal:
        return [str(value) for value in get_args(annotation)]
    if inspect.isclass(annotation) and issubclass(annotation, Enum):
        return [member.value for member in annotation]
    return list(dict.fromkeys(v for part in get_args(annotation) for v in known_values(part)))


def limits(field: FieldInfo) -> str:
    """Return the limits of a property, and its known values.

    :param field: the property.
    :return: Markdown; empty if there are none.
    """
    found = {
        name: getattr(rule, name)
        for rule in field.metadata
        for name in ("ge", "le", "min_length", "max_length")
        if getattr(rule, name, None) is not None
    }
    unit = "items" if "list" in type_name(field.annotation) else "characters"
    parts = [_range(found.get("ge"), found.get("le"), "")]
    parts.append(_range(found.get("min_length"), found.get("max_length"), f" {unit}"))
    if any(getattr(rule, "allow_inf_nan", None) is False for rule in field.metadata):
        parts.append("finite")
    parts.append(known(field.annotation))
    return "; ".join(filter(None, parts))


def _range(least: float | None, most: float | None, unit: str) -> str:
    if least is None and most is None:
        return ""
    if most is None:
        return f"at least {least:g}{unit}".replace("1 characters", "1 character")
    return f"{least:g} to {most:g}{unit}" if least is not None else f"at most {most:g}{unit}"


def known(annotation: Any) -> str:
    """Return the known values of a type as Markdown; empty if there are none."""
    values = ", ".join(f"`{value}`" for value in known_values(annotation))
    if not values:
        return ""
    return f"known: {values}" if "**str**" in type_name(annotation) else f"only {values}"


def default_of(field: FieldInfo) -> str:
    """Return the default of a property as Markdown."""
    return "required" if field.is_required() else f"`{field.default!r}`"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table in Markdown.

    :param head: the names of the columns.
    :param rows: the rows; vertical bars in them are escaped.
    """
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


@cache
def public_models() -> dict[str, type]:
    """Return the models by name: the public classes that ``openapiopenai.models`` defines."""
    public = {name: getattr(openapiopenai, name) for name in openapiopenai.__all__}
    return {
        name: kind
        for name, kind in public.items()
        if getattr(kind, "__module__", "").startswith("openapiopenai.models.")
        and not is_typeddict(kind)
    }
