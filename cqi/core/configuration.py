"""What the environment says, read once at start (interface.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cqi.core import errors

MOST_PROXIES = 5


@dataclass(frozen=True)
class Configuration:
    """`database_url` is empty for the embedded database, which lies in `data_dir`.

    `trusted_proxies` is how many proxies of the agency's own a request passes on its way here;
    `public_url` is where people's browsers find the product, without a slash at its end.
    """

    data_dir: Path
    database_url: str
    key_file: Path
    time_zone: ZoneInfo
    smtp_url: str
    port: int
    public_url: str
    trusted_proxies: int = 0

    @property
    def embedded(self) -> bool:
        """True when one encrypted file is the whole database."""
        return not self.database_url

    @property
    def database_file(self) -> Path:
        """The embedded database's file."""
        return self.data_dir / "cqi.db"

    @property
    def mail_folder(self) -> Path:
        """Where e-mails lie as files while no mail server is named."""
        return self.data_dir / "outbox"


def from_environment(environment: Mapping[str, str]) -> Configuration:
    """Read CQI_DATA_DIR, CQI_DATABASE_URL, CQI_KEY_FILE, CQI_TIME_ZONE, CQI_SMTP_URL, PORT,
    CQI_PUBLIC_URL and CQI_TRUSTED_PROXIES.

    Raises BadInput naming the variable and the remedy.
    """
    data_dir = Path(environment.get("CQI_DATA_DIR") or "var").resolve()
    key_file = environment.get("CQI_KEY_FILE") or data_dir / "keys" / "keys.json"
    port = port_of(environment.get("PORT") or "8000")
    return Configuration(
        data_dir=data_dir,
        database_url=environment.get("CQI_DATABASE_URL", ""),
        key_file=Path(key_file),
        time_zone=_time_zone(environment.get("CQI_TIME_ZONE") or "America/Chicago"),
        smtp_url=environment.get("CQI_SMTP_URL", ""),
        port=port,
        public_url=_public_url(environment.get("CQI_PUBLIC_URL") or f"http://127.0.0.1:{port}"),
        trusted_proxies=_proxies(environment.get("CQI_TRUSTED_PROXIES") or "0"),
    )


def _time_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = f"CQI_TIME_ZONE is {name!r}, which is no time zone; try America/Chicago"
        raise errors.BadInput(message) from error


def _public_url(text: str) -> str:
    parts = text.partition("://")
    if parts[0] not in ("http", "https") or not parts[2]:
        message = f"CQI_PUBLIC_URL is {text!r}; give an address such as https://cqi.agency.gov"
        raise errors.BadInput(message)
    return text.rstrip("/")


def port_of(text: str, name: str = "PORT") -> int:
    """A port's number. Raises BadInput with the name of what gave it."""
    if not _is_number(text) or not 1 <= int(text) <= 65535:
        message = f"{name} is {text!r}; give a number from 1 to 65535, such as 8000"
        raise errors.BadInput(message)
    return int(text)


def _proxies(text: str) -> int:
    if not _is_number(text) or int(text) > MOST_PROXIES:
        message = (
            f"CQI_TRUSTED_PROXIES is {text!r}; give a whole number from 0 to {MOST_PROXIES}: how"
            " many proxies of your own stand before the product"
        )
        raise errors.BadInput(message)
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
