"""A sender that lives without a picture, between two machines in network namespaces.

Its heartbeat goes on. In each round its datagrams are dropped, and a minute later the encoder of
the other machine gets one picture for ever. Judged from a capture on a third machine.
"""

import statistics
import time
from pathlib import Path

import pytest
from bench.figures import Figure
from soak.notes import alone, note, rounds
from soak.takeover_judge import Change, changes, hole_at, sent_together
from support.multicast_capture import read_capture
from support.stalls import Canary
from support.two_hosts import FORMAT, TwoHosts, may_make_namespaces

pytestmark = pytest.mark.soak
ABSENT_WITHIN, FROZEN_WITHIN = 2.0, 12.0
"""Most seconds without a picture, and most seconds for which a frozen one leaves."""
SEEN_AFTER = 30
"""Seconds until each machine has seen both outputs right for long enough."""
AGAIN_AFTER = 65
"""Seconds after a change by sight until the next one."""
SECOND = 1_000_000_000


def play(folder: Path) -> tuple[list[Change], float, int, list[float]]:
    """Play one round. Return the changes, the hole of the first in seconds, the instant at which
    the picture froze, and the instants at which nothing was wrong and a machine was changed.
    """
    with TwoHosts(folder, module="support.frozen_host") as hosts:
        hosts.wait_until("a", 180, standby_ready=True)
        time.sleep(SEEN_AFTER)
        hosts.drop_multicast("a", dropped=True)
        hosts.wait_until("b", 15)
        time.sleep(5)
        hosts.drop_multicast("a", dropped=False)
        hosts.wait_until("b", 60, standby_ready=True)
        time.sleep(AGAIN_AFTER)
        froze = time.time_ns()
        hosts.frozen("b").touch()
        hosts.wait_until("a", 30)
        time.sleep(5)
        hosts.frozen("b").unlink()
        time.sleep(15)
        datagrams = [*read_capture(hosts.capture)]
    found = changes(datagrams)
    hole = hole_at(found[0], datagrams, folder).seconds if found else float("inf")
    return found, hole, froze, [one.began / SECOND for one in found]


@pytest.mark.skipif(not may_make_namespaces(), reason="needs root and network namespaces")
def test_a_sender_that_lives_without_a_picture_is_relieved_once(tmp_path: Path) -> None:
    count, canary = rounds(3), Canary(tmp_path / "stalls")
    absent: list[float] = []
    frozen: list[float] = []
    together = false = 0
    began = time.monotonic()
    with alone(), canary:
        for number in range(count):
            folder = tmp_path / str(number)
            folder.mkdir()
            found, hole, froze, _ = play(folder)
            absent.append(hole)
            after = [one.began for one in found[1:] if one.began > froze]
            frozen.append((after[0] - froze) / SECOND if after else float("inf"))
            together += sent_together(found)
            false += max(0, len(found) - 2)
    figures = [
        Figure("sight", "rounds", count, "times"),
        Figure("sight", "absent: median without a picture", statistics.median(absent), "s"),
        Figure("sight", "absent: worst without a picture", max(absent), "s", ABSENT_WITHIN),
        Figure("sight", "frozen: worst until relieved", max(frozen), "s", FROZEN_WITHIN),
        Figure("sight", "changes for which there was no reason", false, "times", 0),
        Figure("sight", "two senders", together, "times", 0),
    ]
    note(
        "takeover_by_sight", "A sender that lives and whose stream is absent or frozen", figures,
        canary.stalls(), time.monotonic() - began, house=FORMAT, absent=absent, frozen=frozen,
    )  # fmt: skip

    assert [one for one in figures if not one.good] == []
