"""Frozen rows for pure tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cqi.measures.rules import frozen

PARTS = (frozen.Part("SRM", ("SRM01", "SRM05")), frozen.Part("INV", ("INV01",)))
STRENGTH, ANI, NA = "strength", "area_needing_improvement", "not_applicable"
FULL, PART, NOT = "substantially_achieved", "partially_achieved", "not_achieved"


def case(
    number: str, ratings: Mapping[str, str | None], county: str = "28001", kind: str = "in_home"
) -> frozen.FrozenCase:
    return frozen.FrozenCase(number, county, kind, ratings)


def cases(
    prefix: str, code: str, *, achieved: int, of: int, component: bool = True
) -> list[frozen.FrozenCase]:
    """`of` cases with one code rated, the first `achieved` of them well."""
    good, bad = (FULL, PART) if component else (STRENGTH, ANI)
    return [
        case(f"{prefix}{number:03}", {code: good if number < achieved else bad})
        for number in range(of)
    ]


def a_round(
    name: str,
    found: Sequence[frozen.FrozenCase],
    outside: Sequence[frozen.FrozenOutside] = (),
    version: str = "1.0",
) -> frozen.FrozenRound:
    return frozen.FrozenRound(name, "model", version, "d" * 64, tuple(found), tuple(outside))
