"""A frame is kept whole or not at all; a draw can be told again and never changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest
import sqlalchemy as sa
from sqlalchemy import exc, orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.access.models import Person
from cqi.access.permissions import Role
from cqi.cases import rules as case_rules
from cqi.cases.models import Case
from cqi.cases.rules import CaseType
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.core.events import Event
from cqi.sampling import actions, queries
from cqi.sampling.actions import Decision, NewDraw, NewElimination
from cqi.sampling.models import Draw, DrawnCase, Elimination, Frame, FrameCase
from cqi.sampling.rules.eliminating import EliminationReason, Standing
from tests import build
from tests.fixtures import samples
from tests.fixtures.cast import Cast
from tests.fixtures.samples import DESIGN, TODAY, bring_in, case_list

NOW = build.NOW


def as_actor(session: orm.Session, person: Person) -> Actor:
    actor = access.actor_for(session, person.id, TODAY)
    assert actor is not None
    return actor


def drawn(
    session: orm.Session, cast: Cast, text: str = "", seed: str = "s", reason: str = ""
) -> Draw:
    frame = bring_in(session, cast.round, text or case_list(cast.county.code)).frame
    assert frame is not None
    new = NewDraw(DESIGN, seed, reason)
    return actions.draw(session, frame=frame, new=new, actor=None, now=NOW)


def refused(what, *args, **named) -> list[str]:
    with pytest.raises(errors.Blocked) as blocked:
        what(*args, **named)
    return [blocker.code for blocker in blocked.value.blockers]


def test_a_frame_keeps_every_line_with_what_became_of_it(database: Database, cast: Cast) -> None:
    fips, other = cast.county.code, cast.other_county.code
    text = samples.of(
        [
            {
                "case_number": "A",
                "county_fips": fips,
                "case_type": "in_home",
                "hold": "",
                "child_initial": "Q",
            },
            {"case_number": "B", "county_fips": fips, "case_type": "in_home", "hold": "fatality"},
            {"case_number": "C", "county_fips": other, "case_type": "foster_care"},
        ]
    )
    with database.writing() as session:
        frame = bring_in(session, cast.round, text).frame
        assert frame is not None
        assert (frame.listed, frame.eligible) == (3, 1)
        line = f"A|{fips}|in_home\n".encode()
        assert frame.digest == hashlib.sha256(line).hexdigest()
        assert frame.file_digest == hashlib.sha256(text.encode()).hexdigest()
        assert [(each.line, each.case_number) for each in queries.left_out(session, frame)] == [
            (3, "B"),
            (4, "C"),
        ]
        assert list(queries.left_out_counts(session, frame).values()) == [1, 1]
        assert set(frame.not_applied) == {
            "not_in_care",
            "too_short",
            "child_in_care",
            "same_family",
        }
        kept = {row.case_number: row.details for row in session.scalars(sa.select(FrameCase))}
        assert kept["B"] is None  # the least personal data that works
        assert json.loads(kept["A"] or "")["child"] == ["Q", None]


def test_a_dry_run_and_a_bad_row_keep_nothing(database: Database, cast: Cast) -> None:
    good = case_list(cast.county.code)
    with database.writing() as session:
        before = session.scalar(sa.select(sa.func.count(Event.id)))
        dry = bring_in(session, cast.round, good, dry_run=True)
        assert (dry.frame, dry.rows, dry.problems) == (None, 30, ())
        bad = bring_in(session, cast.round, good + "X,99999,foster_care,,,,\n")
        assert [problem.line for problem in bad.problems] == [32]
        assert session.scalar(sa.select(sa.func.count(Frame.id))) == 0
        assert session.scalar(sa.select(sa.func.count(FrameCase.id))) == 0
        assert session.scalar(sa.select(sa.func.count(Event.id))) == before


def test_a_number_of_a_case_of_another_kind_is_refused(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        known = build.case(session, cast.county, case_type=CaseType.IN_HOME)
        line = f"{known.case_number},{cast.county.code},foster_care"
        text = f"case_number,county_fips,case_type\n{line}\n"
        (problem,) = bring_in(session, cast.round, text).problems
        assert problem.message == case_rules.NO_USE
        assert bring_in(session, cast.round, text.replace("foster_care", "in_home")).frame


def test_a_draw_keeps_frame_seed_and_cases_and_can_be_told_again(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        one = drawn(session, cast, seed="")
        assert (one.seed_given, len(one.seed)) == (False, 32)
        assert {name: (size, len(d), len(r)) for name, size, d, r in one.strata} == {
            "foster_care": (20, 6, 3),
            "in_home": (10, 3, 2),
        }
        assert queries.differences(session, one) == []
        stands = queries.sample(session, cast.round)
        assert stands is not None
        assert [each.case_number for each in stands if each.in_sample] == [
            number for _, _, numbers, _ in one.strata for number in numbers
        ]
        assert {each.place.stratum: each.weight for each in stands} == {
            "foster_care": Fraction(20, 6),
            "in_home": Fraction(10, 3),
        }
        cases = set(session.scalars(sa.select(Case.case_number)))
        assert cases == {each.case_number for each in stands if each.in_sample}
        kinds = [event.kind for event in session.scalars(sa.select(Event).order_by(Event.id))]
        assert kinds[-2:] == ["sampling.frame_kept", "sampling.drawn"]


def test_the_same_frame_and_seed_draw_the_same_on_every_engine(
    database: Database, cast: Cast
) -> None:
    """Written down once, from the ten lines of docs/sampling.md; all engines and versions of
    Python have to meet it."""
    with database.writing() as session:
        region = build.region(session, "Region Ten", above=cast.state)
        county = build.county(session, region, "Tansy County")
        county.code = "00501"
        in_round = build.round(session, region, [county])
        frame = bring_in(session, in_round, case_list("00501")).frame
        one = actions.draw(session, frame=frame, new=NewDraw(DESIGN, "2f6d"), actor=None, now=NOW)
        assert frame.digest == "50ce89bbcd94401cd4e52b6a3aa6dfb1fa2b1269b2fb9d509ecff11bcacc1103"
        assert one.strata[1][:2] == ["in_home", 10]
        assert list(one.strata[1][2]) == GOLDEN


GOLDEN = ["IH-009", "IH-007", "IH-001"]


def test_a_given_seed_says_so_and_a_second_draw_needs_a_reason(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        first = drawn(session, cast)
        assert first.seed_given
        frame, new = first.frame, NewDraw(DESIGN)
        assert refused(actions.draw, session, frame=frame, new=new, actor=None, now=NOW) == [
            "second_draw"
        ]
        again = NewDraw(DESIGN, reason="The first list had no in-home cases.")
        second = actions.draw(session, frame=frame, new=again, actor=None, now=NOW)
        assert queries.draws(session, cast.round) == [second, first]
        assert second.reason == again.reason


def test_a_design_that_the_frame_cannot_meet_draws_nothing(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        frame = bring_in(session, cast.round, case_list(cast.county.code, 5, 1)).frame
        codes = refused(
            actions.draw, session, frame=frame, new=NewDraw(DESIGN), actor=None, now=NOW
        )
        assert codes == ["too_many", "too_many"]
        assert not queries.draws(session, cast.round)
        with pytest.raises(errors.BadInput, match="a seed is one line"):
            actions.draw(session, frame=frame, new=NewDraw(DESIGN, "a\nb"), actor=None, now=NOW)


@pytest.mark.parametrize("table", ["frames", "frame_cases", "draws", "drawn_cases"])
def test_what_was_drawn_cannot_be_changed_in_the_database(
    database: Database, cast: Cast, table: str
) -> None:
    with database.writing() as session:
        drawn(session, cast)
    for statement in (f"update {table} set id = id", f"delete from {table}"):  # noqa: S608 - names of the list above
        with pytest.raises(exc.DBAPIError, match="append-only"), database.writing() as session:
            session.execute(sa.text(statement))


OTHER_DESIGN = "update draws set design = 'total = 9\nrule = \"proportional\"'"
OTHER_CASE = "update drawn_cases set case_number = 'X' where position = 1 and stratum = 'in_home'"


def test_a_decided_elimination_stays_as_it_was_decided(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        one = drawn(session, cast)
        case = session.scalars(sa.select(DrawnCase).where(DrawnCase.draw_id == one.id)).first()
        liaison = as_actor(session, cast.cqi_liaison)
        director = as_actor(session, cast.cqi_director)
        named = {"final": False, "now": NOW}
        made = actions.propose_elimination(session, case=case, new=NEW, actor=liaison, **named)
        decision = Decision(approve=False, reason="Ask again.")
        actions.decide_elimination(
            session, elimination=made, decision=decision, actor=director, **named
        )
    for statement in ("update eliminations set approved = true", "delete from eliminations"):
        with pytest.raises(exc.DBAPIError, match="elimination"), database.writing() as session:
            session.execute(sa.text(statement))


def without_triggers(database: Database, table: str, statement: str) -> None:
    """What somebody with the database's own key could do."""
    with database.writing() as session:
        if database.engine.dialect.name == "postgresql":
            session.execute(sa.text(f"alter table {table} disable trigger user"))
            session.execute(sa.text(statement))
            session.execute(sa.text(f"alter table {table} enable trigger user"))
        else:
            session.execute(sa.text(f'drop trigger "{table}__no_update"'))
            session.execute(sa.text(statement))


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("frame_cases", "update frame_cases set case_number = 'X' where line = 2", "the digest"),
        ("frame_cases", "update frame_cases set left_out = 'on_hold' where line = 2", "the digest"),
        ("draws", "update draws set seed = 'other'", "drawn derives as"),
        ("draws", OTHER_DESIGN, "size derives as"),
        ("drawn_cases", OTHER_CASE, "do not stand"),
    ],
)  # fmt: skip
def test_a_changed_row_is_noticed(
    database: Database, cast: Cast, table: str, change: str, words: str
) -> None:
    with database.writing() as session:
        drawn(session, cast)
    without_triggers(database, table, change)
    with database.reading() as session:
        (one,) = queries.draws(session, cast.round)
        assert words in " ".join(queries.differences(session, one))


