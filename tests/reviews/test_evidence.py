"""Evidence points to the record, or to the interview of somebody on the list."""

from __future__ import annotations

import uuid

import pytest

from cqi.core import errors
from cqi.reviews import actions, rules
from cqi.reviews.rules import EvidenceSource, NewEvidence
from cqi.reviews.rules.interviews import Interview
from tests.fixtures.installation import ClientFor
from tests.fixtures.scoring import Desk


def page(desk: Desk) -> str:
    return f"/reviews/{desk.public_id}/components/SRM"


def person(desk: Desk, label: str) -> Interview:
    return next(one for one in desk.sheet().interviews if one.label == label)


def name(desk: Desk, source: NewEvidence) -> None:
    with desk.database.writing() as session:
        actions.add_evidence(
            session,
            review=desk.review(session, desk.cast.reviewer),
            sources=[source],
            actor=desk.actor(session, desk.cast.reviewer),
            now=desk.now,
        )


def test_an_interview_is_chosen_by_who_it_is(desk: Desk, client_for: ClientFor) -> None:
    desk.facts(services_in_place="yes")
    client, mother = client_for(desk.cast.reviewer), person(desk, "Mother")
    text = client.get(page(desk)).text
    assert f'<option value="{mother.id}">Interview: Mother</option>' in text
    assert "Interview: relative" not in text, "nobody of this part is on the list"
    sent = {"SRM05-source": str(mother.id), "SRM05-detail": "on the visits", "add": "SRM05"}
    assert client.post(page(desk), data=sent).status_code == 303
    [source] = desk.sheet().evidence["SRM05"]
    assert (source.source, source.kind, source.interview) == ("mother", "interview", mother.id)
    assert "Interview: Mother: on the visits" in client.get(page(desk)).text


def test_it_has_the_name_that_the_list_gives_it(desk: Desk, client_for: ClientFor) -> None:
    desk.facts()
    child = person(desk, "Target child")
    name(desk, NewEvidence("SRM05", EvidenceSource.CHILD, interview=child.id))
    assert person(desk, "Target child").lacks == "outcome", "named, and still to be recorded"
    assert "Interview: Target child" in client_for(desk.cast.reviewer).get(page(desk)).text


def test_evidence_from_an_interview_that_is_not_held_is_worth_a_look(
    desk: Desk, client_for: ClientFor
) -> None:
    desk.facts()
    child = person(desk, "Target child")
    name(desk, NewEvidence("SRM05", EvidenceSource.CHILD, interview=child.id))
    client, submit = client_for(desk.cast.reviewer), f"/reviews/{desk.public_id}/submit"
    assert "it names the interview “Target child”, which is not held." in client.get(submit).text
    desk.hear_everybody()
    assert "which is not held" not in client.get(submit).text


def test_what_was_named_without_an_interview_stands(desk: Desk, client_for: ClientFor) -> None:
    desk.facts()
    name(desk, NewEvidence("SRM05", EvidenceSource.RELATIVE, "an aunt"))
    assert "Interview: relative: an aunt" in client_for(desk.cast.reviewer).get(page(desk)).text


def test_an_interview_that_is_not_on_the_list_is_refused(desk: Desk) -> None:
    with pytest.raises(errors.NotFound):
        name(desk, NewEvidence("SRM05", EvidenceSource.MOTHER, interview=uuid.uuid4()))


def test_a_first_source_of_a_new_case_records_what_the_case_list_knows(
    desk: Desk, client_for: ClientFor
) -> None:
    sent = {"SRM05-source": "visit_log", "add": "SRM05"}
    client_for(desk.cast.reviewer).post(page(desk), data=sent)
    sheet = desk.sheet()
    assert (sheet.standing.state, sheet.facts["case_type"].value) == (
        rules.ReviewState.IN_PROGRESS,
        "foster_care",
    )
