"""Makes golden_intervals.json: 95% intervals of 1,000 random tables and 250 weighted samples, from
libraries that share no code with ours. Run once, by hand, in an environment of its own with

    statsmodels 0.15.0 (Wilson, and Newcombe's hybrid score for a difference of independent
    shares), scipy 1.17.1 (Wilson once more, which has to say the same), numpy 2.4.6 (weights)

    python tests/measures/golden_intervals.py > tests/measures/golden_intervals.json

A table is [k0, n0, k1, n1] and the ends of the intervals of k0/n0, of k1/n1 and of k1/n1 - k0/n0:
corners first, then random ones. A weighted sample is its strata [achieved, cases, weight], then
the weighted share, Kish's effective n and both ends. null: no cases, no interval.
"""

from __future__ import annotations

import importlib.metadata
import itertools
import json
import math
import sys

SEED, TABLES, SAMPLES = 20270309, 1000, 250
SIZES = (0, 1, 2, 9, 10, 30, 1000)
LIBRARIES = ("statsmodels", "scipy", "numpy")


def corners() -> list[tuple[int, int, int, int]]:
    """None, one, all but one and all of every size, beside each other."""
    counts = [(k, n) for n in SIZES for k in sorted({0, 1, n - 1, n}) if 0 <= k <= n]
    pairs = itertools.islice(itertools.product(counts, repeat=2), None, None, 3)
    return [(*one, *other) for one, other in pairs]


def drawn() -> tuple[int, int, int, int]:
    """Two samples of 1 to 400 cases (some of up to 100,000), with shares of every size."""
    highest = int(RANDOM.choice([12, 60, 400, 100_000], p=[0.25, 0.4, 0.3, 0.05]))
    n0, n1 = (int(RANDOM.integers(1, highest + 1)) for _ in range(2))
    p0, p1 = RANDOM.beta(0.7, 0.5, size=2)
    return int(RANDOM.binomial(n0, p0)), n0, int(RANDOM.binomial(n1, p1)), n1


def wilson(k: float, n: float) -> list[float | None]:
    from scipy import stats
    from statsmodels.stats import proportion

    if not n:
        return [None, None]
    ends = proportion.proportion_confint(k, n, method="wilson")
    if isinstance(k, int):
        other = stats.binomtest(k, int(n)).proportion_ci(0.95, method="wilson")
        assert all(math.isclose(*pair, abs_tol=1e-12) for pair in zip(ends, other, strict=True))
    return [number(end) for end in ends]


def newcombe(k0: int, n0: int, k1: int, n1: int) -> list[float | None]:
    from statsmodels.stats import proportion

    if not n0 or not n1:
        return [None, None]
    ends = proportion.confint_proportions_2indep(
        k1, n1, k0, n0, compare="diff", method="newcomb", alpha=0.05
    )
    return [number(end) for end in ends]


def table(counts: tuple[int, int, int, int]) -> list[float | None]:
    k0, n0, k1, n1 = counts
    return [*counts, *wilson(k0, n0), *wilson(k1, n1), *newcombe(*counts)]


def weighted() -> list[object]:
    """One to four strata of 1 to 40 cases; weights of two decimals."""
    strata = []
    for _ in range(int(RANDOM.integers(1, 5))):
        n = int(RANDOM.integers(1, 41))
        strata.append([int(RANDOM.binomial(n, RANDOM.beta(0.9, 0.7))), n, weight()])
    yes = numpy.repeat([i % 2 == 0 for i in range(2 * len(strata))], _each(strata))
    weights = numpy.repeat([s[2] for s in strata for _ in range(2)], _each(strata))
    share = float(numpy.average(yes, weights=weights))
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    return [strata, number(share), number(effective), *wilson(share * effective, effective)]


def _each(strata: list[list[float]]) -> list[int]:
    return [int(count) for k, n, _ in strata for count in (k, n - k)]


def weight() -> float:
    return round(float(RANDOM.lognormal(1, 1)) + 0.01, 2)


def number(value: float) -> float:
    """15 significant digits."""
    return float(f"{float(value):.15g}")


if __name__ == "__main__":
    import numpy

    RANDOM = numpy.random.default_rng(SEED)
    made = {name: importlib.metadata.version(name) for name in LIBRARIES}
    tables = [table(each) for each in (*corners(), *(drawn() for _ in range(TABLES)))]
    samples = [weighted() for _ in range(SAMPLES)]
    parts = {"made_with": [made], "tables": tables, "weighted": samples}
    lines = (
        f'"{name}": [\n' + ",\n".join(json.dumps(each, separators=(",", ":")) for each in rows)
        for name, rows in parts.items()
    )
    sys.stdout.write("{" + "],\n".join(lines) + "]}\n")
