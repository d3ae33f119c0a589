"""Measures as the JSON that others rely on."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from cqi.core import intervals
from cqi.instruments.definition import Rating
from cqi.measures.rules import declared, rounding
from cqi.measures.rules.frozen import FrozenRound
from cqi.measures.rules.tabulation import Comparison, Measure, MeasureRow, Measures

_OF_COMPONENTS = (
    Rating.SUBSTANTIALLY_ACHIEVED,
    Rating.PARTIALLY_ACHIEVED,
    Rating.NOT_ACHIEVED,
)


def as_json(measures: Measures, as_of: dt.date) -> dict[str, Any]:
    """The document of `cqi measures --format json`; nothing but `as_of` depends on the clock."""
    frozen = measures.frozen
    return {
        "round": frozen.round.name,
        "compared_with": frozen.baseline.name if frozen.baseline else None,
        "instrument": frozen.round.instrument,
        "version": frozen.round.version,
        "run_id": measures.run_id,
        "formula_version": frozen.formula_version,
        "as_of": as_of.isoformat(),
        "reviews": len(frozen.round.cases),
        "overrides": asdict(measures.overridden),
        "rows": [_row(row) for row in measures.rows],
        "comparisons": [_comparison(one) for one in measures.comparisons],
        **_declared(frozen.round),
    }


def _declared(one: FrozenRound) -> dict[str, Any]:
    """The measures that are declared in data, where the run froze any: other runs print as ever."""
    found = [asdict(row) for row in declared.counted(one)]
    return {"declared": found} if found else {}


def _row(row: MeasureRow) -> dict[str, Any]:
    kind = {"case_type": row.group.case_type} if row.group.case_type else {}
    return {
        **_measure(row.measure),
        "place": row.group.place,
        **kind,
        "applicable": row.applicable,
        **_counts(row),
        "rate": rounding.four_or_none(row.rate),
        "interval": _ends(row.interval),
        "interval_method": intervals.WILSON,
        "confidence": intervals.CONFIDENCE,
        **_weighted(row),
        "excluded": _excluded(row),
    }


def _weighted(row: MeasureRow) -> dict[str, Any]:
    """The share weighted by the draw, where there is one: other rows are as they always were."""
    found = row.weighted
    if found is None:
        return {}
    return {
        "weighted": {
            "rate": rounding.four(found.rate),
            "interval": _ends(found.interval),
            "effective_n": rounding.four(found.effective_n),
        }
    }


def _measure(what: Measure) -> dict[str, Any]:
    """Which figure it is; `part_of` only of a part, whose whole counts the same cases."""
    part_of = {"part_of": what.part_of} if what.part_of else {}
    return {"component": what.component, "item": what.item, **part_of}


def _counts(row: MeasureRow) -> dict[str, int]:
    if row.measure.item:
        return {Rating.STRENGTH.value: row.achieved}
    counts = dict(row.ratings)
    return {rating.value: counts.get(rating, 0) for rating in _OF_COMPONENTS}


def _comparison(one: Comparison) -> dict[str, Any]:
    apart = one.without_overlap
    return {
        **_measure(one.measure),
        **_difference(one),
        "overlap": one.overlap,
        "without_overlap": _difference(apart) if apart else None,
    }


def _difference(one: Comparison) -> dict[str, Any]:
    achieved = "strength" if one.measure.item else "achieved"
    pair = one.pair
    return {
        "baseline": {"applicable": pair.n0, achieved: pair.k0},
        "follow_up": {"applicable": pair.n1, achieved: pair.k1},
        "difference": rounding.four_or_none(one.difference),
        "interval": _ends(one.interval),
        "interval_method": intervals.NEWCOMBE,
        "finding": one.finding.value if one.finding else None,
    }


def _ends(interval: intervals.Interval | None) -> list[float] | None:
    return [rounding.four(interval.low), rounding.four(interval.high)] if interval else None


def _excluded(row: MeasureRow) -> dict[str, int]:
    """What is left out; `not_asked` only where a round asked for named items only."""
    found = asdict(row.excluded)
    return found if found["not_asked"] else {k: v for k, v in found.items() if k != "not_asked"}
