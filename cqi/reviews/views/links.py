"""Where on which page something of a case review stands."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Iterable

import flask

from cqi.instruments import completeness, definition
from cqi.reviews import rules

Kind = completeness.Kind
_LISTS = {Kind.SUBJECT: "subjects", Kind.INTERVIEW: "interview"}
FACTS, INTERVIEWS, SUBMIT, ALERT = "facts", "interviews", "submit", "alert"


def face_sheet(public_id: uuid.UUID) -> str:
    return flask.url_for("reviews.face_sheet", public_id=public_id)


def interviews(public_id: uuid.UUID) -> str:
    return flask.url_for("reviews.interviews", public_id=public_id)


def raise_alert(public_id: uuid.UUID) -> str:
    return flask.url_for("reviews.raise_alert", public_id=public_id)


def safety_alert(public_id: str) -> str:
    return flask.url_for("reviews.safety_alert", public_id=public_id)


@functools.lru_cache(maxsize=4096)  # each page and each save names those of all components
def component(public_id: uuid.UUID, code: str) -> str:
    return flask.url_for("reviews.score_component", public_id=public_id, code=code)


def onward(public_id: uuid.UUID, where: str) -> str:
    """The page that a button "Save and go on" names: "facts", "interviews", "submit", "alert" or a
    component's code."""
    if where == ALERT:
        return raise_alert(public_id)
    if where == SUBMIT:
        return flask.url_for("reviews.submit_for_qa", public_id=public_id)
    if where == INTERVIEWS:
        return interviews(public_id)
    return face_sheet(public_id) if where == FACTS else component(public_id, where)


def item(public_id: uuid.UUID, instrument: definition.Instrument, code: str) -> str:
    """The item's card on its component's page."""
    return f"{component(public_id, instrument.item(code).component)}#{code}"


def afresh(address: str) -> str:
    """The same, for a page that was posted to this address: a link that differs from the address
    at hand in its fragment alone loads nothing."""
    page, _, place = address.partition("#")
    return f"{page}?afresh=yes#{place}"


def override(public_id: uuid.UUID, code: str) -> str:
    """Where a QA lead sets an item's rating."""
    return flask.url_for("reviews.override_rating", public_id=public_id, code=code)


def page_of(instrument: definition.Instrument, gap: completeness.Missing) -> str:
    """ "facts", "interviews", or the code of the component on whose page the gap is."""
    if gap.kind is Kind.INTERVIEW:
        return INTERVIEWS
    return FACTS if gap.item is None else instrument.item(gap.item).component


def place(gap: completeness.Missing) -> str:
    """The element that a link to a gap names."""
    if gap.kind is Kind.NARRATIVE:
        return f"{gap.item}-narrative-field"
    if gap.kind is Kind.EVIDENCE:
        return f"{gap.item}-evidence"
    if gap.kind in (Kind.SUBJECT, Kind.INTERVIEW):
        return f"{_LISTS[gap.kind]}-{gap.name}"
    return rules.anchor(gap.item, rules.asked(gap.name, gap.subject) if gap.item else gap.name)


def evidence(public_id: uuid.UUID, evidence_id: uuid.UUID) -> str:
    """Where protected evidence is opened."""
    return flask.url_for("reviews.protected_evidence", public_id=public_id, evidence_id=evidence_id)


def address(
    public_id: uuid.UUID, instrument: definition.Instrument, gap: completeness.Missing
) -> str:
    """Where a link to a gap leads."""
    return f"{onward(public_id, page_of(instrument, gap))}#{place(gap)}"


def words(instrument: definition.Instrument, gap: completeness.Missing) -> str:
    """A gap in few words, with the title of its item: nobody knows all items by number."""
    if gap.item is None:
        return gap.message.partition("; needed for")[0].replace("” is not answered", "”")
    short = {
        Kind.ANSWER: f"question {gap.name}",
        Kind.NA_REASON: f"why {gap.name} does not apply",
        Kind.NARRATIVE: "narrative",
        Kind.EVIDENCE: "evidence",
    }
    return f"{_titled(instrument, gap.item)}: {short[gap.kind]}"


def together(instrument: definition.Instrument, gaps: Iterable[completeness.Missing]) -> str:
    """The gaps of one item in one line: "SRM05 Ongoing assessment: a, c, evidence"."""
    listed = list(gaps)
    if len(listed) == 1 or listed[0].item is None:
        return words(instrument, listed[0])
    short = {
        Kind.NA_REASON: "why {} does not apply",
        Kind.NARRATIVE: "narrative",
        Kind.EVIDENCE: "evidence",
    }
    parts = [short.get(gap.kind, "{}").format(gap.name) for gap in listed]
    return f"{_titled(instrument, listed[0].item)}: {', '.join(parts)}"


def why_missing(gaps: Iterable[completeness.Missing], code: str, name: str) -> str:
    """What is to be said of an answer of NA that has no reason yet; `name` as on the page."""
    place = (code, *rules.ask(name))
    found = ((gap.item, gap.name, gap.subject) for gap in gaps if gap.kind is Kind.NA_REASON)
    return "Say why it does not apply." if place in found else ""


def _titled(instrument: definition.Instrument, code: str) -> str:
    return f"{code} {instrument.item(code).title}"
