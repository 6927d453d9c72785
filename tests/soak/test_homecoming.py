"""Recordings on their way home while server and machine are killed again and again.

Both are processes of their own with stores of their own, over a real port. Nothing is lost at any
moment, nothing goes from the machine before two other copies exist, and all arrives byte for byte.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.desk import ADMIN, CH13, HOUR, PLANNER, a_channel, a_source, some_media
from support.plans import plan
from support.ports import free_tcp_port

from config.names import AssetKey
from media.store import MediaStore, content_key
from playout.host.library import Library
from playout.model.recording import Recording, RecordingState
from playout.model.wire import encode
from scheduler.actions import airings, hosts
from scheduler.changing import copies
from scheduler.db import migrate
from scheduler.db.store import Database
from scheduler.domain.library.copies import BACKUP, machine_place
from scheduler.domain.model.airing import AiringDraft
from scheduler.queries import library

pytestmark = pytest.mark.soak

ROOT = Path(__file__).parents[2]
RECORDINGS = 8
LONGEST = 180.0
"""Seconds within which all must have come home."""


@dataclass
class Way:
    """A server and a machine, and the recordings between them."""

    folder: Path
    port: int
    dice: random.Random
    bodies: dict[AssetKey, bytes] = field(default_factory=dict)
    kills: int = 0
    key: str = ""
    place: str = ""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("server", "host", "backup"):
            (self.folder / name).mkdir()
        self.db = Database(f"sqlite:///{self.folder / 'server' / 'gavel.db'}")
        self.server = MediaStore(self.folder / "server" / "media")
        self.machine = MediaStore(self.folder / "host" / "media", cache=True)
        self.backup = MediaStore(self.folder / "backup")
        self._begin(datetime.now(UTC).replace(microsecond=0))

    def _begin(self, now: datetime) -> None:
        """Make a channel, a machine's key, and recordings that only the machine has."""
        migrate.upgrade(self.db)
        a_channel(self.db)
        host, self.key = hosts.add_host(self.db, ADMIN, now, "playout-1")
        self.place = machine_place(host.id)
        assert Library(self.folder / "host", self.machine).keep_plan(plan()) == ""
        source, told = a_source(self.db), list[bytes]()
        for number in range(RECORDINGS):
            body = self.dice.randbytes(self.dice.randrange(300_000, 3_000_000))
            made = self.folder / "made.mp4"
            made.write_bytes(body)
            key, _ = self.machine.add(made, suffix=".mp4")
            self.bodies[key] = body
            start = now + (number + 1) * 2 * HOUR
            draft = AiringDraft(CH13, f"Meeting {number}", start, HOUR, source=source)
            live = airings.add(self.db, PLANNER, now, draft)
            media = replace(some_media("f"), key=key, size=len(body))
            told.append(encode(Recording(live.id, RecordingState.WHOLE, start, media)))
        (self.folder / "server" / "told").write_bytes(b"\n".join(told))

    def start(self, name: str) -> None:
        given = {
            "server": (str(self.port), self.place),
            "host": (str(self.port), self.key),
        }[name]
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", f"support.homecoming_{name}", str(self.folder / name), *given],
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
            cwd=ROOT,
        )  # fmt: skip

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        assert process.poll() is None, f"the {name} ended by itself"
        process.kill()
        process.wait()
        self.kills += 1

    def back_up_one(self) -> None:
        """Copy one file of the server into the backup, and count it there."""
        for key in sorted(self.server.keys() - self.backup.keys()):
            self.backup.add(self.server.path(key, ".mp4"), key=key, suffix=".mp4", keep=True)
            with self.db.write() as session:
                now = datetime.now(UTC)
                copies.note(session, key, BACKUP, len(self.bodies[key]), now, verified=now)
            return

    def check(self) -> None:
        """Fail where a recording has too few copies."""
        for key in self.bodies:
            if not self.machine.has(key, ".mp4"):
                left = [one.has(key, ".mp4") for one in (self.server, self.backup)]
                assert left == [True, True], f"{key[:12]} went before two copies were there"

    @property
    def is_over(self) -> bool:
        return self.server.keys() >= set(self.bodies) and not self.machine.keys()


@pytest.fixture
def way(tmp_path: Path) -> Iterator[Way]:
    made = Way(tmp_path, free_tcp_port(), random.Random(13))
    yield made
    for process in made.running.values():
        process.kill()
        process.wait()
    made.db.close()


def test_recordings_come_home_whatever_is_killed_and_none_goes_too_early(way: Way) -> None:
    way.start("host")  # the server is away at first
    time.sleep(2.0)
    assert way.machine.keys() == set(way.bodies)
    way.start("server")
    until = time.monotonic() + LONGEST
    while not way.is_over:
        assert time.monotonic() < until, f"after {way.kills} kills {len(way.machine.keys())} wait"
        pause = time.monotonic() + way.dice.uniform(0.5, 6.0)
        while time.monotonic() < pause:
            way.check()
            time.sleep(0.05)
        way.back_up_one()
        name = way.dice.choice(["server", "host"])
        way.kill(name)
        way.check()
        way.start(name)
    print(f"{len(way.bodies)} recordings came home through {way.kills} kills")
    for key, body in way.bodies.items():
        assert way.server.path(key, ".mp4").read_bytes() == body
        assert content_key(way.backup.path(key, ".mp4")) == key
    assert len(library.library(way.db)) == RECORDINGS
    assert way.kills >= 5
