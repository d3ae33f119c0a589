"""The rows that figures are made from, read in two queries a round, and stored runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cases.models import Case
from cqi.core import errors
from cqi.instruments import versions
from cqi.instruments.definition import Instrument
from cqi.measures.models import MeasureRun as MeasureRun
from cqi.measures.models import PooledRun
from cqi.measures.queries import declared
from cqi.measures.rules import changes, findings, frozen, lines, tabulation
from cqi.places.models import Place
from cqi.reviews.models import CaseReview, StoredRating
from cqi.reviews.queries import visibility
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round
from cqi.sampling import queries as sampling
from cqi.sampling.rules.eliminating import Standing

_SHORTEST = 8  # characters of a run's id
AnyRun = TypeVar("AnyRun", MeasureRun, PooledRun)
Kind = TypeVar("Kind")
_CHANGED = "they were changed after they were stored"


@dataclass(frozen=True)
class Asked:
    """What measures are asked for: a round, and what its figures depend on besides its reviews.

    `compare` None: the round's own `compares_with`; `earlier` is the version that it was scored
    with, where that is another one. `named_items` are the items that an approved plan named before
    the follow-up. Without `overrides` computed ratings count in figures; the frozen rows hold both.
    """

    round: Round
    instrument: Instrument
    compare: Round | None = None
    named_items: frozenset[str] = frozenset()
    limits: findings.Limits = field(default_factory=findings.Limits)
    earlier: Instrument | None = None
    overrides: bool = True

    @property
    def baseline(self) -> Round | None:
        """The round that is compared with."""
        return self.compare or self.round.compares_with


def freeze(session: orm.Session, asked: Asked) -> frozen.Frozen:
    """The rows of a round, and of the round that it compares with, as they are now."""
    baseline = asked.baseline
    return frozen.Frozen(
        round=freeze_round(session, asked.round),
        parts=parts_of(asked.instrument),
        baseline=freeze_round(session, baseline) if baseline else None,
        named_items=asked.named_items,
        limits=asked.limits,
        part_of={part: item.code for item in asked.instrument.items for part in item.parts},
        same_rule=_same_rule(asked),
    )


def asked_of(
    round_: Round,
    *,
    compare: Round | None = None,
    named_items: frozenset[str] = frozenset(),
    limits: findings.Limits = findings.DEFAULT_LIMITS,
    overrides: bool = True,
) -> Asked:
    """What is asked of a round, with the instruments that it and its baseline were scored with."""
    before = compare or round_.compares_with
    other = before is not None and before.instrument_digest != round_.instrument_digest
    return Asked(
        round=round_,
        instrument=rounds.instrument_of(round_),
        compare=compare,
        named_items=named_items,
        limits=limits,
        overrides=overrides,
        earlier=rounds.instrument_of(before) if before and other else None,
    )


def agreed(asked: Asked) -> lines.Agreed:
    """On what terms a round is compared with its baseline."""
    first, second = asked.baseline, asked.round
    same = first is not None and first.instrument_digest == second.instrument_digest
    return lines.Agreed(same, _same_rule(asked), asked.named_items, asked.limits)


def _same_rule(asked: Asked) -> frozenset[str]:
    """The codes that mean the same in the baseline's version of the same instrument."""
    new, old = asked.instrument, asked.earlier
    if old is None or old.id != new.id:
        return frozenset()
    return versions.compare(old, new).same_rule()


def measures(
    session: orm.Session, asked: Asked, by: tabulation.By | None = None
) -> tabulation.Measures:
    """The figures of a round as its reviews stand now."""
    return tabulation.measure(freeze(session, asked), by, overrides=asked.overrides)


def figures_of(
    stored: MeasureRun, by: tabulation.By | None = None, *, overrides: bool = True
) -> tabulation.Measures:
    """A stored run's figures, worked out again from its frozen rows.

    Raises BadInput where the rows no longer make the id, or where another version of the formulas
    made it.
    """
    if stored.formula_version != frozen.FORMULA_VERSION:
        message = f"run {stored.run_id} was made by version {stored.formula_version}"
        raise errors.BadInput(f"{message} of the formulas; this is {frozen.FORMULA_VERSION}")
    again = tabulation.measure(frozen.from_json(stored.frozen), by, overrides=overrides)
    if again.run_id != stored.run_id:
        raise errors.BadInput(f"the frozen rows of run {stored.run_id} make another id: {_CHANGED}")
    return again


