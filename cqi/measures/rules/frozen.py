"""What a run rests on: the frozen rows of one round, or of two, and the digest that names them.

The digest covers data only (names of rounds, case numbers, codes, ratings, the limits and the
formula version), never a database's own ids or a clock: the same data give the same run id.
"""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from cqi.measures.rules import findings

FORMULA_VERSION = "1"


class LeftOut(enum.StrEnum):
    """Why a case review of the round counts in no figure."""

    PRACTICE = "practice"  # practice and reliability, second readings too
    ELIMINATED = "eliminated"  # withdrawn with a reason
    NOT_FINAL = "not_final"


@dataclass(frozen=True)
class FrozenCase:
    """A final, scored case review: its ratings by item and component code, null if not rated.

    `ratings` are those that count. `computed` has, where QA overrode a rating, what the answers
    came to: of that item, and of what follows from it by rule. `weight`: how many cases of the
    frame it stands for, where it was drawn. `process`: what it adds to the numerator and the
    denominator of each measure that is declared in data, by the measure's id.
    """

    case_number: str
    county: str
    case_type: str
    ratings: Mapping[str, str | None]
    imported: bool = False
    computed: Mapping[str, str | None] = field(default_factory=dict)
    weight: Fraction | None = None
    process: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class FrozenOutside:
    """A case review that no figure counts. `reason`: code of that of its elimination, if any."""

    case_number: str
    county: str
    case_type: str
    why: LeftOut
    reason: str = ""


@dataclass(frozen=True)
class FrozenRound:
    """One round's rows and what they were scored with; `items` where it asked for these only."""

    name: str
    instrument: str
    version: str
    digest: str
    cases: tuple[FrozenCase, ...] = ()
    outside: tuple[FrozenOutside, ...] = ()
    items: tuple[str, ...] = ()

    @property
    def weights_differ(self) -> bool:
        """Whether its cases stand for different numbers of cases, so that weighing them matters."""
        return len({case.weight for case in self.cases}) > 1

    def asks(self, code: str) -> bool:
        """Whether its case reviews were asked to rate this item or component."""
        return not self.items or code in self.items


@dataclass(frozen=True)
class Part:
    """A component's code with the codes of its items, in order, each before its parts."""

    component: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Frozen:
    """The rows of a run: `round`, and `baseline` where the round compares with one.

    `named_items` are the items that an approved plan named as goals before the follow-up;
    `part_of` says of which item another one is a part; `same_rule` are the codes whose rule is
    the same in the baseline's version, where that is another one.
    """

    round: FrozenRound
    parts: tuple[Part, ...]
    baseline: FrozenRound | None = None
    named_items: frozenset[str] = frozenset()
    limits: findings.Limits = findings.DEFAULT_LIMITS
    formula_version: str = FORMULA_VERSION
    part_of: Mapping[str, str] = field(default_factory=dict)
    same_rule: frozenset[str] = frozenset()

    @property
    def comparable(self) -> bool:
        """Whether there is another round with which anything may be compared."""
        return self.same_version or bool(self.baseline and self.same_rule)

    def compares(self, code: str) -> bool:
        """Whether ratings of a component or item mean the same in both rounds."""
        return self.same_version or bool(self.baseline and code in self.same_rule)

    @property
    def same_version(self) -> bool:
        """Whether both rounds were scored with the same version of the same instrument."""
        first, second = self.baseline, self.round
        return first is not None and (first.instrument, first.version, first.digest) == (
            second.instrument,
            second.version,
            second.digest,
        )


def overrides(frozen: Frozen, one: FrozenRound) -> int:
    """How many item ratings of a round QA set; what only follows from those is not counted."""
    wholes = set(frozen.part_of.values())
    items = {code for part in frozen.parts for code in part.items} - wholes
    return sum(code in items for case in one.cases for code in case.computed)


def without_overrides(frozen: Frozen) -> Frozen:
    """The same rows as if QA had set no rating."""
    baseline = _computed(frozen.baseline) if frozen.baseline else None
    return replace(frozen, round=_computed(frozen.round), baseline=baseline)


def _computed(one: FrozenRound) -> FrozenRound:
    cases = (
        replace(case, ratings={**case.ratings, **case.computed}, computed={}) for case in one.cases
    )
    return replace(one, cases=tuple(cases))


