"""Server and broadcast machine of two versions, each a process of its own, over a real port.

The version before is taken from the history of this repository: one whose cues had no origin, so
that nearly every message has something which it cannot read. Both orders of an upgrade are played,
on SQLite and on PostgreSQL: the server is new and the machine old, and the other way round.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.soak

ROOT = Path(__file__).parents[2]
BEFORE = "8c6a5c12"
"""The commit of the version before; its wire has READS 3."""
ROOMS = ("config", "media", "playout", "scheduler", "web", "tests")
SCRIPTS = ("upgrade_server.py", "upgrade_host.py")
NO_FILE = "its own picture was never on air"
"""The outcome that the machine reports: nobody gave it a file."""
START = "2026-11-22T18:00:00+00:00"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the code of the version before, and this drill's two scripts."""
    folder = tmp_path_factory.mktemp("before")
    packed = subprocess.run(
        ["git", "archive", BEFORE, *ROOMS], cwd=ROOT, capture_output=True, check=False
    )
    if packed.returncode:
        pytest.skip("the history with the version before is not here")
    subprocess.run(["tar", "x", "-C", str(folder)], input=packed.stdout, check=True)
    for script in SCRIPTS:
        text = (ROOT / "tests" / "support" / script).read_text()
        (folder / "tests" / "support" / script).write_text(text)
    return folder


class Talk:
    """A process of one version that answers each line with one of JSON."""

    def __init__(self, code: Path, module: str, *given: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *given],
            env={**os.environ, "PYTHONPATH": f"{code}:{code / 'tests'}"},
            cwd=code, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, line: str) -> dict[str, Any]:
        """Send a line and return the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self.hear()

    def hear(self) -> dict[str, Any]:
        """Return the next answer."""
        assert self._process.stdout is not None
        heard: dict[str, Any] = json.loads(self._process.stdout.readline())
        return heard

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=20)


class Drill:
    """A server and a broadcast machine that stay at one simulated time."""

    def __init__(self, server: Path, host: Path, folder: Path, url: str) -> None:
        for name in ("server", "host"):
            (folder / name).mkdir()
        self.server = Talk(server, "support.upgrade_server", str(folder / "server"), url)
        door = self.server.hear()
        given = (str(folder / "host"), str(door["port"]), door["key"])
        self.host = Talk(host, "support.upgrade_host", *given)
        self.now = START

    def tell(self, what: str, **more: str) -> dict[str, Any]:
        """Let the server do something at the time of the machine, and return what it knows."""
        return self.server.ask(json.dumps({"do": what, "now": self.now, **more}))

    def run(self, seconds: float) -> dict[str, Any]:
        """Let time pass on both, ten seconds at a time; return what the machine says."""
        said: dict[str, Any] = {}
        for _ in range(int(seconds / 10)):
            said = self.host.ask("10")
            self.now = said["now"]
            self.tell("look")
        return said


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a new database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'gavel.db'}"
    url: str = request.getfixturevalue("empty_postgres")
    return url


@pytest.fixture(params=["new server, old machine", "old server, new machine"])
def drill(
    request: pytest.FixtureRequest, before: Path, tmp_path: Path, database: str
) -> Iterator[Drill]:
    server, host = (ROOT, before) if request.param.startswith("new") else (before, ROOT)
    made = Drill(server, host, tmp_path, database)
    yield made
    made.host.close()
    made.server.close()


def test_a_plan_a_command_and_what_aired_pass_between_two_versions(drill: Drill) -> None:
    drill.tell("plan", title="Parks")
    drill.run(30)
    assert "Parks" in drill.run(10)["titles"]

    drill.run(120)
    assert ["Parks", "substituted", NO_FILE] in drill.tell("look")["as_run"]

    drill.tell("plan", title="News")
    drill.run(20)
    assert "News" in drill.run(10)["titles"]

    drill.tell("slate")
    assert "slate" in drill.run(20)["on"]
