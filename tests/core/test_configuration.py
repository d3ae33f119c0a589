"""What the environment says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cqi.core import configuration, errors


def test_nothing_said_means_the_embedded_database_in_var() -> None:
    found = configuration.from_environment({})
    assert found.embedded
    assert found.database_file == Path("var").resolve() / "cqi.db"
    assert found.key_file == Path("var").resolve() / "keys" / "keys.json"
    assert (str(found.time_zone), found.port) == ("America/Chicago", 8000)
    assert found.trusted_proxies == 0


def test_everything_can_be_said() -> None:
    found = configuration.from_environment(
        {
            "CQI_DATA_DIR": "/srv/cqi",
            "CQI_DATABASE_URL": "postgresql://db/cqi",
            "CQI_KEY_FILE": "/run/secrets/cqi.json",
            "CQI_TIME_ZONE": "America/New_York",
            "CQI_SMTP_URL": "smtp://mail",
            "PORT": "9000",
            "CQI_TRUSTED_PROXIES": "5",
        }
    )
    assert not found.embedded
    assert found.key_file == Path("/run/secrets/cqi.json")
    assert (str(found.time_zone), found.port) == ("America/New_York", 9000)
    assert found.trusted_proxies == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "0"), ("PORT", "65536"), ("PORT", "http"), ("PORT", "-1"),
     ("CQI_TRUSTED_PROXIES", "6"), ("CQI_TRUSTED_PROXIES", "-1"), ("CQI_TRUSTED_PROXIES", "1.5"),
     ("CQI_TRUSTED_PROXIES", "10.0.0.1"), ("CQI_TRUSTED_PROXIES", "²"), ("PORT", "²"),
     ("CQI_TIME_ZONE", "Mississippi"), ("CQI_TIME_ZONE", "../etc/passwd")],
)  # fmt: skip
def test_what_is_wrong_is_named_with_a_remedy(name: str, value: str) -> None:
    with pytest.raises(errors.BadInput, match=name):
        configuration.from_environment({name: value})