EVIDENCE = "The mother and the caseworker were called on 9 March; both decline."
NEW = NewElimination(EliminationReason.KEY_PERSON_UNAVAILABLE, EVIDENCE)


def test_an_eliminated_case_is_replaced_by_the_next_of_its_stratum(
    database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        one = drawn(session, cast)
        leader = build.person(session)
        build.grant(session, leader, Role.SITE_LEADER, round=cast.round)
        proposer, decider = as_actor(session, cast.cqi_liaison), as_actor(session, leader)
        (_, _, _, reserve) = next(part for part in one.strata if part[0] == "in_home")
        for expected in (*reserve, None):
            case = next(
                each for each in queries.sampled(session, one)
                if each.in_sample and each.place.stratum == "in_home"
            )  # fmt: skip
            row = session.get_one(DrawnCase, case.place.id)
            proposed = actions.propose_elimination(
                session, case=row, new=NEW, final=False, actor=proposer, now=NOW
            )
            instead = actions.decide_elimination(
                session,
                elimination=proposed,
                decision=Decision(approve=True),
                final=False,
                actor=decider,
                now=NOW,
            )
            assert instead == expected
            stands = {each.case_number: each.standing for each in queries.sampled(session, one)}
            assert stands[case.case_number] is Standing.ELIMINATED
            if instead:
                assert stands[instead] is Standing.STEPPED_IN
                assert session.scalar(sa.select(Case.id).where(Case.case_number == instead))
        register = queries.register(session, cast.round)
        assert [each.replacement for each in register] == [None, *reserve[::-1]]
        assert queries.differences(session, one) == []


@pytest.fixture
def sampled(database: Database, cast: Cast) -> Iterator[Sampled]:
    """A draw, with a case of the sample and one of the reserve, in the director's hands."""
    with database.writing() as session:
        one = drawn(session, cast)
        rows = session.scalars(sa.select(DrawnCase).where(DrawnCase.draw_id == one.id))
        by_kind = {row.reserve: row for row in rows}
        director = as_actor(session, cast.cqi_director)
        yield Sampled(session, one, by_kind[False], by_kind[True], director)


@dataclass
class Sampled:
    session: orm.Session
    draw: Draw
    case: DrawnCase
    reserve: DrawnCase
    actor: Actor

    def propose(
        self, case: DrawnCase, new: NewElimination = NEW, *, final: bool = False
    ) -> Elimination:
        given = {"case": case, "new": new, "final": final, "actor": self.actor, "now": NOW}
        return actions.propose_elimination(self.session, **given)

    def decide(self, made: Elimination, decision: Decision) -> str | None:
        given = {"elimination": made, "decision": decision, "final": False, "now": NOW}
        return actions.decide_elimination(self.session, actor=self.actor, **given)


YES, NO = Decision(approve=True), Decision(approve=False)


def test_an_elimination_is_proposed_of_the_sample_with_what_shows_it(sampled: Sampled) -> None:
    bare = NewElimination(EliminationReason.TOO_SHORT, " ")
    assert refused(sampled.propose, sampled.reserve, bare) == ["not_in_sample", "no_evidence"]
    assert refused(sampled.propose, sampled.case, final=True) == ["final"]
    sampled.propose(sampled.case)
    assert refused(sampled.propose, sampled.case) == ["waits"]
    found = sampled.session.scalars(sa.select(Event))
    payloads = json.dumps([event.payload for event in found])
    assert EVIDENCE not in payloads
    assert events.digest(EVIDENCE) in payloads


def test_an_elimination_takes_two_people_and_a_no_its_reason(sampled: Sampled, cast: Cast) -> None:
    made = sampled.propose(sampled.case)
    assert refused(sampled.decide, made, YES) == ["own_proposal"]
    sampled.actor = as_actor(sampled.session, cast.cqi_liaison)
    with pytest.raises(errors.Forbidden):
        sampled.decide(made, YES)
    leader = build.person(sampled.session)
    build.grant(sampled.session, leader, Role.SITE_LEADER, round=cast.round)
    sampled.actor = as_actor(sampled.session, leader)
    assert refused(sampled.decide, made, NO) == ["no_reason"]
    assert sampled.decide(made, Decision(approve=False, reason="Ask again.")) is None
    assert refused(sampled.decide, made, YES) == ["decided"]
    found = queries.sampled(sampled.session, sampled.draw)
    stands = {each.case_number: each.standing for each in found}
    assert stands[sampled.case.case_number] is Standing.DRAWN


def test_the_outsider_and_whoever_scores_cannot_draw(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        one = drawn(session, cast)
        for person in (
            cast.outsider,
            cast.reviewer,
            cast.qa_lead,
            cast.auditor,
        ):
            actor = as_actor(session, person)
            with pytest.raises(errors.Forbidden):
                bring_in(session, cast.round, case_list(cast.county.code), actor)
            with pytest.raises(errors.Forbidden):
                actions.draw(session, frame=one.frame, new=NewDraw(DESIGN), actor=actor, now=NOW)
            with pytest.raises(errors.NotFound):
                queries.for_sampling(session, actor, cast.other_round.public_id)
