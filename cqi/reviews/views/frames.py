"""What stands around every page of a case review: head, side navigation, missing list, bar."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import flask

from cqi.access import current
from cqi.access.permissions import Permission
from cqi.cases.rules import CASE_TYPE_WORDS
from cqi.instruments import completeness
from cqi.reviews import policy, queries
from cqi.reviews.rules import OPEN_STATES, STATE_WORDS, ReviewPurpose, ReviewState
from cqi.reviews.views import about, links, notes, routes
from cqi.reviews.workflow import STEP_WORDS, Step
from cqi.ui import dates

LISTED = 20  # more gaps than this stand as numbers, but for those of the page at hand
_DECISIONS = (Step.BEGIN_QA, Step.APPROVE, Step.RETURN_TO_REVIEWERS, Step.REOPEN)


@dataclass(frozen=True)
class Link:
    """One place of the side navigation."""

    code: str
    title: str
    url: str
    done: int
    of: int
    current: bool


@dataclass(frozen=True)
class Note:
    """A title and its text; for a return, who and when."""

    title: str
    text: str
    who: str = ""
    when: str = ""

    @property
    def reason(self) -> str:
        return self.text


@dataclass(frozen=True)
class Standing:
    """How far the work is, and what is missing: what a save swaps at the side and in the bar."""

    links: tuple[Link, ...]
    gaps: tuple[tuple[str, str], ...]
    missing: int
    next_missing: str
    done: int
    of: int
    editable: bool


@dataclass(frozen=True)
class CaseFrame(Standing):
    """What the template reviews/case.html shows."""

    public_id: uuid.UUID
    case_number: str
    case_type: str
    county: str
    period: str
    state: str
    state_on: bool
    crumbs: tuple[tuple[str, str], ...]
    face_sheet: str
    saved_at: str
    decidable: str
    returned: Note | None
    locked: Note | None
    overview: str = ""
    print: str = ""
    practice: bool = False
    second_reading: bool = False
    imported: str = ""
    notes: notes.Navigator | None = None
    raise_alert: str = ""
    open_alerts: tuple[str, ...] = ()


def of(opened: routes.Opened, here: str = "") -> CaseFrame:
    """The frame; `here` is "facts", "interviews", a component's code, or empty on other pages."""
    review, sheet = opened.review, opened.sheet
    editable = opened.editable
    return CaseFrame(
        **vars(standing(opened.work, here, editable=editable)),
        public_id=review.public_id,
        case_number=review.case.case_number,
        case_type=CASE_TYPE_WORDS[review.case.case_type],
        county=review.case.county.name,
        period=_period(review),
        state=_state(opened),
        state_on=editable and review.state is ReviewState.RETURNED,
        crumbs=_crumbs(opened),
        face_sheet=links.face_sheet(review.public_id),
        overview=flask.url_for("reviews.overview", public_id=review.public_id),
        print=flask.url_for("reviews.print_review", public_id=review.public_id),
        practice=review.purpose is ReviewPurpose.PRACTICE,
        second_reading=opened.told_second_reading,
        imported=about.imported_line(opened),
        saved_at=routes.time_of(last_saved(sheet)) if editable else "",
        decidable=_decidable(sheet),
        raise_alert=links.raise_alert(review.public_id) if _scores(sheet) else "",
        open_alerts=_open_alerts(sheet),
        returned=_returned(sheet),
        locked=None if editable else _locked(opened),
        notes=notes.navigator(opened),
    )


def standing(work: routes.Work, here: str, *, editable: bool = True) -> Standing:
    """The part of the frame that saving changes."""
    addresses = {links.FACTS: links.face_sheet(work.public_id)}
    for component in work.instrument.components:
        addresses[component.code] = links.component(work.public_id, component.code)
    if work.progress.interviews.of:  # last: they take their time
        addresses[links.INTERVIEWS] = links.interviews(work.public_id)
    gaps = _gaps(work, here, addresses)
    return Standing(
        links=tuple(_links(work, here, addresses)),
        gaps=tuple(_listed(work, here, gaps)),
        missing=len(gaps),
        next_missing=gaps[0].address if gaps else "",
        done=work.progress.items.complete,
        of=work.progress.items.of,
        editable=editable,
    )


def last_saved(sheet: queries.ReviewSheet) -> dt.datetime | None:
    """When anything on the sheet was saved last, or None."""
    moments = [entry.at for entry in sheet.facts.values()]
    moments += [entry.at for entry in sheet.narratives.values()]
    moments += [entry.at for answers in sheet.answers.values() for entry in answers.values()]
    return max(moments, default=None)


def _period(review: queries.CaseReview) -> str:
    start = review.round.pur_from
    if review.pur_to is None:
        return f"Period under review from {dates.full_day(start)}"
    return f"Period under review {dates.span(start, review.pur_to)}"


def _state(opened: routes.Opened) -> str:
    sheet, final_at = opened.sheet, opened.review.final_at
    state = STATE_WORDS[sheet.standing.state]
    if sheet.imported and final_at:
        return f"{state}, {dates.day(routes.local(final_at).date())}"
    if not sheet.steps:
        return state
    return f"{state}, {dates.day(routes.local(sheet.steps[-1].at).date())}"


