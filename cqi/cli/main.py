"""The `cqi` command: one file for each group of commands, imported when it is called.

Errors go to standard error and say what, where and what to do; the exit code is 2 for bad input and
1 for a command that failed.
"""

from __future__ import annotations

import importlib
import sys

import click

from cqi.core import errors
from cqi.instruments import problems

# command -> (module, attribute, what `cqi --help` says); a module is imported when it is called
_COMMANDS = {
    "serve": ("cqi.cli.serving", "serve", "Migrate if needed, then serve."),
    "demo": ("cqi.cli.serving", "demo", "Fill an empty database with a demonstration state."),
    "db": ("cqi.cli.databases", "db", "Upgrade, downgrade or check the database."),
    "backup": ("cqi.cli.databases", "backup", "Write a verified, encrypted backup."),
    "restore": ("cqi.cli.databases", "restore", "Restore a backup into an empty place."),
    "jobs": ("cqi.cli.jobs", "jobs", "What is done without anybody asking."),
    "keys": ("cqi.cli.keys", "keys", "New keys; older ones still read."),
    "audit": ("cqi.cli.audits", "audit", "Verify, seal or export the event chain."),
    "instruments": ("cqi.cli.instruments", "instruments", "Review instruments."),
    "places": ("cqi.cli.imports", "places", "Import places."),
    "cases": ("cqi.cli.imports", "cases", "Import cases."),
    "people": ("cqi.cli.people", "people", "Make the first administrators."),
    "rounds": ("cqi.cli.rounds", "rounds", "List and open rounds."),
    "sampling": ("cqi.cli.samples", "sampling", "Draw a round's sample, or verify it."),
    "reviews": ("cqi.cli.imports", "reviews", "Import finished ratings."),
    "measures": ("cqi.cli.figures", "measures", "Numbers of a round, or a goal."),
    "report": ("cqi.cli.figures", "report", "Write a report to a file."),
    "plans": ("cqi.cli.plans", "plans", "Improvement plans and their deadlines."),
}


class _Lazy(click.Group):
    """Imports a command's module when it is called, so that starting stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the library's signature
        """All commands, in the order of the loop."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the library's signature
        """The command of this name."""
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the library's signature
        """The list in `cqi --help`, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in _COMMANDS.items()])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def cqi() -> None:
    """Case review and continuous quality improvement."""


def main() -> None:
    """Entry point: run a command; say errors plainly."""
    try:
        cqi(prog_name="cqi", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.Abort:
        _stop("stopped", 1)
    except (
        problems.DefinitionError,
        problems.InputError,
        problems.UnknownInstrumentError,
    ) as error:
        _stop(str(error), 2)
    except errors.ProductError as error:
        _stop(_words(error), 1 if isinstance(error, errors.Failed) else 2)


def _words(error: errors.ProductError) -> str:
    """Everything that is wrong, one thing a line."""
    if isinstance(error, errors.Blocked):
        return "\n".join(blocker.message for blocker in error.blockers)
    rows = error.rows if isinstance(error, errors.BadInput) else ()
    return "\n".join([str(error), *map(str, rows)])


def _stop(words: str, code: int) -> None:
    click.echo(f"cqi: {words}", err=True)
    sys.exit(code)
