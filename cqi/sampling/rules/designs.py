"""A draw's design as TOML (docs/sampling.md): read with every problem, and written again.

strata = ["case_type"]
allocation = { foster_care = 40, in_home = 25 }   # or: total = 65, rule = "proportional"
reserve = 0.5
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from cqi.core import errors
from cqi.sampling.rules.drawing import Design, Proportional, Slice

_KNOWN = ("strata", "allocation", "total", "rule", "at_least", "reserve")
_PROPORTIONAL = "proportional"
MOST = 100_000  # cases of one design
_MOST_BYTES = 20_000


def parsed(text: str) -> Design:
    """A design. Raises BadInput with everything that is wrong and what to write in its place."""
    if len(text) > _MOST_BYTES:
        raise errors.BadInput("this is too long for a design")
    try:
        given = tomllib.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, ArithmeticError) as error:
        raise errors.BadInput(f"the design is no TOML: {error}") from error
    found = list(_problems(given))
    if found:
        raise errors.BadInput(f"the design cannot be used: {'; '.join(found)}")
    strata = tuple(Slice(name) for name in given.get("strata", []))
    reserve = Decimal(given.get("reserve", 0))
    if "total" in given:
        return Design(strata, Proportional(given["total"], given.get("at_least", 0)), reserve)
    return Design(strata, dict(given["allocation"]), reserve)


def written(design: Design) -> str:
    """A design as TOML that `parsed` reads back as the same design."""
    strata = ", ".join(f'"{each.value}"' for each in design.strata)
    lines = [f"strata = [{strata}]"]
    if isinstance(design.allocation, Proportional):
        lines += [f"total = {design.allocation.total}", f'rule = "{_PROPORTIONAL}"']
        lines += [f"at_least = {design.allocation.at_least}"] if design.allocation.at_least else []
    else:
        each = ", ".join(f'"{name}" = {number}' for name, number in design.allocation.items())
        lines.append(f"allocation = {{ {each} }}")
    return "\n".join([*lines, f"reserve = {design.reserve}", ""])


def _problems(given: Mapping[str, Any]) -> Iterator[str]:
    for name in given:
        if name not in _KNOWN:
            yield f'there is no "{name}" in a design: use {", ".join(_KNOWN)}'
    yield from _strata_problems(given.get("strata", []))
    yield from _number_problems(given)
    reserve = given.get("reserve", 0)
    if not _number(reserve, (int, Decimal)) or not Decimal(reserve).is_finite() or reserve < 0:
        yield "reserve is a share such as 0.5, not below 0"
    elif reserve > MOST:
        yield f"reserve is at most {MOST}"


def _strata_problems(strata: Any) -> Iterator[str]:
    names = [each.value for each in Slice]
    if not isinstance(strata, list) or any(name not in names for name in strata):
        yield f'strata is a list of {" and ".join(names)}, for example strata = ["case_type"]'
    elif len(set(strata)) < len(strata):
        yield "strata names one thing twice"


def _number_problems(given: Mapping[str, Any]) -> Iterator[str]:
    if ("allocation" in given) == ("total" in given):
        yield "give either an allocation for each stratum, or a total with its rule"
        return
    if "allocation" in given:
        yield from _allocation_problems(given["allocation"])
        for name in ("rule", "at_least"):
            if name in given:
                yield f"{name} goes with a total, not with an allocation"
        return
    if given.get("rule") != _PROPORTIONAL:
        yield f'a total needs rule = "{_PROPORTIONAL}"'
    if not _counts(given["total"]) or not given["total"]:
        yield "total is a whole number of cases, 1 or more"
    if not _counts(given.get("at_least", 0)):
        yield "at_least is a whole number of cases"


def _allocation_problems(allocation: Any) -> Iterator[str]:
    if not isinstance(allocation, dict) or not allocation:
        yield "allocation names each stratum with a number, for example { foster_care = 40 }"
        return
    for name, number in allocation.items():
        if not _counts(number):
            yield f"allocation: {name} needs a whole number of cases"
    if given_as_rule := sorted(allocation.keys() & {"total", "rule", "at_least"}):
        yield f"{', '.join(given_as_rule)} stand on lines of their own, without allocation"


def _counts(value: Any) -> bool:
    return _number(value, (int,)) and 0 <= value <= MOST


def _number(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)
