"""A complete station in its own folder: real web server, scheduler and channel, on free ports."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import httpx
from support.ports import free_tcp_port, free_udp_port
from support.server_link import ServerLink

from config.names import ChannelId
from config.settings import Settings
from config.times import timecode
from scheduler.actions import channels, hosts, people
from scheduler.db.migrate import upgrade
from scheduler.db.store import Database
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.queries import grid

FORMAT = "640x360@30000/1001"
CHANNEL = "ch13"
LOGIN, PASSWORD = "dana", "gavel to gavel 2026"
ZONE = "America/New_York"
T = TypeVar("T")


def wait_for(what: Callable[[], T], seconds: float, words: str) -> T:
    """Return the first true result of `what`; fail with `words` after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = what()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:.0f} s: {words}")


@dataclass
class Station:
    """One channel, one administrator, one broadcast machine, as a context manager."""

    folder: Path
    web_port: int = field(default_factory=free_tcp_port)
    air_port: int = field(default_factory=free_udp_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    clients: list[httpx.Client] = field(default_factory=list)
    more_outputs: Sequence[str] = ()
    """Where the stream goes besides the air port."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.address = f"http://127.0.0.1:{self.web_port}"
        self.link = ServerLink(self.web_port)
        self.settings = Settings(data_dir=self.folder, base_url=self.address)
        self.db = Database(self.settings.database)
        upgrade(self.db)
        now = datetime.now(UTC)
        people.redeem_link(
            self.db, now, people.first_admin_link(self.db, now) or "", "Dana", LOGIN, PASSWORD
        )
        channels.add(
            self.db, SYSTEM_ACTOR, now, ChannelDraft(CHANNEL, "City Channel 13", ZONE, FORMAT)
        )
        _, key = hosts.add_host(self.db, SYSTEM_ACTOR, now, "the only machine")
        (self.folder / "gavel.toml").write_text(self._toml(key))
        self.environment = os.environ | {"GAVEL_CONFIG": str(self.folder / "gavel.toml")}

    def _toml(self, key: str) -> str:
        outputs = json.dumps([f"udp://127.0.0.1:{self.air_port}", *self.more_outputs])
        return f"""
            data_dir = "{self.folder}"
            bind = "127.0.0.1:{self.web_port}"
            base_url = "{self.address}"
            server_url = "http://127.0.0.1:{self.link.port}"
            host_key = "{key}"
            domain = "tv.example.gov"
            [channels.{CHANNEL}]
            format = "{FORMAT}"
            outputs = {outputs}
            video_kbps = 1500
            preset = "ultrafast"
        """

    def __enter__(self) -> "Station":
        self.start("web", "gavel", "web")
        self.start("scheduler", "gavel", "scheduler")
        self.start("air", "gavel-playout", "run", CHANNEL)
        try:
            wait_for(self.answers, 60, "the pages answer")
        except AssertionError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.close()
        for process in reversed(self.processes.values()):
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        self.link.close()
        self.db.close()

    def start(self, name: str, program: str, *words: str) -> None:
        """Start one of the station's programs; its output goes to NAME.log."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [str(Path(sys.executable).with_name(program)), *words],
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def kill(self, name: str, sign: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal, SIGKILL by default, to a program and wait until it ends."""
        self.processes[name].send_signal(sign)
        self.processes[name].wait(15)

    def answers(self) -> bool:
        """Return whether the web server answers."""
        try:
            return httpx.get(f"{self.address}/login").status_code == 200
        except httpx.TransportError:
            return False

    def airing(self, title: str) -> Airing:
        """Return the airing of this title in this week's plan."""
        day = datetime.now(ZoneInfo(ZONE)).date()
        monday = day - timedelta(days=day.weekday())
        week = grid.week(self.db, [ChannelId(CHANNEL)], monday, datetime.now(UTC))
        return next(view.airing for view in week.airings if view.airing.title == title)

    def staff(self) -> httpx.Client:
        """Return a signed-in client whose requests carry the CSRF token."""
        client = httpx.Client(base_url=self.address, follow_redirects=True, timeout=20)
        self.clients.append(client)
        token = csrf_token(client.get("/login").text)
        client.headers["X-CSRFToken"] = token
        answer = client.post("/login", data={"login": LOGIN, "password": PASSWORD})
        assert answer.status_code == 200, answer.text[:500]
        client.headers["X-CSRFToken"] = csrf_token(answer.text)
        client.headers["Referer"] = self.address
        return client


def csrf_token(page: str) -> str:
    """Return the CSRF token of a page."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', page) or re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"', page
    )
    assert found, "the page carries no CSRF token"
    return found.group(1)


def upload(staff: httpx.Client, file: Path, title: str) -> str:
    """Upload a file to the library as the page does; return its asset id."""
    size = file.stat().st_size
    address = body_of(staff.post("/media/uploads", data={"size": size}))
    body = file.read_bytes()
    step = 8 * 1024 * 1024
    for at in range(0, size, step):
        body_of(staff.put(address, params={"at": at}, content=body[at : at + step]))
    return body_of(staff.post(address, data={"size": size, "name": f"{title}{file.suffix}"}))


def add_airing(staff: httpx.Client, asset: str, title: str, start: datetime, seconds: float) -> str:
    """Add an airing through the form; return the address the page redirects to.

    The length is written as pages write it, so that no caller can mistype it.
    """
    local = start.astimezone(ZoneInfo(ZONE))
    form = {
        "channel": CHANNEL,
        "title": title,
        "asset": asset,
        "day": f"{local:%Y-%m-%d}",
        "at": f"{local:%H:%M:%S}",
        "length": timecode(timedelta(seconds=seconds)),
        "start_rule": "hard",
        "end_rule": "cut",
        "missed": "join",
        "public": "y",
        "way": "rules",
    }
    return body_of(staff.post("/airings", data=form))


def body_of(answer: httpx.Response) -> str:
    """Return the body of a successful response; fail on any other."""
    assert answer.status_code < 400, f"{answer.status_code}: {answer.text[:600]}"
    return answer.text
