"""RTMP over TLS: a real server behind it gets the stream, and a wrong certificate gets no key."""

import ssl
from pathlib import Path

import av
import pytest
from support.rtmp_server import RtmpServer, ffmpeg_server
from support.tls import Authority, TlsFront
from support.web_input import web_input

from config.clock import SystemClock
from config.names import HouseFormat
from config.targetaddress import RtmpTarget, Secret
from playout.engine.links.target_state import TargetState
from playout.engine.targets import rtmp_link
from playout.engine.targets.rtmp import RtmpSender
from playout.engine.targets.target_run import TargetRun

HOUSE = HouseFormat.parse("320x180@30000/1001")
CLOCK, KEY = SystemClock(), "abcd-secret-key"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process trust the authority, as a station does that has one of its own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


def run_to(port: int, host: str = "localhost") -> TargetRun:
    target = RtmpTarget(host, port, "live", Secret(KEY), None, True)
    return TargetRun(RtmpSender(target, HOUSE, 3000, CLOCK), target.shown, CLOCK, lambda: 0)


def test_a_real_server_behind_tls_gets_picture_and_sound(
    authority: Authority, trusted: None, tmp_path: Path
) -> None:
    path = tmp_path / "got.flv"
    with ffmpeg_server(path, KEY) as (port, process):
        front = TlsFront(authority.server(), port)
        run = run_to(front.port)
        for chunk in web_input(4):
            run.take(chunk)
        state = run.state
        run.close()
        process.wait(timeout=30)
        front.close()

    assert (state.problem, state.dropped) == ("", 0)
    assert state.sent > 1_000_000
    with av.open(str(path)) as got:
        kinds = [packet.stream.type for packet in got.demux() if packet.size]
    seen, heard = kinds.count("video"), kinds.count("audio")
    assert seen > 90
    assert abs(heard - seen / 29.97 * 48_000 / 1024) < 10


@pytest.mark.parametrize(
    ("names", "days", "host", "reason"),
    [
        ("DNS:other.example", 30, "localhost", "its certificate is for another name"),
        ("DNS:localhost", 30, "127.0.0.1", "its certificate is for another address"),
        ("DNS:localhost", -1, "localhost", "its certificate has expired"),
    ],
)
def test_a_wrong_certificate_is_said_in_words_and_gets_no_key(
    authority: Authority, trusted: None, names: str, days: int, host: str, reason: str
) -> None:
    state, commands = refused(authority.server(names, days), host)

    assert state.problem == f"The stream does not reach {state.shown}: {reason}."
    assert state.since is None
    assert commands == []
    assert KEY not in repr(state)


def test_a_certificate_of_an_authority_that_is_not_trusted_is_refused(
    trusted: None, tmp_path: Path
) -> None:
    state, commands = refused(Authority(tmp_path, "another").server(), "localhost")

    assert state.problem.endswith("its certificate is not one that this machine trusts.")
    assert commands == []


def test_without_the_setting_the_authority_is_not_trusted(authority: Authority) -> None:
    state, _ = refused(authority.server(), "localhost")

    assert state.problem.endswith("its certificate is not one that this machine trusts.")


def test_what_speaks_no_tls_is_said_in_words(
    trusted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rtmp_link, "GIVEN_UP_AFTER", 0.3)
    server = RtmpServer()
    run = run_to(server.port)
    run.take(b"")
    server.close()

    assert run.state.problem.endswith("it does not answer over TLS.")


def refused(context: ssl.SSLContext, host: str) -> tuple[TargetState, list[str]]:
    """Return the state after one try, and the commands that the server got."""
    server = RtmpServer(lambda guest: context.wrap_socket(guest, server_side=True))
    run = run_to(server.port, host)
    run.take(b"")
    server.close()
    return run.state, server.commands
