"""What every test has: no network, and a database on either engine for those who ask."""

import hypothesis
import pytest

# pytest --hypothesis-profile=long tries properties for minutes instead of seconds.
hypothesis.settings.register_profile("long", max_examples=2_000, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills", type=int, default=20, help="how often tests/web/test_killed.py kills the server"
    )


pytest_plugins = [
    "tests.fixtures.network",
    "tests.fixtures.postgresql",
    "tests.fixtures.engines",
    "tests.fixtures.installation",
    "tests.fixtures.cast",
    "tests.fixtures.demonstration",
    "tests.fixtures.commands",
    "tests.fixtures.mail",
    "tests.fixtures.scoring",
    "tests.fixtures.two_versions",
]
