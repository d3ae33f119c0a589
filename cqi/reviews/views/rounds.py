"""Rounds with their cases: the list, and one round."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, guard
from cqi.access.permissions import ROLE_WORDS, Permission, Role
from cqi.core import holidays, working_days
from cqi.instruments import conditions
from cqi.reviews import policy, queries
from cqi.reviews.rules import STATE_WORDS, ReviewState
from cqi.reviews.rules.planning import Standing
from cqi.reviews.views import lines, routes, shares
from cqi.rounds import queries as rounds
from cqi.rounds.rules import INTERIM, MEMO_RATINGS_WORDS, ROUND_KIND_WORDS, Setting, ledger
from cqi.sampling import queries as sampling
from cqi.settings import queries as settings
from cqi.settings import registry
from cqi.ui import dates


@routes.blueprint.get("/rounds", endpoint="rounds")
@guard.requires(Permission.ROUND_SEE)
def show_rounds() -> ResponseReturnValue:
    """The rounds that the actor sees, newest first."""
    session, actor = current.session(), current.actor()
    counts = queries.review_counts(session, actor)
    out = queries.second_readings_out(session, actor)
    came = queries.imported_counts(session, actor)
    found = [
        lines.of_round(each, counts.get(each.id, {}), out.get(each.id, 0), came.get(each.id, 0))
        for each in rounds.rounds(session, actor)
    ]
    return flask.render_template(
        "reviews/rounds.html",
        rounds=found,
        may_open=actor.holds(Permission.ROUND_OPEN),
        may_import=actor.holds(Permission.REVIEW_IMPORT),
    )


@routes.blueprint.get("/rounds/<uuid:public_id>", endpoint="round")
@guard.requires(Permission.ROUND_SEE)
def show_round(public_id: uuid.UUID) -> ResponseReturnValue:
    """One round: what is stuck, how many stand where, one row a case."""
    session, actor = current.session(), current.actor()
    one = rounds.by_public_id(session, actor, public_id)
    instrument = queries.pinned(one, one.items)
    numbers = {each.code: len(each.items) for each in instrument.components}
    found = queries.round_overview(session, actor, one, current.now())
    made = [lines.of(line, numbers) for line in found]
    stage = flask.request.args.get("stage", "")
    second = [line for line in made if line.second_reading]
    counted = [line for line in made if not line.practice and line not in second]
    shown = [line for line in counted if stage in ("", line.state_value)]
    counts = queries.review_counts(session, actor).get(one.id, {})
    planned = queries.plan_standings(session, actor, one, current.now())
    figures = [*_figures(one, counts, counted), *_ahead(one, counted, planned, counts)]
    came = queries.imported_counts(session, actor).get(one.id, 0)
    lies = rounds.thing(session, one)
    may_assign = actor.may(Permission.ROUND_ASSIGN, lies)
    knows = policy.knows_readings(actor, lies)
    drawn = queries.drawn_twice(session, one) if knows else []
    waiting = [case.case_number for case, has in drawn if not has]
    may_open = actor.may(Permission.ROUND_OPEN, lies)
    return flask.render_template(
        "reviews/round.html",
        round=one,
        url=flask.url_for("reviews.round", public_id=public_id),
        facts=_facts(one, instrument.title, sum(counts.values())),
        figures=[*figures, *_twice(second, len(waiting)), *_imported(came, sum(counts.values()))],
        stages=list(_stages(public_id, counts, stage)),
        **_stuck(made),
        to_record=planned[Standing.PASSED],
        county_lines=_counties(one) if may_assign else [],
        lines=shown,
        practice=[line for line in made if line.practice],
        second=second,
        wait_for_second=waiting,
        knows_readings=knows,
        **_double_reading(one, knows=knows, may_open=may_open),
        agreement_url=_page(queries.may_compare(session, actor, one), "measures.agreement", one),
        team=_team(one, knows=knows),
        total=sum(counts.values()),
        opened=len(counted),
        stage=STATE_WORDS[ReviewState(stage)] if stage in set(ReviewState) else "",
        components=instrument.components,
        may_assign=may_assign,
        memo_ratings=MEMO_RATINGS_WORDS[one.memo_ratings],
        memo_ratings_url=_page(may_open, "rounds.change_memo_ratings", one),
        debriefs_url=_page(actor.may(Permission.FEEDBACK_RELEASE, lies), "feedback.debriefs", one),
        may_import=actor.may(Permission.REVIEW_IMPORT, lies),
        to_decide=sum(n for each, n in sampling.to_decide(session, actor) if each.id == one.id),
        to_assign=len(queries.unassigned(session, [one.id]).get(one.id, ())) if may_assign else 0,
        affected=len(queries.affected_by_conflicts(session, actor, one)) if may_assign else 0,
        second_level_url=_page(may_open, "reviews.change_second_level", one),
        share_changes=shares.changes(one, Setting.SECOND_LEVEL),
        overrides_url=_page(actor.may(Permission.REVIEW_SEE, lies), "reviews.overrides", one),
    )


def _page(may_open: bool, endpoint: str, one: queries.Round) -> str:
    """The address of another page about a round, for those who may open it."""
    return flask.url_for(endpoint, public_id=one.public_id) if may_open else ""


def _double_reading(one: queries.Round, *, knows: bool, may_open: bool) -> dict[str, object]:
    """The share of cases that are read twice, with its seed and changes for who may know them."""
    url = flask.url_for("reviews.change_double_reading", public_id=one.public_id)
    told = knows or may_open
    return {
        "double_reading": str(one.double_reading) if knows else one.double_reading.words,
        "double_reading_url": url if may_open else "",
        "double_reading_changes": shares.changes(one, Setting.DOUBLE_READING) if told else [],
    }


_NAMED = 5  # more counties than this stand as a number


def _facts(one: queries.Round, instrument: str, number: int) -> str:
    counties = list(rounds.county_names(current.session(), one).values())
    named = f": {', '.join(counties)}" if len(counties) <= _NAMED else ""
    first, last = one.sampling_from, one.sampling_to
    sampled = f" Sampled from {dates.span(first, last)}." if first and last else ""
    needs = ledger.required(one.requires)
    needed = f" Its reviewers need to be {ledger.in_words(needs)}." if needs else ""
    only = f" Only {conditions.in_words(one.items)}." if one.items else ""
    return (
        f"{ROUND_KIND_WORDS[one.kind]}, {dates.span(one.on_site_from, one.on_site_to)}. Period"
        f" under review from {dates.full_day(one.pur_from)}.{sampled} {instrument}"
        f" {one.instrument_version}. {dates.counted(number, 'case')} in"
        f" {dates.counted(len(counties), 'county', 'counties')}{named}."
        f" Second-level QA: {one.second_level}.{needed}{only}"
    )


def _figures(
    one: queries.Round, counts: Mapping[ReviewState, int], made: Sequence[lines.Line]
) -> list[tuple[object, ...]]:
    total = sum(counts.values())
    stuck = sum(bool(line.stuck) for line in made)
    days = working_days.between(current.today(), one.on_site_to, holidays.days())
    left = max(days, 0) if one.on_site_from <= current.today() else "–"
    until = f"on site until {dates.weekday(one.on_site_to)}"
    found: list[tuple[object, ...]] = [
        ("Working days left", left, until),
        ("Final", counts.get(ReviewState.FINAL, 0), f"of {dates.counted(total, 'case')}"),
        ("With QA", sum(counts.get(state, 0) for state in _WITH_QA), "wait for a QA lead"),
    ]
    if len(made) == total:  # who sees a part cannot tell that all cases move
        found.append(("Stuck", stuck, "listed below" if stuck else "all cases move"))
    raised, still_open = queries.alert_counts(current.session(), one.id)
    found.append(("Safety alerts open", still_open, f"of {raised} raised", bool(still_open)))
    return found


def _ahead(
    one: queries.Round,
    made: Sequence[lines.Line],
    planned: Mapping[Standing, int],
    counts: Mapping[ReviewState, int],
) -> Iterator[tuple[object, ...]]:
    """Interviews outstanding, in the cases that the actor may open, and days until the report."""
    if made:
        to_hear = sum(line.to_hear for line in made)
        note = f"{planned.get(Standing.AHEAD, 0)} have a time ahead" if to_hear else "all recorded"
        where = "" if len(made) == sum(counts.values()) else ", in the cases that you may open"
        yield "Interviews outstanding", to_hear, f"{note}{where}"
    due = _after(one.on_site_to, registry.REPORT_DUE_DAYS)
    left = working_days.between(current.today(), due, holidays.days())
    begun = one.on_site_from <= current.today() <= due
    note = f"due {dates.full_day(due)}"
    if one.kind not in INTERIM:
        days = settings.number(current.session(), registry.PLAN_DUE_DAYS, current.today())
        plan = due + dt.timedelta(days=days)
        note += f", the improvement plan {dates.full_day(plan)}"
    yield "Working days until the report", left if begun else "–", note


def _after(day: dt.date, setting: registry.Setting) -> dt.date:
    """So many working days later as the setting says."""
    number = settings.number(current.session(), setting, current.today())
    return working_days.after(day, number, holidays.days())


def _team(one: queries.Round, *, knows: bool) -> list[tuple[str, str]]:
    """Who works on the round: the role in words, and names or what to do. Reviewers are named to
    who `knows` of second readings only: no page tells a pair of another."""
    return [
        (ROLE_WORDS[role], ", ".join(names) or "Nobody yet: an administrator gives the role.")
        for role, names in queries.who_works_on(current.session(), one, current.today())
        if knows or role is not Role.REVIEWER
    ]


def _counties(one: queries.Round) -> list[tuple[queries.CountyLine, str]]:
    """What counties were told, each with the day."""
    found = queries.county_lines(current.session(), one)
    return [
        (each, dates.full_day(routes.local(each.told.at).date()) if each.told else "")
        for each in found
    ]


def _stuck(made: Sequence[lines.Line]) -> dict[str, object]:
    """What is stuck, and who has it, whoever has most first: "Ada Juniper 2, QA 1"."""
    stuck = [line for line in made if line.stuck]
    holders: Counter[str] = Counter()
    for line in stuck:
        holders.update(["QA"] if line.with_qa else line.holders or ["nobody"])
    words = ", ".join(f"{who} {number}" for who, number in holders.most_common())
    return {"stuck": stuck, "with_whom": words}


def _twice(second: Sequence[lines.Line], waiting: int) -> list[tuple[object, ...]]:
    """Of the second readings that the actor is told of, and the cases that wait for one."""
    final = sum(line.state_value is ReviewState.FINAL for line in second)
    number = waiting + sum(line.state_value is not ReviewState.WITHDRAWN for line in second)
    if not number:
        return []
    return [("Second readings final", final, f"of {number}, none holds up the round")]


def _imported(number: int, of: int) -> list[tuple[object, ...]]:
    """How many came in with files."""
    return [("Imported", number, f"of {dates.counted(of, 'case')}")] if number else []


_WITH_QA = (ReviewState.SUBMITTED, ReviewState.FIRST_LEVEL_QA, ReviewState.SECOND_LEVEL_QA)
_ALWAYS = (
    ReviewState.ASSIGNED,
    ReviewState.IN_PROGRESS,
    ReviewState.SUBMITTED,
    ReviewState.FIRST_LEVEL_QA,
    ReviewState.RETURNED,
    ReviewState.FINAL,
)


def _stages(
    public_id: uuid.UUID, counts: Mapping[ReviewState, int], stage: str
) -> list[tuple[int, str, str, bool]]:
    found = []
    for state, words in STATE_WORDS.items():
        number = counts.get(state, 0)
        if number or state in _ALWAYS:
            url = flask.url_for("reviews.round", public_id=public_id, stage=state.value)
            found.append((number, words, f"{url}#where", state.value == stage))
    return found
