"""Imports run one way: no module of the package needs, by whatever path, one that needs it."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import openapiopenai

PACKAGE = Path(openapiopenai.__file__).parent


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py")}


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imported(path: Path, *, for_types: bool = True) -> set[str]:
    """The modules of the package that a file imports anywhere, be it on first use."""
    tree = ast.parse(path.read_text())
    if not for_types:
        tree.body = [node for node in tree.body if not is_type_checking(node)]
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else node.module for name in names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    # the package itself holds the version alone, and loads all else on first use
    return found & MODULES.keys() - {"openapiopenai", "openapiopenai.models"}


GRAPH = {
    name: imported(path)
    for name, path in MODULES.items()
    if name not in ("openapiopenai", "openapiopenai.models")
}


def test_no_modules_import_each_other() -> None:
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(error.args[1])}")


def wing(name: str) -> str:
    """The private package, or the module of the top level, that a module belongs to."""
    return [*name.split("."), ""][1]


def test_what_is_sent_and_received_knows_nothing_of_the_network() -> None:
    for name, path in MODULES.items():
        if wing(name) in ("_files", "_request", "_response", "models"):
            found = {wing(other) for other in imported(path, for_types=False)}
            assert not found & {"_transport", "rest"}, name


def test_the_network_knows_nothing_of_audio() -> None:
    audio = {"models", "_files", "api", "api_client", "streaming", "configuration"}
    for name in MODULES:
        if wing(name) == "_transport":
            assert not {wing(found) for found in GRAPH[name]} & audio, name


def test_the_client_does_not_import_the_local_server() -> None:
    for name, found in GRAPH.items():
        if not name.startswith(("openapiopenai.local", "openapiopenai.cli", "openapiopenai._cli")):
            assert not [other for other in found if other.startswith("openapiopenai.local")], name
