"""The demonstration's rounds, scored through the same actions that reviewers use."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cqi.access.permissions import Role
from cqi.cases import actions as case_actions
from cqi.cases import queries as case_queries
from cqi.cases.rules import CaseType
from cqi.cli.demonstration import (
    alerts,
    case_lists,
    cast,
    invention,
    on_site,
    samples,
    scoring,
    timeline,
)
from cqi.cli.demonstration.invention import Sketch
from cqi.cli.demonstration.scoring import World as World
from cqi.core import errors
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.reviews import actions as review_actions
from cqi.reviews.models import CaseReview
from cqi.rounds import actions as round_actions
from cqi.rounds import queries as round_queries
from cqi.rounds.models import Round
from cqi.rounds.rules import ROUND_KIND_WORDS, DoubleReading, RoundKind, SecondLevel

_ON_SITE_DAYS = 11
_OF_THE_REVIEWER = 3  # half scored, returned, not started
_LATELY = {"half": 1, "returned": 3, "assigned": 1, "submitted": 2, "begun": 1}  # days ago


@dataclass(frozen=True)
class Dated:
    """A round's dates and its place."""

    told: Mapping[str, Any]
    pages: invention.Pages
    region_id: int
    on_site_from: dt.date
    on_site_to: dt.date
    pur_from: dt.date


def make(world: World, told: Mapping[str, Any]) -> int:
    """One round with its cases, reviewed as far as the state file says. Returns its id."""
    dated = _dated(world, told)
    round_id = (opened := _open(world, dated)).id
    _team(world, round_id, dated)
    site = on_site.Site(world.session, world.people, world.timeline, round_id)
    sketches = dict(_sketches(world, dated))
    if "frame" in told:
        drawn = _sample(world, dated, opened, sketches)
        sketches = {number: sketches[number] for number in drawn}
        on_site.tell(site)
    else:
        _import_new(world, dated, sketches)
    cases = [
        scoring.Case(place, *each, _stage(told, place))
        for place, each in enumerate(sketches.items())
    ]
    for case in cases:
        _review(world, dated, round_id, case)
        world.session.flush()
        world.session.expunge_all()
    _read_twice(world, dated, round_id, cases)
    if "stages" in told:
        on_site.plan(site)
    if told.get("practice"):
        _practise(world, dated, round_id, list(sketches)[-1])
    world.unread.update(list(sketches)[len(sketches) - told.get("unread", 0) :])
    world.by_region[told["region"]] = round_id
    world.cases[round_id] = [
        (number, CaseType(sketch.facts["case_type"])) for number, sketch in sketches.items()
    ]
    return round_id


def _dated(world: World, told: Mapping[str, Any]) -> Dated:
    start = world.timeline.monday(told["on_site"])
    return Dated(
        told,
        world.pages(told["instrument"]),
        places.place(world.session, PlaceKind.REGION, told["region"]).id,
        start,
        start + dt.timedelta(days=_ON_SITE_DAYS),
        timeline.months_before(start, 12),
    )


def _open(world: World, dated: Dated) -> Round:
    kind = RoundKind(dated.told["kind"])
    before = world.by_region.get(dated.told["region"])
    words = ROUND_KIND_WORDS[kind].lower()
    day = dated.on_site_from - dt.timedelta(days=45)
    return round_actions.open_round(
        world.session,
        new=round_queries.NewRound(
            name=f"{dated.told['region']} {words} {dated.on_site_from.year}",
            kind=kind,
            instrument=dated.pages.instrument.id,
            version=dated.pages.instrument.version,
            pur_from=dated.pur_from,
            on_site_from=dated.on_site_from,
            on_site_to=dated.on_site_to,
            region_id=dated.region_id,
            compares_with=world.session.get(Round, before) if before else None,
            second_level=SecondLevel(**dated.told.get("second_level", {})),
            double_reading=DoubleReading(**dated.told.get("double_reading", {})),
        ),
        actor=world.people.actor("cqi_director", day),
        now=world.timeline.at(day, 10),
    )


def _team(world: World, round_id: int, dated: Dated) -> None:
    since = dated.on_site_from - dt.timedelta(days=30)
    now = world.timeline.at(since, 9)
    for key in world.people.reviewers():
        world.people.grant(key, Role.REVIEWER, since, now, round_id=round_id)
    if "safety_alerts" in dated.told:
        world.people.grant("site_leader", Role.SITE_LEADER, since, now, round_id=round_id)


