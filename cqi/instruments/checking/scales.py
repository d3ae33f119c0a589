"""Second pass, scales and subjects: what questions may be answered on, and be repeated for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from cqi.instruments import definition, problems
from cqi.instruments.checking import names
from cqi.instruments.problems import Problem, Rule, Where


def problems_of(instrument: definition.Instrument, top: Where) -> Iterator[Problem]:
    """What is wrong with the scales and the kinds of subjects of an instrument."""
    yield from names.doubles((each.id for each in instrument.scales), top.at("scales"), "scale")
    for scale in instrument.scales:
        yield from _scale(scale, top.at(f"scales[{scale.id}]"))
    kinds = [subject.kind for subject in instrument.subjects]
    yield from names.doubles(kinds, top.at("subjects"), "kind")
    for kind in kinds:
        yield from names.form(kind, names.SMALL, top.at(f"subjects[{kind}].kind"))


def _scale(scale: definition.Scale, where: Where) -> Iterator[Problem]:
    yield from names.form(scale.id, names.SMALL, where.at("id"))
    zones = [zone.value for zone in scale.zones]
    yield from names.doubles(zones, where.at("zones"), "zone")
    for zone in zones:
        yield from names.form(zone, names.SMALL, where.at(f"zones[{zone}].value"), _ZONE_WORDS)
    for position, point in enumerate(scale.points, start=1):
        if point.zone not in zones:
            message = f'There is no zone "{point.zone}" on this scale.'
            remedy = problems.did_you_mean(point.zone, zones)
            place = where.at(f"points[{position}].zone")
            yield place.problem(Rule.UNKNOWN_ZONE, message, remedy)
    yield from _rising(scale, where)


_ZONE_WORDS = (*names.RESERVED, definition.ACCEPTABLE)


def _rising(scale: definition.Scale, where: Where) -> Iterator[Problem]:
    for position, (before, point) in enumerate(itertools.pairwise(scale.points), start=2):
        if point.value <= before.value:
            message = f"{point.value} stands after {before.value}."
            remedy = "Write the points from the worst to the best, with rising values."
            place = where.at(f"points[{position}].value")
            yield place.problem(Rule.POINTS_ORDER, message, remedy)
