"""Everybody on a round's team as candidates for a case: who can take it, who not and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import orm

from cqi.access.actor import Actor
from cqi.cases.models import Case
from cqi.reviews import policy
from cqi.reviews.models import CaseReview
from cqi.reviews.policy.fitness import Fitness
from cqi.reviews.queries import choosing, fitness, readings, visibility
from cqi.reviews.queries.fitness import Task
from cqi.reviews.rules import ReviewPurpose
from cqi.reviews.rules.suggesting import Candidate
from cqi.rounds.models import Round
from cqi.rounds.queries import ledger
from cqi.rounds.rules import ledger as ledger_rules
from cqi.rounds.rules.ledger import Entry, LedgerKind


@dataclass(frozen=True)
class _Team:
    """What is known of everybody on a round's team on a day."""

    in_round: Round
    day: dt.date
    people: Sequence[Actor]
    loads: Mapping[int, tuple[int, int]]
    entries: Mapping[int, Sequence[Entry]]

    @property
    def ids(self) -> set[int]:
        return {each.person_id for each in self.people}

    def candidate(self, person: Actor, blocked: Collection[str]) -> Candidate:
        entries = self.entries.get(person.person_id, ())
        of = self.in_round.instrument
        certified = ledger_rules.held(entries, LedgerKind.CERTIFIED, of, self.day)
        load, given = self.loads.get(person.person_id, (0, 0))
        return Candidate(
            person.person_id,
            person.public_id,
            person.name,
            load,
            given,
            ledger_rules.held(entries, LedgerKind.LED, of, self.day) is not None,
            certified.until_on if certified else None,
            tuple(blocked),
        )


def for_any(
    session: orm.Session, in_round: Round, purpose: ReviewPurpose, today: dt.date
) -> list[Candidate]:
    """As long as no case is chosen: who lacks what the round requires can take none."""
    team, task = _team(session, in_round, today), Task(in_round, None, purpose, today)
    fit = fitness.fitness(session, task, team.ids)
    return [
        team.candidate(one, [words for _, words in fit[one.person_id].lacks]) for one in team.people
    ]


def for_cases(
    session: orm.Session,
    in_round: Round,
    purpose: ReviewPurpose,
    cases: Collection[Case],
    today: dt.date,
) -> dict[int, list[Candidate]]:
    """Case id -> the candidates, for cases that are not in the round yet."""
    team, found = _team(session, in_round, today), dict[int, list[Candidate]]()
    counties = {each.county_id for each in cases}
    fit = {
        county: fitness.fitness(session, Task(in_round, county, purpose, today), team.ids)
        for county in counties
    }
    for case in cases:
        standing = choosing.standing_to_be(session, in_round, case)
        kept = _kept_off(session, team, case, purpose)
        found[case.id] = _candidates(team, standing, fit[case.county_id], kept)
    return found


def _kept_off(
    session: orm.Session, team: _Team, case: Case, purpose: ReviewPurpose
) -> dict[int, str]:
    """Person id -> why they cannot do what it is for: practise on it, or read it a second time."""
    if purpose is ReviewPurpose.PRACTICE:
        return dict.fromkeys(choosing.scorers(session, case), "scores this case")
    if purpose is not ReviewPurpose.RELIABILITY:
        return {}
    here = readings.Place(team.in_round.id, case.id)
    known = readings.know_other(session, here, team.ids)
    return dict.fromkeys(known, "knows the other reading of this case")


def for_review(session: orm.Session, review: CaseReview, today: dt.date) -> list[Candidate]:
    """The candidates for a case review that is there."""
    team = _team(session, review.round, today)
    task = Task(review.round, review.case.county_id, review.purpose, today)
    fit = fitness.fitness(session, task, team.ids)
    return _candidates(team, visibility.standing(session, review), fit)


def _team(session: orm.Session, in_round: Round, today: dt.date) -> _Team:
    people = choosing.team(session, in_round, today)
    entries = ledger.standing(session, {each.person_id for each in people})
    return _Team(in_round, today, people, choosing.loads(session, in_round), entries)


def _candidates(
    team: _Team,
    standing: policy.Standing,
    fit: Mapping[int, Fitness],
    kept_off: Mapping[int, str] = MappingProxyType({}),
) -> list[Candidate]:
    found = []
    for one in team.people:
        blockers = policy.assignment_blockers(standing, one, fit[one.person_id])
        blocked = [_short(one.name, each.message) for each in blockers]
        why = kept_off.get(one.person_id)
        found.append(team.candidate(one, [*blocked, *([why] if why else [])]))
    return found


def _short(name: str, message: str) -> str:
    """A reason as it goes on from the name, without what to do: the list shows whom to choose."""
    return message.removeprefix(f"{name} ").partition(": choose ")[0]
