"""Who may do what with a case review, answered as reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cqi.access.actor import Actor, Thing
from cqi.access.permissions import Permission, Role
from cqi.core.errors import Blocker
from cqi.reviews import workflow
from cqi.reviews.policy import fitness as fitnesses
from cqi.reviews.policy import readings
from cqi.reviews.rules import (
    ALERT_STATE_WORDS,
    NOTE_STATES,
    OPEN_STATES,
    QA_STATES,
    STATE_WORDS,
    AlertState,
    NewAlert,
    ReviewState,
)
from cqi.reviews.workflow import AlertGuard, AlertStep, Guard, Step


@dataclass(frozen=True)
class Standing:
    """What decides about a case review: where it lies, where it stands, who worked on it.

    `reviewers` are on it now, `scorers` ever were; `checkers` decided in its QA, `first_level` at
    the first level; `case_staff` are the staff numbers of those who work or supervise the case;
    `open_alerts` are the public ids of safety alerts that are not closed; `second_level_due`: the
    round wants another QA lead to read it; `declared` are the people who have a conflict of
    interest on file.
    """

    state: ReviewState
    places: frozenset[int]
    round_id: int
    reviewers: frozenset[int] = frozenset()
    scorers: frozenset[int] = frozenset()
    checkers: frozenset[int] = frozenset()
    first_level: frozenset[int] = frozenset()
    case_staff: frozenset[str] = frozenset()
    open_alerts: tuple[str, ...] = ()
    second_level_due: bool = False
    declared: frozenset[int] = frozenset()

    @property
    def thing(self) -> Thing:
        """The case review as grants see it."""
        return Thing(self.places, self.round_id, self.reviewers)


def permitted(permission: Permission, standing: Standing, actor: Actor) -> bool:
    """True when a grant carries the permission here; scoring also takes being assigned."""
    if permission is Permission.REVIEW_SCORE:
        return actor.person_id in standing.reviewers and actor.may(permission, standing.thing)
    return actor.may(permission, standing.thing)


def blockers(
    step: Step,
    standing: Standing,
    actor: Actor,
    reason: str | None = None,
    missing: tuple[Blocker, ...] = (),
    notes: tuple[Blocker, ...] = (),
) -> list[Blocker]:
    """Why `actor` cannot take the step now; `missing` is what the sheet lacks, `notes` are the QA
    notes that are open."""
    transition = workflow.BY_STEP[step]
    found = list(_about_state(transition, standing))
    if not permitted(transition.permission, standing, actor):
        found.append(_not_permitted(step))
    for guard in transition.guards:
        if guard is Guard.COMPLETE:
            found += missing
        elif guard is Guard.NOTES_RESOLVED:
            found += notes
        else:
            found += _GUARDS[guard](standing, actor)
    if transition.reason_required and not (reason or "").strip():
        found.append(Blocker("no_reason", "Say why: a reason is kept with this step.", "reason"))
    return found


def offered(standing: Standing, actor: Actor) -> list[Step]:
    """The steps that a page offers `actor` now; START happens by itself with the first answer."""
    return [
        transition.step
        for transition in workflow.TRANSITIONS
        if transition.step is not Step.START
        and standing.state in transition.starts
        and permitted(transition.permission, standing, actor)
    ]


def scoring_blockers(standing: Standing, actor: Actor) -> list[Blocker]:
    """Why `actor` cannot change answers, narratives or evidence."""
    found = [*_assigned_reviewer(standing, actor), *_no_conflict(standing, actor)]
    if standing.state not in OPEN_STATES:
        words = STATE_WORDS[standing.state].lower()
        message = f"The case review is {words}: its answers cannot be changed now."
        found.append(Blocker("not_open", message))
    return found


def sees_protected(standing: Standing, actor: Actor) -> bool:
    """True for those who score the case review or may do its QA: others see it masked only."""
    needed = (Permission.REVIEW_SCORE, Permission.REVIEW_APPROVE)
    return any(permitted(permission, standing, actor) for permission in needed)


def sees_notes(standing: Standing, actor: Actor) -> bool:
    """QA notes are for the reviewers of the case review and for QA."""
    if permitted(Permission.REVIEW_SCORE, standing, actor):
        return True
    return permitted(Permission.REVIEW_APPROVE, standing, actor)


def in_queue(standing: Standing, actor: Actor) -> bool:
    """It stands in this person's queue of QA: theirs to check, handed in or back with reviewers."""
    if actor.person_id in standing.reviewers:
        return False
    queued = QA_STATES | {ReviewState.SUBMITTED, ReviewState.RETURNED}
    return standing.state in queued and permitted(Permission.REVIEW_APPROVE, standing, actor)


