"""`cqi places import`, `cqi cases import` and `cqi reviews import`.

Each takes all of a file or nothing, and names every bad row with its line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import click

from cqi.cases import actions as case_actions
from cqi.cli import installation
from cqi.core import errors
from cqi.places import actions as place_actions
from cqi.reviews import actions as review_actions
from cqi.ui import dates

_FILE = click.argument("file", type=click.Path(path_type=Path))
_DRY = click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")


@click.group()
def places() -> None:
    """State, regions, counties, units."""


@places.command("import")
@_FILE
@_DRY
@click.option("--source", default="", help="Where the assignment to regions is from.")
@click.option("--from", "from_", type=click.DateTime(["%Y-%m-%d"]), help="In force from this day.")
@click.option("--confirmed", is_flag=True, help="The agency has confirmed the assignment.")
def import_places(
    file: Path, dry_run: bool, source: str, from_: dt.datetime | None, confirmed: bool
) -> None:
    """Counties with their regions: `county,fips,region` with an optional `from`."""
    clock = installation.ticking()
    since = from_.date() if from_ else clock.today()
    text = _text(file)
    with installation.opened().writing() as session:
        done = place_actions.import_places(
            session,
            text,
            place_actions.Source(source or file.name, since, confirmed),
            actor_id=None,
            now=clock.now(),
            dry_run=dry_run,
        )
    would = "would be " if dry_run else ""
    click.echo(
        f"{done.counties} counties in {done.regions} regions of {done.state}:"
        f" {done.added} {would}added, {done.moved} {would}moved, {done.unchanged} unchanged"
    )


@click.group()
def cases() -> None:
    """The cases that a frame is made of."""


@cases.command("import")
@_FILE
@_DRY
def import_cases(file: Path, dry_run: bool) -> None:
    """A list of cases (docs/operations.md has the columns)."""
    clock = installation.ticking()
    content = installation.read_file(file)
    with installation.opened().writing() as session:
        result = case_actions.import_cases(
            session,
            content=content,
            actor=None,
            today=clock.today(),
            now=clock.now(),
            dry_run=dry_run,
        )
    if result.problems:
        raise errors.BadInput(f"{file.name} was not imported: nothing was changed", result.problems)
    if dry_run:
        click.echo(f"{result.rows} rows are good; nothing was changed (dry run)")
    else:
        click.echo(f"{result.created} cases were imported")


@click.group()
def reviews() -> None:
    """Finished ratings from elsewhere."""


@reviews.command("import")
@_FILE
@_DRY
def import_ratings(file: Path, dry_run: bool) -> None:
    """Finished ratings, one row an item (docs/importing-ratings.md has the columns)."""
    clock = installation.ticking()
    content = installation.read_file(file)
    with installation.opened().writing() as session:
        done = review_actions.import_ratings(
            session,
            content=content,
            actor=None,
            today=clock.today(),
            now=clock.now(),
            dry_run=dry_run,
        )
    if done.problems:
        raise errors.BadInput(f"{file.name} was not imported: nothing was changed", done.problems)
    if done.before:
        day = clock.local(done.before.at).date()
        number = dates.counted(done.before.reviews, "case review")
        click.echo(f"this file was imported on {day} ({number}): nothing was changed")
        return
    for line in _came_in(done, dry_run=dry_run):
        click.echo(line)


def _came_in(done: review_actions.RatingsImport, *, dry_run: bool) -> Iterator[str]:
    """What came in, or would: rounds, cases, items."""
    rows = dates.counted(done.rows, "item rating")
    number = f"{dates.counted(done.reviews, 'case review')} with {rows}"
    one = done.reviews == 1
    if dry_run:
        yield f"{number} would come in; nothing was changed (dry run)"
    else:
        yield f"{number} {'was' if one else 'were'} imported"
    for name, reviews in done.rounds:
        yield f"{name}: {dates.counted(reviews, 'case review')}"
    if done.new_cases:
        new = "would be new" if dry_run else "are new" if done.new_cases > 1 else "is new"
        yield f"{dates.counted(done.new_cases, 'case')} {new} here"
    if done.unrated:
        stay = dates.counted(done.unrated, "component stays", "components stay")
        yield f"{stay} without a rating: items are missing"


def _text(file: Path) -> str:
    try:
        return installation.read_file(file, installation.MEGABYTE).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{file.name} is not UTF-8 (byte {error.start}): save it as CSV UTF-8"
        raise errors.BadInput(message) from error
