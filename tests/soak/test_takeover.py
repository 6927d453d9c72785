"""Fifty pulls of cable, power or process between two machines in network namespaces.

Judged from a capture on a third: who sent each datagram, and the numbers of the pictures.
"""

import os
import signal
import statistics
import time
from contextlib import suppress
from pathlib import Path

import pytest
from bench.figures import Figure
from soak.notes import alone, note, rounds
from soak.takeover_judge import changes, hole_at, sent_together
from support.multicast_capture import read_capture
from support.stalls import Canary
from support.two_hosts import FORMAT, TwoHosts, may_make_namespaces

pytestmark = pytest.mark.soak
KINDS = ("power", "cable", "relay stopped", "encoder and bus", "link and relay", "move")
WITHIN = 2.0
"""Most seconds without a picture."""
OTHER = {"a": "b", "b": "a"}


def pull(hosts: TwoHosts, sender: str, kind: str) -> None:
    """Take the channel from the machine that sends it."""
    if kind == "power":
        hosts.power_off(sender)
    elif kind == "cable":
        hosts.cable(sender, plugged=False)
    elif kind == "move":
        hosts.give(sender, "move")
    else:
        kinds = {
            "relay stopped": ("child-relay", "child-link"),
            "encoder and bus": ("child-output", "child-bus"),
            "link and relay": ("child-link", "child-relay"),
        }[kind]
        sign = signal.SIGSTOP if kind == "relay stopped" else signal.SIGKILL
        supervisor = hosts.processes[sender].pid
        if kind != "encoder and bus":
            # Without its supervisor nothing starts again, as when a machine is half dead.
            os.kill(supervisor, signal.SIGSTOP)
        for name in kinds:
            for pid in hosts.pids(sender, name):
                with suppress(ProcessLookupError):
                    os.kill(pid, sign)


def restore(hosts: TwoHosts, name: str, kind: str) -> None:
    """Bring a machine back as it was."""
    if kind == "cable":
        hosts.cable(name, plugged=True)
    elif kind not in ("move", "encoder and bus"):
        hosts.power_off(name)
        hosts.boot(name)


@pytest.mark.skipif(not may_make_namespaces(), reason="needs root and network namespaces")
def test_fifty_pulls_lose_less_than_two_seconds_of_picture_and_never_two_send(
    tmp_path: Path,
) -> None:
    pulls, canary = rounds(50), Canary(tmp_path / "stalls")
    pulled: list[tuple[str, str]] = []
    with alone(), canary, TwoHosts(tmp_path) as hosts:
        hosts.wait_until("a", 180, standby_ready=True)
        for number in range(pulls):
            sender, kind = hosts.sending(), KINDS[number % len(KINDS)]
            time.sleep(3)
            pull(hosts, sender, kind)
            if kind == "encoder and bus":
                time.sleep(4)
            else:
                hosts.wait_until(OTHER[sender], 15)
                time.sleep(2)
            restore(hosts, sender, kind)
            pulled.append((kind, sender))
            hosts.wait_until(hosts.sending() or OTHER[sender], 180, standby_ready=True)
        datagrams = [*read_capture(hosts.capture)]
    found = changes(datagrams)
    holes = [hole_at(change, datagrams, tmp_path) for change in found]
    seconds = sorted(hole.seconds for hole in holes)
    figures = [
        Figure("takeover", "pulls", len(pulled), "times"),
        Figure("takeover", "changes of the sender", len(found), "times"),
        Figure("takeover", "two senders", sent_together(found), "times", most=0),
        Figure("takeover", "median without a picture", statistics.median(seconds), "s"),
        Figure("takeover", "worst without a picture", seconds[-1], "s", most=WITHIN),
    ]
    note(
        "takeover", "Pulls of cable, power and processes between two machines", figures,
        canary.stalls(), (datagrams[-1].at - datagrams[0].at) / 1e9, house=FORMAT, pulls=pulled,
        holes=[(h.pictures, round(h.seconds, 3)) for h in holes],
    )  # fmt: skip

    assert [one for one in figures if not one.good] == []
    assert len(found) >= pulls * 2 // 3
