"""`cqi sampling`: draw the sample of a round, and derive a stored draw again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from sqlalchemy import orm

from cqi.cli import installation
from cqi.core import errors
from cqi.rounds import queries as rounds
from cqi.rounds.models import Round
from cqi.sampling import actions, policy, queries
from cqi.sampling.models import Draw, Frame
from cqi.sampling.rules import designs, drawing

_ROUND = click.option("--round", "round_", required=True, metavar="ROUND", help="Its id or name.")
_PATH = click.Path(path_type=Path)
_MOST_BYTES = 40 * installation.MEGABYTE


@click.group()
def sampling() -> None:
    """Frames and draws of a round."""


@sampling.command()
@_ROUND
@click.option("--frame", "frame", required=True, type=_PATH, help="The case list: CSV or XLSX.")
@click.option("--design", required=True, type=_PATH, help="TOML: strata, allocation, reserve.")
@click.option("--seed", default="", metavar="TEXT", help="For replays; the draw says “given”.")
@click.option("--reason", default="", metavar="TEXT", help="Why there is a second draw.")
@click.option("--column", "columns", multiple=True, metavar="OURS=THEIRS", help="Repeatable.")
@click.option("--with-holds", is_flag=True, help="Cases on a hold can be drawn too.")
@click.option("--dry-run", is_flag=True, help="Judge list and design; keep and draw nothing.")
@installation.FORMAT
def draw(format_: str, **given: Any) -> None:
    """Freeze a frame, then draw the seed, then the cases, and keep all three."""
    clock = installation.ticking()
    text = _text(given["design"], installation.read_file(given["design"], installation.MEGABYTE))
    case_list = actions.CaseList(
        installation.read_file(given["frame"], _MOST_BYTES),
        _names(given["columns"]),
        given["with_holds"],
        given["dry_run"],
    )
    with installation.opened().writing() as session:
        in_round = rounds.by_reference(session, given["round_"])
        result = actions.import_frame(
            session,
            in_round=in_round,
            case_list=case_list,
            actor=None,
            today=clock.today(),
            now=clock.now(),
        )
        if result.problems:
            message = f"{given['frame'].name} is no frame: nothing was kept and nothing drawn"
            raise errors.BadInput(message, result.problems)
        if result.frame is None:
            left_out = sum(result.sifted.counts.values())
            before = policy.Before(len(queries.draws(session, in_round)), given["reason"])
            errors.require(
                [
                    *policy.draw_blockers(before),
                    *drawing.blockers(result.sifted.frame, designs.parsed(text)),
                ]
            )
            click.echo(
                f"{result.rows} rows are good, {left_out} of them left out, and the design can be"
                " drawn; nothing was kept (dry run)"
            )
            return
        new = actions.NewDraw(text, given["seed"], given["reason"])
        made = actions.draw(session, frame=result.frame, new=new, actor=None, now=clock.now())
        _say(session, made, format_)


def _names(columns: tuple[str, ...]) -> dict[str, str] | None:
    if not columns:
        return None
    pairs = [each.partition("=") for each in columns]
    if any(not (ours and theirs) for ours, _, theirs in pairs):
        raise errors.BadInput('--column is OURS=THEIRS, for example --column "case_number=Case ID"')
    return {ours.strip(): theirs for ours, _, theirs in pairs}


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path.name} is not UTF-8 (byte {error.start}): save it as UTF-8"
        raise errors.BadInput(message) from error


def _say(session: orm.Session, made: Draw, format_: str) -> None:
    frame, words = made.frame, "given" if made.seed_given else "drawn here"
    if format_ == "json":
        installation.print_json(_document(session, made))
        return
    click.echo(f"frame: {frame.eligible} of {frame.listed} cases, digest {frame.digest}")
    for why, number in queries.left_out_counts(session, frame).items():
        click.echo(f"  left out: {number}. {why}")
    for code, columns in frame.not_applied.items():
        why = queries.words_of(frame)[code]
        click.echo(f"  not applied, for lack of {', '.join(columns)}: {why}")
    click.echo(f"seed ({words}): {made.seed}")
    for name, size, drawn, reserve in made.strata:
        click.echo(f"{name}: {len(drawn)} of {size}, reserve {len(reserve)}")
        click.echo(f"  drawn: {', '.join(drawn) or 'none'}")
        click.echo(f"  reserve: {', '.join(reserve) or 'none'}")


def _document(session: orm.Session, made: Draw) -> dict[str, Any]:
    frame = made.frame
    return {
        "draw": str(made.public_id),
        "frame_digest": frame.digest,
        "seed": made.seed,
        "seed_given": made.seed_given,
        "listed": frame.listed,
        "eligible": frame.eligible,
        "left_out": queries.left_out_counts(session, frame),
        "not_applied": {
            queries.words_of(frame)[code]: columns for code, columns in frame.not_applied.items()
        },
        "strata": {
            name: {
                "size": size,
                "drawn": list(drawn),
                "reserve": list(reserve),
                "weight": round(size / len(drawn), 4) if drawn else None,
            }
            for name, size, drawn, reserve in made.strata
        },
    }


@sampling.command()
@_ROUND
@click.option("--frame", "frame", type=_PATH, help="Also: is this still the file of the frame?")
def verify(round_: str, frame: Path | None) -> None:
    """Derive every stored draw of a round again; exit 1 and say what differs."""
    content = installation.read_file(frame, _MOST_BYTES) if frame else None
    with installation.opened().reading() as session:
        in_round = rounds.by_reference(session, round_)
        found = queries.draws(session, in_round)
        if not found:
            raise errors.Failed(f"nothing was drawn for {in_round.name} yet")
        wrong = [line for one in found for line in queries.differences(session, one)]
        if content is not None:
            wrong += _file_differences(session, in_round, actions.CaseList(content))
    if wrong:
        raise errors.Failed("\n".join(["the draw cannot be derived again:", *wrong]))
    number = "draw derives" if len(found) == 1 else f"{len(found)} draws derive"
    click.echo(f"The {number} from frame, design and seed as stored.")


def _file_differences(
    session: orm.Session, in_round: Round, case_list: actions.CaseList
) -> list[str]:
    frames: list[Frame] = queries.frames(session, in_round)
    if case_list.digest in {one.file_digest for one in frames}:
        return []
    then = ", ".join(one.file_digest for one in frames)
    return [f"the file has the digest {case_list.digest}; the frame was made of {then}"]