def reply_blockers(standing: Standing, actor: Actor) -> list[Blocker]:
    """Why `actor` cannot answer a QA note as a reviewer."""
    found = [*_assigned_reviewer(standing, actor), *_no_conflict(standing, actor)]
    return [*found, *_not_among(NOTE_STATES, standing, "its QA notes are closed")]


def note_blockers(standing: Standing, actor: Actor) -> list[Blocker]:
    """Why `actor` cannot add to, resolve or reopen a QA note."""
    found = [*_checks(standing, actor)]
    return [*found, *_not_among(NOTE_STATES, standing, "its QA notes are closed")]


def check_blockers(standing: Standing, actor: Actor) -> list[Blocker]:
    """Why `actor` cannot open a QA note or set a rating: that is done in QA only."""
    found = [*_checks(standing, actor)]
    return [*found, *_not_among(QA_STATES, standing, "notes and ratings are set in QA only")]


def assignment_blockers(
    standing: Standing, reviewer: Actor, fitness: fitnesses.Fitness = fitnesses.FIT
) -> list[Blocker]:
    """Why somebody cannot become a reviewer of this case review."""
    found = []
    on_team = any(
        grant.role is Role.REVIEWER and grant.round_id == standing.round_id
        for grant in reviewer.grants
    )
    if not on_team:
        message = f"{reviewer.name} is not a reviewer of this round: ask for a grant first."
        found.append(Blocker("not_on_team", message))
    if reviewer.staff_id and reviewer.staff_id in standing.case_staff:
        message = f"{reviewer.name} works or supervises this case: choose somebody else."
        found.append(Blocker("conflict", message))
    if reviewer.person_id in standing.declared:
        message = f"{reviewer.name} has a conflict of interest on file: choose somebody else."
        found.append(Blocker("declared_conflict", message))
    if reviewer.person_id in standing.checkers:
        message = f"{reviewer.name} did the QA of this case review: choose somebody else."
        found.append(Blocker("did_qa", message))
    found += fitnesses.blockers(reviewer.name, fitness)
    return found


READINGS_ARE_FOR_OTHERS = readings.ARE_FOR_OTHERS
AGREEMENT_IS_FOR_OTHERS = readings.AGREEMENT_IS_FOR_OTHERS
knows_readings = readings.knows_readings
compares_readings = readings.compares_readings
sees_who_differs = readings.sees_who_differs


def _checks(standing: Standing, actor: Actor) -> Iterator[Blocker]:
    """The guards of QA: only a QA lead who may check this case review works on it."""
    if not permitted(Permission.REVIEW_APPROVE, standing, actor):
        message = "Only a QA lead who checks this case review does this."
        yield Blocker("not_qa", message)
    yield from _not_own_work(standing, actor)
    yield from _no_conflict(standing, actor)
    yield from _another_qa_lead(standing, actor)


def _not_among(states: frozenset[ReviewState], standing: Standing, why: str) -> Iterator[Blocker]:
    if standing.state not in states:
        words = STATE_WORDS[standing.state].lower()
        yield Blocker("wrong_state", f"The case review is {words}: {why}.")


