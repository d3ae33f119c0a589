"""gunicorn around the application: one worker with four threads beside an embedded database."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable
from dataclasses import dataclass

import flask
from gunicorn.app import base

from cqi.core import errors


@dataclass(frozen=True)
class Listening:
    """Where to serve, and the remedy where the port is taken. Many workers need PostgreSQL."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    threads: int = 4
    remedy: str = "set PORT"


class _Server(base.BaseApplication):
    """gunicorn, told by us instead of by a file."""

    def __init__(
        self, make: Callable[[], flask.Flask], listening: Listening, ready: Callable[[], None]
    ) -> None:
        self.make, self.listening, self.ready = make, listening, ready
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn."""
        chosen = {
            "bind": f"{self.listening.host}:{self.listening.port}",
            "workers": self.listening.workers,
            "threads": self.listening.threads,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 20,
            "keepalive": 5,
            "proc_name": "cqi",
            "loglevel": "warning",
            "post_worker_init": lambda _: self.ready(),
            "forwarded_allow_ips": "",  # whom to believe is said by CQI_TRUSTED_PROXIES alone
            "control_socket_disable": True,  # it would lie in the home folder, for anybody to find
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> flask.Flask:
        """Called by gunicorn in each worker. What the application is made of is never garbage."""
        made = self.make()
        gc.collect()
        gc.freeze()
        return made


def serve(
    make: Callable[[], flask.Flask],
    listening: Listening | None = None,
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until told to stop; `ready` is called once the application answers.

    Each worker makes its own application, after the fork: connections do not survive one.
    """
    chosen = listening or Listening()
    _see_that_it_is_free(chosen)
    _Server(make, chosen, ready).run()


def _see_that_it_is_free(listening: Listening) -> None:
    """gunicorn would try five times, and say so each time."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((listening.host, listening.port))
        except OSError as error:
            message = (
                f"port {listening.port} is taken: stop what listens there, or {listening.remedy}"
            )
            raise errors.BadInput(f"{message} ({error.strerror})") from error
