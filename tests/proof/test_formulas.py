"""No export carries a formula, whatever stands in the fields that it is made of."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from tests.proof import world as worlds
from tests.proof.world import World

ids, world = worlds.ids, worlds.world
STARTS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1")
_ENDING = re.compile(r"\.(pdf|csv|xlsx|jsonl?)(?=\?|$)")


def formula(column: sa.Column[Any], number: int) -> str:
    return f"{STARTS[number % len(STARTS)]} {column.name} {number}"


def test_no_export_of_any_route_carries_a_formula(world: World) -> None:
    world.fill(formula)
    files, cells = 0, 0
    paths = {path for path in world.starts if worlds.is_file(path)}
    for path in sorted(_ENDING.sub(f".{ending}", path) for path in paths for ending in READ):
        for person in world.people.values():
            answer = world.client_for(person).get(path)
            if answer.status_code == 200:
                files += 1
                for cell in READ[path.rpartition(".")[2]](answer.data):
                    cells += 1
                    assert not runs(cell), (path, cell)
    assert files >= 4
    assert cells > 100


def runs(cell: str) -> bool:
    number = re.fullmatch(r"[-+]?\d+(\.\d+)?", cell)
    return not number and cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def of_csv(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        yield from row


def of_xlsx(content: bytes) -> Iterator[str]:
    """Its texts, which a spreadsheet does not run; a formula of its own comes as it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            text = book.read(name).decode(errors="replace")
            yield from ("=" + each for each in re.findall(r"<f[ >].*?</f>", text))
            yield name


READ = {"csv": of_csv, "xlsx": of_xlsx}