def _about_state(
    transition: workflow.Transition[Step, ReviewState, Guard], standing: Standing
) -> Iterator[Blocker]:
    if standing.state not in transition.starts:
        words = STATE_WORDS[standing.state].lower()
        step = workflow.STEP_WORDS[transition.step].lower()
        message = f"The case review is {words}: “{step}” is not possible now."
        yield Blocker("wrong_state", message)


def _not_permitted(step: Step) -> Blocker:
    words = workflow.STEP_WORDS[step].lower()
    return Blocker("not_permitted", f"You may not do this (“{words}”) on this case review.")


def _assigned_reviewer(standing: Standing, actor: Actor) -> list[Blocker]:
    if permitted(Permission.REVIEW_SCORE, standing, actor):
        return []
    message = "Only the reviewers who are assigned to a case review score it."
    return [Blocker("not_a_reviewer", message)]


def _no_conflict(standing: Standing, actor: Actor) -> list[Blocker]:
    found = []
    if actor.staff_id and actor.staff_id in standing.case_staff:
        message = "You work or supervise this case, so somebody else reviews it and does its QA."
        found.append(Blocker("conflict", message))
    if actor.person_id in standing.declared:
        message = (
            "Your conflict of interest with this case is on file, so somebody else reviews it and"
            " does its QA."
        )
        found.append(Blocker("declared_conflict", message))
    return found


def _not_own_work(standing: Standing, actor: Actor) -> list[Blocker]:
    if actor.person_id not in standing.scorers:
        return []
    message = "You scored this case review, so another QA lead decides on it."
    return [Blocker("own_work", message)]


def _another_qa_lead(standing: Standing, actor: Actor) -> list[Blocker]:
    second = standing.state is ReviewState.SECOND_LEVEL_QA
    if not second or actor.person_id not in standing.first_level:
        return []
    message = "You did the first-level QA, so another QA lead does the second level."
    return [Blocker("same_qa_lead", message)]


def _second_level_done(standing: Standing, actor: Actor) -> list[Blocker]:  # noqa: ARG001 - one shape for all guards
    first = standing.state is ReviewState.FIRST_LEVEL_QA
    if not first or not standing.second_level_due:
        return []
    message = (
        "This round sends this case review to second-level QA: send it on, and another QA lead"
        " makes it final."
    )
    return [Blocker("second_level_due", message, "second")]


def _no_open_alert(standing: Standing, actor: Actor) -> list[Blocker]:  # noqa: ARG001 - a guard's
    """The place of each is the alert's public id: a page makes a link of it."""
    message = (
        "A safety alert of this case is open. It has to be answered, and the answer accepted,"
        " before the case review can become final."
    )
    return [Blocker("open_alert", message, alert) for alert in standing.open_alerts]


_GUARDS: Mapping[Guard, Callable[[Standing, Actor], list[Blocker]]] = {
    Guard.ASSIGNED_REVIEWER: _assigned_reviewer,
    Guard.NO_CONFLICT: _no_conflict,
    Guard.NOT_OWN_WORK: _not_own_work,
    Guard.ANOTHER_QA_LEAD: _another_qa_lead,
    Guard.SECOND_LEVEL_DONE: _second_level_done,
    Guard.NO_OPEN_ALERT: _no_open_alert,
}


@dataclass(frozen=True)
class AlertStanding:
    """What decides about a safety alert: where it stands and lies, and who has to do with it.

    `supervisors` are the staff numbers of those who supervise the case today, `site_leaders` lead
    the round today, `answered_by` wrote the newest answer; `hotline` says that it was called.
    """

    state: AlertState
    thing: Thing
    about_unit: bool
    raised_by: int
    supervisors: frozenset[str] = frozenset()
    site_leaders: frozenset[int] = frozenset()
    answered_by: int | None = None
    hotline: bool = True


