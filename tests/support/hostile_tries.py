"""Loops that send hostile requests to each entry point, on one fresh site after another."""

import json
import os
import random
import socket
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support import raw_requests
from support.databases import empty_tables
from support.front import serving
from support.hostile_values import (
    HOSTILE_JSON,
    HOSTILE_TEXTS,
    FuzzedSite,
    draw_every_page,
    errors_logged,
    form_try,
    fuzzed_site,
    rules,
)

from playout.host.control_socket import ControlQueue, ControlServer, ask_agent
from scheduler.db.store import Database

TRIES_IN_SUITE = 100
"""Tries in the ordinary suite, on each database; the soak makes ten thousand."""
SEED = int(os.environ.get("GAVEL_FUZZ_SEED", "1"))
TRIES_PER_SITE = 250
"""Tries on one site before the next: what the tries save makes every page longer."""
SIGN_IN_EVERY = 25
"""Tries after which the administrator signs in again, in case one of them signed her out."""

SiteMaker = Callable[[int], FuzzedSite]


def make_tries(
    count: int, fresh: SiteMaker, one: Callable[[FuzzedSite, int], None]
) -> Counter[int]:
    """Make `count` tries; return how often each status was answered.

    A failure names the number and the seed that repeat it.
    """
    answers = Counter[int]()
    for begin in range(0, count, TRIES_PER_SITE):
        fuzzed = fresh(SEED + begin)
        for number in range(begin, min(begin + TRIES_PER_SITE, count)):
            if number % SIGN_IN_EVERY == 0:
                fuzzed.refresh()
            one(fuzzed, number)
            if (number + 1) % TRIES_PER_SITE == 0 or number == count - 1:
                draw_every_page(fuzzed, number, rules(fuzzed))
            assert len(fuzzed.crashes) < 25, crash_report(fuzzed)
        assert not fuzzed.crashes, crash_report(fuzzed)
        answers += fuzzed.answers
    return answers


def crash_report(fuzzed: FuzzedSite) -> str:
    """Return one crash of each kind of traceback, as text."""
    kinds = {
        crash.how.rsplit("\n", 1)[-1][:100] + crash.how[-900:-500]: crash
        for crash in fuzzed.crashes
    }
    return "\n\n".join(f"try {c.number}: {c.request}\n{c.how}" for c in kinds.values())


@pytest.fixture
def fresh(db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteMaker:
    """Give a function that makes a clean site on this test's database."""
    opened = []

    def make(seed: int) -> FuzzedSite:
        empty_tables(db)
        context = fuzzed_site(db, tmp_path / str(seed), seed, monkeypatch)
        opened.append(context)
        return context.__enter__()

    return make


def random_form_try(fuzzed: FuzzedSite, number: int) -> None:
    form_try(fuzzed, number, rules(fuzzed))


def send_odd_bytes(count: int, fresh: SiteMaker) -> Counter[int]:
    """Send `count` odd requests over real connections; fail on a 500 or a logged traceback.

    Return how often each status was answered.
    """
    fuzzed = fresh(SEED)
    key = fuzzed.key["Authorization"].encode()
    with errors_logged() as heard, serving(fuzzed.site.app) as door:
        for number in range(count):
            request = raw_requests.a_request(fuzzed.chance)
            if fuzzed.chance.random() < 0.3:
                request = request.replace(b"\r\n", b"\r\nAuthorization: " + key + b"\r\n", 1)
            found = raw_requests.statuses(raw_requests.answer_bytes(door, request))
            fuzzed.answers.update(found)
            broken = heard or [status for status in found if status >= 500]
            assert not broken, (number, raw_requests.printable(request), found, heard)
        asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        assert raw_requests.statuses(raw_requests.answer_bytes(door, asked)) == [200]
    return fuzzed.answers


def control_line(chance: random.Random) -> bytes:
    """Return a mostly sensible line for the control socket."""
    asked: dict[str, object] = {"verb": "skip", "actor": "ann", "item": "", "minutes": 5}
    for name in chance.sample(
        ["verb", "item", "minutes", "source", "text", "placement", "actor", "x"], 2
    ):
        asked[name] = chance.choice((*HOSTILE_JSON, *HOSTILE_TEXTS))
    line = json.dumps(asked).encode()
    if chance.random() < 0.3:
        place = chance.randrange(len(line))
        line = line[:place] + chance.choice((b"\xff", b"\x00", b"[" * 500, b"")) + line[place + 1 :]
    return line[: chance.randrange(len(line))] if chance.random() < 0.1 else line


def send_control_lines(count: int, folder: Path) -> None:
    """Send `count` lines to the control socket; each gets a JSON answer, and the socket still
    works.
    """
    door, chance, wake = ControlQueue(), random.Random(SEED), threading.Event()
    over = threading.Event()
    keeper = ControlServer(
        folder, door, lambda: b"{}", lambda: datetime(2026, 11, 20, tzinfo=UTC), wake
    )
    keeper.start()

    def obey() -> None:
        while not over.is_set():
            wake.wait(0.05)
            wake.clear()
            for command in door.take():
                door.answer(command.id, "no")

    agent = threading.Thread(target=obey)
    agent.start()
    try:
        for number in range(count):
            line = control_line(chance)
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
                caller.settimeout(20)
                caller.connect(str(folder / "control.sock"))
                caller.sendall(line + b"\n")
                answer = caller.recv(65536)
            assert isinstance(json.loads(answer), dict), (number, line, answer)
        assert ask_agent(folder, verb="status") == {}
    finally:
        over.set()
        agent.join()
        keeper.close()
