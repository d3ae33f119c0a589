"""`cqi serve` and `cqi demo`."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping

import click
import flask
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import passwords
from cqi.access import queries as access_queries
from cqi.access.permissions import ROLE_WORDS
from cqi.cli import installation, jobs
from cqi.cli.demonstration import cast, making
from cqi.core import database, errors, events, schema
from cqi.notices import actions as notices
from cqi.web import app as web_app
from cqi.web import server

_AND_A_CODE = "   (and a code, which the page tells)"


@click.command()
def demo() -> None:
    """Fill an empty database with a demonstration state; nobody in it exists."""
    settings, clock = installation.settings(), installation.ticking()
    data = database.create_database(settings)
    _refuse_what_is_filled(data)
    schema.upgrade(settings, data.keys)
    with data.writing() as session:
        made = making.make(
            session,
            today=clock.today(),
            time_zone=clock.time_zone,
            instruments=installation.instrument_root(),
            say=lambda words: click.echo(f"  {words}"),
        )
    click.echo(f"The demonstration state is made: {made.reviews} case reviews.")


def _refuse_what_is_filled(data: database.Database) -> None:
    """Before anything is migrated: somebody may be working with it."""
    if schema.check(data.engine).current is None:
        return
    with data.reading() as session:
        if session.scalar(sa.select(events.Event.id).limit(1)) is not None:
            message = "the database is not empty: point CQI_DATA_DIR at an empty folder"
            raise errors.BadInput(message)


@click.command()
def serve() -> None:
    """Migrate if needed, then serve on 127.0.0.1, and do the jobs beside it."""
    _refuse_debugging(os.environ)
    settings, clock = installation.settings(), installation.ticking()
    post = notices.poster(settings)
    data = database.create_database(settings)
    if not schema.check(data.engine).up_to_date:
        schema.upgrade(settings, data.keys)
    shown = _demonstration(data, clock.today())
    data.dispose()  # each worker opens its own connections after the fork

    def ready() -> None:
        click.echo(f"Serving on http://127.0.0.1:{settings.port}")
        if shown:
            click.echo(shown)

    web_app.views()
    maker = _maker(post, demonstration=bool(shown))
    server.serve(maker, server.Listening(port=settings.port), ready)


def _refuse_debugging(environment: Mapping[str, str]) -> None:
    """Debugging shows values of variables, children's names among them, to whoever sees the page.
    Raises BadInput."""
    name = "FLASK_DEBUG"
    if environment.get(name, "").lower() not in ("", "0", "false", "no"):
        raise errors.BadInput(
            f"{name} is set: the product never serves in debug mode; unset {name}"
        )


def _demonstration(data: database.Database, today: dt.date) -> str:
    """The demonstration's sign-ins as lines for the terminal; empty outside a demonstration."""
    with data.reading() as session:
        people = access_queries.demonstration_people(session, today)
        if access_queries.has_people(session, demonstration=True):
            _refuse_real_people(session)
    if not people:
        return ""
    wanted = {email for _, _, email in cast.sign_ins(making.told())}
    lines = [
        f"  {ROLE_WORDS[one.role]:<18} {one.email}{_AND_A_CODE if one.has_app else ''}"
        for one in people
        if one.email in wanted
    ]
    head = f'Demonstration sign-ins, each with the password "{passwords.DEMONSTRATION}":'
    return "\n".join([head, *lines])


def _refuse_real_people(session: orm.Session) -> None:
    """The demonstration's passwords are printed: where anybody real works, they would open it."""
    if access_queries.has_people(session, demonstration=False):
        message = (
            "people of the demonstration, whose password is known to everybody, stand beside others"
            " in this database: serve real records from a data folder of their own"
        )
        raise errors.BadInput(message)


def _maker(post: notices.Post, *, demonstration: bool) -> Callable[[], flask.Flask]:
    """What each worker calls, after the fork, to make its application and to begin the jobs."""

    def make() -> flask.Flask:
        settings = installation.settings()
        data = database.open_database(settings)
        options = web_app.Options(
            demonstration, proxies=settings.trusted_proxies, public_url=settings.public_url
        )
        jobs.beside(jobs.Works(data, installation.ticking(), post))
        return web_app.create_app(data, installation.ticking(), options)

    return make
