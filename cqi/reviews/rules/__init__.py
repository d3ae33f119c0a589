"""What a case review is made of (domain.md sections 2 and 4)."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from dataclasses import dataclass

from cqi.instruments.definition import Rating


class ReviewState(enum.StrEnum):
    """Where a case review stands."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    FIRST_LEVEL_QA = "first_level_qa"
    SECOND_LEVEL_QA = "second_level_qa"
    RETURNED = "returned"
    FINAL = "final"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


STATE_WORDS = {
    ReviewState.ASSIGNED: "Not started",
    ReviewState.IN_PROGRESS: "In progress",
    ReviewState.SUBMITTED: "Submitted",
    ReviewState.FIRST_LEVEL_QA: "First-level QA",
    ReviewState.SECOND_LEVEL_QA: "Second-level QA",
    ReviewState.RETURNED: "Returned",
    ReviewState.FINAL: "Final",
    ReviewState.REOPENED: "Reopened",
    ReviewState.WITHDRAWN: "Withdrawn",
}

# states in which the reviewers may change answers
OPEN_STATES = frozenset(
    {
        ReviewState.ASSIGNED,
        ReviewState.IN_PROGRESS,
        ReviewState.RETURNED,
        ReviewState.REOPENED,
    }
)
# states in which QA checks it
QA_STATES = frozenset({ReviewState.FIRST_LEVEL_QA, ReviewState.SECOND_LEVEL_QA})
# states in which QA notes are answered and settled: from submission until the end
NOTE_STATES = QA_STATES | {ReviewState.SUBMITTED, ReviewState.RETURNED, ReviewState.REOPENED}
# states that end a case review for its round
ENDED_STATES = frozenset({ReviewState.FINAL, ReviewState.WITHDRAWN})


class AlertState(enum.StrEnum):
    """Where a safety alert stands."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    CLOSED = "closed"


ALERT_STATE_WORDS = {
    AlertState.RAISED: "Raised",
    AlertState.ACKNOWLEDGED: "Acknowledged",
    AlertState.ANSWERED: "Answered",
    AlertState.CLOSED: "Closed",
}


class Urgency(enum.StrEnum):
    """How soon a child may be harmed, as whoever raises a safety alert sees it."""

    NOW = "now"
    WITHIN_A_DAY = "within_a_day"
    WITHIN_DAYS = "within_days"


URGENCY_WORDS = {
    Urgency.NOW: "A child is in danger now",
    Urgency.WITHIN_A_DAY: "A child may be harmed within a day",
    Urgency.WITHIN_DAYS: "A child may be harmed in the coming days",
}
LONGEST_CHILD = 40  # characters: an initial or a word, never a full name


@dataclass(frozen=True)
class NewAlert:
    """A safety alert to raise. `public_id` is made with the form, so that it is raised once.

    `hotline_at` is when the hotline was called, None where it was not yet.
    """

    public_id: uuid.UUID
    hotline_at: dt.datetime | None
    seen: str
    child: str
    urgency: Urgency
    about_unit: bool


class ReviewPurpose(enum.StrEnum):
    """Why a case is scored; only `scored` counts in measures."""

    SCORED = "scored"
    PRACTICE = "practice"
    RELIABILITY = "reliability"


class Part(enum.StrEnum):
    """What a person does on a case review."""

    REVIEWER = "reviewer"
    FIRST_LEVEL_QA = "first_level_qa"
    SECOND_LEVEL_QA = "second_level_qa"


class EntryKind(enum.StrEnum):
    """What stands in the thread of a QA note. All but a reply are QA's."""

    OPENED = "opened"
    REMARK = "remark"
    REPLY = "reply"
    RESOLVED = "resolved"
    REOPENED = "reopened"


class RatingLevel(enum.StrEnum):
    """What is rated."""

    ITEM = "item"
    COMPONENT = "component"


class EvidenceKind(enum.StrEnum):
    """Where something was learned."""

    RECORD = "record"
    INTERVIEW = "interview"


