"""Ratings that a QA lead sets: beside the computed ones, by rule upwards, and taken back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.instruments.definition import Rating
from cqi.reviews import actions, queries, rules
from cqi.reviews.models import CaseReview, Override, StoredRating
from tests import build
from tests.fixtures.cast import Cast
from tests.fixtures.scoring import Desk

ANI, STRENGTH, NA = (Rating.AREA_NEEDING_IMPROVEMENT, Rating.STRENGTH, Rating.NOT_APPLICABLE)


@pytest.fixture
def checked(desk: Desk) -> Desk:
    """All strengths, in first-level QA."""
    return desk.with_qa()


def stored(desk: Desk, code: str) -> tuple[Rating | None, Rating | None]:
    """(computed, counted) of an item or component."""
    with desk.database.reading() as session:
        query = sa.select(StoredRating.rating, StoredRating.counted)
        return tuple(session.execute(query.where(StoredRating.code == code)).one())


def refused(desk: Desk, new: rules.NewOverride) -> list[str]:
    with pytest.raises(errors.Blocked) as caught:
        desk.do(actions.override_rating, new=new)
    return [blocker.code for blocker in caught.value.blockers]


def test_the_computed_rating_stays_beside_the_one_that_counts(checked: Desk) -> None:
    checked.override("SRM05", ANI, "The record shows no visit in May.")
    sheet = checked.sheet()
    assert sheet.rating.items["SRM05"].rating is STRENGTH
    assert sheet.counted.items["SRM05"].rating is ANI
    given = sheet.overrides["SRM05"]
    assert (given.rating, given.computed, given.by) == (ANI, STRENGTH, checked.cast.qa_lead.name)
    assert given.reason == "The record shows no visit in May."
    assert stored(checked, "SRM05") == (STRENGTH, ANI)


def test_a_component_follows_from_its_items_by_its_rule(checked: Desk) -> None:
    """SRM05 is a core item: one core item that needs improvement, and no more than partially."""
    assert stored(checked, "SRM") == (Rating.SUBSTANTIALLY_ACHIEVED,) * 2
    checked.override("SRM05", ANI)
    after = (Rating.SUBSTANTIALLY_ACHIEVED, Rating.PARTIALLY_ACHIEVED)
    assert stored(checked, "SRM") == after
    assert checked.sheet().counted.components["SRM"].rating is Rating.PARTIALLY_ACHIEVED
    assert stored(checked, "MAS") == (Rating.SUBSTANTIALLY_ACHIEVED,) * 2


def test_an_override_is_taken_back_and_stays_on_record(checked: Desk) -> None:
    override_id = checked.override("SRM05", ANI)
    checked.do(actions.withdraw_override, override_id=override_id)
    assert checked.sheet().overrides == {}
    assert stored(checked, "SRM05") == (STRENGTH, STRENGTH)
    assert stored(checked, "SRM") == (Rating.SUBSTANTIALLY_ACHIEVED,) * 2
    with checked.database.reading() as session:
        row = session.scalars(sa.select(Override)).one()
        assert row.withdrawn_by_id == checked.cast.qa_lead.id
    with pytest.raises(errors.NotFound):
        checked.do(actions.withdraw_override, override_id=override_id)


def test_a_second_override_of_an_item_withdraws_the_first(checked: Desk) -> None:
    checked.override("SRM05", ANI)
    checked.override("SRM05", NA, "The household never changed.")
    assert checked.sheet().overrides["SRM05"].rating is NA
    with checked.database.reading() as session:
        rows = session.scalars(sa.select(Override).order_by(Override.id)).all()
        assert [row.withdrawn_at is None for row in rows] == [False, True]


@pytest.mark.parametrize("action", ["return", "reopen"])
def test_when_answers_may_change_again_overrides_are_withdrawn(checked: Desk, action: str) -> None:
    checked.override("SRM05", ANI)
    if action == "reopen":
        checked.approve()
        assert stored(checked, "SRM05") == (STRENGTH, ANI)
        checked.do(actions.reopen, person=checked.cast.cqi_director, reason="A new record.")
    else:
        checked.give_back("Look again.")
    assert stored(checked, "SRM05") == (STRENGTH, STRENGTH)
    with checked.database.reading() as session:
        assert session.scalars(sa.select(Override)).one().withdrawn_at is not None
        kind = {"reopen": "review.reopen", "return": "review.return_to_reviewers"}[action]
        event = session.scalars(sa.select(events.Event).where(events.Event.kind == kind)).one()
        assert event.payload["overrides_withdrawn"] == ["SRM05"]


@pytest.mark.parametrize(
    ("new", "codes"),
    [
        (rules.NewOverride("SRM05", ANI, "  "), ["no_reason"]),
        (rules.NewOverride("SRM05", STRENGTH, "x"), ["same_rating"]),
    ],
)
def test_what_is_no_override_comes_back_with_its_reasons(
    checked: Desk, new: rules.NewOverride, codes: list[str]
) -> None:
    assert refused(checked, new) == codes


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (rules.NewOverride("SRM05", Rating.NOT_ACHIEVED, "x"), "An item is a strength"),
        (rules.NewOverride("SRM", ANI, "x"), 'no item "SRM"'),
        (rules.NewOverride("SRM05", ANI, "x" * 4001), "at most 4000"),
    ],
)
def test_what_cannot_be_set_is_refused(checked: Desk, new: rules.NewOverride, words: str) -> None:
    with pytest.raises(errors.BadInput, match=words):
        checked.do(actions.override_rating, new=new)


def test_only_a_qa_lead_who_may_check_it_overrides_and_in_qa_only(desk: Desk) -> None:
    desk.complete()
    new = rules.NewOverride("SRM05", ANI, "x")
    assert refused(desk, new) == ["wrong_state"]
    desk.submit()
    desk.begin_qa()
    for person in (desk.cast.reviewer, desk.cast.cqi_director, desk.cast.cqi_liaison):
        with pytest.raises(errors.Forbidden):
            desk.do(actions.override_rating, person=person, new=new)
    desk.override("SRM05", ANI)
    desk.approve()
    assert refused(desk, new) == ["wrong_state"]
    assert stored(desk, "SRM05") == (STRENGTH, ANI)


def test_what_counts_is_in_the_event_and_the_reason_is_not(checked: Desk) -> None:
    checked.override("SRM05", ANI, "Words that stay inside.")
    with checked.database.reading() as session:
        query = sa.select(events.Event).where(events.Event.kind == "review.rating_overridden")
        payload = session.scalars(query).one().payload
        assert events.verify(session).problem == ""
    assert payload["counted"] == {"SRM05": ANI.value, "SRM": "partially_achieved"}
    assert "Words" not in str(payload)


def test_recheck_compares_the_computed_ratings(checked: Desk) -> None:
    checked.override("SRM05", ANI)
    with checked.database.reading() as session:
        assert queries.recheck(session) == []


def test_the_list_of_a_round_has_them_all_for_those_who_see_the_reviews(checked: Desk) -> None:
    first = checked.override("SRM05", ANI)
    checked.do(actions.withdraw_override, override_id=first)
    checked.override("SRM03", ANI, "Not seen alone.")
    cast = checked.cast
    with checked.database.reading() as session:
        round_ = checked.review(session).round

        def seen_by(person: object) -> list[tuple[str, bool]]:
            actor = checked.actor(session, person)
            found = queries.overrides_in(session, actor, round_)
            return [(line.given.item, line.withdrawn_at is None) for line in found]

        for person in (cast.qa_lead, cast.cqi_director, cast.reviewer):
            assert seen_by(person) == [("SRM03", True), ("SRM05", False)]
        for person in (cast.outsider, cast.other_reviewer, cast.supervisor):
            assert seen_by(person) == []


def test_a_whole_follows_from_its_parts_and_cannot_be_set_itself(
    database: Database, cast: Cast
) -> None:
    """Item 12 of the federal instrument has the parts 12A, 12B and 12C."""
    pages = build.instrument("osri")
    whole = next(item for item in pages.items if item.parts)
    part = whole.parts[0]
    with database.writing() as session:
        round_ = build.round(session, cast.region, [cast.county], pages=pages)
        build.grant(session, cast.reviewer, Role.REVIEWER, round=round_)
        case = build.case(session, cast.county)
        review = build.case_review(session, round_, case, [cast.reviewer])
        build.submitted(session, review, cast.reviewer)
        lead = build.actor(session, cast.qa_lead)
        given = {"review": review, "actor": lead, "now": build.NOW}
        actions.begin_qa(session, **given)
        new = rules.NewOverride(whole.code, ANI, "x")
        with pytest.raises(errors.BadInput, match="follows from its parts"):
            actions.override_rating(session, new=new, **given)
        new = rules.NewOverride(part, ANI, "Seen otherwise.")
        actions.override_rating(session, new=new, **given)
        review_id = review.id
    with database.reading() as session:
        sheet = queries.sheet(session, session.get_one(CaseReview, review_id))
        assert sheet.rating.items[whole.code].rating is STRENGTH
        assert sheet.counted.items[whole.code].rating is ANI
        query = sa.select(StoredRating.counted).where(StoredRating.code == whole.code)
        assert session.scalars(query).one() is ANI
