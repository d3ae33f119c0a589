"""What every test has: no network, and a database on either engine for those who ask."""

pytest_plugins = [
    "tests.fixtures.network",
    "tests.fixtures.postgresql",
    "tests.fixtures.engines",
    "tests.fixtures.installation",
    "tests.fixtures.cast",
    "tests.fixtures.demonstration",
    "tests.fixtures.commands",
    "tests.fixtures.scoring",
]
