"""Whom a case review should hear, and what became of each interview.

One list serves the face sheet, as the people of the case, and the page of interviews. Who should
be heard follows from the case; each has an id that follows from the case review and the role, so
that a person has a row from the first word that is recorded of them, and no row before.
"""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cqi.cases.rules import CaseType

NOTES = "notes"
FIELDS = ("label", "outcome", "held_on", "how", "reason", NOTES)  # what is saved one by one
TEXTS = frozenset({"label", NOTES})  # what stands in events as a digest
LONGEST_LABEL = 60  # characters
SERVICES = "services_in_place"  # the fact that says whether a provider is there to be heard


class InterviewRole(enum.StrEnum):
    """What somebody is to the case; the values are those of evidence that is an interview."""

    CHILD = "child"
    MOTHER = "mother"
    FATHER = "father"
    FOSTER_CAREGIVER = "foster_caregiver"
    RELATIVE = "relative"
    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    SERVICE_PROVIDER = "service_provider"
    OTHER = "other_interview"


ROLE_WORDS = {
    InterviewRole.CHILD: "Child",
    InterviewRole.MOTHER: "Mother",
    InterviewRole.FATHER: "Father",
    InterviewRole.FOSTER_CAREGIVER: "Foster caregiver",
    InterviewRole.RELATIVE: "Relative",
    InterviewRole.CASEWORKER: "Caseworker",
    InterviewRole.SUPERVISOR: "Supervisor",
    InterviewRole.SERVICE_PROVIDER: "Service provider",
    InterviewRole.OTHER: "Somebody else",
}


class Outcome(enum.StrEnum):
    """Whether somebody was heard."""

    HELD = "held"
    NOT_HELD = "not_held"


OUTCOME_WORDS = {Outcome.HELD: "Held", Outcome.NOT_HELD: "Not held"}


