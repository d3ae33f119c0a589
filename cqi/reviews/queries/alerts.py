"""Safety alerts: which somebody sees, one of them, the register, and whom each is told."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor, Thing
from cqi.access.models import Person
from cqi.access.permissions import Permission, Role
from cqi.cases.models import Case, CaseStaff
from cqi.cases.rules import StaffKind
from cqi.core import database, errors
from cqi.places import queries as places
from cqi.reviews import policy
from cqi.reviews.models import CaseReview, SafetyAlert, SafetyAlertStep
from cqi.reviews.queries import visibility
from cqi.reviews.rules import AlertState
from cqi.reviews.workflow import ALERT_STAYS, AlertStep


@dataclass(frozen=True)
class AlertStepTaken:
    """One step of a safety alert; `by` is a name, empty where the clock took it."""

    step: AlertStep
    at: dt.datetime
    by: str
    text: str


@dataclass(frozen=True)
class AlertSheet:
    """A safety alert with everything that was done about it, in order."""

    alert: SafetyAlert
    case_number: str
    county: str
    round: str
    raised_by: str
    steps: tuple[AlertStepTaken, ...]

    @property
    def open(self) -> bool:
        """True until an answer is accepted."""
        return self.alert.state is not AlertState.CLOSED

    def first(self, *steps: AlertStep) -> dt.datetime | None:
        """When one of these steps was first taken."""
        return next((each.at for each in self.steps if each.step in steps), None)

    def last(self, step: AlertStep) -> AlertStepTaken | None:
        """The newest of a step."""
        return next((each for each in reversed(self.steps) if each.step is step), None)

    @property
    def acknowledged_at(self) -> dt.datetime | None:
        """Whoever answers has taken note."""
        return self.first(AlertStep.ACKNOWLEDGE, AlertStep.ANSWER)

    @property
    def answered_at(self) -> dt.datetime | None:
        """The first answer: a return does not move the clock."""
        return self.first(AlertStep.ANSWER)

    @property
    def climbed_at(self) -> dt.datetime | None:
        """When the CQI director was told that it is late."""
        return self.first(AlertStep.CLIMB_UNACKNOWLEDGED, AlertStep.CLIMB_UNANSWERED)

    @property
    def closed_at(self) -> dt.datetime | None:
        return self.first(AlertStep.ACCEPT_ANSWER)


def _visible_to(actor: Actor, today: dt.date) -> sa.ColumnElement[bool]:
    """Those of case reviews that one sees, and those that one answers: of the unit, county or
    region, or of a case that one supervises; what concerns the unit stays out of its hands. And
    those that one raised, also where one is off the case by now. A declared conflict of interest
    closes them, but for those who supervise the case."""
    of_unit = visibility.within(actor.reach(Permission.ALERT_ANSWER_OF_UNIT))
    answers = actor.reach(Permission.ALERT_ANSWER)
    own = CaseReview.case_id.in_(_supervised(actor, today)) if answers else sa.false()
    by_place = sa.or_(of_unit, sa.and_(~SafetyAlert.about_unit, visibility.within(answers)))
    theirs = sa.and_(~SafetyAlert.about_unit, own)
    otherwise = sa.and_(sa.or_(by_place, _raised_by(actor)), visibility.undeclared(actor))
    return sa.or_(visibility.reached_by(actor), otherwise, theirs)


def _raised_by(actor: Actor) -> sa.ColumnElement[bool]:
    return SafetyAlert.raised_by_id == actor.person_id


def _supervised(actor: Actor, today: dt.date) -> sa.Select[int]:
    return sa.select(CaseStaff.case_id).where(
        CaseStaff.staff_id == (actor.staff_id or None), *_supervises(today)
    )


def _supervises(today: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        CaseStaff.kind == StaffKind.SUPERVISOR,
        CaseStaff.from_on <= today,
        sa.or_(CaseStaff.until_on.is_(None), CaseStaff.until_on >= today),
    )


def _alerts(actor: Actor, today: dt.date) -> sa.Select[SafetyAlert]:
    return (
        sa.select(SafetyAlert)
        .join(SafetyAlert.review)
        .join(CaseReview.case)
        .options(
            orm.contains_eager(SafetyAlert.review).contains_eager(CaseReview.case),
            orm.contains_eager(SafetyAlert.review).joinedload(CaseReview.round),
        )
        .where(_visible_to(actor, today))
    )


def safety_alert(
    session: orm.Session, actor: Actor, public_id: uuid.UUID, today: dt.date
) -> SafetyAlert:
    """An alert that `actor` sees, with its case review, case and round. Raises NotFound."""
    query = _alerts(actor, today).where(SafetyAlert.public_id == public_id)
    found = session.scalar(query)
    if found is None:
        raise errors.NotFound("there is no such safety alert")
    return found


def register(session: orm.Session, actor: Actor, today: dt.date) -> list[AlertSheet]:
    """The alerts that `actor` sees: open ones first, what is due first; then the newest."""
    found = list(session.scalars(_alerts(actor, today)))
    still_open = [each for each in found if each.state is not AlertState.CLOSED]
    closed = [each for each in found if each.state is AlertState.CLOSED]
    still_open.sort(key=lambda each: (each.state is AlertState.ANSWERED, _next_due(each)))
    closed.sort(key=lambda each: each.raised_at, reverse=True)
    return sheets(session, [*still_open, *closed])


def _next_due(alert: SafetyAlert) -> dt.datetime:
    unseen = alert.state is AlertState.RAISED
    return alert.acknowledge_due_at if unseen else alert.answer_due_at


def found_by(
    session: orm.Session, actor: Actor, case_id: int | None, today: dt.date
) -> list[uuid.UUID]:
    """Public ids of the alerts, of one case or of all, that `actor` sees."""
    here = sa.true() if case_id is None else CaseReview.case_id == case_id
    query = (
        sa.select(SafetyAlert.public_id)
        .join(SafetyAlert.review)
        .join(CaseReview.case)
        .where(here, _visible_to(actor, today))
        .order_by(SafetyAlert.id)
    )
    return list(session.scalars(query))


def raisers(session: orm.Session, case_id: int) -> dict[uuid.UUID, int]:
    """Who (a person's id) raised each alert of a case, by the alert's public id."""
    query = (
        sa.select(SafetyAlert.public_id, SafetyAlert.raised_by_id)
        .join(SafetyAlert.review)
        .where(CaseReview.case_id == case_id)
    )
    return dict(session.execute(query).all())


def raised(session: orm.Session, actor: Actor, today: dt.date) -> list[AlertSheet]:
    """The alerts that `actor` raised, the newest first."""
    query = _alerts(actor, today).where(_raised_by(actor)).order_by(SafetyAlert.id.desc())
    return sheets(session, list(session.scalars(query)))


def of_review(session: orm.Session, review: CaseReview) -> list[AlertSheet]:
    """All alerts of a case review that the caller has found for the actor, the newest first."""
    query = (
        sa.select(SafetyAlert)
        .options(orm.joinedload(SafetyAlert.review))
        .where(SafetyAlert.review_id == review.id)
        .order_by(SafetyAlert.id.desc())
    )
    return sheets(session, list(session.scalars(query)))


def open_count(session: orm.Session, actor: Actor, today: dt.date) -> int:
    """How many of the alerts that `actor` sees are open."""
    query = (
        sa.select(sa.func.count())
        .select_from(SafetyAlert)
        .join(SafetyAlert.review)
        .join(CaseReview.case)
        .where(SafetyAlert.state != AlertState.CLOSED, _visible_to(actor, today))
    )
    return session.scalar(query) or 0


def counts_in_round(session: orm.Session, round_id: int) -> tuple[int, int]:
    """(raised, still open) of a round: numbers name nobody."""
    still_open = sa.case((SafetyAlert.state != AlertState.CLOSED, 1), else_=0)
    query = (
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(still_open), 0))
        .join(SafetyAlert.review)
        .where(CaseReview.round_id == round_id)
    )
    raised, number = session.execute(query).one()
    return raised, number


def sheets(session: orm.Session, found: Collection[SafetyAlert]) -> list[AlertSheet]:
    """Alerts with their steps and all names, in the same order."""
    steps = list(_steps(session, [each.id for each in found]))
    people = {each.raised_by_id for each in found} | {s.by_id for s in steps if s.by_id}
    names = access.people_names(session, people)
    counties = places.names(session, {each.review.case.county_id for each in found})
    return [
        AlertSheet(
            alert=each,
            case_number=each.review.case.case_number,
            county=counties[each.review.case.county_id],
            round=each.review.round.name,
            raised_by=names[each.raised_by_id],
            steps=tuple(_taken(step, names) for step in steps if step.alert_id == each.id),
        )
        for each in found
    ]


def _steps(session: orm.Session, alert_ids: Iterable[int]) -> Iterable[SafetyAlertStep]:
    query = sa.select(SafetyAlertStep).where(SafetyAlertStep.alert_id.in_(list(alert_ids)))
    return session.scalars(query.order_by(SafetyAlertStep.id))


def _taken(step: SafetyAlertStep, names: Mapping[int, str]) -> AlertStepTaken:
    by = names[step.by_id] if step.by_id is not None else ""
    return AlertStepTaken(AlertStep(step.step), step.at, by, step.text or "")


def standing(
    session: orm.Session, alert: SafetyAlert, today: dt.date, *, lock: bool = False
) -> policy.AlertStanding:
    """What `policy` needs to know. An action locks: it then sees the newest state, alone."""
    if lock and not database.alone(session):
        session.refresh(alert, ("state", "hotline_at"), with_for_update=True)
    case, round_id = alert.review.case, alert.review.round_id
    lies = frozenset(place for place in (case.county_id, case.unit_id) if place is not None)
    return policy.AlertStanding(
        state=alert.state,
        thing=Thing(lies, round_id),
        about_unit=alert.about_unit,
        raised_by=alert.raised_by_id,
        supervisors=frozenset(session.scalars(_supervisor_ids(case, today))),
        site_leaders=access.holders_in_round(session, Role.SITE_LEADER, round_id, today),
        answered_by=session.scalar(_answered_by(alert)),
        hotline=alert.hotline_at is not None,
    )


def _supervisor_ids(case: Case, today: dt.date) -> sa.Select[str]:
    return sa.select(CaseStaff.staff_id).where(CaseStaff.case_id == case.id, *_supervises(today))


def _answered_by(alert: SafetyAlert) -> sa.Select[int | None]:
    return (
        sa.select(SafetyAlertStep.by_id)
        .where(SafetyAlertStep.alert_id == alert.id, SafetyAlertStep.step == AlertStep.ANSWER.value)
        .order_by(SafetyAlertStep.id.desc())
        .limit(1)
    )


def responsible(session: orm.Session, alert: SafetyAlert, today: dt.date) -> frozenset[int]:
    """Who has to answer: the case's supervisor and the Regional Director, the latter alone where
    it concerns the unit. Where nobody holds either, the CQI director hears of it at once."""
    case = alert.review.case
    above = places.above(session, [case.county_id], today)
    directors = access.holders(session, Role.REGIONAL_DIRECTOR, above, today)
    if alert.about_unit:
        return directors or cqi_directors(session, today)
    theirs = sa.select(Person.id).where(
        Person.active, Person.staff_id.in_(_supervisor_ids(case, today))
    )
    return directors | set(session.scalars(theirs)) or cqi_directors(session, today)


def accepting(session: orm.Session, alert: SafetyAlert, today: dt.date) -> frozenset[int]:
    """Who decides on an answer: the round's site leader; where there is none, the CQI director."""
    leaders = access.holders_in_round(session, Role.SITE_LEADER, alert.review.round_id, today)
    return leaders or cqi_directors(session, today)


def cqi_directors(session: orm.Session, today: dt.date) -> frozenset[int]:
    """Where a late alert climbs to."""
    return access.holders_in_state(session, Role.CQI_DIRECTOR, today)


def any_to_climb(session: orm.Session, now: dt.datetime) -> bool:
    """True when an alert has become late: a look that needs no writing."""
    return any(to_climb(session, step, ALERT_STAYS[step], now) for step in _CLOCKS)


_CLOCKS = {
    AlertStep.CLIMB_UNACKNOWLEDGED: SafetyAlert.acknowledge_due_at,
    AlertStep.CLIMB_UNANSWERED: SafetyAlert.answer_due_at,
}


def to_climb(
    session: orm.Session, step: AlertStep, starts: Collection[AlertState], now: dt.datetime
) -> list[SafetyAlert]:
    """The alerts that are late by a step's clock and have not climbed for it yet."""
    climbed = sa.select(SafetyAlertStep.alert_id).where(SafetyAlertStep.step == step.value)
    query = (
        sa.select(SafetyAlert)
        .options(orm.joinedload(SafetyAlert.review))
        .where(
            SafetyAlert.state.in_(sorted(starts)),
            _CLOCKS[step] <= now,
            SafetyAlert.id.not_in(climbed),
        )
        .order_by(SafetyAlert.id)
    )
    return list(session.scalars(query))
