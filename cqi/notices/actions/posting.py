"""One e-mail on its way: to the mail server of CQI_SMTP_URL, or into a folder where none is set."""

from __future__ import annotations

import functools
import ipaddress
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email import message, policy, utils
from pathlib import Path
from urllib import parse

from cqi.core import configuration, errors
from cqi.notices import rules
from cqi.notices.rules import Mail

Post = Callable[[Mail], None]
_PORTS = {"smtp": 25, "smtps": 465}
_SECONDS = 8  # for each answer of the mail server: all of them within the shortest pause
_SHAPE = "smtp://user:password@mail.agency.gov:587/?from=case-review@agency.gov"


@dataclass(frozen=True)
class _Server:
    """What CQI_SMTP_URL says."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str


def poster(settings: configuration.Configuration) -> Post:
    """What sends one e-mail; it raises OSError, as smtplib's errors are, where that fails.

    Raises BadInput where CQI_SMTP_URL is of no use.
    """
    if not settings.smtp_url:
        return functools.partial(_into_folder, settings)
    return functools.partial(_to_server, settings, _server(settings))


def _server(settings: configuration.Configuration) -> _Server:
    try:
        url = parse.urlsplit(settings.smtp_url)
        port = url.port
    except ValueError:
        raise _unusable() from None
    if url.scheme not in _PORTS or not url.hostname:
        raise _unusable()
    named = parse.parse_qs(url.query).get("from", [_sender(settings)])
    user, password = parse.unquote(url.username or ""), parse.unquote(url.password or "")
    return _Server(url.scheme, url.hostname, port or _PORTS[url.scheme], user, password, named[0])


def _unusable() -> errors.BadInput:
    """It may hold a password, so it is not said again."""
    return errors.BadInput(f"CQI_SMTP_URL names no mail server: write it as {_SHAPE}")


def _host(settings: configuration.Configuration) -> str:
    """Where mail says that it comes from: the host that people call, unless it is a number."""
    host = parse.urlsplit(settings.public_url).hostname or "localhost"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return "localhost"


def _sender(settings: configuration.Configuration) -> str:
    return f"case-review@{_host(settings)}"


def _message(
    settings: configuration.Configuration, mail: Mail, sender: str
) -> message.EmailMessage:
    """The same words and the same Message-ID at each try, so that a mailbox can tell."""
    letter = rules.letter(mail.told, settings.public_url)
    made = message.EmailMessage(policy=policy.SMTP)
    made["From"], made["To"], made["Subject"] = sender, mail.address, letter.subject
    made["Date"] = utils.format_datetime(mail.at)
    made["Message-ID"] = f"<{mail.id}@{_host(settings)}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.body)
    return made


def _into_folder(settings: configuration.Configuration, mail: Mail) -> None:
    """A file for each e-mail, whole or not there: a second try writes over the first."""
    folder: Path = settings.mail_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{mail.id}.eml"
    part = file.with_suffix(".part")
    part.write_bytes(bytes(_message(settings, mail, _sender(settings))))
    part.replace(file)


def _to_server(settings: configuration.Configuration, server: _Server, mail: Mail) -> None:
    made = _message(settings, mail, server.sender)
    with _connected(server) as connection:
        if server.user:
            connection.login(server.user, server.password)
        connection.send_message(made)


def _connected(server: _Server) -> smtplib.SMTP:
    """A connection, encrypted where the server can; a password never travels without."""
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=context)
    elif server.user:
        connection.close()
        raise OSError(0, "the mail server offers no encryption: the password was not sent")
    return connection


def problem(error: Exception) -> str:
    """Why a try failed, in words that name nobody: what a server says may repeat an address."""
    kind = type(error).__name__
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _ in error.recipients.values()})
        return f"{kind} {' '.join(codes)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{kind} {error.smtp_code}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:200]
    return kind
