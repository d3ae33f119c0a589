"""Check this machine and fill .venv/: what `make` asks for before anything else.

Standard library only, and readable by Python 3.6, so that an old Python is told so in one line
and not by a traceback. Each step leaves a stamp that names what it was made from; a step whose
stamp still fits is not repeated.
"""

import argparse
import hashlib
import pathlib
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
INSTALL = [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON]
STAMPS = VENV / "stamps"
TOOLS = ROOT / ".make" / "requirements-tools.txt"
OLDEST = (3, 11)


def stop(line):
    """End with one line that says what is wrong and what to do."""
    sys.exit("make: " + line)


def check_python():
    if sys.version_info >= OLDEST:
        return
    stop(
        "Python {}.{} is too old. Install Python 3.11 or newer; if it has a name of its own, "
        "run make PYTHON=python3.11 and so on.".format(*sys.version_info[:2])
    )


def check_venv():
    try:
        import ensurepip  # noqa: F401  (only asked for: Debian ships Python without it)
        import venv  # noqa: F401  (only asked for, like the one above)
    except ImportError:
        stop(
            "this Python cannot make a virtual environment. Install its venv module "
            "(Debian and Ubuntu: apt install python3-venv) and try again."
        )


def check_writable(folder):
    nearest = pathlib.Path(folder).absolute()
    while not nearest.exists():
        nearest = nearest.parent
    if not nearest.is_dir():
        stop(f"{nearest} is a file where a folder is needed. Move it away and try again.")
    try:
        tempfile.TemporaryFile(dir=str(nearest)).close()
    except OSError:
        stop(f"cannot write in {nearest}. Give yourself write access or choose another folder.")


def check_port(text):
    if not (text.isdigit() and 0 < int(text) < 65536):
        stop(f"PORT is {text!r}; it must be a number from 1 to 65535, as in make run PORT=8001.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            stop(f"port {text} is not open to you. Take one above 1023, as in make run PORT=8001.")
        except OSError:
            stop(f"port {text} is taken. Stop what uses it, or run make run PORT=8001.")


def key_of(*sources):
    """Digest of files and of plain words that a step is made from."""
    digest = hashlib.sha256()
    for source in (str(VENV), sys.version, *sources):
        part = source.read_bytes() if isinstance(source, pathlib.Path) else source.encode()
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def run(command):
    try:
        subprocess.run([str(part) for part in command], cwd=str(ROOT), check=True)
    except (OSError, subprocess.CalledProcessError):
        stop(
            "the last step failed (its own words stand above). Is the package index reachable "
            "and the disk not full? What is done is kept: run the same command again."
        )


def step(name, words, key, *commands):
    """Run the commands unless the stamp of that name says that this was done."""
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == key:
        return
    print(f"make: {words} ...", flush=True)
    for command in commands:
        run(command)
    STAMPS.mkdir(exist_ok=True)
    stamp.write_text(key)


def install_locked(requirements):
    return [*INSTALL, "--require-hashes", "-r", requirements]


def prepare(for_tests, for_mutation=False):
    """Bring .venv/ to what the requirements files and pyproject.toml say."""
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "-qq"]
    step(
        "venv",
        "making a virtual environment in .venv",
        key_of(),
        [sys.executable, "-m", "venv", "--clear", VENV],
    )
    step(
        "tools",
        "installing the installer",
        key_of(TOOLS),
        [*pip, "install", "--require-hashes", "-r", TOOLS],
    )
    wanted = [("requirements.txt", "installing what the product needs")]
    if for_tests:
        wanted.append(("requirements-dev.txt", "installing what its tests need"))
    if for_mutation:
        wanted.append((".make/requirements-mutation.txt", "installing what changes the code"))
    for name, words in wanted:
        path = ROOT / name
        step(path.name, words, key_of(path), install_locked(path))
    step(
        "project",
        "linking the product itself",
        key_of(ROOT / "pyproject.toml"),
        # No isolated build: hatchling came, hash-locked, with the tools.
        [*INSTALL, "--no-deps", "--no-build-isolation", "--editable", ROOT],
    )


def main():
    parser = argparse.ArgumentParser(description="Check this machine and fill .venv/.")
    parser.add_argument("--port", help="a port that must be free")
    parser.add_argument("--data", help="a data folder that must be writable")
    parser.add_argument("--tests", action="store_true", help="also install what the tests need")
    parser.add_argument("--mutation", action="store_true", help="also what a mutation run needs")
    asked = parser.parse_args()
    check_python()
    check_writable(str(ROOT))
    if asked.data:
        check_writable(asked.data)
    if asked.port:
        check_port(asked.port)
    if not (STAMPS / "venv").exists():
        check_venv()
    prepare(for_tests=asked.tests, for_mutation=asked.mutation)


if __name__ == "__main__":
    main()
