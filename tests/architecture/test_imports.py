"""Modules are imported, not functions: the call site then says which room it enters.

Classes and constants may be imported by name. What import-linter can hold stands in pyproject.toml.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture import source


def own_imports(module: source.Module) -> Iterator[tuple[ast.ImportFrom, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "cqi":
            for alias in node.names:
                yield node, alias.name


def is_module(package: str, name: str) -> bool:
    place = source.ROOT.joinpath(*package.split("."), name)
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()


def test_functions_are_not_imported_by_name() -> None:
    by_name = [
        f"{module.place(node)} {name}"
        for module in source.modules("cqi")
        for node, name in own_imports(module)
        if name[0].islower() and not is_module(node.module or "", name)
    ]
    assert not by_name, f"import the module and call module.function(...): {by_name}"


def test_imports_inside_the_package_name_their_full_path() -> None:
    relative = [
        module.place(node)
        for module in source.modules("cqi")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not relative, f"write from cqi.package import module: {relative}"


def test_the_product_does_not_know_its_tests() -> None:
    found = [
        module.place(node)
        for module in source.modules("cqi")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "tests"
    ]
    assert not found, f"the package must work without tests/: {found}"