def begins_with(session: orm.Session, kind: type[AnyRun], run_id: str) -> list[AnyRun]:
    """The runs of a kind whose id begins so, two at most. Raises BadInput for a short beginning."""
    run_id = run_id.strip().lower()
    if len(run_id) < _SHORTEST:
        raise errors.BadInput(f"give {_SHORTEST} or more characters of the run's id")
    begins = kind.run_id.startswith(run_id, autoescape=True)
    return list(session.scalars(sa.select(kind).where(begins).limit(2)))


def named(run_id: str, found: Sequence[Kind]) -> Kind:
    """The one that was found. Raises NotFound, or BadInput where there are several."""
    if not found:
        raise errors.NotFound(f"there is no run {run_id}")
    if len(found) > 1:
        raise errors.BadInput(f"several runs begin with {run_id}: give more of its id")
    return found[0]


def runs_of(session: orm.Session, round_: Round) -> list[MeasureRun]:
    """The stored runs of a round, the newest first."""
    of = sa.select(MeasureRun).where(MeasureRun.round_id == round_.id)
    return list(session.scalars(of.order_by(MeasureRun.created_at.desc(), MeasureRun.id.desc())))


def changes_since(
    session: orm.Session, run_: MeasureRun, asked: Asked | None = None
) -> changes.Changes:
    """What is otherwise now than when a run was frozen, asked when it is read; with `asked` also
    whether settings and named items still are what they were."""
    then = frozen.from_json(run_.frozen)
    if asked is not None:
        return changes.between(then, freeze(session, asked))
    rounds_ = [run_.round_id, *([run_.compare_round_id] if run_.compare_round_id else [])]
    first, *others = (freeze_round(session, session.get_one(Round, key)) for key in rounds_)
    now = replace(then, round=first, baseline=others[0] if others else None)
    return changes.between(then, now)


def parts_of(instrument: Instrument) -> tuple[frozen.Part, ...]:
    """The components with their items' codes, each before those of its parts."""
    return tuple(
        frozen.Part(each.code, tuple(item.code for item in instrument.items_of(each.code)))
        for each in instrument.components
    )


def freeze_round(session: orm.Session, round_: Round) -> frozen.FrozenRound:
    """One round's case reviews: ratings of those that count, reasons for those that do not."""
    found = session.execute(_reviews_of(round_)).all()
    ratings = _ratings(session, round_)
    wholes = {item.code for item in rounds.instrument_of(round_).items if item.parts}
    process = declared.of_round(session, round_, frozenset(wholes))
    drawn = sampling.sample(session, round_) or ()
    reviewed = {row.case_number for row in found if row.purpose is ReviewPurpose.SCORED}
    weights = {each.case_number: each.weight for each in drawn if each.in_sample}
    return frozen.FrozenRound(
        name=round_.name,
        instrument=round_.instrument,
        version=round_.instrument_version,
        digest=round_.instrument_digest,
        cases=tuple(
            replace(
                _case(row, ratings[row.id], weights.get(row.case_number)),
                process=process.get(row.id, {}),
            )
            for row in found
            if why_outside(row) is None
        ),
        outside=_with_reasons(
            session, round_, [*_outside(found), *without_review(session, drawn, reviewed)]
        ),
        items=asked_items(round_),
    )


def weights_differ(session: orm.Session, round_: Round, within: tabulation.Group) -> bool:
    """Whether the draw gave different weights to the final cases of a part of a round, and all of
    them were drawn: what `weighted` in its rows is made from."""
    drawn = sampling.sample(session, round_)
    if not drawn:
        return False
    weights = {each.case_number: each.weight for each in drawn if each.in_sample}
    cases = (row for row in session.execute(_reviews_of(round_)) if why_outside(row) is None)
    here = [row for row in cases if within.holds(_case(row, _Rated(), None))]
    found = {weights.get(row.case_number) for row in here}
    return len(found) > 1 and None not in found


