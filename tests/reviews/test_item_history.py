"""The history of answers, narratives, ratings and facts: who, when, from, to."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.instruments.definition import Rating
from cqi.reviews import actions, queries, rules
from cqi.reviews.models import TextVersion
from tests import build
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import COLLEAGUE, Desk

What = queries.What


def record(desk: Desk, minutes: int, change: rules.Change, person: Person | None = None) -> None:
    """A change, so many minutes after ten o'clock."""
    who = person or desk.cast.reviewer
    with desk.database.writing() as session:
        review = desk.review(session, who)
        now = build.NOW + dt.timedelta(minutes=minutes)
        actor = desk.actor(session, who)
        actions.record_answers(session, review=review, changes=[change], actor=actor, now=now)


def changes(desk: Desk, item: str = "SRM05") -> list[queries.Changed]:
    """Oldest first."""
    with desk.database.reading() as session:
        return list(reversed(queries.changes(session, desk.review(session), item)))


def said(desk: Desk, what: queries.What) -> list[tuple[str | None, str | None, str]]:
    return [(each.before, each.after, each.by) for each in changes(desk) if each.what is what]


def test_each_answer_and_rating_stands_with_who_from_and_to(desk: Desk) -> None:
    desk.facts(household_changed="yes")
    record(desk, 1, rules.answer("SRM05", "a", "yes"))
    record(desk, 2, rules.answer("SRM05", "b", "yes"))
    record(desk, 3, rules.answer("SRM05", "b", "no", 1), desk.colleague())
    record(desk, 4, rules.answer("SRM05", "b", "", 2))
    mine = desk.cast.reviewer.name
    assert said(desk, What.ANSWER) == [
        ("", "yes", mine),
        ("", "yes", mine),
        ("yes", "no", COLLEAGUE),
        ("no", "", mine),
    ]
    assert said(desk, What.RATING) == [
        ("", "strength", mine),
        ("strength", "area_needing_improvement", COLLEAGUE),
        ("area_needing_improvement", "", mine),
    ]
    assert [each.at.minute for each in changes(desk) if each.what is What.ANSWER] == [1, 2, 3, 4]


def test_a_text_written_in_one_sitting_is_one_change_until_somebody_comes_between(
    desk: Desk,
) -> None:
    desk.facts()
    other, texts = desk.colleague(), ("Seen", "Seen twice", "Theirs", "Seen twice, alone", "Late")
    minutes, people = (0, 14, 15, 16, 32), (None, None, other, None, None)
    for number, text in enumerate(texts):
        change = rules.narrative("SRM05", text, number)
        record(desk, minutes[number], change, people[number])
    mine = desk.cast.reviewer.name
    assert said(desk, What.NARRATIVE) == [
        ("", "Seen twice", mine),
        ("Seen twice", "Theirs", COLLEAGUE),
        ("Theirs", "Seen twice, alone", mine),
        ("Seen twice, alone", "Late", mine),
    ]
    first = next(each for each in changes(desk) if each.what is What.NARRATIVE)
    assert (first.since.minute, first.at.minute) == (0, 14)


def test_a_reason_of_an_na_and_a_fact_have_a_history_too(desk: Desk) -> None:
    desk.facts(household_changed="yes")
    record(desk, 1, rules.answer("SRM05", "b", "na", reason="First."))
    record(desk, 40, rules.answer("SRM05", "b", "na", 1, reason="Second."))
    mine = desk.cast.reviewer.name
    assert said(desk, What.REASON) == [("", "First.", mine), ("First.", "Second.", mine)]
    assert said(desk, What.ANSWER) == [("", "na", mine)]
    record(desk, 41, rules.fact("household_changed", "no", 1))
    facts = [each for each in changes(desk, "") if each.name == "household_changed"]
    assert [(each.before, each.after) for each in facts] == [("", "yes"), ("yes", "no")]


def test_an_override_and_its_withdrawal_stand_beside_the_computed_rating(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.with_qa()
    desk.override("SRM05", Rating.AREA_NEEDING_IMPROVEMENT)
    desk.give_back("Look at May again.")
    lead = desk.cast.qa_lead.name
    assert said(desk, What.OVERRIDE) == [
        ("", "area_needing_improvement", lead),
        ("area_needing_improvement", "", lead),
    ]
    assert said(desk, What.RATING)[-1][1] == "strength"
    text = client_for(desk.cast.qa_lead).get(url(desk)).text
    assert text.count('<h2 class="label">Override</h2>') == 2
    assert "no override" in text


def test_a_text_that_retention_emptied_is_said_to_be_gone(
    desk: Desk, client_for: ClientFor
) -> None:
    record(desk, 1, rules.narrative("SRM05", "Not kept for ever."))
    with desk.database.writing() as session:
        session.execute(sa.update(TextVersion).values(text=None))
    assert said(desk, What.NARRATIVE) == [("", None, desk.cast.reviewer.name)]
    page = client_for(desk.cast.reviewer).get(url(desk))
    assert "This text is no longer kept." in page.text


def url(desk: Desk, item: str = "SRM05") -> str:
    return f"/reviews/{desk.public_id}/items/{item}/history"


def test_the_page_says_it_in_words_with_what_differs_marked(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.facts(household_changed="yes")
    record(desk, 0, rules.answer("SRM05", "b", "yes"))
    record(desk, 1, rules.answer("SRM05", "a", "yes"))
    record(desk, 2, rules.answer("SRM05", "a", "no", 1), desk.colleague())
    record(desk, 3, rules.narrative("SRM05", "D. was <seen> monthly."))
    record(desk, 4, rules.narrative("SRM05", "D. was <seen> weekly.", 1), desk.colleague())
    text = client_for(desk.cast.qa_lead).get(url(desk)).text
    assert f"{COLLEAGUE}, 10:02" in text
    assert "<mark>weekly.</mark>" in text
    assert "&lt;seen&gt;" in text
    assert text.index("weekly.") < text.index("Question a"), "newest first"
    assert "Area needing improvement" in text
    assert f'href="/reviews/{desk.public_id}/components/SRM#SRM05"' in text


def test_each_item_and_the_face_sheet_lead_to_their_history(
    desk: Desk, client_for: ClientFor
) -> None:
    client = client_for(desk.cast.reviewer)
    assert f'href="{url(desk)}"' in client.get(f"/reviews/{desk.public_id}/components/SRM").text
    facts = f"/reviews/{desk.public_id}/facts"
    assert f'href="{facts}/history"' in client.get(facts).text
    assert "Nothing was changed here yet." in client.get(f"{facts}/history").text
    desk.facts(household_changed="yes")
    assert "<b>Yes</b>" in client.get(f"{facts}/history").text


def test_an_item_that_is_not_there_is_not_found(desk: Desk, client_for: ClientFor) -> None:
    assert client_for(desk.cast.reviewer).get(url(desk, "SRM77")).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_read_no_history(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(desk.cast, who))
    for address in (url(desk), f"/reviews/{desk.public_id}/facts/history"):
        assert client.get(address).status_code == status
