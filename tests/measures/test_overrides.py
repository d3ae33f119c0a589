"""Figures with and without the ratings that QA set; runs of before there were any."""

from __future__ import annotations

import dataclasses
import json

import pytest

from cqi.core.database import Database
from cqi.instruments.definition import Rating
from cqi.measures import actions, queries
from cqi.measures.rules import frozen, output, tabulation
from tests import build
from tests.fixtures import scoring
from tests.fixtures.scoring import Desk
from tests.measures import rows, stored
from tests.measures.rows import ANI, FULL, PART, STRENGTH

# A run as it was kept before ratings could be overridden: no key says so.
OLD = json.loads(
    '{"formula_version":"1","limits":[10,25.0],"named_items":[],"parts":[["SRM",["SRM01","SRM05"]]],'
    '"round":{"name":"One","instrument":["model","1.0","d"],"outside":[],"cases":'
    '[["C1","28001","in_home",false,{"SRM":"substantially_achieved","SRM05":"strength"}]]},'
    '"baseline":null}'
)
OLD_ID = "5cb140fae4fe8fd71446365ddee94aec08bf656498af2871a8cd77669c213240"


def overridden() -> frozen.Frozen:
    """Two cases; in the first QA made an area needing improvement of a strength."""
    set_by_qa = dataclasses.replace(
        rows.case("C1", {"SRM": PART, "SRM05": ANI}), computed={"SRM": FULL, "SRM05": STRENGTH}
    )
    as_computed = rows.case("C2", {"SRM": FULL, "SRM05": STRENGTH})
    return frozen.Frozen(rows.a_round("One", [set_by_qa, as_computed]), rows.PARTS)


def test_figures_use_what_qa_set_and_can_be_had_without() -> None:
    used = tabulation.measure(overridden())
    assert (used.row("SRM05").achieved, used.row("SRM").achieved) == (1, 1)
    without = tabulation.measure(overridden(), overrides=False)
    assert (without.row("SRM05").achieved, without.row("SRM").achieved) == (2, 2)


def test_both_say_how_many_there_are_and_carry_the_id_of_the_same_rows() -> None:
    used, without = (tabulation.measure(overridden(), overrides=each) for each in (True, False))
    assert used.run_id == without.run_id == frozen.run_id(overridden())
    assert used.overridden == tabulation.Overridden(round=1, baseline=0, used=True)
    assert without.overridden == tabulation.Overridden(round=1, baseline=0, used=False)
    said = output.as_json(without, build.NOW.date())["overrides"]
    assert said == {"round": 1, "baseline": 0, "used": False}


def test_what_follows_from_an_override_is_no_override() -> None:
    """A whole and a component follow by rule; only the item that QA set counts."""
    given = dataclasses.replace(
        rows.case("C1", {"SRM": PART}), computed={"SRM": FULL, "SRM01": STRENGTH, "SRM05": STRENGTH}
    )
    one = rows.a_round("One", [given])
    made = frozen.Frozen(one, rows.PARTS, part_of={"SRM05": "SRM01"})
    assert frozen.overrides(made, one) == 1


def test_frozen_rows_keep_both_ratings() -> None:
    again = frozen.from_json(json.loads(json.dumps(frozen.as_json(overridden()))))
    assert again == overridden()
    assert frozen.run_id(again) == frozen.run_id(overridden())
    assert frozen.run_id(again) != frozen.run_id(frozen.without_overrides(overridden()))


def test_a_run_of_before_makes_the_same_bytes_and_id() -> None:
    found = frozen.from_json(OLD)
    assert frozen.as_json(found) == OLD
    assert frozen.run_id(found) == OLD_ID
    assert tabulation.measure(found).overridden.all == 0


@pytest.fixture
def final(desk: Desk) -> Desk:
    """A final review, all strengths but for what QA set: a core item of SRM."""
    desk.with_qa()
    desk.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT)
    desk.approve()
    return desk


def test_the_rows_are_frozen_with_both_and_worked_out_again_either_way(
    final: Desk, database: Database
) -> None:
    with database.writing() as session:
        asked = queries.Asked(final.review(session).round, scoring.instrument())
        run_id = actions.freeze_run(session, asked, actor=None, now=build.NOW).run_id
    with database.reading() as session:
        [case] = queries.freeze(session, asked).round.cases
        assert case.computed == {"SRM05": STRENGTH, "SRM": FULL}
        used = stored.run(session, run_id)
        without = stored.run(session, run_id, overrides=False)
        now = queries.measures(session, dataclasses.replace(asked, overrides=False))
    assert (used.row("SRM").achieved, without.row("SRM").achieved) == (0, 1)
    assert without == now
