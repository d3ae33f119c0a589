"""Starting to serve."""

from __future__ import annotations

import socket
from pathlib import Path

import flask
import pytest

from cqi.core import errors
from cqi.web import server
from tests.fixtures.commands import Command


def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(errors.BadInput, match=f"port {port} is taken: .* set PORT"):
            server.serve(lambda: flask.Flask("x"), server.Listening(port=port))


@pytest.mark.parametrize("value", ["1", "true", "yes"])
def test_nothing_is_served_in_debug_mode(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", value)
    ran = command.on(tmp_path)("serve")
    assert (ran.code, ran.out) == (2, "")
    assert "FLASK_DEBUG is set" in ran.err
