"""The demonstration's rounds, scored through the same actions that reviewers use."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import orm

from cqi.access.permissions import Role
from cqi.cases import actions as case_actions
from cqi.cases import queries as case_queries
from cqi.cases.rules import CaseType
from cqi.cli.demonstration import (
    alerts,
    case_lists,
    cast,
    hearing,
    invention,
    on_site,
    quality,
    samples,
    timeline,
)
from cqi.cli.demonstration.invention import Sketch
from cqi.core import errors
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.reviews import actions as review_actions
from cqi.reviews import rules as review_rules
from cqi.reviews.models import CaseReview
from cqi.rounds import actions as round_actions
from cqi.rounds import queries as round_queries
from cqi.rounds.models import Round
from cqi.rounds.rules import ROUND_KIND_WORDS, RoundKind, SecondLevel

_ON_SITE_DAYS = 11
_OF_THE_REVIEWER = 3  # half scored, returned, not started
_LATELY = {"half": 1, "returned": 3, "assigned": 1, "submitted": 2, "begun": 1}  # days ago


@dataclass
class World:
    """What making one round needs to know."""

    session: orm.Session
    people: cast.Cast
    timeline: timeline.Timeline
    pages: Callable[[str], invention.Pages]  # by "ID VERSION" of the state file
    rng: random.Random
    number: int = 100
    by_region: dict[str, int] = field(default_factory=dict)
    cases: dict[int, list[tuple[str, CaseType]]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)  # case numbers

    def next_number(self, day: dt.date) -> str:
        """A new case number of a year."""
        self.number += 1
        return f"{day.year % 100:02d}-{self.number:05d}"


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
    for place, (number, sketch) in enumerate(sketches.items()):
        _review(world, dated, round_id, _Case(place, number, sketch, _stage(told, place)))
        world.session.flush()
        world.session.expunge_all()
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


@dataclass(frozen=True)
class _Case:
    place: int
    number: str
    sketch: Sketch
    stage: str


def _stage(told: Mapping[str, Any], place: int) -> str:
    """How far the case at a place of a round is; all are final where no stages are told."""
    for stage, count in told.get("stages", {}).items():
        if place < count:
            return str(stage)
        place -= count
    return "final"


def _review(world: World, dated: Dated, round_id: int, case: _Case) -> None:
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
    share = {"half": 0.5, "begun": 0.2 + 0.15 * (case.place % 4)}.get(case.stage, 1.0)
    _score(world, review, case, share=share, key=reviewers[0], at=assigned)
    _alert(world, dated, review, case, reviewers[0])
    if share == 1.0:
        _check(world, review, case, reviewers[0], start)


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


def _alert(world: World, dated: Dated, review: CaseReview, case: _Case, key: str) -> None:
    """A safety alert on the cases that the state file names."""
    places_of = dated.told.get("safety_alerts", {})
    if case.place not in places_of.values():
        return
    is_open = case.place == places_of["open"]
    day = world.timeline.today if is_open else _start(world, dated, case)
    make = alerts.make_open if is_open else alerts.make_closed
    make(alerts.Scene(world.session, world.people, world.timeline, review, key, day))


def _start(world: World, dated: Dated, case: _Case) -> dt.date:
    """Monday to Wednesday of the first week; lately, for what is under way."""
    if case.stage in _LATELY:
        return max(dated.on_site_from, world.timeline.workday(-_LATELY[case.stage]))
    unfinished = "stages" in dated.told
    return dated.on_site_from + dt.timedelta(days=0 if unfinished else case.place % 3)


def _pair(world: World, case: _Case, *, unfinished: bool) -> tuple[str, str]:
    keys = world.people.reviewers()
    if unfinished and case.stage in ("half", "returned", "assigned"):
        return keys[0], keys[1]
    others = keys[1:]  # the demo reviewer is new: the first page lists one round's cases
    first = case.place % len(others)
    return others[first], others[(first + 1) % len(others)]


def _score(
    world: World, review: CaseReview, case: _Case, *, share: float, key: str, at: dt.datetime
) -> None:
    """Facts, answers, narratives and evidence of the first items, in one action each."""
    codes = list(case.sketch.answers)
    kept = codes[: round(len(codes) * share)]
    actor = world.people.actor(
        key, world.timeline.today if share < 1 else review.round.on_site_from
    )
    now = at + dt.timedelta(hours=6, minutes=7 * (case.place % 8))
    given: dict[str, Any] = {"review": review, "actor": actor, "now": now}
    ids = _list_subjects(world, case.sketch, given)
    changes = list(_changes(case.sketch, kept, ids))
    review_actions.record_answers(world.session, changes=changes, **given)
    heard = hearing.hear(world.session, given, place=case.place, share=share)
    sources = [
        review_rules.NewEvidence(code, source, detail, interview=heard.get(source))
        for code, found in case.sketch.evidence.items()
        if code in kept
        for source, detail in found
    ]
    review_actions.add_evidence(world.session, sources=sources, **given)


def _list_subjects(world: World, sketch: Sketch, given: Mapping[str, Any]) -> dict[str, str]:
    """The sketch's ids of subjects -> the public ids that they get."""
    listed = [(kind, *each) for kind, found in sketch.subjects.items() for each in found.items()]
    new = [review_rules.NewSubject(kind, label) for kind, _, label in listed]
    made = review_actions.add_subjects(world.session, subjects=new, **given) if new else []
    return {own: str(public_id) for (_, own, _), public_id in zip(listed, made, strict=True)}


def _changes(
    sketch: Sketch, kept: list[str], ids: Mapping[str, str]
) -> Iterator[review_rules.Change]:
    for name, value in sketch.facts.items():
        yield review_rules.fact(name, value)
    for code in kept:
        reasons = sketch.reasons.get(code, {})
        for ask, value in sketch.answers[code].items():
            name = review_rules.asked(ask.question, ids[ask.subject] if ask.subject else None)
            yield review_rules.answer(code, name, value, reason=reasons.get(ask))
        if code in sketch.narratives:
            yield review_rules.narrative(code, sketch.narratives[code])


def _check(world: World, review: CaseReview, case: _Case, key: str, start: dt.date) -> None:
    """Submit, and take QA as far as the stage says."""
    days = 1 if case.stage in ("returned", "overridden", "final") else 0
    submitted = min(start + dt.timedelta(days=1), world.timeline.today)
    checked = min(submitted + dt.timedelta(days=days), world.timeline.today)
    session = world.session
    review_actions.submit_for_qa(
        session,
        review=review,
        actor=world.people.actor(key, submitted),
        now=world.timeline.at(submitted, 7, case.place),
        today=submitted,
    )
    if case.stage == "submitted":
        return
    desk = quality.Desk(
        session,
        review,
        lead=world.people.actor("qa_lead", checked),
        second=world.people.actor("qa_lead_2", checked),
        reviewer=world.people.actor(key, checked),
        now=world.timeline.at(checked, 7, 60 - 1 - case.place % 20),
    )
    quality.begin(desk)
    for step in _QA.get(case.stage, ()):
        step(desk)


# what QA does after it has begun, by stage of the state file
_QA: dict[str, tuple[Callable[[quality.Desk], None], ...]] = {
    "returned": (quality.give_back,),
    "answered": (quality.leave_an_answered_note,),
    "overridden": (quality.override_one, quality.approve),
    "final": (quality.approve,),
}