class EvidenceSource(enum.StrEnum):
    """The list that reviewers choose evidence from."""

    CASE_NARRATIVE = "case_narrative"
    VISIT_LOG = "visit_log"
    ASSESSMENT = "assessment"
    CASE_PLAN = "case_plan"
    MEETING_NOTES = "meeting_notes"
    COURT_RECORD = "court_record"
    SCHOOL_RECORD = "school_record"
    HEALTH_RECORD = "health_record"
    SERVICE_REPORT = "service_report"
    OTHER_RECORD = "other_record"
    CHILD = "child"
    MOTHER = "mother"
    FATHER = "father"
    FOSTER_CAREGIVER = "foster_caregiver"
    RELATIVE = "relative"
    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    SERVICE_PROVIDER = "service_provider"
    OTHER_INTERVIEW = "other_interview"


SOURCE_WORDS = {
    EvidenceSource.CASE_NARRATIVE: "Case narrative",
    EvidenceSource.VISIT_LOG: "Visit log",
    EvidenceSource.ASSESSMENT: "Assessment",
    EvidenceSource.CASE_PLAN: "Case plan",
    EvidenceSource.MEETING_NOTES: "Notes of a family team meeting",
    EvidenceSource.COURT_RECORD: "Court record",
    EvidenceSource.SCHOOL_RECORD: "School record",
    EvidenceSource.HEALTH_RECORD: "Health record",
    EvidenceSource.SERVICE_REPORT: "Report of a service provider",
    EvidenceSource.OTHER_RECORD: "Other record",
    EvidenceSource.CHILD: "Interview: child",
    EvidenceSource.MOTHER: "Interview: mother",
    EvidenceSource.FATHER: "Interview: father",
    EvidenceSource.FOSTER_CAREGIVER: "Interview: foster caregiver",
    EvidenceSource.RELATIVE: "Interview: relative",
    EvidenceSource.CASEWORKER: "Interview: caseworker",
    EvidenceSource.SUPERVISOR: "Interview: supervisor",
    EvidenceSource.SERVICE_PROVIDER: "Interview: service provider",
    EvidenceSource.OTHER_INTERVIEW: "Interview: other",
}

_INTERVIEWS = frozenset(s for s, words in SOURCE_WORDS.items() if words.startswith("Interview"))


def kind_of(source: EvidenceSource) -> EvidenceKind:
    """Record or interview."""
    return EvidenceKind.INTERVIEW if source in _INTERVIEWS else EvidenceKind.RECORD


class ChangeKind(enum.StrEnum):
    """What a reviewer changes on the sheet."""

    FACT = "fact"
    ANSWER = "answer"
    NARRATIVE = "narrative"


@dataclass(frozen=True)
class Change:
    """One value as a reviewer sent it.

    `expected` is the revision that the page showed, 0 where nothing stood there yet. An empty
    `value` takes an answer back. `reason` is for an answer of NA; None leaves it as it stands.
    """

    kind: ChangeKind
    value: str
    expected: int = 0
    name: str = ""
    item: str = ""
    reason: str | None = None

    @property
    def ask(self) -> tuple[str, str | None]:
        """Of an answer, the question and the subject that it was asked of."""
        return ask(self.name)

    @property
    def place(self) -> tuple[str, str]:
        """Item and question; ("", a fact's name); (item, "") for its narrative."""
        return self.item, self.name

    @property
    def anchor(self) -> str:
        """Where on a page the value stands."""
        return anchor(self.item, self.name)

    @property
    def text_place(self) -> str:
        """Where its text stands among the saved texts: "SRM05", "SRM05.b"."""
        return f"{self.item}.{self.name}" if self.name else self.item


def fact(name: str, value: str, expected: int = 0) -> Change:
    """A change of a fact: yes, no or a choice's value."""
    return Change(ChangeKind.FACT, value, expected, name)


def answer(
    item: str, question: str, value: str, expected: int = 0, reason: str | None = None
) -> Change:
    """A change of an answer: yes, no, na or a number, with the reason of an NA.

    `question` is the question's name on the page (`asked`): its id, and whom it is asked of.
    """
    return Change(ChangeKind.ANSWER, value, expected, question, item, reason)


