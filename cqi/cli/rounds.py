"""`cqi rounds`: list and open rounds."""

from __future__ import annotations

from typing import Any

import click
import sqlalchemy as sa
from sqlalchemy import orm

from cqi.cli import installation
from cqi.core import errors
from cqi.places import queries as places
from cqi.places.rules import PlaceKind
from cqi.reviews import queries as review_queries
from cqi.rounds import actions, queries
from cqi.rounds.models import Round
from cqi.rounds.rules import ALL, RoundKind, SecondLevel

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def rounds() -> None:
    """Regional reviews."""


@rounds.command("list")
@installation.FORMAT
def list_(format_: str) -> None:
    """Every round: id, name, kind, and whether it is finished."""
    with installation.opened().reading() as session:
        found = session.scalars(sa.select(Round).order_by(Round.on_site_from, Round.name)).all()
        finished = review_queries.finished(session, [one.id for one in found])
    rows = [
        {
            "id": str(one.public_id),
            "name": one.name,
            "kind": one.kind.value,
            "finished": one.id in finished,
        }
        for one in found
    ]
    if format_ == "json":
        installation.print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['name']} ({row['kind']}{', finished' if row['finished'] else ''})")


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
@click.option("--compares-with", metavar="ROUND")
@click.option("--items", multiple=True, metavar="ITEM", help="Ask for this item only; repeatable.")
@click.option(
    "--second-level",
    metavar="none|all|PERCENT",
    default="none",
    help="How many case reviews go to second-level QA: none has to, all, or a share such as 20.",
)
@click.option("--second-level-seed", metavar="TEXT", default="", help="Else one is drawn and kept.")
def create(**given: Any) -> None:
    """Open a round; prints its id."""
    with installation.opened().writing() as session:
        opened = actions.open_round(
            session, new=_new(session, given), actor=None, now=installation.ticking().now()
        )
        session.flush()
        click.echo(str(opened.public_id))


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
        pur_from=given["pur_from"].date(),
        on_site_from=given["on_site_from"].date(),
        on_site_to=given["on_site_to"].date(),
    )


def _second_level(share: str, seed: str) -> SecondLevel:
    words = {"none": "0", "all": str(ALL)}
    number = words.get(share, share.removesuffix("%"))
    if not number.isdecimal():
        raise errors.BadInput("--second-level is none, all, or a share in percent such as 20")
    found = SecondLevel(int(number), seed)
    if seed and not found.drawn:
        raise errors.BadInput("--second-level-seed goes with a share: none and all need no seed")
    return found
