"""What a case review is made of (domain.md sections 2 and 4)."""

from __future__ import annotations

import enum


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
# states that end a case review for its round
ENDED_STATES = frozenset({ReviewState.FINAL, ReviewState.WITHDRAWN})


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