def of_county(frozen: Frozen, county: str) -> Frozen:
    """The same rows of one county (its FIPS code) alone."""
    baseline = _of_county(frozen.baseline, county) if frozen.baseline else None
    return replace(frozen, round=_of_county(frozen.round, county), baseline=baseline)


def _of_county(one: FrozenRound, county: str) -> FrozenRound:
    return replace(
        one,
        cases=tuple(case for case in one.cases if case.county == county),
        outside=tuple(each for each in one.outside if each.county == county),
    )


def as_json(frozen: Frozen) -> dict[str, Any]:
    """The canonical form: plain values, every list sorted that has no order of its own.

    `part_of`, `same_rule` and a round's `items`, `computed`, `weights` and `process` stand in it
    only where there is something in them, so that older runs keep their id.
    """
    part_of = {"part_of": dict(frozen.part_of)} if frozen.part_of else {}
    same_rule = {"same_rule": sorted(frozen.same_rule)} if frozen.same_rule else {}
    return {
        "formula_version": frozen.formula_version,
        "limits": [int(frozen.limits.smallest_n), float(frozen.limits.widest_reach)],
        "named_items": sorted(frozen.named_items),
        "parts": [[part.component, list(part.items)] for part in frozen.parts],
        **part_of,
        **same_rule,
        "round": _round_json(frozen.round),
        "baseline": _round_json(frozen.baseline) if frozen.baseline else None,
    }


def run_id(frozen: Frozen) -> str:
    """SHA-256 (hex) of the canonical form as JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(as_json(frozen), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def from_json(stored: Mapping[str, Any]) -> Frozen:
    """The rows again, from their canonical form."""
    smallest_n, widest_reach = stored["limits"]
    return Frozen(
        round=_round_from(stored["round"]),
        parts=tuple(Part(component, tuple(items)) for component, items in stored["parts"]),
        baseline=_round_from(stored["baseline"]) if stored["baseline"] else None,
        named_items=frozenset(stored["named_items"]),
        limits=findings.Limits(smallest_n, widest_reach),
        formula_version=stored["formula_version"],
        part_of=stored.get("part_of", {}),
        same_rule=frozenset(stored.get("same_rule", ())),
    )


def _round_json(one: FrozenRound) -> dict[str, Any]:
    cases = [
        [case.case_number, case.county, case.case_type, case.imported, dict(case.ratings)]
        for case in sorted(one.cases, key=lambda case: case.case_number)
    ]
    outside = sorted(
        [o.case_number, o.county, o.case_type, o.why.value, *([o.reason] if o.reason else [])]
        for o in one.outside
    )
    computed = {case.case_number: dict(case.computed) for case in one.cases if case.computed}
    weights = {
        case.case_number: list(case.weight.as_integer_ratio())
        for case in one.cases
        if case.weight is not None
    }
    process = {
        case.case_number: {id_: list(pair) for id_, pair in case.process.items()}
        for case in one.cases
        if case.process
    }
    return {
        **({"items": list(one.items)} if one.items else {}),
        "name": one.name,
        "instrument": [one.instrument, one.version, one.digest],
        "cases": cases,
        "outside": outside,
        **({"computed": computed} if computed else {}),
        **({"weights": weights} if weights else {}),
        **({"process": process} if process else {}),
    }


def _round_from(stored: Mapping[str, Any]) -> FrozenRound:
    instrument, version, digest = stored["instrument"]
    computed, weights = stored.get("computed", {}), stored.get("weights", {})
    process = stored.get("process", {})
    cases = (
        FrozenCase(
            n, c, kind, ratings, i, computed.get(n, {}), _weight_from(weights.get(n)),
            {id_: (pair[0], pair[1]) for id_, pair in process.get(n, {}).items()},
        )
        for n, c, kind, i, ratings in stored["cases"]
    )  # fmt: skip
    outside = (
        FrozenOutside(n, c, kind, LeftOut(why), *reason)
        for n, c, kind, why, *reason in stored["outside"]
    )
    name = stored["name"]
    items = tuple(stored.get("items", ()))
    return FrozenRound(name, instrument, version, digest, tuple(cases), tuple(outside), items)


def _weight_from(stored: Sequence[int] | None) -> Fraction | None:
    return Fraction(*stored) if stored else None
