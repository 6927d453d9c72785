"""A single box whose processes hang: each is noticed by its parent, and restarted or continued."""

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from soak.single_machine import command_line, descendants
from support.station import CHANNEL, Station, wait_for

from config.clock import SystemClock
from config.forked import is_stopped
from config.settings import load_settings
from config.supervise import Supervisor
from web.cli import single_box_children

pytestmark = pytest.mark.air
PATIENCE = 3.0
"""Seconds each process is given here, to save time; `web.cli` gives more."""


@dataclass
class House:
    """The real processes of a box under the real supervisor, inside this process."""

    station: Station
    supervisor: Supervisor

    def worker(self) -> int:
        """Return the process id of the web worker; 0 when there is none."""
        web = self.supervisor.pids().get("web", 0)
        return next(descendants(web), 0) if web else 0

    def healthy(self) -> bool:
        """Return whether pages answer and every process has outlived its patience."""
        return len(self.supervisor.pids()) == 3 and self.station.answers()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    station = Station(tmp_path_factory.mktemp("house"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAVEL_CONFIG", station.environment["GAVEL_CONFIG"])
        patch.setenv("GUNICORN_CMD_ARGS", f"--timeout {PATIENCE:.0f}")
        wanted = single_box_children(load_settings())
        assert all(child.stale_after for child in wanted)
        children = [replace(child, stale_after=PATIENCE) for child in wanted]
        supervisor = Supervisor(children, SystemClock())
        thread = threading.Thread(target=supervisor.run, kwargs={"signals": False})
        thread.start()
        try:
            yield House(station, supervisor)
        finally:
            supervisor.stop()
            thread.join(20)
            station.link.close()
            station.db.close()
    assert not thread.is_alive()


@pytest.mark.parametrize("name", ["web", "scheduler"])
def test_hung_process_of_the_station_is_restarted(house: House, name: str) -> None:
    wait_for(house.healthy, 60, "the house is up")
    old = house.supervisor.pids()[name]
    others = {k: v for k, v in house.supervisor.pids().items() if k != name}
    wait_for(lambda: house.supervisor.has_beaten(name), 30, f"{name} beats")

    os.kill(old, signal.SIGSTOP)

    wait_for(lambda: house.supervisor.pids().get(name, old) != old, 20, f"{name} is anew")
    wait_for(house.healthy, 60, "the house is up again")
    assert {k: v for k, v in house.supervisor.pids().items() if k != name} == others


def test_a_stopped_supervisor_of_a_channel_is_continued_and_nothing_starts_anew(
    house: House,
) -> None:
    wait_for(house.healthy, 60, "the house is up")
    wait_for(lambda: house.supervisor.has_beaten(CHANNEL), 30, "the channel beats")
    pids = house.supervisor.pids()
    children = {*descendants(pids[CHANNEL])}

    os.kill(pids[CHANNEL], signal.SIGSTOP)

    wait_for(lambda: is_stopped(pids[CHANNEL]), 5, "the supervisor is stopped")
    wait_for(lambda: not is_stopped(pids[CHANNEL]), 20, "the supervisor is continued")
    assert house.supervisor.pids() == pids
    assert children <= {*descendants(pids[CHANNEL])}


def test_a_hung_worker_of_the_pages_is_replaced_by_its_arbiter(house: House) -> None:
    wait_for(house.healthy, 60, "the house is up")
    arbiter, old = house.supervisor.pids()["web"], house.worker()
    assert "gunicorn" in command_line(old)

    os.kill(old, signal.SIGSTOP)

    wait_for(lambda: house.worker() not in (0, old), 30, "there is another worker")
    wait_for(house.station.answers, 60, "the pages answer again")
    assert house.supervisor.pids()["web"] == arbiter
