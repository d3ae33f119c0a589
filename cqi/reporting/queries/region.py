"""A region's report from the database: what is asked of the measures, the facts, the Document."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import orm

from cqi.core import errors
from cqi.documents import model
from cqi.measures import queries as measures
from cqi.measures.rules import findings, frozen, tabulation
from cqi.plans.queries import records
from cqi.reporting.queries import definitions, document, rounds, small
from cqi.reporting.rules import content
from cqi.reviews.models import CaseReview
from cqi.reviews.rules import ReviewPurpose, ReviewState
from cqi.rounds.models import Round
from cqi.rounds.rules import ROUND_KIND_WORDS
from cqi.settings import queries as settings
from cqi.settings import registry


@dataclass(frozen=True)
class Wanted:
    """A report of a round on a day. `compare` None: the round's own `compares_with`. Without
    `overrides` its figures are made of computed ratings alone. `county`, a FIPS code: the report
    of that county's part in it. `narratives` are an analyst's texts by section; with `smallest` it
    is as it is published, without a row of fewer cases."""

    round: Round
    today: dt.date
    compare: Round | None = None
    demonstration: bool = False
    overrides: bool = True
    county: str = ""
    narratives: Mapping[str, str] = field(default_factory=dict)
    smallest: int = 0


def region_report(session: orm.Session, wanted: Wanted) -> model.Document:
    """The whole report as one Document, for a page, a PDF or data files.

    The round comes from `rounds.round_of`, which asks for the actor's reach. Raises BadInput when
    the definition does not hold.
    """
    return document_of(report(session, wanted))


def document_of(made: content.Report) -> model.Document:
    """The Document of a report that was read already."""
    return document.document(made)


def report(session: orm.Session, wanted: Wanted) -> content.Report:
    """What the document is made from."""
    asked = asked_of(session, wanted)
    facts = _facts(session, wanted, asked.baseline)
    rows = measures.freeze(session, asked)
    whole = tabulation.measure(rows, overrides=asked.overrides)
    made = content.Report(
        facts=facts,
        measures=whole,
        instrument=asked.instrument,
        definition=definitions.shipped("region"),
        narratives=wanted.narratives,
        smallest=wanted.smallest,
    )
    return part_of(made, rows, wanted.county) if wanted.county else made


def county_reports(session: orm.Session, wanted: Wanted) -> list[tuple[str, content.Report]]:
    """(FIPS code, report) of every county of a round, from rows that are read once."""
    asked = asked_of(session, wanted)
    facts = _facts(session, wanted, asked.baseline)
    rows = measures.freeze(session, asked)
    whole = tabulation.measure(rows, overrides=asked.overrides)
    made = content.Report(facts, whole, asked.instrument, definitions.shipped("region"))
    return [(code, part_of(made, rows, code)) for code, _ in facts.counties]


def part_of(made: content.Report, rows: frozen.Frozen, code: str) -> content.Report:
    """A county's part of a round's report; published, without what would show a small number of a
    county beside it."""
    facts = made.facts
    names = {**dict(facts.baseline_counties), **dict(facts.counties)}
    if code not in names:
        known = ", ".join(f"{fips} {name}" for fips, name in facts.counties)
        raise errors.BadInput(f"{code} is no county of {facts.round.name}; there are {known}")
    here = ((code, names[code]),)
    return dataclasses.replace(
        made,
        facts=dataclasses.replace(
            facts,
            place=names[code],
            part_of=made.place_title,
            counties=here,
            baseline_counties=here if code in dict(facts.baseline_counties) else (),
        ),
        measures=tabulation.measure(rows, overrides=made.measures.overridden.used, county=code),
        definition=definitions.shipped("county"),
        whole=made.measures,
        hidden=small.hidden_of_county(made, code) if made.smallest else frozenset(),
    )


def asked_of(session: orm.Session, wanted: Wanted) -> measures.Asked:
    """What a report, or `cqi measures`, asks of the measures: limits and named items filled in."""
    one = wanted.round
    baseline = wanted.compare or one.compares_with
    return measures.asked_of(
        one,
        compare=wanted.compare,
        named_items=records.named_items(session, one) if baseline else frozenset(),
        limits=limits(session, wanted.today),
        overrides=wanted.overrides,
    )


def limits(session: orm.Session, on: dt.date) -> findings.Limits:
    """The two settings of the rule that makes the words, on a date."""
    reach = settings.value(session, registry.WIDEST_REACH, on)
    return findings.Limits(settings.number(session, registry.SMALLEST_N, on), float(reach))


def _facts(session: orm.Session, wanted: Wanted, baseline: Round | None) -> content.ReportFacts:
    one = wanted.round
    return content.ReportFacts(
        place=rounds.place_names(session, [one])[one.id],
        agency=str(settings.value(session, registry.AGENCY_NAME, wanted.today)),
        round=round_facts(session, one),
        baseline=round_facts(session, baseline) if baseline else None,
        counties=rounds.counties(session, one),
        as_of=wanted.today,
        demonstration=wanted.demonstration,
        map=rounds.county_map(session, one, wanted.today),
        baseline_counties=rounds.counties(session, baseline) if baseline else (),
    )


def round_facts(session: orm.Session, one: Round) -> content.RoundFacts:
    """A round as a report names it."""
    last = sa.select(sa.func.max(CaseReview.pur_to)).where(
        CaseReview.round_id == one.id,
        CaseReview.purpose == ReviewPurpose.SCORED,
        CaseReview.reading == 1,
        CaseReview.state == ReviewState.FINAL,
    )
    return content.RoundFacts(
        name=one.name,
        kind=ROUND_KIND_WORDS[one.kind],
        pur_from=one.pur_from,
        pur_to=session.scalar(last),
        on_site_from=one.on_site_from,
        on_site_to=one.on_site_to,
    )
