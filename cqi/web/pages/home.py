"""The first page: what needs this person today, by role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import Permission, Role
from cqi.core import holidays, working_days
from cqi.feedback import queries as feedback
from cqi.feedback.views import routes as feedback_pages
from cqi.plans.queries import waiting
from cqi.plans.views import routes as plan_pages
from cqi.reviews import queries as reviews
from cqi.reviews.views import alert_lines, lines, schedule
from cqi.rounds import queries as rounds
from cqi.rounds.queries import ledger
from cqi.rounds.rules.ledger import Lapse
from cqi.rounds.views import ledger as ledger_pages
from cqi.sampling import queries as sampling
from cqi.ui import dates
from cqi.web import navigation

blueprint = flask.Blueprint("home", __name__)
STUCK_SHOWN = 5  # of each round

# Where a role begins when the page is another package's; the first that exists counts.
ELSEWHERE: dict[Role, tuple[str, ...]] = {
    Role.QA_LEAD: ("reviews.qa_queue",),
    Role.REGIONAL_DIRECTOR: ("plans.director_home", "plans.plans"),
    Role.SUPERVISOR: ("feedback.memos",),
    Role.CASEWORKER: ("feedback.memos",),
    Role.ANALYST: ("reporting.results", "reviews.rounds"),
    Role.STAKEHOLDER: ("plans.own_steps",),
    Role.STATE_OFFICE: ("plans.plans",),
    Role.ADMINISTRATOR: ("people.people", "settings.settings"),
    Role.AUDITOR: ("audit.audit",),
}


@dataclass(frozen=True)
class ToDo:
    """One thing that needs the reader today."""

    title: str
    url: str
    note: str
    due: str
    kind: str


@dataclass(frozen=True)
class Row:
    """One of the reader's cases, with when it is due."""

    line: lines.Line
    due: str
    kind: str


@blueprint.get("/")
@guard.requires(Permission.HOME_SEE)
def home() -> ResponseReturnValue:
    """The page of the first role that somebody holds, in the order of this table."""
    roles = current.actor().roles
    for role, page in _PAGES.items():
        if role in roles:
            return page()
    for role in roles:
        for endpoint in ELSEWHERE.get(role, ()):
            if endpoint in flask.current_app.view_functions:
                return flask.redirect(flask.url_for(endpoint), code=303)
    return _places()


@dataclass(frozen=True)
class Stuck:
    """The stuck cases of one round: the first few, and how many there are."""

    name: str
    url: str
    first: Sequence[lines.Line]
    number: int


def _places() -> str:
    places = [
        entry for entry in navigation.entries(current.actor()) if entry.endpoint != "home.home"
    ]
    return flask.render_template("web/home.html", places=places)


def _reviewer() -> str:
    """My reviews: what came back, what is open, whom I wait for."""
    session, actor = current.session(), current.actor()
    mine = reviews.my_reviews(session, actor, current.now())
    held = {one.public_id: one for one in rounds.rounds(session, actor)}
    rows = [_row(line, held[line.round_id].on_site_to) for line in mine if line.round_id in held]
    todo = [*_todo(rows), *_of_rounds()]
    ongoing = [one for one in held.values() if one.on_site_to >= current.today()]
    interviews, more = schedule.next_ones()
    return flask.render_template(
        "web/home/reviewer.html",
        facts=_facts(ongoing),
        rows=rows,
        todo=todo,
        first=next((row.line for row in rows if row.line.open), None),
        summary=_summary(rows),
        dates=_dates(ongoing),
        interviews=interviews,
        more_interviews=more,
        alerts=_raised(),
        waiting=[row.line for row in rows if row.line.with_qa],
        own_entries=ledger_pages.own_lines(),
    )


def _of_rounds() -> list[ToDo]:
    """What else needs somebody who reviews and also runs rounds: on a page of its own."""
    session, actor = current.session(), current.actor()
    if not any(_PAGES.get(role) is _rounds for role in actor.roles):
        return []
    waiting = [_to_decide(one, number) for one, number in sampling.to_decide(session, actor)]
    found = [ToDo(words, url, name, "", "") for words, url, name in waiting]
    stuck = [each for each in map(_stuck, _under_way()) if each.number]
    return [
        *found,
        *(
            ToDo(dates.counted(one.number, "stuck case"), one.url, one.name, "", "")
            for one in stuck
        ),
    ]


def _under_way() -> list[reviews.Round]:
    found = rounds.rounds(current.session(), current.actor())
    finished = reviews.finished(current.session(), [one.id for one in found])
    return [one for one in found if one.id not in finished]


def _raised() -> list[alert_lines.Line]:
    """The safety alerts that the reader raised: they stay theirs when a case is no more."""
    found = reviews.alerts_raised(current.session(), current.actor(), current.today())
    return [alert_lines.of(each) for each in found]


def _row(line: reviews.ReviewLine, last_day: dt.date) -> Row:
    made = lines.of(line)
    if not made.open:
        return Row(made, "", "")
    left = working_days.between(current.today(), last_day, holidays.days())
    words = "Today" if last_day == current.today() else dates.weekday(last_day)
    kind = "late" if left < 0 else "soon" if left <= 1 else ""
    return Row(made, f"{words}, late" if kind == "late" else words, kind)


