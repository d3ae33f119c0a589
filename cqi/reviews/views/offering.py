"""How people are offered for a case: who can take it and why they are suggested, who cannot and
why not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cqi.access import current
from cqi.cases import queries as cases
from cqi.reviews import queries
from cqi.reviews.rules import ReviewPurpose, suggesting
from cqi.reviews.rules.suggesting import Candidate
from cqi.ui import dates


@dataclass(frozen=True)
class Offer:
    """Public id -> words for the candidates in order; who is `blocked`, who is `suggested`."""

    labels: dict[str, str]
    blocked: frozenset[str]
    suggested: tuple[str, ...] = ()


def for_case(in_round: queries.Round, purpose: ReviewPurpose, case: cases.Case | None) -> Offer:
    """The team for a case, with a suggestion; without a case as far as that can be told."""
    session, today = current.session(), current.today()
    if case is None:
        return _offer(queries.candidates_for_any(session, in_round, purpose, today))
    found = queries.candidates_for_cases(session, in_round, purpose, [case], today)[case.id]
    practice = purpose is ReviewPurpose.PRACTICE
    return _offer(found, () if practice else suggesting.suggest(found))


def for_review(review: queries.CaseReview, but: Collection[int]) -> list[tuple[Candidate, str]]:
    """The others on the team with what stands after their name, in order."""
    found = queries.candidates_for_review(current.session(), review, current.today())
    others = [one for one in suggesting.in_order(found) if one.person_id not in but]
    return [(one, said(one)) for one in others]


def _offer(found: Iterable[Candidate], suggested: Sequence[Candidate] = ()) -> Offer:
    order = suggesting.in_order(found)
    keys = tuple(str(one.public_id) for one in suggested)
    return Offer(
        {key: _label(one, key in keys) for one in order if (key := str(one.public_id))},
        frozenset(str(one.public_id) for one in order if one.blocked),
        keys,
    )


def _label(one: Candidate, suggested: bool) -> str:
    if one.blocked:
        return f"{one.name} cannot be chosen: {said(one)}"
    return f"{one.name}, {said(one)}{'. Suggested' if suggested else ''}"


def said(one: Candidate) -> str:
    """What stands after a name: why not, or what they have to do and may do."""
    if one.blocked:
        return "; ".join(one.blocked)
    until = one.certified_until
    certified = f"certified until {dates.full_day(until)}" if until else ""
    return "; ".join(filter(None, [work(one), certified, "has led a review" if one.led else ""]))


def work(one: Candidate) -> str:
    """ "2 open cases, 5 in all"."""
    if not one.given:
        return "no case yet"
    left = dates.counted(one.load, "open case") if one.load else "no open case"
    return left if one.load == one.given else f"{left}, {one.given} in all"
