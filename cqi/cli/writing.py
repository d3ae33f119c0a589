"""A document to a file, in the form that the file's ending says."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from cqi.core import errors
from cqi.documents import html, model, pdf, table_files

Write = Callable[[model.Document], None]


def _page(document: model.Document) -> bytes:
    return html.page(document).encode()


_FORMS: dict[str, Callable[[model.Document], bytes]] = {
    ".html": _page,
    ".pdf": pdf.render,
    ".xlsx": table_files.xlsx,
    ".csv": table_files.csv,
    ".json": table_files.json,
}
ALL = tuple(_FORMS)


@contextlib.contextmanager
def whole(out: Path) -> Iterator[Path]:
    """A file beside `out` that takes its name once all is written; BadInput where it cannot be."""
    part = out.with_name(f".{out.name}.part")
    try:
        yield part
        part.replace(out)
    except OSError as error:
        raise errors.BadInput(f"{out} cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def to(out: Path, endings: Sequence[str] = ALL) -> Write:
    """What writes a document to `out`. BadInput at once for an ending that is none of these."""
    if out.suffix.lower() not in endings:
        message = f"{out.name} has no ending that says its form: use one of {', '.join(endings)}"
        raise errors.BadInput(message)
    form = _FORMS[out.suffix.lower()]

    def write(document: model.Document) -> None:
        content = form(document)
        try:
            out.write_bytes(content)
        except OSError as error:
            raise errors.BadInput(f"{out} cannot be written: {error.strerror}") from error
        click.echo(f"wrote {out}")

    return write
