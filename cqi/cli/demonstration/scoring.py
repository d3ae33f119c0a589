"""How a case of the demonstration is scored, handed in and checked, by the real actions."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import orm

from cqi.cases.rules import CaseType
from cqi.cli.demonstration import cast, hearing, invention, quality, timeline
from cqi.cli.demonstration.invention import Sketch
from cqi.reviews import actions as review_actions
from cqi.reviews import rules as review_rules
from cqi.reviews.models import CaseReview


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
class Case:
    place: int
    number: str
    sketch: Sketch
    stage: str


def share_of(case: Case) -> float:
    """How much of a case is answered at its stage."""
    return {"half": 0.5, "begun": 0.2 + 0.15 * (case.place % 4)}.get(case.stage, 1.0)


def score(
    world: World, review: CaseReview, case: Case, *, share: float, key: str, at: dt.datetime
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


def check(world: World, review: CaseReview, case: Case, key: str, start: dt.date) -> None:
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
