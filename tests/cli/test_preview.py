"""`cqi instruments preview`: a server for the author of a draft, and what it refuses."""

from __future__ import annotations

import shutil
import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from cqi.core import folders
from cqi.instruments import scaffolding
from tests.fixtures import serving
from tests.fixtures.commands import Command

OSRI = folders.data_folder("review_instruments") / "osri"


def test_it_serves_a_draft_on_this_machine_only_and_makes_no_file(tmp_path: Path) -> None:
    draft = scaffolding.start(tmp_path, "county_check")
    before = sorted(tmp_path.rglob("*"))
    with serving.preview(tmp_path / "county_check", tmp_path / "nothing") as (address, said):
        assert said == f"Preview of county_check 0.1: {address}\nNothing is kept. Ctrl+C ends it.\n"
        with urllib.request.urlopen(f"{address}/worked-cases") as answer:  # noqa: S310 - http, to this machine
            assert "3 of 3 worked cases pass." in answer.read().decode()
        (draft / "instrument.toml").write_text("[[facts")
        with pytest.raises(urllib.error.HTTPError, match="422"):
            urllib.request.urlopen(address)  # noqa: S310 - http, to this machine
        others = socket.gethostbyname(socket.gethostname())
        if not others.startswith("127."):
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((others, int(address.rsplit(":", 1)[1])), timeout=5)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("given", ["nowhere", "nowhere.toml", ".", "items"])
def test_a_path_that_is_no_version_is_refused_with_a_remedy(
    command: Command, tmp_path: Path, given: str
) -> None:
    (tmp_path / "nowhere.toml").touch()
    (tmp_path / "items").mkdir()
    ran = command("instruments", "preview", tmp_path / given)
    assert (ran.code, ran.out) == (2, "")
    assert str(tmp_path / given) in ran.err
    assert "There is no instrument here. Give the folder of a version" in ran.err


def test_of_several_versions_one_is_to_be_given(command: Command, tmp_path: Path) -> None:
    for version in ("1.0", "1.1"):
        shutil.copytree(OSRI / "1.0", tmp_path / "osri" / version)
    ran = command("instruments", "preview", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert f"There are 2 versions here. Give one: {tmp_path}/osri/1.0, " in ran.err


def test_a_port_that_is_taken_or_no_port_is_refused(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = command("instruments", "preview", OSRI, "--port", port)
        assert (ran.code, ran.out) == (2, "")
        assert f"port {port} is taken: stop what listens there, or give another" in ran.err
        monkeypatch.setenv("PORT", port)
        assert f"port {port} is taken" in command("instruments", "preview", OSRI).err
    for odd in ("eighty", "0", "70000", "-1"):
        ran = command("instruments", "preview", OSRI, "--port", odd)
        assert (ran.code, ran.out) == (2, "")
        assert f"--port is '{odd}'; give a number from 1 to 65535" in ran.err
    monkeypatch.setenv("PORT", "eighty")
    assert "PORT is 'eighty'" in command("instruments", "preview", OSRI).err
