"""Several rounds' rows as one, and the digest that names what they rest on together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from cqi.measures.rules import frozen, tabulation
from cqi.measures.rules.frozen import FORMULA_VERSION, Frozen, FrozenRound


def run_id(runs: Mapping[str, str], beside: Mapping[str, str] = MappingProxyType({})) -> str:
    """SHA-256 (hex) of the formula version and the runs by their region, as JSON with sorted keys,
    no spaces, UTF-8: the same runs give the same id. `beside` are the runs of regions that are not
    added up; they stand in it where there are any."""
    apart = {"beside": dict(beside)} if beside else {}
    content = {"formula_version": FORMULA_VERSION, "runs": dict(runs), **apart}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def adds_up(one: FrozenRound, other: FrozenRound) -> bool:
    """Whether cases of two rounds may be counted together: scored with the same version of the
    same instrument, and neither asked for named items only."""
    same = (one.instrument, one.version, one.digest) == (
        other.instrument,
        other.version,
        other.digest,
    )
    return same and not one.items and not other.items


def pool(name: str, given: Sequence[Frozen]) -> Frozen:
    """The rounds' case reviews as one round, without what they compare with. ValueError: there is
    none, or they do not add up. Each case counts once for each round that reviewed it."""
    if not given or not all(adds_up(given[0].round, each.round) for each in given):
        raise ValueError("these rounds do not add up")
    cases = tuple(case for each in given for case in each.round.cases)
    outside = tuple(one for each in given for one in each.round.outside)
    whole = replace(given[0].round, name=name, cases=cases, outside=outside)
    first = replace(given[0], named_items=frozenset(), same_rule=frozenset())
    return replace(first, round=whole, baseline=None)


def measure(
    name: str,
    given: Mapping[str, Frozen],
    beside: Mapping[str, str] = MappingProxyType({}),
    by: tabulation.By | None = None,
    *,
    overrides: bool = True,
) -> tabulation.Measures:
    """The figures of the pooled rounds, by region, under the digest of their runs and of those that
    stand `beside` them."""
    made = tabulation.measure(pool(name, list(given.values())), by, overrides=overrides)
    runs = {region: frozen.run_id(rows) for region, rows in given.items()}
    return replace(made, run_id=run_id(runs, beside))