def raise_blockers(
    standing: Standing, actor: Actor, new: NewAlert, now: dt.datetime
) -> list[Blocker]:
    """Why a safety alert cannot be raised so. Its reviewers may at any time: danger waits for no
    state of a case review."""
    found = _assigned_reviewer(standing, actor)
    if not new.seen.strip():
        found.append(Blocker("not_said", "Say what you saw or heard.", "seen"))
    if not new.child.strip():
        found.append(Blocker("no_child", "Say which child, by an initial or a word.", "child"))
    if new.hotline_at is not None and new.hotline_at > now:
        message = "This time is still to come. When was the hotline called?"
        found.append(Blocker("hotline_ahead", message, "hotline_at"))
    return found


def alert_blockers(
    step: AlertStep, standing: AlertStanding, actor: Actor, text: str | None = None
) -> list[Blocker]:
    """Why `actor` cannot take the step with a safety alert now."""
    transition = workflow.ALERT_BY_STEP[step]
    found = []
    if standing.state not in transition.starts:
        found.append(_alert_state(standing))
    if not _alert_permitted(step, standing, actor):
        found.append(Blocker("not_permitted", "This safety alert is for others to act on."))
    for guard in transition.guards:
        found += _ALERT_GUARDS[guard](standing, actor)
    if transition.reason_required and not (text or "").strip():
        found.append(Blocker("no_text", "Write it down: it is kept with the alert.", step.value))
    return found


def alert_offered(standing: AlertStanding, actor: Actor) -> list[AlertStep]:
    """The steps that a page offers `actor` now."""
    return [
        step
        for step, transition in workflow.ALERT_BY_STEP.items()
        if standing.state in transition.starts
        and not alert_blockers(step, standing, actor, "given")
    ]


def hotline_blockers(standing: AlertStanding, actor: Actor) -> list[Blocker]:
    """Why `actor` cannot note that the hotline was called after the alert was raised."""
    if standing.state not in workflow.ALERT_STAYS[AlertStep.NOTE_HOTLINE_CALL]:
        return [_alert_state(standing)]
    if actor.person_id != standing.raised_by:
        message = "Whoever raised the alert calls the hotline and notes it."
        return [Blocker("not_permitted", message)]
    if standing.hotline:
        return [Blocker("hotline_noted", "The call to the hotline is noted already.")]
    return []


def _alert_state(standing: AlertStanding) -> Blocker:
    words = ALERT_STATE_WORDS[standing.state].lower()
    return Blocker("wrong_state", f"The safety alert is {words}: this is not possible now.")


def _alert_permitted(step: AlertStep, standing: AlertStanding, actor: Actor) -> bool:
    permission = workflow.ALERT_BY_STEP[step].permission
    if permission is not Permission.ALERT_ANSWER:
        return actor.may(permission, standing.thing)
    if standing.about_unit:  # the unit does not answer for itself
        return actor.may(Permission.ALERT_ANSWER_OF_UNIT, standing.thing)
    own = bool(actor.staff_id) and actor.staff_id in standing.supervisors
    return actor.may(permission, standing.thing) or (own and actor.holds(permission))


def _not_own_answer(standing: AlertStanding, actor: Actor) -> list[Blocker]:
    if actor.person_id != standing.answered_by:
        return []
    return [Blocker("own_answer", "You wrote this answer, so somebody else accepts it.")]


def _site_leader_first(standing: AlertStanding, actor: Actor) -> list[Blocker]:
    others = standing.site_leaders - {standing.answered_by}
    if not others or actor.person_id in others:
        return []
    return [Blocker("site_leader_first", "The round's site leader decides on the answer.")]


_ALERT_GUARDS: Mapping[AlertGuard, Callable[[AlertStanding, Actor], list[Blocker]]] = {
    AlertGuard.NOT_OWN_ANSWER: _not_own_answer,
    AlertGuard.SITE_LEADER_FIRST: _site_leader_first,
}
