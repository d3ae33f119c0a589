"""`cqi rounds`: list and open rounds, and give cases for practice or a second reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.access import queries as access
from cqi.access.actor import Actor
from cqi.cases import queries as cases
from cqi.cli import installation
from cqi.core import errors
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.reviews import actions as review_actions
from cqi.reviews import queries as review_queries
from cqi.rounds import actions, queries
from cqi.rounds.models import Round
from cqi.rounds.rules import ALL, DoubleReading, RoundKind, SecondLevel

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def rounds() -> None:
    """Regional reviews."""


@rounds.command("list")
@installation.FORMAT
def list_(format_: str) -> None:
    """Every round: id, name, kind, whether it is finished, and its second readings that are out."""
    with installation.opened().reading() as session:
        found = session.scalars(sa.select(Round).order_by(Round.on_site_from, Round.name)).all()
        finished = review_queries.finished(session, [one.id for one in found])
        out = review_queries.second_readings_out(session)
    rows = [
        {
            "id": str(one.public_id),
            "name": one.name,
            "kind": one.kind.value,
            "finished": one.id in finished,
            **({"second_readings_out": out[one.id]} if one.id in out else {}),
        }
        for one in found
    ]
    if format_ == "json":
        installation.print_json(rows)
        return
    for row in rows:
        done, number = ", finished" if row["finished"] else "", row.get("second_readings_out")
        still = f", second readings still out: {number}" if number else ""
        click.echo(f"{row['name']} ({row['kind']}{done}{still})")


@rounds.command()
@click.option("--name", required=True)
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in RoundKind]))
@click.option("--region", help="The region's name; its counties of the first on-site day.")
@click.option("--county", "counties", multiple=True, metavar="FIPS")
@click.option("--instrument", required=True, metavar="ID")
@click.option("--version", required=True)
@click.option("--pur-from", required=True, type=_DAY)
@click.option("--on-site-from", required=True, type=_DAY)
@click.option("--on-site-to", required=True, type=_DAY)
@click.option("--sampling-from", type=_DAY, help="Else the start of the period under review.")
@click.option("--sampling-to", type=_DAY, help="Else the day before the first day on site.")
@click.option("--compares-with", metavar="ROUND")
@click.option("--items", multiple=True, metavar="ITEM", help="Ask for this item only; repeatable.")
@click.option(
    "--second-level",
    metavar="none|all|PERCENT",
    default="none",
    help="How many case reviews go to second-level QA: none has to, all, or a share such as 20.",
)
@click.option("--second-level-seed", metavar="TEXT", default="", help="Else one is drawn and kept.")
@click.option(
    "--read-twice",
    metavar="none|all|PERCENT",
    default="none",
    help="How many cases a second pair reads too: none, all, or a share such as 10.",
)
def create(**given: Any) -> None:
    """Open a round; prints its id."""
    with installation.opened().writing() as session:
        opened = actions.open_round(
            session, new=_new(session, given), actor=None, now=installation.ticking().now()
        )
        session.flush()
        click.echo(str(opened.public_id))


def _given(command: Callable[..., None]) -> Callable[..., None]:
    """Whose case it is to be: what giving one asks for, whatever it is for."""
    for option in (
        click.option("--by", required=True, metavar="EMAIL", help="Who gives it, and may."),
        click.option("--reviewer", "reviewers", required=True, multiple=True, metavar="EMAIL"),
        click.option("--case", "case_number", required=True, metavar="NUMBER"),
        click.argument("round_", metavar="ROUND"),
    ):
        command = option(command)
    return command


@rounds.command()
@_given
def practice(**given: Any) -> None:
    """Give reviewers of a round a case to practise on; prints the case review's id.

    It is marked on every page and counts nowhere.
    """
    _assign(review_actions.assign_for_practice, **given)


@rounds.command("second-reading")
@_given
def second_reading(**given: Any) -> None:
    """Give a case that is drawn to be read twice to a second pair; prints the case review's id.

    It counts nowhere, and neither pair is told.
    """
    _assign(review_actions.assign_second_reading, **given)


def _assign(
    action: Callable[..., Any], round_: str, case_number: str, reviewers: Sequence[str], by: str
) -> None:
    clock = installation.ticking()
    with installation.opened().writing() as session:
        review = action(
            session,
            in_round=queries.by_reference(session, round_),
            case=cases.by_number(session, case_number),
            reviewers=[_person(session, email, clock.today()) for email in reviewers],
            actor=_person(session, by, clock.today()),
            now=clock.now(),
        )
        click.echo(str(review.public_id))


def _person(session: orm.Session, email: str, today: dt.date) -> Actor:
    person = access.person_by_email(session, email)
    actor = person and access.actor_for(session, person.id, today)
    if not actor:
        raise errors.NotFound(f"nobody who is active signs in as {email}")
    return actor


def _new(session: orm.Session, given: dict[str, Any]) -> queries.NewRound:
    if bool(given["region"]) == bool(given["counties"]):
        raise errors.BadInput("give either --region or one --county or more")
    region = given["region"] and places.place(session, PlaceKind.REGION, given["region"]).id
    before = given["compares_with"]
    return queries.NewRound(
        name=given["name"],
        kind=RoundKind(given["kind"]),
        instrument=given["instrument"],
        version=given["version"],
        region_id=region or None,
        county_ids=tuple(
            places.place(session, PlaceKind.COUNTY, fips).id for fips in given["counties"]
        ),
        compares_with=queries.by_reference(session, before) if before else None,
        items=given["items"],
        second_level=_second_level(given["second_level"], given["second_level_seed"]),
        double_reading=DoubleReading(_percent("--read-twice", given["read_twice"])),
        pur_from=given["pur_from"].date(),
        on_site_from=given["on_site_from"].date(),
        on_site_to=given["on_site_to"].date(),
        sampling=(_day(given["sampling_from"]), _day(given["sampling_to"])),
    )


def _day(given: dt.datetime | None) -> dt.date | None:
    return given.date() if given else None


def _second_level(share: str, seed: str) -> SecondLevel:
    found = SecondLevel(_percent("--second-level", share), seed)
    if seed and not found.drawn:
        raise errors.BadInput("--second-level-seed goes with a share: none and all need no seed")
    return found


def _percent(option: str, share: str) -> int:
    words = {"none": "0", "all": str(ALL)}
    number = words.get(share, share.removesuffix("%"))
    if not number.isdecimal():
        raise errors.BadInput(f"{option} is none, all, or a share in percent such as 20")
    return int(number)
