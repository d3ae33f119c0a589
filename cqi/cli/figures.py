"""`cqi measures` and `cqi report`: the numbers, and the documents made of them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sys
import zipfile
from pathlib import Path

import click
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.cli import installation, writing
from cqi.core import errors
from cqi.documents import pdf
from cqi.measures import actions, queries
from cqi.measures.queries import pools
from cqi.measures.rules import declared, goals, output, tabulation
from cqi.reporting import queries as reporting
from cqi.reporting.queries import states
from cqi.rounds import queries as rounds

_ROUND = click.option("--round", "round_", metavar="ROUND", help="A round's name or id.")

_REPORTED = click.option(
    "--round", "round_", required=True, metavar="ROUND", help="A round's name or id."
)
_OUT = click.option("--out", required=True, type=click.Path(path_type=Path))
_WITHOUT = click.option(
    "--without-overrides", is_flag=True, help="As computed, without the ratings that QA set."
)


@click.group(invoke_without_command=True)
@_ROUND
@click.option("--compare", metavar="ROUND", help="Another round than the one it compares with.")
@click.option("--run", "run_id", metavar="ID", help="A stored run, worked out again.")
@click.option("--by", type=click.Choice([by.value for by in tabulation.By]))
@_WITHOUT
@installation.FORMAT
@click.pass_context
def measures(
    ctx: click.Context,
    round_: str | None,
    compare: str | None,
    run_id: str | None,
    by: str | None,
    without_overrides: bool,
    format_: str,
) -> None:
    """Numerators, denominators and intervals of a round, by component and item."""
    if ctx.invoked_subcommand:
        return
    if bool(round_) == bool(run_id):
        raise errors.BadInput("give either --round ROUND or --run ID")
    wanted_by = tabulation.By(by) if by else None
    as_of = installation.ticking().today()
    if run_id:
        with installation.opened().reading() as session:
            kept = pools.stored(session, run_id)
            found = pools.figures_of(session, kept, wanted_by, overrides=not without_overrides)
            as_of = installation.ticking().local(kept.created_at).date()  # the same for ever
    else:
        with installation.opened().writing() as session:
            wanted = _wanted(session, str(round_), compare, overrides=not without_overrides)
            found = _frozen(session, wanted, wanted_by)
    document = output.as_json(found, as_of)
    if format_ == "json":
        installation.print_json(document)
        return
    _print_rows(found)


def _wanted(
    session: orm.Session, round_: str, compare: str | None, *, overrides: bool
) -> reporting.Wanted:
    other = rounds.by_reference(session, compare) if compare else None
    today = installation.ticking().today()
    invented = bool(access.demonstration_people(session, today))
    one = rounds.by_reference(session, round_)
    if other is not None and other.id != one.compares_with_id:
        message = f"{one.name} does not compare with {other.name}: leave --compare out, and it"
        raise errors.BadInput(f"{message} is compared with the round that it was opened to follow")
    return reporting.Wanted(one, today, other, demonstration=invented, overrides=overrides)


def _frozen(
    session: orm.Session, wanted: reporting.Wanted, by: tabulation.By | None
) -> tabulation.Measures:
    """The figures, kept as a run that `--run` can work out again."""
    asked = reporting.asked_of(session, wanted)
    actions.freeze_run(session, asked, actor=None, now=installation.ticking().now())
    return queries.measures(session, asked, by)


def _print_rows(found: tabulation.Measures) -> None:
    click.echo(f"run {found.run_id}")
    if found.overridden.all:
        used = "counted" if found.overridden.used else "left out"
        click.echo(f"ratings that QA set: {found.overridden.all}, {used}")
    for row in found.rows:
        where = f" {row.group.place or row.group.case_type or ''}".rstrip()
        share = "" if row.counts_only or row.rate is None else f"  {float(row.rate):.1%}"
        indent = "  " if row.measure.part_of else ""
        click.echo(f"{indent}{row.measure.code}{where}: {row.achieved} of {row.applicable}{share}")
    for one in declared.counted(found.frozen.round):
        click.echo(f"{one.id}: {one.achieved} of {one.applicable}, in {one.cases} case reviews")


@measures.command()
@click.option("--strength", required=True, type=click.IntRange(min=0))
@click.option("--applicable", required=True, type=click.IntRange(min=1))
@installation.FORMAT
def goal(strength: int, applicable: int, format_: str) -> None:
    """The PIP arithmetic: p + 1.28 * sqrt(p(1-p)/n)."""
    if strength > applicable:
        raise errors.BadInput("--strength is larger than --applicable: at most all cases count")
    found = goals.pip_goal(strength, applicable).as_json()
    if format_ == "json":
        installation.print_json(found)
        return
    for name, value in found.items():
        if value is not None:
            click.echo(f"{name.replace('_', ' ')}: {value}")


@click.group()
def report() -> None:
    """Write a report to a file: html, pdf, xlsx, csv or json, by its ending."""


@report.command()
@_REPORTED
@_OUT
@_WITHOUT
def region(round_: str, out: Path, without_overrides: bool) -> None:
    """The report of a region's round."""
    _write(out, round_, "", without_overrides)


