"""Invented rounds and the reports that they make: the same on every run, no database."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping

from cqi.core import folders
from cqi.instruments import library
from cqi.instruments.definition import Instrument, Item, Rating
from cqi.measures.rules import frozen, tabulation
from cqi.reporting.queries import definitions
from cqi.reporting.rules.content import CountyMap, Report, ReportFacts, RoundFacts

COUNTIES = (("28009", "Benton"), ("28033", "DeSoto"), ("28093", "Marshall"), ("28107", "Panola"))
AS_OF = dt.date(2026, 3, 9)
BASELINE = RoundFacts(
    name="I-South baseline",
    kind="Baseline",
    pur_from=dt.date(2024, 1, 1),
    pur_to=dt.date(2025, 1, 30),
    on_site_from=dt.date(2025, 1, 13),
    on_site_to=dt.date(2025, 1, 31),
)
FOLLOW_UP = RoundFacts(
    name="I-South follow-up",
    kind="Follow-up",
    pur_from=dt.date(2025, 1, 1),
    pur_to=dt.date(2026, 2, 19),
    on_site_from=dt.date(2026, 2, 2),
    on_site_to=dt.date(2026, 2, 20),
)


def instrument() -> Instrument:
    root = folders.data_folder("review_instruments")
    return library.load(root, "mississippi_practice_model", "1.0")


def ratings(draw: random.Random, chance: Mapping[str, float]) -> dict[str, str | None]:
    """A case's ratings; `chance` is how often an item of a component is a strength."""
    found: dict[str, str | None] = {}
    for component in instrument().components:
        items = instrument().items_of(component.code)
        for item in items:
            found[item.code] = item_rating(draw, item, chance.get(component.code, 0.8))
        found[component.code] = component_rating(items, found)
    return found


def item_rating(draw: random.Random, item: Item, chance: float) -> str:
    if item.applies_when and draw.random() < 0.45:
        return Rating.NOT_APPLICABLE.value
    good = draw.random() < chance + 0.15 * (int(item.code[-2:]) % 3 - 1)
    return (Rating.STRENGTH if good else Rating.AREA_NEEDING_IMPROVEMENT).value


def component_rating(items: tuple[Item, ...], found: Mapping[str, str | None]) -> str:
    needs = [i for i in items if found[i.code] == Rating.AREA_NEEDING_IMPROVEMENT]
    if len(needs) <= 1 and not any(i.core for i in needs):
        return Rating.SUBSTANTIALLY_ACHIEVED.value
    return Rating.PARTIALLY_ACHIEVED.value


def a_round(
    name: str, count: int, chance: Mapping[str, float], seed: int = 1, first: int = 0
) -> frozen.FrozenRound:
    """`count` final case reviews in the counties in turn."""
    draw = random.Random(seed)  # noqa: S311 - invented data, not secrets
    cases = tuple(
        frozen.FrozenCase(
            f"{name[0]}{seed}-{first + number:03}",
            COUNTIES[number % len(COUNTIES)][0],
            "foster_care" if number % 3 else "in_home",
            ratings(draw, chance),
        )
        for number in range(count)
    )
    outside = (
        frozen.FrozenOutside("X-1", COUNTIES[0][0], "in_home", frozen.LeftOut.PRACTICE),
        frozen.FrozenOutside("X-2", COUNTIES[1][0], "in_home", frozen.LeftOut.NOT_FINAL),
    )
    made = instrument()
    return frozen.FrozenRound(name, made.id, made.version, made.digest, cases, outside)


def rows(
    one: frozen.FrozenRound,
    baseline: frozen.FrozenRound | None = None,
    named: frozenset[str] = frozenset(),
) -> frozen.Frozen:
    parts = tuple(frozen.Part(c.code, c.items) for c in instrument().components)
    return frozen.Frozen(one, parts, baseline, named)


def facts(compared: bool = True, **changed: object) -> ReportFacts:
    values: dict[str, object] = {
        "place": "I-South",
        "agency": "Child welfare agency",
        "round": FOLLOW_UP if compared else BASELINE,
        "baseline": BASELINE if compared else None,
        "counties": COUNTIES,
        "as_of": AS_OF,
        "map": CountyMap(FOLLOW_UP.on_site_from, False),
        "baseline_counties": COUNTIES,
    }
    return ReportFacts(**{**values, **changed})


def report(found: frozen.Frozen, about: ReportFacts | None = None) -> Report:
    return Report(
        facts=about or facts(found.baseline is not None),
        measures=tabulation.measure(found),
        instrument=instrument(),
        definition=definitions.shipped("region"),
    )


def two_rounds(named: frozenset[str] = frozenset({"INV04"})) -> Report:
    """A follow-up of 36 against a baseline of 34, with gains, a loss and doubt."""
    before = {"MAS": 0.8, "SRM": 0.8, "INV": 0.55, "SNA": 0.6, "PCR": 0.85, "ICP": 0.93}
    after = {"MAS": 0.85, "SRM": 0.82, "INV": 0.92, "SNA": 0.8, "PCR": 0.83, "ICP": 0.65}
    baseline = a_round("I-South baseline", 34, before, seed=1)
    again = baseline.cases[:2]
    later = a_round("I-South follow-up", 36, after, seed=2)
    merged = frozen.FrozenRound(
        later.name, later.instrument, later.version, later.digest,
        (*later.cases, *again), later.outside,
    )  # fmt: skip
    return report(rows(merged, baseline, named))


def one_round(count: int = 34) -> Report:
    """A baseline alone."""
    chance = {"MAS": 0.8, "SRM": 0.85, "INV": 0.6, "SNA": 0.6, "PCR": 0.85, "ICP": 0.9}
    return report(rows(a_round("I-South baseline", count, chance)))