def _sketches(world: World, dated: Dated) -> Iterator[tuple[str, Sketch]]:
    """Case number -> invented case; the first ones may have been seen in the round before."""
    count = dated.told.get("frame", dated.told["reviews"])
    before = world.cases.get(world.by_region.get(dated.told["region"], 0), [])
    seen = before[: dated.told.get("seen_before", 0)]
    types = [kind for _, kind in seen] + case_lists.case_types(world.rng, count - len(seen))
    achieved = _achieved(world.rng, dated.told["shares"], count)
    for place, case_type in enumerate(types):
        old = seen[place][0] if place < len(seen) else ""
        yield (
            old or world.next_number(dated.pur_from),
            invention.sketch(
                world.rng,
                dated.pages,
                case_type=case_type,
                achieved=frozenset(code for code, places_ in achieved.items() if place in places_),
            ),
        )


def _achieved(
    rng: random.Random, shares: Mapping[str, float], count: int
) -> dict[str, frozenset[int]]:
    """By component, the places in the round of the cases in which it is achieved."""
    return {
        code: frozenset(rng.sample(range(count), round(share * count)))
        for code, share in shares.items()
    }


def _import_new(world: World, dated: Dated, sketches: Mapping[str, Sketch]) -> None:
    day, rows = _list(world, dated, sketches)
    result = case_actions.import_cases(
        world.session,
        content=case_lists.as_csv(rows),
        actor=None,
        today=day,
        now=world.timeline.at(day, 11),
    )
    if result.problems:
        raise errors.BadInput("the invented case list has bad rows", result.problems)


def _sample(
    world: World, dated: Dated, in_round: Round, sketches: Mapping[str, Sketch]
) -> list[str]:
    """The numbers of the round's sample: the reviewer's at home, then by turns; the one whose
    elimination waits stays last."""
    day, rows = _list(world, dated, sketches)
    desk = samples.Desk(world.session, world.people, world.timeline, in_round, day)
    drawn = samples.draw(desk, rows, dated.told["reviews"])
    home = cast.counties_of(world.session, dated.region_id, dated.on_site_from)[0].fips
    at_home = {row["case_number"] for row in rows if row["county_fips"] == home}
    return [*samples.by_turns(drawn[:-1], at_home, _OF_THE_REVIEWER), drawn[-1]]


def _list(
    world: World, dated: Dated, sketches: Mapping[str, Sketch]
) -> tuple[dt.date, list[dict[str, str]]]:
    """The day on which a round's list was made, and its rows."""
    counties = cast.counties_of(world.session, dated.region_id, dated.on_site_from)
    known = {number for numbers in world.cases.values() for number, _ in numbers}
    day = dated.on_site_from - dt.timedelta(days=20)
    period = (dated.pur_from, day)
    unfinished = "stages" in dated.told
    rows = []
    for place, (number, sketch) in enumerate(sketches.items()):
        if number not in known:
            first = place % 3 == 0 or (unfinished and _at_home(place))
            county = counties[0] if first else world.rng.choice(counties)
            where = _where(world, county, home=unfinished and county is counties[0])
            rows.append(case_lists.row(world.rng, number, sketch, where, period))
    return day, rows


def _at_home(place: int) -> bool:
    """The demo reviewer's cases, and every other one, lie where the demonstration's unit is."""
    return place < _OF_THE_REVIEWER or place % 2 == 0


def _where(world: World, county: cast.County, *, home: bool) -> case_lists.Where:
    fips, unit = county.fips, county.unit.code
    if home:
        worker = world.rng.choice((cast.staff_id("caseworker"), "W-101"))
        return case_lists.Where(fips, unit, worker, cast.staff_id("supervisor"))
    return case_lists.Where(fips, unit, f"W-{fips}", cast.unit_staff_id(unit))


def _stage(told: Mapping[str, Any], place: int) -> str:
    """How far the case at a place of a round is; all are final where no stages are told."""
    for stage, count in told.get("stages", {}).items():
        if place < count:
            return str(stage)
        place -= count
    return "final"


