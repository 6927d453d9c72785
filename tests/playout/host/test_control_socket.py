"""The control socket: one line, one answer, and a command that waits for the agent."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from playout.host import control_socket
from playout.host.control_socket import ControlError, ControlQueue, ControlServer, ask_agent
from playout.model.commands import Command, Verb

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def agent(door: ControlQueue, wake: threading.Event, refused: str, heard: list[Command]) -> None:
    wake.wait(5)
    for command in door.take():
        heard.append(command)
        door.answer(command.id, refused)


@pytest.mark.parametrize("refused", ["", "film is on air now."])
def test_a_command_reaches_the_agent_and_its_answer_comes_back(
    tmp_path: Path, refused: str
) -> None:
    door, wake, heard = ControlQueue(), threading.Event(), []  # type: ignore[var-annotated]
    keeper = ControlServer(tmp_path, door, lambda: b"{}", lambda: NOW, wake)
    keeper.start()
    turn = threading.Thread(target=agent, args=(door, wake, refused, heard))
    turn.start()
    answer = ask_agent(tmp_path, verb="skip", actor="ann")
    turn.join()
    keeper.close()

    assert answer == {"refused": refused}
    assert [(c.verb, c.actor, c.number) for c in heard] == [(Verb.SKIP, "ann", 0)]
    assert (heard[0].expires_at - heard[0].issued_at).total_seconds() == 10


def test_the_socket_works_in_a_folder_with_a_long_path(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 90) / ("e" * 90)
    keeper = ControlServer(
        folder, ControlQueue(), lambda: b'{"cue": "x"}', lambda: NOW, threading.Event()
    )
    keeper.start()

    assert ask_agent(folder, verb="status") == {"cue": "x"}
    keeper.close()


def test_an_agent_that_does_not_answer_is_reported_in_words(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="is it running"):
        ask_agent(tmp_path, verb="status")


def test_an_unknown_verb_leaves_the_socket_open(tmp_path: Path) -> None:
    keeper = ControlServer(tmp_path, ControlQueue(), lambda: b"{}", lambda: NOW, threading.Event())
    keeper.start()
    assert "not a command: it.verb" in ask_agent(tmp_path, verb="explode")["refused"]
    assert ask_agent(tmp_path, verb="status") == {}
    keeper.close()


def test_a_folder_that_takes_no_socket_is_reported_and_the_agent_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_socket, "ANSWER_WITHIN", 0.05)
    (tmp_path / "control.sock").mkdir()
    door = ControlQueue()
    keeper = ControlServer(tmp_path, door, lambda: b"{}", lambda: NOW, threading.Event())
    keeper.start()
    problem = door.problem
    (tmp_path / "control.sock").rmdir()
    door.opened.wait(5)

    assert problem.startswith("No command can be given on this machine: ")
    assert door.problem == ""
    keeper.close()


BAD = [
    b"",
    b"{}",
    b"[]",
    b"7",
    b"nonsense",
    b"\xff\xfe\x00",
    b"[" * 50_000,
    b'{"verb":' * 5_000,
    b"x" * 70_000,
    b'{"verb": "skip", "minutes": []}',
    b'{"verb": "extend", "minutes": 1e300}',
    b'{"verb": "extend", "minutes": 999999999999999999999}',
    b'{"verb": "extend", "minutes": NaN}',
    b'{"verb": "emergency", "minutes": 5, "placement": "everywhere"}',
    b'{"verb": "skip", "shout": true}',
    b'{"verb": "skip", "item": "%b"}' % (b"x" * 200),
]


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[ControlServer]:
    keeper = ControlServer(tmp_path, ControlQueue(), lambda: b"{}", lambda: NOW, threading.Event())
    keeper.start()
    yield keeper
    keeper.close()


def knock(folder: Path, line: bytes) -> socket.socket:
    """Return a caller that has sent this and waits."""
    caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    caller.settimeout(5)
    caller.connect(str(folder / "control.sock"))
    caller.sendall(line)
    return caller


@pytest.mark.parametrize("line", BAD)
def test_a_line_that_is_no_command_is_answered_in_words(
    tmp_path: Path, keeper: ControlServer, line: bytes
) -> None:
    with knock(tmp_path, line + b"\n") as caller:
        said = json.loads(caller.recv(1000))

    assert said["refused"].startswith("That is not a command: ")
    assert ask_agent(tmp_path, verb="status") == {}


def test_silent_callers_delay_no_other_and_too_many_are_turned_away(
    tmp_path: Path, keeper: ControlServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = [knock(tmp_path, b"") for _ in range(control_socket.MOST_CALLERS - 1)]
    assert ask_agent(tmp_path, verb="status") == {}
    silent.append(knock(tmp_path, b""))
    deadline = time.monotonic() + 5
    while "Too many" not in ask_agent(tmp_path, verb="status").get("refused", ""):
        assert time.monotonic() < deadline, "the last seat was never taken"
    for caller in silent:
        caller.close()
    while ask_agent(tmp_path, verb="status"):
        assert time.monotonic() < deadline, "no seat was given back"


def test_a_line_that_never_ends_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    caller, end = socket.socketpair()
    drips = iter(lambda: caller.send(b"x"), None)
    with caller, end, pytest.raises(TimeoutError):
        monkeypatch.setattr(control_socket, "_CLOCK", Dripping(drips))
        control_socket._line(end, 1.0)


class Dripping:
    """A clock that advances by 50 ms at each reading, while a byte arrives."""

    def __init__(self, drips: Iterator[int]) -> None:
        self.at, self.drips = 0, drips

    def monotonic(self) -> int:
        next(self.drips)
        self.at += 50_000_000
        return self.at


def test_a_refusal_that_comes_before_the_request_was_written_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = threading.Event()

    def refuse() -> None:
        caller, _ = full.accept()
        caller.sendall(b'{"refused": "Too many callers."}\n')
        caller.close()
        closed.set()

    def late(asked: dict[str, str]) -> str:
        closed.wait(5)
        return json.JSONEncoder().encode(asked)

    with socket.socket(socket.AF_UNIX) as full:
        full.bind(str(tmp_path / "control.sock"))
        full.listen()
        monkeypatch.setattr(control_socket.json, "dumps", late)
        threading.Thread(target=refuse).start()

        assert ask_agent(tmp_path, verb="status") == {"refused": "Too many callers."}
