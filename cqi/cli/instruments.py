"""`cqi instruments`: definitions and ratings, without a database but for `recheck`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from cqi.cli import installation
from cqi.core import errors
from cqi.instruments import fact_settings, library, rating, rating_json, scaffolding, versions
from cqi.settings import registry


@click.group()
def instruments() -> None:
    """Review instruments: definitions, versions, ratings."""


@instruments.command("list")
@installation.FORMAT
def list_(format_: str) -> None:
    """Every version, and when it was published."""
    versions = library.versions(installation.instrument_root())
    rows = [
        {
            "id": version.instrument_id,
            "version": version.version,
            "published_on": version.published_on and version.published_on.isoformat(),
            "digest": version.digest,
        }
        for version in versions
    ]
    if format_ == "json":
        installation.print_json(rows)
        return
    for row in rows:
        state = f"published {row['published_on']}" if row["published_on"] else "draft"
        click.echo(f"{row['id']} {row['version']}: {state}")


@instruments.command()
@click.argument("id_", metavar="ID")
@click.option("--version", help="0.1 without it; of an instrument that is there, the next number.")
@click.option("--from", "source", nargs=2, metavar="ID VERSION", help="Copy this version.")
def new(id_: str, version: str | None, source: tuple[str, str] | None) -> None:
    """Make an instrument to begin with, or a new version as a copy."""
    original = scaffolding.Source(*source) if source else None
    root = installation.instrument_root()
    try:
        folder = scaffolding.start(root, id_, version, original)
    except OSError as error:
        raise errors.BadInput(f"{root} cannot be written to: {error.strerror}") from error
    click.echo(f"made {folder}")
    click.echo(f"change its files, then run: cqi instruments check {folder}")
    click.echo(f"see it as its reviewers will: cqi instruments preview {folder}")


@instruments.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
def check(path: Path | None) -> None:
    """Everything that is wrong with the definitions in PATH, all at once."""
    folder = path or installation.instrument_root()
    found = (*library.check(folder), *fact_settings.check(folder, registry.BY_KEY))
    for problem in found:
        click.echo(str(problem), err=True)
    if found:
        click.echo(f"{len(found)} to mend", err=True)
        sys.exit(2)
    click.echo("nothing is wrong")


@instruments.command()
@click.argument("id_")
@click.argument("version")
def publish(id_: str, version: str) -> None:
    """Freeze a version by its digest. A published version never changes."""
    on = installation.ticking().today()
    published = library.publish(installation.instrument_root(), id_, version, on=on)
    click.echo(f"{id_} {version} is published, digest {published.digest}")


@instruments.command()
@click.argument("id_")
@click.argument("version")
@installation.FORMAT
def show(id_: str, version: str, format_: str) -> None:
    """Components, items and questions of a version."""
    instrument = library.load(installation.instrument_root(), id_, version)
    described = library.describe(instrument)
    if format_ == "json":
        installation.print_json(described)
        return
    click.echo(f"{instrument.title} {instrument.version}")
    for component in instrument.components:
        click.echo(f"\n{component.code} {component.title}")
        for item in instrument.items_of(component.code):
            click.echo(f"  {item.code} {item.title} ({len(item.questions)} questions)")


@instruments.command()
@click.argument("id_", metavar="ID")
@click.argument("old")
@click.argument("new")
@installation.FORMAT
def compare(id_: str, old: str, new: str, format_: str) -> None:
    """What the version NEW says differently from OLD: items, components and facts."""
    root = installation.instrument_root()
    found = versions.compare(library.load(root, id_, old), library.load(root, id_, new))
    if format_ == "json":
        installation.print_json(versions.as_json(found))
        return
    counts = ", ".join(f"{number} {change.label}" for change, number in found.counts().items())
    click.echo(f"{id_} {old} and {new}: of the items {counts}")
    for code, difference in {**found.components, **found.items, **found.facts}.items():
        if difference.change is not versions.Change.SAME:
            what = f": {'; '.join(difference.what)}" if difference.what else ""
            click.echo(f"{code} {difference.change.label}{what}")


@instruments.command()
@click.argument("id_")
@click.argument("version")
@click.option("--input", "input_", required=True, type=click.Path(path_type=Path))
def rate(id_: str, version: str, input_: Path) -> None:
    """Rate one set of facts and answers, read from a JSON file."""
    instrument = library.load(installation.instrument_root(), id_, version)
    case = rating_json.from_json(instrument, _json(input_))
    rated = rating.rate(instrument, case.facts, case.answers, case.subjects)
    installation.print_json(rating_json.as_json(instrument, rated))


@instruments.command("print")
@click.argument("id_", metavar="ID")
@click.argument("version")
@click.option("--out", required=True, type=click.Path(path_type=Path))
def print_(id_: str, version: str, out: Path) -> None:
    """The blank form to fill in on paper: pdf or html, by the ending of --out."""
    from cqi.cli import writing  # here: what makes a PDF takes long to import
    from cqi.web import blank_form

    write = writing.to(out, (".pdf", ".html"))
    root = installation.instrument_root()
    instrument = library.load(root, id_, version)
    write(blank_form.document(instrument, library.published_on(root, instrument)))


@instruments.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--port", help="Where to serve: PORT without it, and 8001 without both.")
def preview(path: Path, port: str | None) -> None:
    """Serve the scoring pages of the version in PATH, its worked cases beside them."""
    from cqi.cli import previewing  # here: what serves pages takes long to import

    previewing.run(path, port)


@instruments.command()
@installation.FORMAT
def recheck(format_: str) -> None:
    """Whether every stored rating still follows from the answers; exit 1 where one does not."""
    from cqi.cli import rechecking  # here: the commands beside it need no database

    rechecking.run(format_)


def _json(path: Path) -> Any:
    try:
        return json.loads(installation.read_file(path))
    except ValueError as error:
        raise errors.BadInput(f"{path} is not JSON: {error}") from error
