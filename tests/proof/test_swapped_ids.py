"""What belongs to one case review, under another's address or in another's form: nothing of it is
shown and nothing of it changes, though the person may open both."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from tests.proof import world as worlds
from tests.proof.world import World
from tests.web import test_every_route as routes

ids, world, engine_name = worlds.ids, worlds.world, worlds.one_engine
SECRET = "Quillfeather"
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_an_address_with_two_ids_of_different_parents_is_nowhere(world: World) -> None:
    """Each route with several ids, the parent's taken from elsewhere; to everybody."""
    world.fill(secret)
    tried = 0
    for call in routes.calls(world.app, world.ids):
        if call.method != "GET" or len(_ID.findall(call.path)) < 2:
            continue
        for parent in (world.with_qa, world.final):
            path = _ID.sub(str(parent.public_id), call.path, count=1)
            for person in world.people.values():
                answer = world.client_for(person).get(path)
                assert answer.status_code in (403, 404), path
                assert SECRET not in main(answer.text), path
                tried += 1
    assert tried


def test_a_form_of_one_case_sent_to_another_changes_nothing_of_the_first(world: World) -> None:
    """Ids of notes, interviews, subjects, evidence and overrides of one case, under the other's
    address: whatever is answered, no row of the first case changes and no word of it is shown."""
    world.fill(secret)
    sent = 0
    for key, form in world.forms():
        swapped = list(elsewhere(world, form.action))
        for other in swapped:
            before = of_parent(world, form.action)
            data = {name: value for name, value in form.filled().items() if SECRET not in value}
            answer = world.client_for(world.people[key]).post(other, data=data)
            assert answer.status_code < 500
            after = of_parent(world, form.action)
            assert after == before, (form.action, other, form.button)
            sent += 1
    assert sent > 10


def secret(column: sa.Column[Any], number: int) -> str:
    return f"{SECRET} {column.name} {number}"


def elsewhere(world: World, path: str) -> Iterator[str]:
    """The same address of another case review."""
    reviews = [world.desk.public_id, world.with_qa.public_id, world.final.public_id]
    found = _ID.search(path)
    if found and uuid.UUID(found.group()) in reviews:
        for other in reviews:
            if str(other) != found.group():
                yield path.replace(found.group(), str(other), 1)


def of_parent(world: World, path: str) -> dict[Any, Any]:
    """All rows of the case review that an address names."""
    found = _ID.search(path)
    assert found
    rows = worlds.tables(world.database)
    [number] = [
        row["id"]
        for (name, _), row in rows.items()
        if name == "case_reviews" and row["public_id"] == uuid.UUID(found.group())
    ]
    return {place: row for place, row in rows.items() if row.get("review_id") == number}


def main(text: str) -> str:
    """A page without its frame: the person's own name stands there."""
    return text.partition("<main")[2]
