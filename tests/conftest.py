"""What every test has: no network, and a database on either engine for those who ask."""

import gc
import os
from collections.abc import Generator

import hypothesis
import pytest

from cqi.instruments import library
from tests.fixtures import memory

# Every commit of the embedded database waits for the disk: tmp_path stands in memory.
if room := memory.with_room(for_programs=True):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(room))

# pytest --hypothesis-profile=long tries properties for minutes instead of seconds.
hypothesis.settings.register_profile("long", max_examples=2_000, deadline=None)
# `make mutate`: the same examples for every mutant, and none that fails by being slow.
hypothesis.settings.register_profile(
    "mutation",
    max_examples=40,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills", type=int, default=20, help="how often tests/web/test_killed.py kills the server"
    )
    parser.addoption(
        "--workflow-runs",
        type=int,
        default=0,
        help="runs of 50 steps of tests/reviews/test_workflow_model.py; a few short ones without",
    )
    parser.addoption(
        "--fuzz-posts", type=int, default=120, help="posts of tests/proof/test_fuzz.py, an engine"
    )
    parser.addoption("--fuzz-seed", type=int, default=5, help="another seed, other posts")
    parser.addoption(
        "--proof-engine",
        choices=("embedded", "postgresql"),
        default="embedded",
        help="where tests/proof/test_swapped_ids.py and test_canaries.py run",
    )
    parser.addoption(
        "--every-payload",
        action="store_true",
        help="tests/browser/test_payloads.py: every payload in every place, on every page",
    )


pytest_plugins = [
    "tests.fixtures.network",
    "tests.fixtures.order",
    "tests.fixtures.postgresql",
    "tests.fixtures.compiled",
    "tests.fixtures.engines",
    "tests.fixtures.installation",
    "tests.fixtures.cast",
    "tests.fixtures.demonstration",
    "tests.fixtures.commands",
    "tests.fixtures.mail",
    "tests.fixtures.scoring",
    "tests.fixtures.twice",
    "tests.fixtures.two_versions",
]


def pytest_sessionstart() -> None:
    """Load definitions anew: a mutation run starts many sessions from one process."""
    library.load.cache_clear()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the collector of garbage what stays to the end, modules and tests: to look through it
    again and again took a third of the time."""
    gc.disable()
    result = yield
    gc.freeze()
    gc.enable()
    gc.set_threshold(10_000, 20, 20)
    return result