def _review(world: World, dated: Dated, round_id: int, case: scoring.Case) -> None:
    unfinished = "stages" in dated.told
    start = _start(world, dated, case)
    reviewers = _pair(world, case, unfinished=unfinished)
    assigned = world.timeline.at(start, 8)
    review = review_actions.assign_case(
        world.session,
        in_round=world.session.get_one(Round, round_id),
        case=case_queries.by_number(world.session, case.number),
        reviewers=[world.people.actor(key, start) for key in reviewers],
        actor=world.people.actor("cqi_director", start),
        now=assigned,
    )
    if case.stage in ("untouched", "assigned"):
        return
    scoring.score(world, review, case, share=scoring.share_of(case), key=reviewers[0], at=assigned)
    _alert(world, dated, review, case, reviewers[0])
    if scoring.share_of(case) == 1.0:
        scoring.check(world, review, case, reviewers[0], start)


def _read_twice(world: World, dated: Dated, round_id: int, cases: Sequence[scoring.Case]) -> None:
    """Second readings of the first drawn cases, as far as the state file says of each; the others
    wait for a second pair."""
    due = world.session.get_one(Round, round_id).double_reading.due
    drawn = sorted((one for one in cases if due(one.number)), key=lambda one: one.stage != "final")
    for one, stage in zip(drawn, dated.told.get("second_readings", ()), strict=False):
        case = replace(one, sketch=_seen_by_others(one.sketch), stage=stage)
        first = _pair(world, one, unfinished="stages" in dated.told)
        others = [key for key in world.people.reviewers()[1:] if key not in first]
        start = _start(world, dated, case)
        review = review_actions.assign_second_reading(
            world.session,
            in_round=world.session.get_one(Round, round_id),
            case=case_queries.by_number(world.session, case.number),
            reviewers=[world.people.actor(key, start) for key in others[:2]],
            actor=world.people.actor("cqi_director", start),
            now=world.timeline.at(start, 9),
        )
        at = world.timeline.at(start, 9)
        scoring.score(world, review, case, share=scoring.share_of(case), key=others[0], at=at)
        if scoring.share_of(case) == 1.0:
            scoring.check(world, review, case, others[0], start)
        world.session.flush()
        world.session.expunge_all()


def _seen_by_others(sketch: Sketch) -> Sketch:
    """The same case as another pair sees it: milder on every third need."""
    milder = list(sketch.narratives)[::3]
    answers = {
        code: {ask: "yes" if code in milder and said == "no" else said for ask, said in one.items()}
        for code, one in sketch.answers.items()
    }
    return replace(sketch, answers=answers)


def _practise(world: World, dated: Dated, round_id: int, number: str) -> None:
    """A case once more, for training: it counts nowhere."""
    day = dated.on_site_from
    review_actions.assign_for_practice(
        world.session,
        in_round=world.session.get_one(Round, round_id),
        case=case_queries.by_number(world.session, number),
        reviewers=[world.people.actor(world.people.reviewers()[0], day)],
        actor=world.people.actor("cqi_director", day),
        now=world.timeline.at(day, 9),
    )


def _alert(world: World, dated: Dated, review: CaseReview, case: scoring.Case, key: str) -> None:
    """A safety alert on the cases that the state file names."""
    places_of = dated.told.get("safety_alerts", {})
    if case.place not in places_of.values():
        return
    is_open = case.place == places_of["open"]
    day = world.timeline.today if is_open else _start(world, dated, case)
    make = alerts.make_open if is_open else alerts.make_closed
    make(alerts.Scene(world.session, world.people, world.timeline, review, key, day))


def _start(world: World, dated: Dated, case: scoring.Case) -> dt.date:
    """Monday to Wednesday of the first week; lately, for what is under way."""
    if case.stage in _LATELY:
        return max(dated.on_site_from, world.timeline.workday(-_LATELY[case.stage]))
    unfinished = "stages" in dated.told
    return dated.on_site_from + dt.timedelta(days=0 if unfinished else case.place % 3)


def _pair(world: World, case: scoring.Case, *, unfinished: bool) -> tuple[str, str]:
    keys = world.people.reviewers()
    if unfinished and case.stage in ("half", "returned", "assigned"):
        return keys[0], keys[1]
    others = keys[1:]  # the demo reviewer is new: the first page lists one round's cases
    first = case.place % len(others)
    return others[first], others[(first + 1) % len(others)]
