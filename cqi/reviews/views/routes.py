"""The blueprint of case reviews, and how each of their pages opens one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import flask
from flask.typing import ResponseReturnValue

from cqi.access import current, reading_log
from cqi.access.permissions import Permission
from cqi.core import errors
from cqi.instruments import completeness, definition
from cqi.instruments.rating import CaseRating
from cqi.reviews import actions, policy, queries, rules
from cqi.reviews.views import examples
from cqi.ui import dates

blueprint = flask.Blueprint("reviews", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Work:
    """What the answers of a case review come to: enough for the places that a save swaps.

    `rating` is what counts; with QA's `overrides`, by item code, `computed` is what was computed.
    """

    public_id: uuid.UUID
    instrument: definition.Instrument
    rating: CaseRating
    missing: tuple[completeness.Missing, ...]
    progress: queries.Progress
    overrides: Mapping[str, queries.Given] = field(default_factory=dict)
    computed: CaseRating | None = None


class Scored(Protocol):
    """What the pages of scoring show, whoever keeps it; `worked_cases` are by item code."""

    @property
    def public_id(self) -> uuid.UUID: ...
    @property
    def sheet(self) -> queries.ScoredSheet: ...
    @property
    def work(self) -> Work: ...
    @property
    def editable(self) -> bool: ...
    @property
    def worked_cases(self) -> examples.WorkedCases: ...
    @property
    def opens_protected(self) -> bool: ...


def work_of(public_id: uuid.UUID, sheet: queries.ScoredSheet) -> Work:
    """What a sheet comes to."""
    return Work(public_id, sheet.instrument, sheet.rating, sheet.missing, sheet.progress)


@dataclass(frozen=True)
class Opened:
    """A case review with all that is on it, as the request's actor sees it."""

    review: queries.CaseReview
    sheet: queries.ReviewSheet

    @property
    def public_id(self) -> uuid.UUID:
        return self.review.public_id

    @property
    def work(self) -> Work:
        sheet = self.sheet
        found = work_of(self.public_id, sheet)
        if not sheet.overrides:
            return found
        return dataclasses.replace(
            found, rating=sheet.counted, overrides=sheet.overrides, computed=sheet.rating
        )

    @property
    def editable(self) -> bool:
        """True where the actor may change answers now."""
        return not policy.scoring_blockers(self.sheet.standing, current.actor())

    @property
    def told_second_reading(self) -> bool:
        """True for a second reading, but for those who read it or did: they are not told."""
        mine = current.actor().person_id in self.sheet.standing.scorers
        return self.review.second_reading and not mine

    @property
    def worked_cases(self) -> examples.WorkedCases:
        """The worked cases of its instrument."""
        return examples.of(self.sheet.instrument)

    @property
    def opens_protected(self) -> bool:
        """True where the actor may open what is masked."""
        return policy.sees_protected(self.sheet.standing, current.actor())


def opened(public_id: uuid.UUID, purpose: str = "") -> Opened:
    """Open a case review and log that its content is read, as the reader's part in it says or for
    another purpose. Raises NotFound."""
    return reread(found(public_id), purpose)


def without_answers(opened: Opened, place: str = "") -> ResponseReturnValue | None:
    """Go to the page of the whole case where ratings came in with a file: the pages for answers
    have nothing to show. None for every other case review."""
    if opened.sheet.imported is None:
        return None
    url = flask.url_for("reviews.overview", public_id=opened.public_id, _anchor=place or None)
    return flask.redirect(url, code=303)


def reread(review: queries.CaseReview, why: str = "") -> Opened:
    """What is on a case review now, for whoever has found it already in this request."""
    sheet = queries.sheet(current.session(), review)
    reading_log.record_read(review.public_id, purpose=why or purpose(sheet.standing))
    return Opened(review, sheet)


def found(public_id: uuid.UUID) -> queries.CaseReview:
    """A case review that the actor sees, without its content. Raises NotFound."""
    return queries.case_review(current.session(), current.actor(), public_id)


def require(permission: Permission, review: queries.CaseReview, words: str) -> None:
    """Raise Forbidden with these words where the permission, held elsewhere, does not reach this
    case review."""
    standing = queries.standing(current.session(), review)
    if not policy.permitted(permission, standing, current.actor()):
        raise errors.Forbidden(words)


def found_to_score(public_id: uuid.UUID) -> queries.CaseReview:
    """The same, quicker for those who are assigned to it."""
    return queries.case_review_to_score(current.session(), current.actor(), public_id)


def purpose(standing: policy.Standing) -> str:
    """What the actor opens a case review for: "scoring", "qa" or "oversight"."""
    actor = current.actor()
    if actor.person_id in standing.reviewers:
        return "scoring"
    may_decide = policy.permitted(Permission.REVIEW_APPROVE, standing, actor)
    return "qa" if may_decide else "oversight"


def subject_ids(
    review: queries.CaseReview, item: definition.Item | None = None
) -> dict[str, list[str]]:
    """Ids of subjects by kind; nothing is asked of the database where the item repeats nothing."""
    if item is not None and not any(question.for_each for question in item.questions):
        return {}
    listed = queries.subjects_of(current.session(), review)
    return {kind: [each.id for each in found] for kind, found in listed.items()}


def local(instant: dt.datetime) -> dt.datetime:
    """An instant on the agency's clocks."""
    return current.clock().local(instant)


def time_of(instant: dt.datetime | None) -> str:
    """ "10:42" today, "20 Nov 10:42" on another day, "" for None."""
    if instant is None:
        return ""
    moment = local(instant)
    if moment.date() == current.today():
        return dates.clock(moment)
    return f"{dates.day(moment.date())} {dates.clock(moment)}"


def record(review: queries.CaseReview, changes: list[rules.Change]) -> actions.Saved:
    """Save changes; the first save of a review also records what the case list knows."""
    if changes and review.state is rules.ReviewState.ASSIGNED:
        known = rules.fact("case_type", review.case.case_type.value)
        changes = [known, *changes]
    return actions.record_answers(
        current.session(), review=review, changes=changes, actor=current.actor(), now=current.now()
    )


def begin(review: queries.CaseReview) -> None:
    """Record what the case list knows, where nothing is recorded yet: before what is no answer."""
    if review.state is rules.ReviewState.ASSIGNED:
        record(review, [rules.fact("case_type", review.case.case_type.value)])


def committed(review: queries.CaseReview, saved: actions.Saved | actions.Recorded) -> Work:
    """Commit what was saved, and what it comes to: no page part is made while others wait for
    the write lock. The request edge finds nothing left to commit."""
    current.finish(200)
    found = saved.known.assessment
    instrument = queries.instrument_of(review)
    return Work(review.public_id, instrument, found.rating, found.missing, found.progress)


def component(instrument: definition.Instrument, code: str) -> definition.Component:
    """A component of the instrument. Raises NotFound."""
    try:
        return instrument.component(code)
    except KeyError:
        raise errors.NotFound(f"there is no component {code}") from None


def item(instrument: definition.Instrument, code: str) -> definition.Item:
    """An item of the instrument. Raises NotFound."""
    try:
        return instrument.item(code)
    except KeyError:
        raise errors.NotFound(f"there is no item {code}") from None