def _crumbs(opened: routes.Opened) -> tuple[tuple[str, str], ...]:
    review = opened.review
    actor = current.actor()
    standing = opened.sheet.standing
    if actor.person_id in standing.reviewers:
        above = ("My reviews", flask.url_for("home.home"))
    elif policy.in_queue(standing, actor):
        above = ("QA queue", flask.url_for("reviews.qa_queue"))
    else:
        in_round = flask.url_for("reviews.round", public_id=review.round.public_id)
        above = (review.round.name, in_round)
    case = flask.url_for("reviews.case_review", public_id=review.public_id)
    return above, (f"Case {review.case.case_number}", case)


def _links(work: routes.Work, here: str, addresses: Mapping[str, str]) -> Iterator[Link]:
    facts, heard = work.progress.facts, work.progress.interviews
    if facts.of:  # there is none where ratings came in with a file
        url, is_here = addresses[links.FACTS], here == links.FACTS
        yield Link(links.FACTS, "Face sheet", url, facts.complete, facts.of, is_here)
    if url := addresses.get(links.INTERVIEWS, ""):
        is_here = here == links.INTERVIEWS
        yield Link(links.INTERVIEWS, "Interviews", url, heard.complete, heard.of, is_here)
    for component in work.instrument.components:
        count, code = work.progress.components[component.code], component.code
        yield Link(code, component.title, addresses[code], count.complete, count.of, here == code)


@dataclass(frozen=True)
class _Gap:
    """Something that is missing, with the page and the address of its place."""

    missing: completeness.Missing
    page: str
    address: str


def _gaps(work: routes.Work, here: str, addresses: Mapping[str, str]) -> list[_Gap]:
    """All gaps, beginning with those of the page at hand, then on from there."""
    pages = list(addresses)
    found = []
    for gap in work.missing:
        page = links.page_of(work.instrument, gap)
        found.append(_Gap(gap, page, f"{addresses[page]}#{links.place(gap)}"))
    start = pages.index(here) if here in pages else 0
    return sorted(found, key=lambda gap: (pages.index(gap.page) - start) % len(pages))


def _listed(work: routes.Work, here: str, gaps: list[_Gap]) -> list[tuple[str, str]]:
    """(words, address): every gap; where there are many, one line an item here, or a page."""
    if len(gaps) <= LISTED:
        return [(links.words(work.instrument, gap.missing), gap.address) for gap in gaps]
    found: dict[tuple[str, str], list[_Gap]] = {}
    for gap in gaps:
        key = (gap.missing.item or gap.missing.name) if gap.page == here else ""
        found.setdefault((gap.page, key), []).append(gap)
    return [
        (_line(work, page, key, together), together[0].address)
        for (page, key), together in found.items()
    ]


def _line(work: routes.Work, page: str, key: str, gaps: list[_Gap]) -> str:
    if key:
        return links.together(work.instrument, [gap.missing for gap in gaps])
    return f"{_short(work, page)}: {len(gaps)} missing"


def _short(work: routes.Work, page: str) -> str:
    listed = {links.FACTS: "Face sheet", links.INTERVIEWS: "Interviews"}
    return listed.get(page) or work.instrument.component(page).short_title


def _decidable(sheet: queries.ReviewSheet) -> str:
    """What the button of somebody who decides says; empty where they have nothing to decide."""
    decided = (*_DECISIONS, Step.WITHDRAW) if sheet.imported else _DECISIONS
    steps = [s for s in policy.offered(sheet.standing, current.actor()) if s in decided]
    if not steps:
        return ""
    return STEP_WORDS[steps[0]] if len(steps) == 1 else "Approve or return"


def _scores(sheet: queries.ReviewSheet) -> bool:
    return policy.permitted(Permission.REVIEW_SCORE, sheet.standing, current.actor())


def _open_alerts(sheet: queries.ReviewSheet) -> tuple[str, ...]:
    """Addresses, for whoever may see alerts."""
    if not current.actor().holds(Permission.ALERT_SEE):
        return ()
    return tuple(links.safety_alert(each) for each in sheet.standing.open_alerts)


def _returned(sheet: queries.ReviewSheet) -> Note | None:
    step = sheet.returned
    if step is None:
        return None
    return Note("Returned", step.reason, step.by, routes.time_of(step.at))


def _locked(opened: routes.Opened) -> Note:
    """Why nothing can be changed here, and who could."""
    review = opened.review
    if review.state is ReviewState.FINAL and review.final_at is not None:
        since = dates.full_day(routes.local(review.final_at).date())
        text = "It can be read, not changed; only the CQI director may reopen it, with a reason."
        if opened.sheet.imported:
            text += " Reopened, it can be withdrawn: nobody scores it anew."
        return Note(f"Final since {since}", text)
    if review.state is ReviewState.WITHDRAWN:
        return Note("Withdrawn", "This case review was taken out of its round. It counts nowhere.")
    if review.state in OPEN_STATES:
        return Note("With its reviewers", "You can read it. Only its reviewers change answers.")
    text = "It can be read, not changed, until it comes back or is final."
    return Note("With QA", text)
