"""Static files at addresses that carry the digest of what they hold, so that browsers keep them.

`asset_url("site.css")` gives "/static/3f9a12c04b7e/site.css". Everything below vendor/ shares one
digest, so that the fonts and pictures that its style sheet names by relative address are found.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, request, url_for

from cqi.web import assets

FOLDER = Path(__file__).resolve().parent / "static"
A_YEAR = 365 * 24 * 60 * 60
COMPRESSIBLE = {".css", ".js", ".svg"}

mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("text/javascript", ".js")


def install(app: Flask) -> None:
    """Serve the files as endpoint `static` and give templates `asset_url`.

    The app is made with `static_folder=None`.
    """
    app.add_url_rule("/static/<digest>/<path:name>", endpoint="static", view_func=send)
    app.jinja_env.globals["asset_url"] = asset_url


@lru_cache(maxsize=256)
def asset_url(name: str) -> str:
    return url_for("static", digest=digest_of(name), name=name)


@lru_cache(maxsize=64)
def digest_of(name: str) -> str:
    """Twelve digits of the file's content, or of what the vendor folder is made from."""
    source = assets.STAMP if name.startswith("vendor/") else FOLDER / name
    return hashlib.sha256(source.read_bytes()).hexdigest()[:12] if source.exists() else "missing"


@lru_cache(maxsize=64)
def contents(name: str) -> tuple[bytes, bytes | None] | None:
    """The file as it is and, for a text, compressed; None where there is no such file."""
    try:
        path = (FOLDER / name).resolve()
        if not path.is_relative_to(FOLDER) or not path.is_file():
            return None
    except (OSError, ValueError):  # longer than a file's name can be
        return None
    plain = path.read_bytes()
    if path.suffix not in COMPRESSIBLE:
        return plain, None
    made_before = path.with_name(path.name + ".gz")
    if made_before.exists():
        return plain, made_before.read_bytes()
    return plain, gzip.compress(plain, 9, mtime=0)


def send(digest: str, name: str) -> Response:
    """One file; kept for a year where the address names its present content."""
    found = contents(name)
    if found is None:
        abort(404)
    plain, compressed = found
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = Response(plain, mimetype=kind)
    if compressed is not None:
        response.headers["Vary"] = "Accept-Encoding"
        if request.accept_encodings["gzip"]:
            response.set_data(compressed)
            response.headers["Content-Encoding"] = "gzip"
    response.cache_control.public = True
    response.cache_control.max_age = A_YEAR if digest == digest_of(name) else 0
    response.cache_control.immutable = digest == digest_of(name)
    return response