@report.command()
@_REPORTED
@click.option("--place", required=True, metavar="FIPS", help="The county's FIPS code.")
@_OUT
@_WITHOUT
def county(round_: str, place: str, out: Path, without_overrides: bool) -> None:
    """The report of a county's part in a round."""
    _write(out, round_, place, without_overrides)


@report.command()
@click.option(
    "--as-of", "as_of", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
    help="The newest round of each region that was on site by this day.",
)  # fmt: skip
@_OUT
@_WITHOUT
def state(as_of: dt.datetime, out: Path, without_overrides: bool) -> None:
    """The state's report: regions side by side."""
    write = writing.to(out)
    day, clock = _day(as_of), installation.ticking()
    with installation.opened().writing() as session:
        wanted = states.Wanted(
            day,
            demonstration=bool(access.demonstration_people(session, clock.today())),
            overrides=not without_overrides,
        )
        made = states.report(session, wanted)
        actions.freeze(session, states.asked(session, day), actor=None, now=clock.now())
        document = reporting.document_of(made)
    write(document)


@report.command()
@click.option(
    "--as-of", "as_of", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
    help="The newest round of each region that was on site by this day.",
)  # fmt: skip
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A .zip file.")
@_WITHOUT
def counties(as_of: dt.datetime, out: Path, without_overrides: bool) -> None:
    """Every county's report as PDF, in one .zip file."""
    if out.suffix.lower() != ".zip":
        raise errors.BadInput(f"{out.name} has no ending that says its form: use .zip")
    day = _day(as_of)
    with installation.opened().writing() as session:
        found = [
            each
            for one in states.newest(session, day)
            for each in reporting.county_reports(
                session, _wanted(session, str(one.public_id), None, overrides=not without_overrides)
            )
        ]
        if found:
            asked = states.asked(session, day)
            actions.freeze(session, asked, actor=None, now=installation.ticking().now())
    if not found:
        raise errors.BadInput(f"no region has a round with final case reviews by {day}")
    _pack(out, found)
    click.echo(f"wrote {out} ({len(found)} reports)")


def _pack(out: Path, found: list[tuple[str, reporting.Report]]) -> None:
    """All or nothing: the file has its name once every report is in it."""
    with writing.whole(out) as target, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as pack:
        label = f"{len(found)} reports"
        with click.progressbar(found, label=label, file=sys.stderr) as each_with_progress:
            for fips, made in each_with_progress:
                pack.writestr(f"county-{fips}.pdf", pdf.render(reporting.document_of(made)))


def _day(as_of: dt.datetime) -> dt.date:
    """A day that is not ahead. Raises BadInput."""
    day = as_of.date()
    if day > installation.ticking().today():
        raise errors.BadInput(f"{day} lies ahead: give today or an earlier day")
    return day


def _write(out: Path, round_: str, place: str, without_overrides: bool) -> None:
    write = writing.to(out)
    with installation.opened().writing() as session:
        wanted = _wanted(session, round_, None, overrides=not without_overrides)
        _frozen(session, wanted, None)
        document = reporting.region_report(session, dataclasses.replace(wanted, county=place))
    write(document)
