"""What people do to a report, and what is refused: each step, each reason."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from cqi.access.permissions import Role
from cqi.core import errors, events
from cqi.core.database import Database
from cqi.measures import queries as measures
from cqi.measures.models import MeasureRun, Publication, PublicationRun
from cqi.measures.queries import pools
from cqi.notices.models import Notice
from cqi.reporting import workflow
from cqi.reporting.models import PublishedFile
from cqi.reporting.queries import records
from cqi.reporting.rules import reports
from cqi.reporting.rules.reports import Level, ReportState
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewState
from cqi.rounds.models import Round
from tests import build
from tests.core import one_of_each
from tests.fixtures.cast import Cast
from tests.measures import stored
from tests.reporting import working
from tests.reporting.working import Desk

desk = working.desk


def refused(do: Callable[..., Any], *given: Any, **named: Any) -> list[str]:
    with pytest.raises(errors.Blocked) as found:
        do(*given, **named)
    return [blocker.code for blocker in found.value.blockers]


def test_a_report_is_due_by_the_setting_after_the_last_day_on_site(desk: Desk) -> None:
    row = desk.read()
    assert (row.level, row.state, row.language) == (Level.REGION, ReportState.DRAFT, "en-US")
    assert row.as_of_on.isoformat() == "2027-03-12"
    assert row.due_on.isoformat() == "2027-04-23"  # thirty working days


def test_each_step_is_an_event_and_steps_fold_to_the_state(desk: Desk) -> None:
    desk.write("Two units merged.")
    desk.send().comment("Which units?")
    desk.send_back("Say which units.")
    desk.send().approve()
    desk.publish()
    with desk.database.reading() as session:
        steps = [each.step for each in records.steps(session, desk.row(session))]
        assert workflow.fold(steps) is desk.row(session).state is ReportState.PUBLISHED
        kinds = session.scalars(
            sa.select(events.Event.kind)
            .where(events.Event.stream_id == desk.public_id)
            .order_by(events.Event.sequence)
        ).all()
    assert kinds == [
        "report.begun",
        "report.written",
        "report.sent_for_review",
        "report.commented",
        "report.sent_back",
        "report.sent_for_review",
        "report.approved",
        "report.published",
    ]


def test_no_word_of_a_narrative_or_a_reason_stands_in_an_event(desk: Desk) -> None:
    desk.write(one_of_each.SECRET)
    desk.send().comment(one_of_each.SECRET)
    desk.send_back(one_of_each.SECRET)
    with desk.database.reading() as session:
        payloads = session.scalars(sa.select(events.Event.payload)).all()
        for table in ("report_narratives", "narrative_versions", "report_comments"):
            raw = session.execute(sa.text(f"select text from {table}")).scalars().all()  # noqa: S608 - our own tables
            assert raw
            assert not [each for each in raw if one_of_each.SECRET.encode() in bytes(each)]
    assert one_of_each.SECRET not in repr(payloads)


def test_one_report_of_a_round_is_worked_on_at_a_time(
    desk: Desk, database: Database, cast: Cast
) -> None:
    assert refused(working.begin, database, cast, desk.analyst) == ["already_begun"]


def test_a_round_of_counties_alone_has_no_regions_report(
    desk: Desk, database: Database, cast: Cast
) -> None:
    with database.writing() as session:
        alone = build.round(session, cast.region, [cast.county])
        alone.region_id = None
    there = dataclasses.replace(cast, round=alone)
    assert refused(working.begin, database, there, desk.analyst) == ["no_region"]


@pytest.mark.parametrize("who", ["cqi_director", "regional_director", "qa_lead", "outsider"])
def test_only_an_analyst_begins_and_writes(
    desk: Desk, database: Database, cast: Cast, who: str
) -> None:
    somebody = getattr(cast, who)
    with pytest.raises(errors.Forbidden):
        working.begin(database, cast, somebody)
    with pytest.raises(errors.Forbidden):
        desk.write("Mine.", who=somebody)


def test_a_text_that_was_changed_meanwhile_is_a_conflict_with_both(desk: Desk) -> None:
    assert desk.write("First.") == 1
    with pytest.raises(errors.Conflict) as found:
        desk.write("Second, over nothing.", expected=0)
    assert (found.value.saved, found.value.sent) == ("First.", "Second, over nothing.")
    assert found.value.revision == 1
    assert desk.write("Both.", expected=1) == 2
    assert desk.write("Both.", expected=0) == 2, "what stands already is no conflict"
    with desk.database.reading() as session:
        kept = records.versions(session, desk.row(session), "story")
        assert [(each.revision, each.text) for each in kept] == [(2, "Both."), (1, "First.")]


def test_a_text_is_written_in_a_draft_and_in_a_section_that_there_is(desk: Desk) -> None:
    with pytest.raises(errors.NotFound):
        desk.write("Mine.", section="no_such")
    assert refused(desk.write, "x" * (reports.WORDS + 1)) == ["too_long"]
    desk.send()
    assert refused(desk.write, "Mine.") == ["not_a_draft"]


def test_comments_are_for_a_report_in_review(desk: Desk) -> None:
    assert refused(desk.comment, "Why?") == ["not_in_review"]
    desk.send()
    assert refused(desk.comment, " ") == ["comment_missing"]
    with pytest.raises(errors.Forbidden):
        desk.comment("Mine.", who=desk.cast.supervisor)
    desk.comment("Why?", who=desk.cast.regional_director, section="story")


def test_sending_back_needs_a_reason_and_the_director(desk: Desk) -> None:
    desk.send()
    assert refused(desk.send_back, " ") == ["reason_missing"]
    with pytest.raises(errors.Forbidden):
        desk.send_back("No.", who=desk.cast.qa_lead)


def test_who_has_to_do_something_next_is_told_and_sees_it_no_more_once_it_is_done(
    desk: Desk,
) -> None:
    def waiting() -> list[tuple[int, str]]:
        with desk.database.reading() as session:
            found = session.scalars(sa.select(Notice).where(Notice.seen_at.is_(None)))
            return [(one.person_id, one.kind) for one in found if one.subject_id == desk.public_id]

    director, analyst = desk.cast.cqi_director.id, desk.analyst.id
    desk.send()
    assert waiting() == [(director, "report_to_approve")]
    desk.send_back("Name the units.")
    assert waiting() == [(analyst, "report_sent_back")]
    desk.send()
    assert waiting() == [(director, "report_to_approve")]
    desk.approve().publish()
    assert waiting() == [(analyst, "report_published")]


def test_nobody_approves_what_they_wrote(desk: Desk) -> None:
    with desk.database.writing() as session:
        build.grant(session, desk.analyst, Role.CQI_DIRECTOR, place=desk.cast.state)
    desk.send()
    assert refused(desk.approve, who=desk.analyst) == ["own_work"]


def test_the_figures_that_are_approved_are_those_that_were_shown(desk: Desk) -> None:
    shown = desk.send().shown()
    desk.reopen()
    assert refused(desk.approve, shown) == ["round_unfinished", "figures_changed"]
    desk.rate_again()
    assert refused(desk.approve, shown) == ["figures_changed"]
    desk.approve()


def test_a_review_that_is_reopened_after_the_approval_stops_the_publication(desk: Desk) -> None:
    desk.send().approve()
    drawn = desk.draw()
    desk.reopen()
    with pytest.raises(errors.Blocked) as found:
        desk.publish(drawn)
    first, second = found.value.blockers
    assert first.code == "round_unfinished"
    assert "1 case review changed since (1 open again or withdrawn)" in second.message
    desk.rate_again()
    assert refused(desk.publish, drawn) == ["figures_changed"]
    assert refused(desk.publish) == ["figures_changed"], "drawn anew, but never approved"
    with desk.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Publication)) == 0
    desk.approve()
    run = desk.shown().run
    publication = desk.publish()
    with desk.database.reading() as session:
        assert _runs(session, publication) == [run]


def test_what_was_drawn_of_another_revision_is_not_published(desk: Desk) -> None:
    desk.send().approve()
    drawn = desk.draw()
    desk.send_back("Say more.")
    desk.write("More.")
    desk.send().approve()
    assert refused(desk.publish, drawn) == ["changed_meanwhile"]


def test_too_few_cases_are_not_published(desk: Desk) -> None:
    with desk.database.writing() as session:
        reviews = sa.select(CaseReview).where(CaseReview.round_id == desk.cast.round.id)
        for review in session.scalars(reviews).all()[10:]:
            review.state = ReviewState.REOPENED
            session.flush()
            review.state = ReviewState.WITHDRAWN
    desk.send()
    assert refused(desk.approve) == ["too_few_cases"]


def test_a_publication_keeps_its_very_bytes_and_digests(desk: Desk) -> None:
    desk.write("Two units merged in May.")
    desk.send().approve()
    drawn = desk.draw(every_form=True)
    publication = desk.publish(drawn)
    with desk.database.reading() as session:
        kept = {each.ending: each for each in session.scalars(sa.select(PublishedFile))}
        assert set(kept) == {"html", "pdf", "xlsx", "csv", "json"}
        for ending, one in kept.items():
            assert one.content == drawn.files[ending]
            assert one.digest == hashlib.sha256(one.content).hexdigest()
        lines = "".join(
            f"{kept[ending].digest}  region-report-{publication.public_id}.{ending}\n"
            for ending in sorted(kept)
        )
        assert publication.digest == hashlib.sha256(lines.encode()).hexdigest()
        assert "Two units merged in May." in kept["html"].content.decode()
        assert _runs(session, publication) == [drawn.shown.run]
        row = session.get_one(Publication, publication.id)
        assert (row.place_id, row.level) == (desk.cast.region.id, "region")
        assert row.approved_by_id == row.published_by_id == desk.cast.cqi_director.id


def test_nothing_is_taken_from_what_is_published(desk: Desk) -> None:
    desk.send().approve()
    desk.publish()
    assert refused(desk.send_back, "Take it back.") == ["wrong_state"]
    assert refused(desk.write, "One more word.") == ["not_a_draft"]


def test_a_newer_publication_takes_the_place_of_the_last_with_a_reason(
    desk: Desk, database: Database, cast: Cast
) -> None:
    desk.send().approve()
    first = desk.publish()
    desk.reopen()
    desk.rate_again()
    second = dataclasses.replace(desk, public_id=working.begin(database, cast, desk.analyst))
    second.send().approve()
    assert refused(second.publish) == ["reason_missing"]
    publication = second.publish(reason="One case was rated wrongly.")
    assert publication.id != first.id
    with database.reading() as session:
        assert desk.row(session).state is ReportState.SUPERSEDED
        assert second.row(session).state is ReportState.PUBLISHED
        steps = records.steps(session, desk.row(session))
        assert (steps[-1].step, steps[-1].reason) == ("supersede", "One case was rated wrongly.")
        assert len(_runs(session, first)) == 1, "the first publication stays"


def test_a_publication_of_another_kind_of_round_takes_nobodys_place(
    desk: Desk, database: Database, cast: Cast
) -> None:
    desk.send().approve()
    desk.publish()
    with database.writing() as session:
        base = session.get_one(Round, cast.round.id)
        later = build.round(
            session, cast.region, [cast.county], kind=working.FOLLOW_UP, compares_with=base
        )
        working.add_reviews(session, later, cast, 16, "Q")
    there = dataclasses.replace(cast, round=later)
    second = dataclasses.replace(desk, public_id=working.begin(database, there, desk.analyst))
    second.send().approve()
    second.publish()
    assert desk.read().state is ReportState.PUBLISHED


def test_the_figures_of_a_published_run_are_the_same_for_ever(desk: Desk) -> None:
    desk.send().approve()
    run = desk.shown().run
    desk.publish()
    with desk.database.reading() as session:
        before = stored.run(session, run)
    desk.reopen()
    desk.rate_again()
    with desk.database.reading() as session:
        assert stored.run(session, run) == before
        kept = pools.stored(session, run)
        assert measures.changes_since(session, kept).words == (
            "1 case review changed since (1 rated otherwise)"
        )


def _runs(session: Any, publication: Publication) -> list[str]:
    query = (
        sa.select(MeasureRun.run_id)
        .join(PublicationRun, PublicationRun.run_id == MeasureRun.id)
        .where(PublicationRun.publication_id == publication.id)
    )
    return list(session.scalars(query))