def _todo(rows: Sequence[Row]) -> list[ToDo]:
    found = []
    for row in rows:
        line = row.line
        if line.returned:
            note = f"QA says: {line.returned_reason}"
            title = f"Answer QA on case {line.case_number}"
            found.append(ToDo(title, line.url, note, row.due, row.kind))
        elif line.open and line.done == 0:
            note = f"{line.about}. Begin with the face sheet."
            found.append(ToDo(f"Start case {line.case_number}", line.url, note, row.due, row.kind))
        elif line.open:
            title = f"Finish {dates.counted(line.missing, 'missing thing')}"
            title = title if line.missing else f"Submit case {line.case_number}"
            note = f"Case {line.case_number}. {line.done} of {line.of} items are complete."
            found.append(ToDo(title, line.url, note, row.due, row.kind))
    return found


def _summary(rows: Sequence[Row]) -> str:
    numbers: dict[str, int] = {}
    for row in rows:
        words = row.line.state[0].lower() + row.line.state[1:]  # "first-level QA" keeps its QA
        numbers[words] = numbers.get(words, 0) + 1
    parts = ", ".join(f"{number} {state}" for state, number in numbers.items())
    return f"{dates.counted(len(rows), 'case')}: {parts}" if rows else ""


def _facts(ongoing: Sequence[reviews.Round]) -> str:
    today = current.today()
    said = f"Today is {today:%A} {dates.full_day(today)}."
    if len(ongoing) != 1:
        return said
    return f"{ongoing[0].name}. {said}"


def _dates(ongoing: Sequence[reviews.Round]) -> list[tuple[str, str]]:
    found = []
    for one in ongoing:
        found.append((one.on_site_from, f"{one.name}: first day on site"))
        found.append((one.on_site_to, f"{one.name}: last day on site, submit all cases"))
    return [(dates.weekday(day), words) for day, words in sorted(found)]


def _rounds() -> str:
    """Rounds under way, with the first of their stuck cases; a round's page has all of its own."""
    session, actor = current.session(), current.actor()
    under_way = _under_way()
    waiting = sampling.to_decide(session, actor)
    stuck = [each for each in map(_stuck, under_way) if each.number]
    counts = reviews.review_counts(session, actor)
    memos, plans = _to_release(), _of_plans()
    return flask.render_template(
        "web/home/rounds.html",
        facts=_facts([]),
        stuck=stuck,
        waiting=[_to_decide(one, number) for one, number in waiting],
        memos=memos,
        plans=plans,
        today=sum(each.number for each in stuck)
        + sum(number for _, number in waiting)
        + bool(memos)
        + plans,
        under_way=[lines.of_round(one, counts.get(one.id, {})) for one in under_way],
        finished=len(rounds.rounds(session, actor)) - len(under_way),
        alerts=_open_alerts(),
        may_open=actor.holds(Permission.ROUND_OPEN),
        lapsing=_lapsing(),
        discloses=actor.holds(Permission.DISCLOSURE_READ),
        may_import=actor.holds(Permission.CASES_IMPORT),
    )


def _of_plans() -> int:
    """How many things of improvement plans wait for the actor."""
    session, actor = current.session(), current.actor()
    if not actor.holds(Permission.PLAN_SEE):
        return 0
    return waiting.number(session, actor, plan_pages.today())


def _to_release() -> tuple[str, str, str, str] | None:
    """(what, address, when, "late", "soon" or "") of the memos that the actor is to release."""
    session, actor = current.session(), current.actor()
    if not actor.holds(Permission.FEEDBACK_RELEASE):
        return None
    found = feedback.to_release(session, actor, feedback_pages.clocks())
    if not found:
        return None
    late = sum(one.due.late for one in found)
    words = f"Release {dates.counted(len(found), 'feedback memo')}"
    when = f"{late} late" if late else f"first {found[0].due.words}"
    url = f"{flask.url_for('feedback.memos')}#to-release"
    return words, url, when, "late" if late else found[0].due.kind


def _lapsing() -> list[tuple[str, str, str, str]]:
    """(title, address, when, "late" or "soon") of reviewers' certifications that lapsed or lapse
    soon, for whoever keeps their register."""
    actor, today = current.actor(), current.today()
    if not actor.holds(Permission.LEDGER_KEEP):
        return []
    url = f"{flask.url_for('ledger.reviewers')}#lapsing"
    return [
        (
            f"Certification of {name}",
            url,
            ledger_pages.when(entry, today),
            "late" if lapse is Lapse.LAPSED else "soon",
        )
        for name, entry, lapse in ledger.lapsing(current.session(), actor, today)
    ]


def _open_alerts() -> int | None:
    """How many safety alerts are open, for whoever keeps their register."""
    if not guard.may(Permission.ALERT_REGISTER):
        return None
    return reviews.open_alert_count(current.session(), current.actor(), current.today())


def _to_decide(one: reviews.Round, number: int) -> tuple[str, str, str]:
    """(what, address, of which round) of the eliminations that wait for the actor."""
    url = flask.url_for("reviews.sample", public_id=one.public_id)
    return f"Decide on {dates.counted(number, 'elimination')}", f"{url}#waiting", one.name


def _stuck(one: reviews.Round) -> Stuck:
    overview = reviews.round_overview(current.session(), current.actor(), one, current.now())
    found = [line for line in overview if line.stuck]
    url = f"{flask.url_for('reviews.round', public_id=one.public_id)}#stuck"
    return Stuck(one.name, url, [lines.of(line) for line in found[:STUCK_SHOWN]], len(found))


_PAGES: dict[Role, Callable[[], str]] = {
    Role.REVIEWER: _reviewer,
    Role.CQI_DIRECTOR: _rounds,
    Role.CQI_LIAISON: _rounds,
    Role.SITE_LEADER: _rounds,
}
