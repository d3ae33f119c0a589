"""Putting a case into a round and people on its case review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission
from cqi.cases.models import Case
from cqi.core import errors
from cqi.core.errors import Blocker
from cqi.reviews import policy, queries
from cqi.reviews.actions import moving
from cqi.reviews.actions.moving import Doing
from cqi.reviews.models import CaseReview, ReviewPerson
from cqi.reviews.policy import fitness
from cqi.reviews.rules import OPEN_STATES, STATE_WORDS, Part, ReviewPurpose, ReviewState
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round, RoundCounty
from cqi.sampling import queries as sampling


@dataclass(frozen=True)
class _Place:
    """Where a case review is to stand: a case in a round, and what for."""

    in_round: Round
    case: Case
    purpose: ReviewPurpose = ReviewPurpose.SCORED

    @property
    def reading(self) -> int:
        """The second is for reliability alone."""
        return 2 if self.purpose is ReviewPurpose.RELIABILITY else 1


def assign_case(
    session: orm.Session,
    *,
    in_round: Round,
    case: Case,
    reviewers: Sequence[Actor],
    actor: Actor,
    now: dt.datetime,
) -> CaseReview:
    """Put a case into a round and give it its reviewers (`queries.team` has those to choose from).

    Raises Forbidden, or Blocked: county_not_in_round, already_in_round, not_on_team, conflict.
    """
    return _assign(session, _Place(in_round, case), reviewers, actor, now)


def assign_cases(
    session: orm.Session,
    *,
    in_round: Round,
    given: Sequence[tuple[Case, Sequence[Actor]]],
    actor: Actor,
    now: dt.datetime,
) -> list[CaseReview]:
    """Put many cases into a round, each with its reviewers: all of them or none.

    Raises Forbidden, or Blocked with every reason of every case: as for one, and same_twice.
    """
    found, made = list[Blocker](), list[CaseReview]()
    with session.begin_nested():
        for case, reviewers in given:
            try:
                _require_different(reviewers)
                made.append(_assign(session, _Place(in_round, case), reviewers, actor, now))
            except errors.Blocked as blocked:
                words = f"Case {case.case_number}: "
                where = f"case-{case.public_id}"
                found += [
                    Blocker(each.code, words + each.message, where) for each in blocked.blockers
                ]
        errors.require(found)
    return made


def _require_different(reviewers: Sequence[Actor]) -> None:
    if len({each.person_id for each in reviewers}) < len(reviewers):
        raise errors.Blocked([Blocker("same_twice", "Choose two different people.")])


def assign_for_practice(
    session: orm.Session,
    *,
    in_round: Round,
    case: Case,
    reviewers: Sequence[Actor],
    actor: Actor,
    now: dt.datetime,
) -> CaseReview:
    """The same for training: it counts in no figure, and others may score the case besides.

    Blocked also: nobody, scores_it (who scores a case does not come to it from practice).
    """
    place = _Place(in_round, case, ReviewPurpose.PRACTICE)
    return _assign(session, place, reviewers, actor, now)


def assign_second_reading(
    session: orm.Session,
    *,
    in_round: Round,
    case: Case,
    reviewers: Sequence[Actor],
    actor: Actor,
    now: dt.datetime,
) -> CaseReview:
    """The same for a case that is drawn to be read twice, to a second pair: it counts in no figure.

    Forbidden for whoever reviews in the round. Blocked also: not_read_twice, no_first_reading,
    nobody, other_reading (who knows the first reading).
    """
    if not policy.knows_readings(actor, rounds.thing(session, in_round)):
        raise errors.Forbidden(policy.READINGS_ARE_FOR_OTHERS)
    place = _Place(in_round, case, ReviewPurpose.RELIABILITY)
    return _assign(session, place, reviewers, actor, now)


def _assign(
    session: orm.Session,
    place: _Place,
    reviewers: Sequence[Actor],
    actor: Actor,
    now: dt.datetime,
) -> CaseReview:
    standing = queries.standing_to_be(session, place.in_round, place.case)
    _require_assigning(standing.thing, actor)
    blockers = _round_blockers(session, place)
    task = queries.Task(
        place.in_round, place.case.county_id, place.purpose, actor.day or now.date()
    )
    blockers += _people_blockers(session, task, standing, reviewers)
    if place.purpose in _FOR:
        blockers += _FOR[place.purpose](session, place, reviewers)
    errors.require(blockers)
    review = _new_review(place, now)
    session.add(review)
    session.flush()
    doing = Doing(review, actor, now)
    people = sorted({reviewer.person_id for reviewer in reviewers})
    for person_id in dict.fromkeys(reviewer.person_id for reviewer in reviewers):
        _put_on(session, doing, person_id)
    payload = {"round": str(place.in_round.public_id), "case": str(place.case.public_id)}
    if place.purpose is not ReviewPurpose.SCORED:
        payload["purpose"] = place.purpose.value
    moving.record(session, doing, "review.assigned", {**payload, "reviewers": people})
    return review


def add_reviewer(
    session: orm.Session, *, review: CaseReview, reviewer: Actor, actor: Actor, now: dt.datetime
) -> None:
    """Put one more person on a case review. Raises Forbidden or Blocked."""
    doing = Doing(review, actor, now)
    standing = _locked_for_assigning(session, doing)
    day = actor.day or now.date()
    task = queries.Task(review.round, review.case.county_id, review.purpose, day)
    blockers = _not_open(standing) + _people_blockers(session, task, standing, [reviewer])
    blockers += _other_reading(session, doing, standing, reviewer)
    if review.imported_digest is not None:
        message = (
            "This case was reviewed elsewhere and imported: withdraw it, nobody scores it anew."
        )
        blockers.append(Blocker("imported", message))
    if reviewer.person_id in standing.reviewers:
        blockers.append(Blocker("already_on_it", f"{reviewer.name} is on this case review."))
    errors.require(blockers)
    _put_on(session, doing, reviewer.person_id)
    payload = {"person": reviewer.person_id}
    moving.record(session, doing, "review.reviewer_added", payload)


def remove_reviewer(
    session: orm.Session, *, review: CaseReview, person_id: int, actor: Actor, now: dt.datetime
) -> None:
    """Take a reviewer off a case review; what they answered stays. Raises Forbidden or Blocked."""
    doing = Doing(review, actor, now)
    standing = _locked_for_assigning(session, doing)
    blockers = _not_open(standing)
    if person_id not in standing.reviewers:
        blockers.append(Blocker("not_on_it", "This person is not on the case review any more."))
    errors.require(blockers)
    ended = sa.update(ReviewPerson).where(
        ReviewPerson.review_id == review.id,
        ReviewPerson.person_id == person_id,
        ReviewPerson.part == Part.REVIEWER,
        ReviewPerson.until_at.is_(None),
    )
    session.execute(ended.values(until_at=now))
    moving.record(session, doing, "review.reviewer_removed", {"person": person_id})


def _people_blockers(
    session: orm.Session,
    task: queries.Task,
    standing: policy.Standing,
    reviewers: Sequence[Actor],
) -> list[Blocker]:
    """Why these people cannot review it."""
    fit = queries.fitness_of(session, task, {each.person_id for each in reviewers})
    return [
        blocker
        for each in reviewers
        for blocker in policy.assignment_blockers(standing, each, fit[each.person_id])
    ]


def _require_assigning(thing: Thing, actor: Actor) -> None:
    if not actor.may(Permission.ROUND_ASSIGN, thing):
        raise errors.Forbidden("You may not assign cases in this round.")


def _round_blockers(session: orm.Session, place: _Place) -> list[Blocker]:
    in_round, case, found = place.in_round, place.case, list[Blocker]()
    counties = sa.select(RoundCounty.county_id).where(RoundCounty.round_id == in_round.id)
    if case.county_id not in set(session.scalars(counties)):
        message = f"The county of case {case.case_number} is not in this round."
        found.append(Blocker("county_not_in_round", message, "case"))
    drawn = sampling.in_sample(session, [in_round.id]).get(in_round.id)
    scored = place.purpose is ReviewPurpose.SCORED
    if scored and drawn is not None and case.case_number not in drawn:
        message = (
            f"Case {case.case_number} is not in the sample of this round: a case comes in by the"
            " draw, or steps in for one that is eliminated."
        )
        found.append(Blocker("not_drawn", message, "case"))
    there = sa.select(CaseReview.id).where(
        CaseReview.round_id == in_round.id,
        CaseReview.case_id == case.id,
        CaseReview.purpose == place.purpose,
    )
    if session.scalar(there.limit(1)) is not None:
        message = f"Case {case.case_number} {_ALREADY[place.purpose]} this round already."
        found.append(Blocker("already_in_round", message, "case"))
    return found


_ALREADY = {
    ReviewPurpose.SCORED: "is in",
    ReviewPurpose.PRACTICE: "is a practice case of",
    ReviewPurpose.RELIABILITY: "has its second reading in",
}


def _practice_blockers(
    session: orm.Session, place: _Place, reviewers: Sequence[Actor]
) -> list[Blocker]:
    """Nobody practises on a case that they score, or did, in any round."""
    if not reviewers:
        return [Blocker("nobody", "Choose who practises on it.", "reviewers")]
    scorers = queries.scorers(session, place.case)
    return [
        Blocker("scores_it", f"{each.name} scores this case: choose another case or person.")
        for each in reviewers
        if each.person_id in scorers
    ]


def _reading_blockers(
    session: orm.Session, place: _Place, reviewers: Sequence[Actor]
) -> list[Blocker]:
    """The seed says which cases are read twice, and a second pair knows nothing of the first."""
    number, found = place.case.case_number, list[Blocker]()
    if not place.in_round.double_reading.due(number):
        message = f"Case {number} is not drawn to be read twice: a seed tells, nobody chooses."
        found.append(Blocker("not_read_twice", message, "case"))
    first = queries.readings.readings(session, place.in_round, number)
    if not first or first[0].state is ReviewState.WITHDRAWN:
        message = f"Case {number} has no first reading in this round: give it to a pair first."
        found.append(Blocker("no_first_reading", message, "case"))
    if not reviewers:
        found.append(Blocker("nobody", "Choose who reads it.", "reviewers"))
    here = queries.readings.Place(place.in_round.id, place.case.id)
    know = queries.know_other(session, here, {each.person_id for each in reviewers})
    told = [each for each in reviewers if each.person_id in know]
    return [*found, *(fitness.other_reading_blocker(each, told=True) for each in told)]


# what a purpose asks besides
_FOR = {
    ReviewPurpose.PRACTICE: _practice_blockers,
    ReviewPurpose.RELIABILITY: _reading_blockers,
}


def _other_reading(
    session: orm.Session, doing: Doing, standing: policy.Standing, reviewer: Actor
) -> list[Blocker]:
    """Nobody comes to one reading of a case from the other."""
    review = doing.review
    here = queries.readings.Place(review.round_id, review.case_id, review.id)
    apart = review.purpose is not ReviewPurpose.PRACTICE
    if not apart or not queries.know_other(session, here, [reviewer.person_id]):
        return []
    told = policy.knows_readings(doing.actor, standing.thing)
    return [fitness.other_reading_blocker(reviewer, told=told)]


def _new_review(place: _Place, now: dt.datetime) -> CaseReview:
    in_round = place.in_round
    return CaseReview(
        round=in_round,
        case=place.case,
        purpose=place.purpose,
        reading=place.reading,
        state=ReviewState.ASSIGNED,
        state_since=now,
        instrument=in_round.instrument,
        instrument_version=in_round.instrument_version,
        instrument_digest=in_round.instrument_digest,
        created_at=now,
    )


def _put_on(session: orm.Session, doing: Doing, person_id: int) -> None:
    session.add(
        ReviewPerson(
            review_id=doing.review.id, person_id=person_id, part=Part.REVIEWER, from_at=doing.now
        )
    )


def _locked_for_assigning(session: orm.Session, doing: Doing) -> policy.Standing:
    standing = queries.standing(session, doing.review, lock=True)
    _require_assigning(standing.thing, doing.actor)
    return standing


def _not_open(standing: policy.Standing) -> list[Blocker]:
    if standing.state in OPEN_STATES:
        return []
    words = STATE_WORDS[standing.state].lower()
    message = f"The case review is {words}: its reviewers cannot be changed now."
    return [Blocker("not_open", message)]
