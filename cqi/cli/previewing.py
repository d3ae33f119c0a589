"""`cqi instruments preview`: a small server for the author of a draft."""

from __future__ import annotations

import os
from pathlib import Path

import click

from cqi.cli import installation
from cqi.core import configuration
from cqi.instruments import library
from cqi.web import server
from cqi.web.preview import app as previews

PORT = "8001"  # beside a product that serves on 8000


def run(path: Path, port: str | None) -> None:
    """Serve until told to stop. BadInput for a port, UnknownInstrumentError for a path."""
    folder = library.one_version(path)
    given = port or os.environ.get("PORT") or PORT
    number = configuration.port_of(given, "--port" if port else "PORT")
    clock = installation.ticking()
    # one thread: what is in memory is changed by one request after the other
    listening = server.Listening(port=number, threads=1, remedy="give another with --port")

    def ready() -> None:
        click.echo(f"Preview of {folder.parent.name} {folder.name}: http://127.0.0.1:{number}")
        click.echo("Nothing is kept. Ctrl+C ends it.")

    server.serve(lambda: previews.create_preview(folder, clock), listening, ready)
