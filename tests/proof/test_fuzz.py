"""Posts that no honest browser sends, to every route and as everybody: no fault, and the chain of
events holds. `pytest tests/proof/test_fuzz.py --fuzz-posts 10000` for the long run."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote_from_bytes

import pytest

from cqi.core import events
from tests.core import one_of_each
from tests.proof import world as worlds
from tests.proof.world import World
from tests.web import test_every_route as routes

ids, world = worlds.ids, worlds.world
NASTY = (
    b"", b" ", b"\n", b"\0", b"a\0b", b"x" * 70_000, b"9" * 400, b"-1", b"0", b"1e999", b"NaN",
    b"2147483648", b"9223372036854775808", b"-9223372036854775809", b"\xed\xa0\x80", b"\xff\xfe",
    b"\xf0\x9f\x98\x80", "\u202e\u2066".encode(), "\u0661\u0662".encode(), "\u00b2".encode(),
    b"true", b"null", b"[]", b"{}", b"0:", b"1:", b":", b"::", b"-revision", b"yes", b"na",
    b"2027-02-30", b"0000-00-00", b"9999-12-31", b"99999-01-01", b"2027-03-10T25:61",
    b"2027-03-10T09:00+99:99", b"10:00", b"1:00", b"01890000-0000-7000-8000-000000000000",
    b"01890000", b"../../etc/passwd", b"<script>", b"' or 1=1 --", b"%s%n", b"=1+1", b"SRM05",
    b"SRM05:", b"SRM05:x", b"x:y:z", b"\r\nSet-Cookie: a=b", b"//example.org", b"/\\example.org",
)  # fmt: skip


@pytest.fixture
def posts(pytestconfig: pytest.Config) -> int:
    return int(pytestconfig.getoption("--fuzz-posts"))


class Fuzz:
    """Makes posts by chance, the same for the same seed."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.seed = world, seed
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.forms, asked = world.forms_and_asked()
        self.starts = world.starts
        self.asked = sorted({"next", "before", "all", *asked})
        self.people: list[str | None] = [*world.people, None]
        tables = one_of_each.metadata().sorted_tables
        self.columns = sorted({column.name for table in tables for column in table.columns})
        rows = worlds.tables(world.database).values()
        self.ids = sorted(str(row["public_id"]) for row in rows if "public_id" in row)
        self.routes = [each for each in routes.calls(world.app, world.ids) if each.method == "POST"]

    def post(self) -> tuple[str | None, str, bytes]:
        """Who, an address and a body: a form as it is sent with some of it spoilt, or anything."""
        who = self.chance.choice(self.people)
        if self.chance.random() < 0.8:
            key, form = self.chance.choice(self.forms)
            who = key if self.chance.random() < 0.8 else who
            pairs = [(name, value.encode()) for name, value in form.filled().items()]
            path = form.action
        else:
            path, pairs = self.chance.choice(self.routes).path, []
        if self.chance.random() < 0.2:
            path = "/".join(self.other(part) for part in path.split("/"))
        pairs = [self.spoilt(pair) for pair in pairs if self.chance.random() < 0.9]
        pairs += list(self.more())
        return who, path, b"&".join(self.pair(name, value) for name, value in pairs)

    def get(self) -> str:
        """What stands behind the question mark of an address may be anything too."""
        path = self.chance.choice([path for path in self.starts if not worlds.is_file(path)])
        names = [*self.asked, *self.chance.sample(self.columns, 2)]
        pairs = [(self.chance.choice(names), self.value()[:2000]) for _ in range(3)]
        return f"{path}?" + b"&".join(self.pair(*pair) for pair in pairs).decode()

    def other(self, part: str) -> str:
        """An id in an address is somebody else's."""
        return self.chance.choice(self.ids) if part.count("-") == 4 else part

    def spoilt(self, pair: tuple[str, bytes]) -> tuple[str, bytes]:
        roll = self.chance.random()
        if roll < 0.75:
            return pair
        return (pair[0], self.value()) if roll < 0.95 else (pair[0] + "-x", pair[1])

    def more(self) -> Iterator[tuple[str, bytes]]:
        """Names of columns and of other forms, some twice."""
        for _ in range(self.chance.randrange(6)):
            names = self.chance.choice(self.forms)[1].names
            name = self.chance.choice([*names, *self.chance.sample(self.columns, 3)])
            yield from [(name, self.value())] * self.chance.choice((1, 1, 2))

    def value(self) -> bytes:
        if self.chance.random() < 0.2:
            return self.chance.choice(self.ids).encode()
        return self.chance.choice(NASTY)

    def pair(self, name: str, value: bytes) -> bytes:
        text = quote_from_bytes(value) if self.chance.random() < 0.9 else value.hex()
        return f"{quote_from_bytes(name.encode())}={text}".encode()


def test_no_post_whatever_is_in_it_is_a_fault(
    world: World, posts: int, pytestconfig: pytest.Config
) -> None:
    """TESTING lets every fault out, so that it ends the test where it happened."""
    fuzz = Fuzz(world, pytestconfig.getoption("--fuzz-seed"))
    answers = sent(fuzz, posts)
    assert answers[302] + answers[303] + answers[200] > posts // 50, "some are even taken"
    with world.database.reading() as session:
        found = events.verify(session)
    assert not found.problem
    assert found.events > posts // 20
    sent(fuzz, posts // 10, tokens=True)  # of the same forms: to find them takes the time
    with world.database.reading() as session:
        assert not events.verify(session).problem


def sent(fuzz: Fuzz, posts: int, *, tokens: bool = False) -> Counter[int]:
    """The answers to so many posts; with form tokens asked for, or without."""
    world, answers = fuzz.world, Counter[int]()
    world.app.config["WTF_CSRF_ENABLED"] = tokens
    for number in range(posts):
        who, path, body = fuzz.post()
        client = world.client_for(world.people[who] if who else None)
        kind = {"content_type": "application/x-www-form-urlencoded"}
        headers = fuzz.chance.choice(({}, {"Accept": "application/json"}))
        headers = {**headers, **fuzz.chance.choice(({}, {"X-Requested-With": "fetch"}))}
        place = f"post {number} of seed {fuzz.seed}, tokens {tokens}: {path} {body[:2000]!r}"
        try:
            answer = client.post(path, data=body, headers=headers, **kind)
        except Exception as fault:
            raise AssertionError(place) from fault
        assert answer.status_code < 500, place
        if not tokens and not number % 5:
            asked = fuzz.get()
            assert client.get(asked).status_code < 500, asked
        answers[answer.status_code] += 1
    return answers