class How(enum.StrEnum):
    """In which way somebody was heard."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    VIDEO = "video"


HOW_WORDS = {How.IN_PERSON: "In person", How.TELEPHONE: "By telephone", How.VIDEO: "By video"}


class NotHeld(enum.StrEnum):
    """Why somebody was not heard. After the exceptions that the federal instrument names."""

    NOBODY = "nobody"
    TOO_YOUNG = "too_young"
    NOT_FOUND = "not_found"
    DECLINED = "declined"
    NOT_ABLE = "not_able"
    SAFETY = "safety"
    LEGAL_ADVICE = "legal_advice"
    LEFT = "left"


NOT_HELD_WORDS = {
    NotHeld.NOBODY: "Nobody has this part in the case",
    NotHeld.TOO_YOUNG: "Too young to be interviewed",
    NotHeld.NOT_FOUND: "Could not be found or reached",
    NotHeld.DECLINED: "Declined",
    NotHeld.NOT_ABLE: "Not able to take part",
    NotHeld.SAFETY: "An interview would not be safe for somebody",
    NotHeld.LEGAL_ADVICE: "Advised by a lawyer not to take part",
    NotHeld.LEFT: "No longer with the agency or the provider",
}


LACKS_WORDS = {
    "outcome": "not recorded yet",
    "held_on": "the date is missing",
    "how": "how it was held is missing",
    "reason": "the reason is missing",
}


@dataclass(frozen=True)
class Interview:
    """One person of the case and their interview. `proposed`: the case asks for them; `removed`:
    they were taken off the list, which counts only while the case does not ask for them.

    `revisions` by field; a field that nobody has touched has none.
    """

    id: uuid.UUID
    role: InterviewRole
    label: str
    outcome: Outcome | None = None
    held_on: dt.date | None = None
    how: How | None = None
    reason: NotHeld | None = None
    revisions: tuple[tuple[str, int], ...] = ()
    proposed: bool = False
    removed: bool = False

    @property
    def lacks(self) -> str:
        """The field that is to be filled in next; empty where it is held, or has its reason."""
        if self.outcome is None:
            return "outcome"
        if self.outcome is Outcome.NOT_HELD:
            return "" if self.reason else "reason"
        if self.held_on is None:
            return "held_on"
        return "" if self.how else "how"

    @property
    def role_beside(self) -> str:
        """The role in words, to stand beside the label; empty where the label says it already."""
        words = ROLE_WORDS[self.role]
        return "" if words.lower() in self.label.lower() else words

    def revision(self, name: str) -> int:
        """How often a field was changed; 0 where nobody has touched it."""
        return dict(self.revisions).get(name, 0)

    @property
    def words(self) -> str:
        """What became of it in words, without the date; empty where something lacks."""
        if self.lacks:
            return ""
        if self.outcome is Outcome.HELD:
            return f"Held {HOW_WORDS[self.how].lower()}" if self.how else "Held"
        return f"Not held: {NOT_HELD_WORDS[self.reason].lower()}" if self.reason else ""


@dataclass(frozen=True)
class Days:
    """What the day of an interview is held against: the round's first day on site, and the day on
    which the case review was assigned."""

    on_site_from: dt.date
    assigned_on: dt.date

    def doubt(self, held_on: dt.date | None) -> str:
        """Why a day is asked about; it may stand. Interviews are held in the time on site, but one
        by telephone, or of somebody who will be away, may come before."""
        if held_on is None:
            return ""
        if held_on < self.on_site_from:
            return f"It is before the round's first day on site, {_day(self.on_site_from)}."
        if held_on < self.assigned_on:
            return f"It is before this case was assigned, {_day(self.assigned_on)}."
        return ""


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def value_of(one: Interview, name: str) -> str:
    """A field as forms send it; notes are not part of it."""
    return str(getattr(one, name) or "")


def proposed_id(review: uuid.UUID, role: InterviewRole) -> uuid.UUID:
    """The id of whom the case asks for: the same for everybody who opens the page."""
    return uuid.uuid5(review, f"interview {role}")


def proposed(
    review: uuid.UUID, case_type: CaseType, facts: Mapping[str, str]
) -> Iterator[Interview]:
    """Whom the case says should be heard, before anything is recorded."""
    foster = case_type is CaseType.FOSTER_CARE
    roles = {
        InterviewRole.CHILD: "Target child" if foster else "Child A",
        InterviewRole.MOTHER: "Mother",
        InterviewRole.FATHER: "Father",
        InterviewRole.FOSTER_CAREGIVER: "Foster caregiver" if foster else "",
        InterviewRole.CASEWORKER: "Caseworker",
        InterviewRole.SUPERVISOR: "Supervisor",
        InterviewRole.SERVICE_PROVIDER: "" if facts.get(SERVICES) == "no" else "Service provider",
    }
    for role, label in roles.items():
        if label:
            yield Interview(proposed_id(review, role), role, label, proposed=True)


def people(asked_for: Iterable[Interview], recorded: Iterable[Interview]) -> tuple[Interview, ...]:
    """Everybody, by role: whom the case asks for, as far as recorded, and who was added."""
    found = {one.id: one for one in asked_for}
    for one in recorded:
        if one.id in found or not one.removed:
            found[one.id] = replace(one, proposed=one.id in found)
    order = list(InterviewRole)
    return tuple(sorted(found.values(), key=lambda one: (order.index(one.role), not one.proposed)))


@dataclass(frozen=True)
class InterviewChange:
    """One field of an interview as it was sent; `expected` is the revision that the page showed,
    0 where nobody had touched it. An empty `value` takes it back."""

    interview: uuid.UUID
    name: str
    value: str
    expected: int = 0

    @property
    def place(self) -> str:
        """Where it stands on the page and, for notes, among the saved texts."""
        return place(self.interview, self.name)


def place(interview: uuid.UUID, name: str = "") -> str:
    """ "interview-0193...", or one field of it: "interview-0193...-held_on"."""
    return f"interview-{interview}-{name}" if name else f"interview-{interview}"
