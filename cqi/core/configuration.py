"""What the environment says, read once at start (interface.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cqi.core import errors


@dataclass(frozen=True)
class Configuration:
    """`database_url` is empty for the embedded database, which lies in `data_dir`."""

    data_dir: Path
    database_url: str
    key_file: Path
    time_zone: ZoneInfo
    smtp_url: str
    port: int

    @property
    def embedded(self) -> bool:
        """True when one encrypted file is the whole database."""
        return not self.database_url

    @property
    def database_file(self) -> Path:
        """The embedded database's file."""
        return self.data_dir / "cqi.db"


def from_environment(environment: Mapping[str, str]) -> Configuration:
    """Read CQI_DATA_DIR, CQI_DATABASE_URL, CQI_KEY_FILE, CQI_TIME_ZONE, CQI_SMTP_URL and PORT.

    Raises BadInput naming the variable and the remedy.
    """
    data_dir = Path(environment.get("CQI_DATA_DIR") or "var").resolve()
    key_file = environment.get("CQI_KEY_FILE") or data_dir / "keys" / "keys.json"
    return Configuration(
        data_dir=data_dir,
        database_url=environment.get("CQI_DATABASE_URL", ""),
        key_file=Path(key_file),
        time_zone=_time_zone(environment.get("CQI_TIME_ZONE") or "America/Chicago"),
        smtp_url=environment.get("CQI_SMTP_URL", ""),
        port=_port(environment.get("PORT") or "8000"),
    )


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = f"CQI_TIME_ZONE is {name!r}, which is no time zone; try America/Chicago"
        raise errors.BadInput(message) from error


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        message = f"PORT is {text!r}; give a number from 1 to 65535, such as 8000"
        raise errors.BadInput(message)
    return int(text)