def narrative(item: str, text: str, expected: int = 0) -> Change:
    """A change of an item's narrative."""
    return Change(ChangeKind.NARRATIVE, text, expected, "", item)


def asked(question: str, subject: str | None = None) -> str:
    """What a question is called on a page: "a", or of a subject "a-0193...", its public id."""
    return question if subject is None else f"{question}-{subject}"


def ask(name: str) -> tuple[str, str | None]:
    """The reverse: question and subject."""
    question, _, subject = name.partition("-")
    return question, subject or None


def anchor(item: str | None, name: str | None) -> str:
    """The element id of a place on a page: "SRM05-b", "SRM05", "fact-case_type"."""
    if not item:
        return f"fact-{name}"
    return f"{item}-{name}" if name else item


def place(anchor: str) -> tuple[str, str]:
    """The reverse: item and question; ("", a fact's name); (item, "") for its narrative."""
    item, _, name = anchor.partition("-")
    return ("", name) if item == "fact" else (item, name)


@dataclass(frozen=True)
class NewEvidence:
    """A source to add to an item. `protected`: substance-use treatment (42 CFR Part 2).

    `interview` is the id of the interview that it points to, whose role `source` then is.
    """

    item: str
    source: EvidenceSource
    detail: str = ""
    protected: bool = False
    interview: uuid.UUID | None = None


LONGEST_LABEL = 60  # characters of a subject's label


@dataclass(frozen=True)
class NewSubject:
    """Whom or what to ask repeated questions of: the instrument's kind, and a label ("Mother")."""

    kind: str
    label: str


@dataclass(frozen=True)
class Renaming:
    """A new label for a subject; `expected` is the revision that the page showed."""

    subject_id: uuid.UUID
    label: str
    expected: int


LONGEST_NOTE = 4000  # characters of one entry, and of the reason of an override


@dataclass(frozen=True)
class NewNote:
    """A QA note to open on a question, named as on the page, or ("") on the item as a whole; or,
    where `item` is empty, on a fact of the face sheet (the place as of a `Change`). The same words
    under the same `key` of the page are one note."""

    item: str
    question: str
    text: str
    key: uuid.UUID | None = None


@dataclass(frozen=True)
class NoteSeen:
    """A note as a page showed it, to be resolved or reopened; `text` goes along."""

    note_id: uuid.UUID
    revision: int
    text: str = ""
    key: uuid.UUID | None = None


def note_place(item: str, question: str, fact: str = "") -> str:
    """ "SRM05 b", or "SRM05" for the whole item; of whom it was asked is not told. A fact of the
    face sheet is named by its words, `fact`."""
    return f"{item} {ask(question)[0]}".rstrip() if item else f"“{fact}”"


def note_anchor(note_id: uuid.UUID) -> str:
    """The element id of a note."""
    return f"note-{note_id}"


# what an item may be rated by a QA lead
OVERRIDES = (Rating.STRENGTH, Rating.AREA_NEEDING_IMPROVEMENT, Rating.NOT_APPLICABLE)


@dataclass(frozen=True)
class NewOverride:
    """A rating to set against the computed one of an item."""

    item: str
    rating: Rating
    reason: str


# how long a case review may rest before a round's page calls it stuck
STUCK_AFTER_DAYS = 5


@dataclass(frozen=True)
class Rest:
    """What decides whether a case review is stuck. `days` since anything last happened to it."""

    state: ReviewState
    days: int
    reviewers: int
    returned: int


def stuck(rest: Rest, after_days: int = STUCK_AFTER_DAYS) -> str:
    """What would move a case review that does not move; empty where it moves."""
    if rest.state in ENDED_STATES:
        return ""
    if rest.state in OPEN_STATES and not rest.reviewers:
        return "It has no reviewer: assign somebody."
    if rest.state is ReviewState.RETURNED and rest.returned > 1:
        return f"Returned {rest.returned} times: a call between reviewers and QA may settle it."
    if rest.days <= after_days:
        return ""
    if rest.state in OPEN_STATES:
        return f"Nothing was changed for {rest.days} days: ask the reviewers what they wait for."
    return f"It waits for QA for {rest.days} days: ask the QA lead."
