"""The HTTP front: callers who stall, drip or flood take no thread from anybody else."""

import socket
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.crowd import crowd
from support.desk import NOW
from support.front import a_front, call, listening, serving
from support.station import Station, wait_for
from support.website import Site

from config.clock import SimulatedClock
from web.front.addresses import Addresses, counted_address, visitor_address
from web.front.bounds import HEAD_SECONDS, IDLE_SECONDS
from web.front.front import Front
from web.front.lanes import BUFFERED_BYTES, HOST_DOOR, LARGEST_BODY, WorkerLane, lane_of
from web.gate.security import BODY_LIMITS

GET = b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n"


class Toy:
    """An app that echoes the request; `/tv` blocks until the test releases it."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.large = bytes(9_000_000)

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path == "/tv":
            self.go.wait(10)
        if path == "/broken":
            raise ValueError("as planned")
        body = environ["wsgi.input"].read() if environ["REQUEST_METHOD"] == "POST" else b""
        told = path.encode() + b" " + body
        told = self.large if path == "/large" else told
        start("200 OK", [("Content-Length", str(len(told)))])
        return [told]


def answer(caller: socket.socket) -> bytes:
    """Read one whole answer, by its Content-Length."""
    got = b""
    while b"\r\n\r\n" not in got and (piece := caller.recv(65536)):
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    lines = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    length = int(lines[0].split(b":")[1]) if lines else 0
    while len(body) < length and (piece := caller.recv(65536)):
        body += piece
    return head + b"\r\n\r\n" + body


def test_the_web_process_itself_answers_under_a_crowd_and_stops_when_told(tmp_path: Path) -> None:
    station = Station(tmp_path / "station")
    station.start("web", "gavel", "web")
    try:
        wait_for(station.answers, 180, "the pages answer")
        with crowd("stalled", 100, station.web_port):
            assert httpx.get(f"{station.address}/healthz", timeout=30).text == "ok\n"
            page = httpx.get(f"{station.address}/tv/ch13", timeout=30)
        assert page.status_code == 200 and page.headers["Content-Encoding"] in ("br", "gzip")
        station.processes["web"].terminate()
        assert station.processes["web"].wait(30) == 0
    finally:
        station.__exit__()
    said = (tmp_path / "station" / "web.log").read_text()
    assert "Traceback" not in said, said


STALLED = {
    "one byte": b"G",
    "half a head": GET[:20],
    "half a form": b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999\r\n\r\nlogin=",
    "half a report": b"POST /api/v1/host/ch13/report HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Length: 999\r\n\r\n{",
    "half a piece of a file": b"PUT /media/uploads/0 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Cookie: gavel=x\r\nContent-Length: 9999999\r\n\r\n.",
}


@pytest.mark.parametrize("kind", STALLED)
def test_sixteen_stalled_connections_delay_neither_health_check_nor_machine(
    site: Site, kind: str
) -> None:
    key = site.host_key()["Authorization"].encode()
    with serving(site.app) as door, ExitStack() as held:
        for _ in range(16):
            held.enter_context(call(door, STALLED[kind]))
        with call(door, GET % (b"/healthz", b"")) as caller:
            assert b" 200 " in answer(caller)
        asked = GET % (b"/api/v1/host/ch13/commands", b"Authorization: %s\r\n" % key)
        with call(door, asked) as machine:
            assert b'"commands"' in answer(machine)


def test_a_caller_who_does_not_read_occupies_no_thread() -> None:
    with serving(Toy()) as door, ExitStack() as held:
        for _ in range(16):
            held.enter_context(call(door, GET % (b"/large", b"")))
        with call(door, GET % (b"/anything", b"")) as caller:
            assert b"/anything" in answer(caller)


@pytest.mark.parametrize(
    ("path", "more"),
    [(b"/healthz", b""), (b"/onair", b"Cookie: gavel=x\r\n"), (HOST_DOOR.encode(), b"")],
)
def test_waiting_visitors_take_no_thread_from_desk_and_hosts(path: bytes, more: bytes) -> None:
    toy = Toy()
    with serving(toy) as door, ExitStack() as held:
        waiting = [held.enter_context(call(door, GET % (b"/tv", b""))) for _ in range(9)]
        with call(door, GET % (path, more)) as caller:
            assert path in answer(caller)
        toy.go.set()
        assert all(b"/tv" in answer(one) for one in waiting)


def test_two_requests_sent_at_once_are_answered_in_order() -> None:
    post = b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
    with serving(Toy()) as door, call(door, post + GET % (b"/b", b"")) as caller:
        both = b""
        while both.count(b"HTTP/1.1 200") < 2 or not both.endswith(b"/b "):
            both += caller.recv(65536)
        assert both.index(b"/a abc") < both.index(b"/b ")


def test_a_body_in_pieces_is_read_whole() -> None:
    head = b"POST /a HTTP/1.1\r\nHost: x\r\nCookie: gavel=x\r\nContent-Length: %d\r\n\r\n"
    for size in (9, 300_000, BUFFERED_BYTES + 70_000):
        with serving(Toy()) as door, call(door, head % size) as caller:
            caller.sendall(b"x" * size)
            assert answer(caller).endswith(b"/a " + b"x" * size)


REFUSED = {
    b"\x00\x01\x02\r\n\r\n": b" 400 ",
    b"GET / HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n": b" 400 ",
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n": b" 411 ",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n": b" 413 ",
    GET % (b"/api/v1/host/a", b"Content-Length: " + b"9" * 400 + b"\r\n"): b" 413 ",
    GET % (b"/", b"Cookie: gavel=x\r\nContent-Length: 99999999\r\n"): b" 413 ",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 40_000 + b"\r\n\r\n": b" 431 ",
    GET % (b"/broken", b""): b" 500 ",
}


@pytest.mark.parametrize("said", REFUSED)
def test_a_malformed_request_is_refused_and_its_connection_closed(said: bytes) -> None:
    with serving(Toy()) as door, call(door, said) as caller:
        assert REFUSED[said] in answer(caller).split(b"\r\n")[0]
        assert caller.recv(100) == b""


def turns(front: Front, count: int = 5) -> None:
    for _ in range(count):
        front.turn(0.01)


@pytest.mark.parametrize("said", [b"", b"G", b"POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\n"])
def test_a_slow_request_is_ended_at_its_deadline(said: bytes) -> None:
    clock = SimulatedClock(NOW)
    with listening() as door, call(door, said) as caller:
        front = a_front(door, Toy(), clock)
        turns(front)
        for _ in range(3):
            clock.wait(HEAD_SECONDS / 4)
            if said:
                caller.sendall(b"x")
            turns(front)
            assert front.open == 1
        clock.wait(HEAD_SECONDS / 2)
        turns(front)
        assert (b" 408 " in caller.recv(1000)) == bool(said)
        clock.wait(HEAD_SECONDS)
        turns(front)
        assert front.open == 0
        front.close()


def test_an_idle_connection_is_closed() -> None:
    clock = SimulatedClock(NOW)
    with listening() as door, call(door, GET % (b"/a", b"")) as caller:
        front = a_front(door, Toy(), clock)
        caller.settimeout(0.05)
        got = b""
        while b"/a" not in got:
            turns(front)
            try:
                got += caller.recv(1000)
            except TimeoutError:
                continue
        turns(front)
        clock.wait(IDLE_SECONDS + 1)
        turns(front)
        assert front.open == 0 and caller.recv(10) == b""
        front.close()


def test_a_full_front_closes_the_longest_waiting_connection() -> None:
    with listening() as door, ExitStack() as held:
        front = a_front(door, Toy(), SimulatedClock(NOW), most=8)
        callers = []
        for _ in range(12):
            callers.append(held.enter_context(call(door, b"G")))
            turns(front, 2)
        assert front.open == 8
        assert [one.recv(9) for one in callers[:4]] == [b""] * 4
        front.close()


LANES = [
    ("/tv/ch13", 0, False, WorkerLane.VISITORS),
    ("/login", 400, False, WorkerLane.VISITORS),
    ("/static/base.css", 0, True, WorkerLane.DESK),
    ("/onair", 0, True, WorkerLane.DESK),
    ("/healthz", 0, False, WorkerLane.LIVENESS),
    ("/healthz", 0, True, WorkerLane.LIVENESS),
    ("/readyz", 0, False, WorkerLane.READINESS),
    ("/metrics", 0, False, WorkerLane.READINESS),
    ("/readyz", BUFFERED_BYTES + 1, True, None),
    ("/api/v1/host/ch13/report", 9000, False, WorkerLane.HOSTS),
    ("/api/v1/host/ch13/report", BUFFERED_BYTES + 1, False, WorkerLane.BULK),
    ("/api/v1/host/ch13/vote", 90, False, WorkerLane.VOTES),
    ("/api/v1/host/ch13/media/abc", 0, False, WorkerLane.BULK),
    ("/media/abc/play", 0, True, WorkerLane.BULK),
    ("/media/abc/download", 0, True, WorkerLane.BULK),
    ("/media/abc/download", 0, False, WorkerLane.VISITORS),
    ("/media/abc", 0, True, WorkerLane.DESK),
    ("/media/uploads/abc", 8_000_000, True, WorkerLane.BULK),
    ("/login", BUFFERED_BYTES + 1, False, None),
    ("/media/uploads/abc", LARGEST_BODY, True, WorkerLane.BULK),
    ("/media/uploads/abc", LARGEST_BODY + 1, True, None),
    ("/api/v1/host/ch13/report", LARGEST_BODY + 1, False, None),
]


@pytest.mark.parametrize(("path", "length", "has_session", "lane"), LANES)
def test_each_kind_of_caller_has_a_lane(
    path: str, length: int, has_session: bool, lane: WorkerLane | None
) -> None:
    assert lane_of(path, length, has_session=has_session) is lane


@pytest.mark.parametrize("named", [b"SCRIPT_NAME: /tv", b"SCRIPT_NAME: /a", b"PATH_INFO: /tv"])
def test_no_header_changes_the_requested_path(named: bytes) -> None:
    with serving(Toy()) as door, call(door, GET % (b"/a/b", named + b"\r\n")) as caller:
        assert answer(caller).endswith(b"\r\n\r\n/a/b ")


def test_no_view_accepts_a_larger_body_than_the_front() -> None:
    assert max(BODY_LIMITS.values()) == LARGEST_BODY


NEAR = {
    "192.0.2.7": "192.0.2.7",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "2001:db8:1:2::1%eth0": "2001:db8:1:2::/64",
    "::ffff:192.0.2.7": "192.0.2.7",
    "127.0.0.1": "",
    "::1": "",
    "": "",
    "no address": "",
}


@pytest.mark.parametrize("address", NEAR)
def test_addresses_of_one_subscriber_count_as_one(address: str) -> None:
    assert counted_address(address) == NEAR[address]


def test_an_address_is_limited_in_connections_and_requests() -> None:
    limits = Addresses(connections=2, per_second=10, burst=20, most=3)
    assert [limits.enter("a") for _ in range(3)] == [True, True, False]
    limits.leave("a")
    assert limits.enter("a") and limits.enter("b")
    assert sum(limits.ask("a", 0.0) for _ in range(50)) == 20
    assert sum(limits.ask("a", 1.0) for _ in range(50)) == 10
    assert limits.ask("b", 1.0) and all(limits.ask("", 1.0) for _ in range(50))
    for number in range(100):
        limits.ask(f"other {number}", 2.0)
    assert limits.known <= 5


def test_behind_proxies_the_outermost_of_ours_names_the_visitor() -> None:
    assert visitor_address("10.0.0.1", ["6.6.6.6, 192.0.2.7"], 1) == "192.0.2.7"
    assert visitor_address("10.0.0.1", ["6.6.6.6", "192.0.2.7, 10.0.0.2"], 2) == "192.0.2.7"
    assert visitor_address("10.0.0.1", [], 1) == "10.0.0.1"
    assert visitor_address("10.0.0.1", ["6.6.6.6"], 0) == "10.0.0.1"
