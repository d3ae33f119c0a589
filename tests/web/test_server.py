"""Starting to serve."""

from __future__ import annotations

import socket

import flask
import pytest

from cqi.core import errors
from cqi.web import server


def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(errors.BadInput, match=f"port {port} is taken: .* set PORT"):
            server.serve(lambda: flask.Flask("x"), server.Listening(port=port))
