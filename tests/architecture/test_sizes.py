"""How long things may be (docs/architecture.md, "Size and style")."""

from __future__ import annotations

import ast
import statistics

from tests.architecture import source

LIMITS = {"cqi": 400, "tests": 500}
LONGEST_FUNCTION = 60
NINE_IN_TEN_UNDER = 25
MOST_ARGUMENTS = 6
LONGEST_TEMPLATE = 120


def length(function: source.Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def arguments(function: source.Function) -> int:
    """Keyword-only ones count, `self` and `cls` do not."""
    names = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([name for name in names if name.arg not in {"self", "cls"}])


def is_command(function: source.Function) -> bool:
    """Click hands a command each of its options as an argument; that number is the interface's."""
    return any("command" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_no_file_is_too_long() -> None:
    long = [
        f"{module.name}: {module.lines} lines"
        for folder, limit in LIMITS.items()
        for module in source.modules(folder)
        if module.lines >= limit
    ]
    assert not long, f"make a package of the same name of each: {long}"


def test_no_function_is_too_long() -> None:
    long = [
        f"{module.place(function)} {function.name}: {length(function)} lines"
        for folder in LIMITS
        for module in source.modules(folder)
        for function in module.functions()
        if length(function) > LONGEST_FUNCTION
    ]
    assert not long, f"split these: {long}"


def test_nine_functions_in_ten_are_short() -> None:
    modules = source.modules("cqi")
    found = [length(function) for module in modules for function in module.functions()]
    if len(found) > 1:
        tenth = statistics.quantiles(found, n=10)[-1]
        assert tenth < NINE_IN_TEN_UNDER, f"one function in ten has {tenth} lines or more"


def test_no_function_asks_for_too_many_arguments() -> None:
    greedy = [
        f"{module.place(function)} {function.name}: {arguments(function)}"
        for module in source.modules("cqi")
        for function in module.functions()
        if arguments(function) > MOST_ARGUMENTS and not is_command(function)
    ]
    assert not greedy, f"gather what belongs together in a dataclass: {greedy}"


def test_no_template_is_too_long() -> None:
    long = [
        f"{path.relative_to(source.ROOT).as_posix()}: {lines} lines"
        for path in source.files(source.PACKAGE, "*.html")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_TEMPLATE
    ]
    assert not long, f"move parts to macros or includes: {long}"
