"""Makes golden_agreement.json: coefficients of 1,000 random tables, from libraries that share no
code with ours. Run once, by hand, in an environment of its own with

    scikit-learn 1.9.1 (kappa), irrCAC 0.4.4 (AC1 and its standard error, by its author's formulas
    as in R), krippendorff 0.9.0 (alpha), statsmodels 0.15.0 (Wilson), numpy 1.26.4, scipy 1.12.0

    python tests/measures/golden_agreement.py > tests/measures/golden_agreement.json

irrCAC rounds to the digits that it is asked for; 12 are asked for. A coefficient that a library
does not have (0 / 0) is null.
"""

from __future__ import annotations

import contextlib
import json
import math
import sys
import warnings

SEED, TABLES = 20270308, 1000


def ratings(cells: list[list[int]]) -> tuple[list[str], list[str]]:
    pairs = [
        (str(k), str(other))
        for k, row in enumerate(cells)
        for other, count in enumerate(row)
        for _ in range(count)
    ]
    return [first for first, _ in pairs], [second for _, second in pairs]


def made(cells: list[list[int]]) -> dict[str, object]:
    import krippendorff
    import pandas
    from irrCAC.raw import CAC
    from sklearn import metrics
    from statsmodels.stats.proportion import proportion_confint

    first, second = ratings(cells)
    scale = [str(k) for k in range(len(cells))]
    n, same = len(first), sum(row[k] for k, row in enumerate(cells))
    low, high = proportion_confint(same, n, method="wilson")
    found = {"cells": cells, "percent": same / n, "low": float(low), "high": float(high)}
    found["kappa"] = number(metrics.cohen_kappa_score(first, second, labels=scale))
    alpha = None
    with contextlib.suppress(ValueError):  # one value only
        codes = [[int(each) for each in first], [int(each) for each in second]]
        alpha = krippendorff.alpha(codes, level_of_measurement="nominal")
    found["alpha"] = None if alpha is None else number(alpha)
    table = pandas.DataFrame({"first": first, "second": second})
    gwet = CAC(table, categories=scale, digits=12).gwet()["est"]
    return {**found, "ac1": number(gwet["coefficient_value"]), "ac1_error": number(gwet["se"])}


def number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def drawn() -> list[list[int]]:
    """A table of 2 to 4 ratings, n from 2 to 150, most of them uneven, as ratings of cases are."""
    q = int(RANDOM.integers(2, 5))
    shares = RANDOM.dirichlet([float(RANDOM.choice([0.2, 1.0, 5.0]))] * q)
    alike = RANDOM.uniform(0, 1)
    cells = [[0] * q for _ in range(q)]
    for _ in range(int(RANDOM.integers(2, 151))):
        first = int(RANDOM.choice(q, p=shares))
        other = first if RANDOM.uniform() < alike else int(RANDOM.choice(q, p=shares))
        cells[first][other] += 1
    return cells


if __name__ == "__main__":
    import numpy

    warnings.simplefilter("ignore")
    RANDOM = numpy.random.default_rng(SEED)
    lines = [json.dumps(made(drawn())) for _ in range(TABLES)]
    sys.stdout.write("[\n" + ",\n".join(lines) + "\n]\n")
