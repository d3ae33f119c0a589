"""The demonstration's sample: a frame with cases left out, a draw, eliminations."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import orm

from cqi.cases.rules import Hold
from cqi.cli.demonstration import case_lists, cast, timeline
from cqi.core import errors
from cqi.reviews import actions as reviews
from cqi.rounds.models import Round
from cqi.sampling import actions, queries
from cqi.sampling.rules import designs, drawing
from cqi.sampling.rules.drawing import Design, Proportional, Slice
from cqi.sampling.rules.eliminating import EliminationReason

_SEED = "demonstration"  # given, so that the demonstration repeats; the pages say "given"
_EVIDENCE = "The caseworker and both parents were asked twice; nobody can be heard before the end."


@dataclass(frozen=True)
class Desk:
    """Who draws the sample of which round, and on which day."""

    session: orm.Session
    people: cast.Cast
    timeline: timeline.Timeline
    in_round: Round
    day: dt.date


def draw(desk: Desk, rows: list[dict[str, str]], number: int) -> list[str]:
    """Bring in the list, draw, eliminate one and leave one to be decided. The sample's numbers,
    in the order of strata and keys; the one that waits stands last."""
    rows[3]["hold"], rows[11]["hold"] = Hold.LITIGATION.value, Hold.FATALITY.value
    rows[8]["family_id"] = rows[7]["family_id"]
    now = desk.timeline.at(desk.day, 11)
    result = actions.import_frame(
        desk.session,
        in_round=desk.in_round,
        case_list=actions.CaseList(case_lists.as_csv(rows)),
        actor=desk.people.actor("cqi_director", desk.day),
        today=desk.day,
        now=now,
    )
    if result.frame is None:
        raise errors.BadInput("the invented case list is no frame", result.problems)
    design = Design((Slice.CASE_TYPE,), Proportional(number), drawing.percent(50))
    one = actions.draw(
        desk.session,
        frame=result.frame,
        new=actions.NewDraw(designs.written(design), _SEED),
        actor=desk.people.actor("cqi_director", desk.day),
        now=now,
    )
    first, *_, last = [each for each in queries.sampled(desk.session, one) if each.in_sample]
    _eliminate(desk, first.case_number, decide=True)
    _eliminate(desk, last.case_number, decide=False)
    stand = [each.case_number for each in queries.sampled(desk.session, one) if each.in_sample]
    return [number for number in stand if number != last.case_number] + [last.case_number]


def by_turns(drawn: Sequence[str], at_home: Collection[str], first: int) -> list[str]:
    """Case numbers: `first` of those at home, then one from elsewhere and one at home by turns."""
    near = [number for number in drawn if number in at_home]
    far = [number for number in drawn if number not in at_home]
    mixed = itertools.zip_longest(far, near[first:])
    return near[:first] + [number for pair in mixed for number in pair if number]


def _eliminate(desk: Desk, case_number: str, *, decide: bool) -> None:
    now = desk.timeline.at(desk.day, 14 if decide else 15)
    case = queries.standing_case(desk.session, desk.in_round, case_number)
    reason = EliminationReason.KEY_PERSON_UNAVAILABLE
    made = reviews.propose_elimination(
        desk.session,
        case=case,
        new=actions.NewElimination(reason, _EVIDENCE),
        actor=desk.people.actor("cqi_director", desk.day),
        now=now,
    )
    if decide:
        reviews.decide_elimination(
            desk.session,
            elimination=made,
            decision=actions.Decision(approve=True),
            actor=desk.people.actor("site_leader", desk.day),
            now=now + dt.timedelta(minutes=40),
        )
