"""Names that say nothing are refused, so that somebody has to find the right one."""

from __future__ import annotations

import ast
import re

from tests.architecture import source

EMPTY = {"util", "utils", "helper", "helpers", "common", "base", "manager", "service", "misc"}
VAGUE = re.compile(r"_?(get|fetch)_")
# Names that a library calls on our classes; each with the library that asks.
ASKED_FOR = {
    "get_cookie_name",
    "get_cookie_secure",  # Flask, for the cookie
    "get_id",  # flask-login
    "get_command",  # click, for commands that load late
    "get_col_spec",  # SQLAlchemy, for a column type of ours
    "get_user_mapping",  # flask-security, of a passkey
}


def last_word(class_name: str) -> str:
    words = re.findall(r"[A-Z][a-z0-9]*", class_name)
    return words[-1].lower() if words else ""


def test_no_module_has_an_empty_name() -> None:
    empty = [
        module.name
        for folder in ("cqi", "tests")
        for module in source.modules(folder)
        if EMPTY & set(module.path.relative_to(source.ROOT).with_suffix("").parts)
    ]
    assert not empty, f"name these after what they hold: {empty}"


def test_no_class_has_an_empty_name() -> None:
    empty = [
        f"{module.place(node)} {node.name}"
        for module in source.modules("cqi")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and last_word(node.name) in EMPTY
    ]
    assert not empty, f"name these after what they are: {empty}"


def test_no_function_is_named_get_or_fetch_something() -> None:
    vague = [
        f"{module.place(function)} {function.name}"
        for module in source.modules("cqi")
        for function in module.functions()
        if VAGUE.match(function.name) and function.name not in ASKED_FOR
    ]
    assert not vague, f"say what is returned, or what is done to find it: {vague}"
