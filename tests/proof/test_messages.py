"""A word that nobody else has stands in every field that may hold words of people; then everybody
is told of everything. It is in no message: of no kind, at once or daily, sent, refused or shown."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import logging
from email import message

import pytest
import sqlalchemy as sa

from cqi.access.models import Person
from cqi.cases.models import Case
from cqi.core import configuration
from cqi.core.clock import Clock
from cqi.notices import actions, queries
from cqi.notices.models import Notice
from cqi.notices.rules import URGENT, MailChoice, NoticeKind
from tests import build
from tests.fixtures.mail import MailServer
from tests.notices import telling
from tests.proof import test_canaries as canaries
from tests.proof.world import World

ids, world, engine_name = canaries.ids, canaries.world, canaries.engine_name
app, marked = canaries.app, canaries.marked
DAY = dt.timedelta(days=1)


@pytest.fixture
def post(
    settings: configuration.Configuration,
    marked: World,
    mail_server: MailServer,
    caplog: pytest.LogCaptureFixture,
) -> actions.Post:
    caplog.set_level(logging.WARNING, "mail.log")  # the mail server's own, which says every line
    return actions.poster(dataclasses.replace(settings, smtp_url=mail_server.url))


def tell_all(world: World, choice: MailChoice) -> list[Person]:
    """Some choose this, with nothing that waits, and are told twice of every kind, of a case
    review and of a case; whom it told."""
    people = [world.people[key] for key in ("supervisor", "caseworker", "reviewer", "qa_lead")]
    telling.choose(world.database, *people, choice=choice)
    with world.database.writing() as session:
        session.execute(sa.update(Notice).values(send_at=None))
        about = (world.desk.public_id, session.scalars(sa.select(Case.public_id).limit(1)).one())
        for kind, subject in itertools.product(NoticeKind, about):
            ids = [person.id for person in people]
            actions.tell(session, kind, people=ids, subject=subject, now=build.NOW)
    return people


def said(letter: message.EmailMessage) -> str:
    """All of a message but whom it goes to."""
    heads = "".join(f"{name}: {value}\n" for name, value in letter.items() if name != "To")
    return f"{heads}\n{letter.get_content()}"


@pytest.mark.parametrize("choice", MailChoice)
def test_no_message_of_any_kind_says_a_name_a_number_or_a_finding(
    marked: World,
    clock: Clock,
    post: actions.Post,
    mail_server: MailServer,
    choice: MailChoice,
) -> None:
    people = len(tell_all(marked, choice))
    with marked.database.reading() as session:
        numbers = list(session.scalars(sa.select(Case.case_number)))
    later = dataclasses.replace(clock, frozen_at=clock.now() + DAY)
    sent, failed = actions.send_due(marked.database, later, post)
    alone = 2 * people * (len(URGENT) if choice is MailChoice.DAILY else len(NoticeKind))
    assert (sent, failed) == (alone + (people if choice is MailChoice.DAILY else 0), 0)
    for letter in mail_server.letters:
        text = said(letter)
        assert not canaries.has_it(text), text
        assert not [number for number in numbers if number in text], text
    subjects = " ".join(str(each["Subject"]) for each in mail_server.letters)
    assert "A safety alert was raised" in subjects
    assert ("notices for you" in subjects) is (choice is MailChoice.DAILY)


@pytest.mark.parametrize("choice", MailChoice)
def test_a_mail_server_that_repeats_a_name_is_not_repeated(
    marked: World,
    clock: Clock,
    post: actions.Post,
    mail_server: MailServer,
    choice: MailChoice,
    caplog: pytest.LogCaptureFixture,
) -> None:
    people = tell_all(marked, choice)
    mail_server.refuses = f"550 no mailbox of {canaries.WORD}"
    later = dataclasses.replace(clock, frozen_at=clock.now() + DAY)
    sent, failed = actions.send_due(marked.database, later, post)
    assert (sent, failed > len(people)) == (0, True)
    with marked.database.reading() as session:
        waiting = queries.waiting(session)
    assert {each.notice.problem for each in waiting} == {"SMTPRecipientsRefused 550"}
    assert "try 1: SMTPRecipientsRefused 550" in caplog.text
    assert not canaries.logged(caplog)
