"""`make bench`: run every tests/bench/bench_*.py and print each figure beside its limit.

Such a file has `measure()`, which yields rows of five: what was measured, its value, the unit, the
name of the limit and the limit's value (None where there is only a figure to know). A limit that
is a measurement itself is taken in the same call, so that both come from the same minutes. Each
file is measured three times and the medians are shown; nothing passes or fails here.

`python -m tests.bench scoring --repeat 5` takes only the files whose name holds "scoring".
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

Row = tuple[str, float, str, str, float | None]
COLUMNS = "{:<52} {:>12} {:<10} {:>12} {:>7}  {}"


@dataclass
class Figure:
    """What all repeats said about one thing."""

    name: str
    unit: str
    limit_name: str
    values: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)

    def add(self, value: float, limit: float | None) -> None:
        self.values.append(value)
        if limit is not None:
            self.limits.append(limit)

    def line(self) -> str:
        """The medians, and how much of the limit the value is."""
        value = statistics.median(self.values)
        if not self.limits:
            return COLUMNS.format(self.name, number(value), self.unit, "", "", self.limit_name)
        limit = statistics.median(self.limits)
        ratio = f"{value / limit:.2f}" if limit else ""
        return COLUMNS.format(
            self.name, number(value), self.unit, number(limit), ratio, self.limit_name
        )


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def benchmarks(part: str) -> Iterator[str]:
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        if part in path.stem:
            yield path.stem


def gather(repeats: Iterable[Iterable[Row]]) -> list[Figure]:
    """One figure a name, in the order of first appearance."""
    figures: dict[str, Figure] = {}
    for rows in repeats:
        for name, value, unit, limit_name, limit in rows:
            figures.setdefault(name, Figure(name, unit, limit_name)).add(value, limit)
    return list(figures.values())


def repeated(name: str, repeat: int) -> Iterator[Iterable[Row]]:
    """Each repeat of a file, told on standard error: one of saving alone takes over a minute."""
    measure = importlib.import_module(f"tests.bench.{name}").measure
    for number in range(1, repeat + 1):
        print(f"{name}: {number} of {repeat}", file=sys.stderr, flush=True)
        yield measure()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure, beside the limits.")
    parser.add_argument("part", nargs="?", default="", help="only files whose name holds this")
    parser.add_argument("--repeat", type=int, default=3, help="how often each is measured")
    asked = parser.parse_args()
    print(COLUMNS.format("what", "median", "unit", "limit", "ratio", "the limit is"))
    for name in benchmarks(asked.part):
        for figure in gather(repeated(name, asked.repeat)):
            print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
