"""What every response says to the browser, and compression of pages.

Pages are compressed although they hold secrets (BREACH): that attack needs a stranger's page to
load ours with the reader's cookie, which SameSite=Lax forbids, and no page repeats what its
address says beside a secret. A file name of random length in the gzip header blurs lengths anyway.
"""

from __future__ import annotations

import gzip
import io
import secrets

import flask

POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_ALWAYS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # over TLS a form's token is checked with its referrer
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_WORTH_COMPRESSING = 1024
_LEVEL = 5
_LONGEST_NAME = 64


def install(app: flask.Flask) -> None:
    """Add the headers to every response, and compress pages for browsers that take it."""
    app.after_request(_compress)
    app.after_request(_add_headers)


def _add_headers(response: flask.Response) -> flask.Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)  # a published page has a stricter policy
    if flask.request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if flask.request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _compress(response: flask.Response) -> flask.Response:
    if response.mimetype != "text/html" or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    wanted = flask.request.accept_encodings["gzip"] > 0
    if wanted and len(body) >= _WORTH_COMPRESSING and not response.content_encoding:
        response.set_data(_gzipped(body))
        response.content_encoding = "gzip"
    return response


def _gzipped(body: bytes) -> bytes:
    file, name = io.BytesIO(), "x" * secrets.randbelow(_LONGEST_NAME)
    with gzip.GzipFile(name, "wb", _LEVEL, file, mtime=0) as packed:
        packed.write(body)
    return file.getvalue()
