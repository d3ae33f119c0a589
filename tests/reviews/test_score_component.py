"""The page of one component: to score, or to read."""

from __future__ import annotations

import re

import pytest

from cqi.access.models import Person
from cqi.core.database import Database
from cqi.reviews import actions, rules
from tests import build
from tests.fixtures import counting
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import TEXT, Desk, instrument

MOST_QUERIES = 12


def page(desk: Desk, code: str = "SRM") -> str:
    return f"/reviews/{desk.public_id}/components/{code}"


def test_a_reviewer_sees_every_question_and_what_is_missing(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.facts(report_in_pur="yes")
    shown = client_for(desk.cast.reviewer).get(page(desk)).text
    assert "Safety Assurance and Risk Management" in shown
    assert 'name="SRM02-a"' in shown
    assert "To do: answer a, b and c, " in shown
    assert 'id="missing"' in shown
    assert f"Case {desk.case_number}" in shown
    assert "Yes if " not in shown  # the first word stands strong
    assert "<b>Yes</b> if " in shown
    assert "3 worked cases" in shown


def test_an_item_that_does_not_apply_stays_with_the_reason_of_its_fact(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.facts()
    shown = client_for(desk.cast.reviewer).get(page(desk)).text
    assert "The child did not go home in the period under review." in shown
    assert 'name="SRM08-a"' not in shown


def test_na_is_offered_only_where_the_question_allows_it(desk: Desk, client_for: ClientFor) -> None:
    desk.facts(household_changed="yes")
    shown = client_for(desk.cast.reviewer).get(page(desk)).text
    assert 'id="SRM05-b-na"' in shown
    assert 'id="SRM05-a-na"' not in shown
    assert 'name="SRM05-b-why"' in shown


def test_a_complete_item_is_folded_and_open_work_is_not(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    desk.record(rules.narrative("SRM05", "", expected=1))
    shown = client_for(desk.cast.reviewer).get(page(desk)).text
    assert _card(shown, "SRM05").endswith(" open>")
    assert not _card(shown, "SRM03").endswith(" open>")
    assert "To do: write why." in shown


def _card(shown: str, code: str) -> str:
    line = next(line for line in shown.splitlines() if f'id="{code}"' in line)
    return line.strip()


def test_protected_evidence_is_masked(desk: Desk, client_for: ClientFor) -> None:
    desk.facts()
    with desk.database.writing() as session:
        source = rules.NewEvidence("SRM05", rules.EvidenceSource.HEALTH_RECORD, "Elm clinic", True)
        actions.add_evidence(
            session,
            review=desk.review(session, desk.cast.reviewer),
            sources=[source],
            actor=desk.actor(session, desk.cast.reviewer),
            now=desk.now,
        )
    shown = client_for(desk.cast.reviewer).get(page(desk)).text
    assert "Health record, protected treatment record" in shown
    assert "Elm clinic" not in shown


def test_text_is_never_markup(desk: Desk, client_for: ClientFor) -> None:
    desk.facts()
    desk.record(rules.narrative("SRM03", "mother said <he hit me> </textarea><script>"))
    shown = client_for(desk.cast.reviewer).get(page(desk)).text
    assert "mother said &lt;he hit me&gt; &lt;/textarea&gt;&lt;script&gt;" in shown


def test_a_final_review_is_text_and_says_since_when(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    desk.submit()
    desk.begin_qa()
    desk.approve()
    shown = client_for(desk.cast.reviewer).get(page(desk)).text
    assert "Final since 10 Mar 2027" in shown
    assert "only the CQI director may reopen it" in shown
    assert TEXT in shown
    assert "<textarea" not in shown
    assert 'type="radio"' not in shown
    assert " disabled" not in shown


def test_the_reason_of_a_return_stands_on_every_page(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    desk.submit()
    desk.begin_qa()
    desk.give_back("SRM05: which turning points were there?")
    shown = client_for(desk.cast.reviewer).get(page(desk, "MAS")).text
    assert "SRM05: which turning points were there?" in shown
    assert desk.cast.qa_lead.name in shown
    assert "Returned, 10 Mar" in shown


def test_the_page_takes_fewer_than_twelve_queries(
    desk: Desk, client_for: ClientFor, database: Database
) -> None:
    desk.complete()
    client = client_for(desk.cast.reviewer)
    client.get(page(desk))  # the reading is logged once an hour
    with counting.queries(database) as statements:
        assert client.get(page(desk)).status_code == 200
    assert len(statements) < MOST_QUERIES, "\n".join(statements)


def test_two_hundred_qa_notes_take_no_more_queries_than_two(
    desk: Desk, client_for: ClientFor, database: Database
) -> None:
    desk.with_qa()
    taken = [opened(desk, client_for, database, "qa_lead", notes=number) for number in (2, 198)]
    desk.give_back("See the notes.")
    taken.append(opened(desk, client_for, database, "reviewer"))
    assert taken[0] == taken[1]
    assert max(taken) < MOST_QUERIES


def opened(desk: Desk, client_for: ClientFor, database: Database, who: str, notes: int = 0) -> int:
    """The queries of the page, after so many more notes were written."""
    with database.writing() as session:
        given = {"review": desk.review(session), "now": build.NOW}
        given |= {"actor": desk.actor(session, desk.cast.qa_lead)}
        for number in range(notes):
            new = rules.NewNote("SRM05", "a", f"Which visit was number {number}?")
            actions.open_note(session, new=new, **given)
    client = client_for(getattr(desk.cast, who))
    client.get(page(desk))
    with counting.queries(database) as statements:
        shown = client.get(page(desk))
    assert f"Which visit was number {notes - 1}?" in shown.text or not notes
    return len(statements)


def test_the_first_load_is_small(desk: Desk, client_for: ClientFor) -> None:
    desk.complete()
    client = client_for(desk.cast.reviewer)
    sent = client.get(page(desk, "PCR"), headers={"Accept-Encoding": "gzip"})
    assert sent.content_encoding == "gzip"
    assert len(sent.data) < 40_000


def test_a_component_that_is_not_there_is_not_found(desk: Desk, client_for: ClientFor) -> None:
    assert client_for(desk.cast.reviewer).get(page(desk, "XYZ")).status_code == 404


@pytest.mark.parametrize("who", ["cqi_director", "cqi_liaison", "qa_lead"])
def test_those_who_oversee_can_read_but_not_change(
    desk: Desk, client_for: ClientFor, who: str
) -> None:
    desk.facts()
    person: Person = getattr(desk.cast, who)
    shown = client_for(person).get(page(desk)).text
    assert "With its reviewers" in shown
    assert "<textarea" not in shown


@pytest.mark.parametrize(("who", "status"), [("outsider", 403), ("other_reviewer", 404)])
def test_others_find_nothing(desk: Desk, client_for: ClientFor, who: str, status: int) -> None:
    client = client_for(getattr(desk.cast, who))
    assert client.get(page(desk)).status_code == status
    assert client.get(f"/reviews/{desk.public_id}").status_code == status


def test_the_lists_of_the_whole_case_count_things_and_come_to_what_is_missing(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.facts()
    shown = client_for(desk.cast.reviewer).get(f"/reviews/{desk.public_id}/overview").text
    main = shown[shown.index("<h1>Whole case") :]
    counts = [int(number) for number in re.findall(r'<span class="count count--todo">(\d+)', main)]
    missing = re.search(r"complete, (\d+) missing", main)
    assert missing
    assert sum(counts) == int(missing[1])
    item = instrument().item("SRM05")
    assert f">SRM05 {item.title}: narrative, evidence</a>" in main
