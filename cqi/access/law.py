"""Legal bases of people outside the agency, and disclosures of case content: what each must say."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass

from cqi.core.errors import Blocker


class BasisKind(enum.StrEnum):
    """What lets somebody outside the agency see anything at all."""

    COURT_ORDER = "court_order"
    STATUTE = "statute"
    AGREEMENT = "agreement"
    CONSENT = "consent"
    RESEARCH = "research"


BASIS_WORDS = {
    BasisKind.COURT_ORDER: "Court order",
    BasisKind.STATUTE: "Statute or rule that names the office",
    BasisKind.AGREEMENT: "Written agreement on confidentiality",
    BasisKind.CONSENT: "Consent of the person concerned",
    BasisKind.RESEARCH: "Approved research",
}


class DisclosureKind(enum.StrEnum):
    """How it came into the register."""

    EXPORT = "export"
    BY_HAND = "by_hand"


class Exported(enum.StrEnum):
    """What the product hands out as a file."""

    CASE_REVIEW = "case_review"
    FEEDBACK_MEMO = "feedback_memo"
    CALENDAR = "calendar"
    COUNTY_NOTICE = "county_notice"
    FRAME = "frame"
    SAMPLE = "sample"


EXTENT = {
    Exported.CASE_REVIEW: (
        "One case review as PDF: facts, answers, narratives, ratings. No names, no notes of"
        " interviews, nothing that rests on protected evidence."
    ),
    Exported.FEEDBACK_MEMO: (
        "The feedback memo of one case review as PDF: ratings with reasons and narratives. No"
        " names, nothing that rests on protected evidence."
    ),
    Exported.CALENDAR: (
        "A reviewer's calendar file of planned interviews: case number, whom by role, when and how."
        " No names, no places."
    ),
    Exported.COUNTY_NOTICE: (
        "The notice to one county as PDF: case numbers and types, staff numbers, whom by role, days"
        " on site. No names of families, nothing of any finding."
    ),
    Exported.FRAME: "The frame of a round's draw as CSV: case number, county, type. No names.",
    Exported.SAMPLE: (
        "A round's sample with its reserve as CSV: case number, stratum, order, standing, weight."
        " No names."
    ),
}
LONGEST_REFERENCE = 100


@dataclass(frozen=True)
class NewBasis:
    """A document that lets somebody in, until the day on which it expires."""

    kind: BasisKind
    reference: str
    document_on: dt.date
    expires_on: dt.date


@dataclass(frozen=True)
class NewDisclosure:
    """Case content that went out by another way than an export: by letter, read out in court."""

    persons: str
    extent: str
    purpose: str
    given_on: dt.date
    order_number: str = ""
    expires_on: dt.date | None = None


def basis_blockers(new: NewBasis, today: dt.date) -> list[Blocker]:
    """Why a legal basis cannot be put on file so."""
    found = []
    if not new.reference.strip():
        message = "Write the order number, or where the document is filed."
        found.append(Blocker("no_reference", message, "reference"))
    if len(new.reference.strip()) > LONGEST_REFERENCE:
        message = f"Use at most {LONGEST_REFERENCE} characters."
        found.append(Blocker("no_reference", message, "reference"))
    if new.document_on > today:
        message = "The document's date is still to come."
        found.append(Blocker("document_ahead", message, "document_on"))
    if new.expires_on < max(today, new.document_on):
        message = "It has expired already: ask for a new one."
        found.append(Blocker("expired", message, "expires_on"))
    return found


def disclosure_blockers(new: NewDisclosure, today: dt.date) -> list[Blocker]:
    """Why a disclosure cannot be written down so."""
    asked = (
        ("persons", new.persons, "Say who was given it: name and office."),
        ("extent", new.extent, "Say what was given: which parts, how many pages."),
        ("purpose", new.purpose, "Say what for."),
    )
    found = [Blocker(f"no_{name}", say, name) for name, text, say in asked if not text.strip()]
    if new.given_on > today:
        found.append(Blocker("given_ahead", "This day is still to come.", "given_on"))
    if new.expires_on is not None and new.expires_on < new.given_on:
        message = "It was given after this day: look at the dates again."
        found.append(Blocker("expired", message, "expires_on"))
    return found
