"""What a machine of a pair concludes about an output: tables of what was found and what came."""

from pathlib import Path

import pytest

from config.targetgrammar import read
from playout.engine.watching.judge import Finding
from playout.engine.watching.ports import Ports
from playout.engine.watching.seen import Judged, Match, StreamSecond
from playout.engine.watching.views import Arrival, OwnView, view_of
from playout.model.leaving import Fault
from playout.model.sight import View

NS = 1_000_000_000
AT = 100 * NS


def seconds(match: Match, ago: float = 0.0) -> list[Judged]:
    return [Judged(StreamSecond(AT - round(ago * NS), packets=1), match)]


@pytest.mark.parametrize(
    ("faults", "history", "view"),
    [
        ((), seconds(Match.RIGHT), "right"),
        ((), seconds(Match.RIGHT, 5), "unknown"),
        ((), seconds(Match.FROZEN), "unknown"),
        ((), [], "unknown"),
        ((Fault.BLACK,), seconds(Match.BLACK), "black"),
        ((Fault.FROZEN, Fault.SILENT), seconds(Match.FROZEN), "frozen"),
        ((Fault.NO_PICTURES,), [], "no pictures"),
        ((Fault.SILENT, Fault.PACKETS), seconds(Match.RIGHT), "right"),
        ((Fault.BLACK, Fault.SENDERS), seconds(Match.BLACK), "unknown"),
        ((Fault.NO_STREAM,), [], "unknown"),
    ],
)
def test_what_is_seen_at_one_place(
    faults: tuple[Fault, ...], history: list[Judged], view: View
) -> None:
    assert view_of([Finding(one, AT) for one in faults], history, AT) == view


def own_views(own: OwnView, tap: View, seconds: range, **given: bool) -> list[View]:
    given = {"is_sending": False, "is_slate": False, **given}
    return [own.look(tap, at=second * NS, **given) for second in seconds]


def test_an_output_that_would_leave_is_right_once_it_has_been_for_ten_seconds() -> None:
    own = OwnView()
    assert own_views(own, "right", range(12)) == ["unknown"] * 10 + ["right"] * 2
    assert own_views(own, "black", range(12, 13)) == ["black"]
    assert own_views(own, "right", range(13, 15)) == ["unknown"] * 2
    assert own_views(own, "right", range(30, 31), is_slate=True) == ["slate"]
    assert own_views(own, "absent", range(31, 32)) == ["absent"]


def test_an_output_that_leaves_is_right_at_once() -> None:
    assert own_views(OwnView(), "right", range(1), is_sending=True) == ["right"]


def arrived(seconds: float, arrival: Arrival, until: float) -> list[tuple[float, str]]:
    """Return each conclusion and when it came first: datagrams come for some seconds, and then
    none.
    """
    concluded: list[tuple[float, str]] = []
    for tenth in range(round(until * 10)):
        at = tenth * NS // 10
        came = min(at, round(seconds * NS)) or None
        found = arrival.look(came, at)
        if found and (not concluded or concluded[-1][1] != found):
            concluded.append((tenth / 10, found))
    return concluded


def test_a_stream_that_stops_is_absent_after_the_machine_has_joined_again() -> None:
    assert arrived(30, Arrival(), 40) == [(30.4, "join again"), (30.8, "absent")]


@pytest.mark.parametrize("seconds", [0, 9])
def test_a_stream_that_was_hardly_received_is_never_absent(seconds: float) -> None:
    assert arrived(seconds, Arrival(), 60) == []


def test_a_machine_that_stood_still_concludes_nothing_from_it() -> None:
    arrival = Arrival()
    arrived(30, arrival, 30)

    assert arrival.look(30 * NS, 33 * NS) == ""
    assert arrival.look(30 * NS, round(33.3 * NS)) == ""
    assert [arrival.look(30 * NS, round(at * NS)) for at in (33.4, 33.8)] == [
        "join again", "absent"
    ]  # fmt: skip


ROUTES = """Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
eth0 00000000 0100000A 0003 0 0 100 00000000 0 0 0
eth1 000000E0 00000000 0001 0 0 0 000000F0 0 0 0
"""


@pytest.mark.parametrize(
    ("address", "eth0", "eth1", "up"),
    [
        ("udp://239.1.1.1:5000", "1", "0", False),
        ("udp://239.1.1.1:5000", "0", "1", True),
        ("udp://239.1.1.1:5000?interface=eth0", "1", "0", True),
        ("udp://239.1.1.1:5000?interface=eth7", "1", "1", None),
    ],
)
def test_a_port_is_up_where_the_kernel_says_it_has_a_carrier(
    address: str, eth0: str, eth1: str, up: bool | None, tmp_path: Path
) -> None:
    routes = tmp_path / "route"
    routes.write_text(ROUTES)
    for name, carrier in (("eth0", eth0), ("eth1", eth1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "carrier").write_text(carrier)
    ports = Ports([read(address)], routes, tmp_path)  # type: ignore[list-item]

    assert ports.are_up() is up
    routes.write_text("")
    assert ports.are_up() is up, "a port that is switched off loses its routes"