def asked_items(round_: Round) -> tuple[str, ...]:
    """The only items that a round asked for, with their parts; none: all."""
    if not round_.items:
        return ()
    return tuple(item.code for item in visibility.pinned(round_, round_.items).items)


def _reviews_of(round_: Round) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            CaseReview.id,
            CaseReview.purpose,
            CaseReview.reading,
            CaseReview.state,
            CaseReview.imported_digest,
            Case.case_number,
            Case.case_type,
            Place.code.label("county"),
        )
        .join(Case, Case.id == CaseReview.case_id)
        .join(Place, Place.id == Case.county_id)
        .where(CaseReview.round_id == round_.id)
        .order_by(Case.case_number, CaseReview.id)
    )


@dataclass
class _Rated:
    """The ratings of one case review that count, and what was computed where QA set another."""

    counted: dict[str, str | None] = field(default_factory=dict)
    computed: dict[str, str | None] = field(default_factory=dict)


def _ratings(session: orm.Session, round_: Round) -> defaultdict[int, _Rated]:
    """Review -> its ratings, of the final, scored first readings of a round."""
    found: defaultdict[int, _Rated] = defaultdict(_Rated)
    row = StoredRating
    query = (
        sa.select(row.review_id, row.code, row.rating, row.overridden)
        .join(CaseReview, CaseReview.id == row.review_id)
        .where(
            CaseReview.round_id == round_.id,
            CaseReview.purpose == ReviewPurpose.SCORED,
            CaseReview.reading == 1,
            CaseReview.state == ReviewState.FINAL,
        )
    )
    for review_id, code, rating, overridden in session.execute(query):
        one, computed = found[review_id], rating.value if rating else None
        one.counted[code] = overridden.value if overridden else computed
        if overridden:
            one.computed[code] = computed
    return found


def why_outside(row: sa.Row[*tuple[Any, ...]]) -> frozen.LeftOut | None:
    if row.purpose is not ReviewPurpose.SCORED or row.reading != 1:
        return frozen.LeftOut.PRACTICE
    if row.state is ReviewState.WITHDRAWN:
        return frozen.LeftOut.ELIMINATED
    return None if row.state is ReviewState.FINAL else frozen.LeftOut.NOT_FINAL


def _case(
    row: sa.Row[*tuple[Any, ...]], rated: _Rated, weight: Fraction | None
) -> frozen.FrozenCase:
    return frozen.FrozenCase(
        row.case_number,
        row.county,
        row.case_type.value,
        rated.counted,
        imported=row.imported_digest is not None,
        computed=rated.computed,
        weight=weight,
    )


def _outside(found: Sequence[sa.Row[*tuple[Any, ...]]]) -> list[frozen.FrozenOutside]:
    reasons = ((row, why_outside(row)) for row in found)
    return [
        frozen.FrozenOutside(row.case_number, row.county, row.case_type.value, why)
        for row, why in reasons
        if why is not None
    ]


def _with_reasons(
    session: orm.Session, round_: Round, outside: Sequence[frozen.FrozenOutside]
) -> tuple[frozen.FrozenOutside, ...]:
    """The same, with the reason where a case was eliminated from the sample."""
    reasons = sampling.reasons(session, round_)
    return tuple(
        replace(one, reason=reasons[one.case_number].value)
        if one.why is frozen.LeftOut.ELIMINATED and one.case_number in reasons
        else one
        for one in outside
    )


def without_review(
    session: orm.Session,
    sample: Sequence[sampling.Sampled],
    reviewed: Collection[str],
) -> list[frozen.FrozenOutside]:
    """The cases of the round's sample that have no case review: eliminated before anybody had
    them, or in nobody's hands yet. Without them the sample would not add up."""
    drawn = {
        each.case_number: frozen.LeftOut.NOT_FINAL if each.in_sample else frozen.LeftOut.ELIMINATED
        for each in sample
        if each.standing is not Standing.RESERVE and each.case_number not in reviewed
    }
    query = (
        sa.select(Case.case_number, Case.case_type, Place.code)
        .join(Place, Place.id == Case.county_id)
        .where(Case.case_number.in_(sorted(drawn)))
        .order_by(Case.case_number)
    )
    return [
        frozen.FrozenOutside(number, county, case_type.value, drawn[number])
        for number, case_type, county in session.execute(query)
    ]
