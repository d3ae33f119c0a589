"""The product on a port of its own, and browsers in which one of the cast is signed in."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server


@dataclass
class Product:
    """A running server; it can be stopped and started again at the same address."""

    app: flask.Flask
    port: int = 0
    server: Any = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


def context_for(
    browser: Browser, product: Product, client: FlaskClient, **options: Any
) -> BrowserContext:
    """A browser that carries the cookie of a signed-in test client."""
    context = browser.new_context(base_url=product.url, **options)
    name = product.app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None, "sign the client in first"
    context.add_cookies([{"name": name, "value": cookie.value, "url": product.url}])
    return context
