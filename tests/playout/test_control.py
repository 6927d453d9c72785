"""The local door: one question, one answer, and a command that waits for the agent."""

import socket
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from playout import control
from playout.control import ControlError, Door, Doorkeeper, ask
from playout.wire import Command, Verb

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def agent(door: Door, wake: threading.Event, refused: str, heard: list[Command]) -> None:
    wake.wait(5)
    for command in door.take():
        heard.append(command)
        door.answer(command.id, refused)


@pytest.mark.parametrize("refused", ["", "film is on air by now."])
def test_a_command_reaches_the_agent_and_its_answer_comes_back(
    tmp_path: Path, refused: str
) -> None:
    door, wake, heard = Door(), threading.Event(), []  # type: ignore[var-annotated]
    keeper = Doorkeeper(tmp_path, door, lambda: b"{}", lambda: NOW, wake)
    keeper.start()
    turn = threading.Thread(target=agent, args=(door, wake, refused, heard))
    turn.start()
    answer = ask(tmp_path, verb="skip", actor="ann")
    turn.join()
    keeper.close()

    assert answer == {"refused": refused}
    assert [(c.verb, c.actor, c.number) for c in heard] == [(Verb.SKIP, "ann", 0)]
    assert (heard[0].expires_at - heard[0].issued_at).total_seconds() == 10


def test_a_deep_folder_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 90) / ("e" * 90)
    keeper = Doorkeeper(folder, Door(), lambda: b'{"cue": "x"}', lambda: NOW, threading.Event())
    keeper.start()

    assert ask(folder, verb="status") == {"cue": "x"}
    keeper.close()


def test_nobody_at_home_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="is it running"):
        ask(tmp_path, verb="status")


def test_a_word_it_does_not_know_does_not_close_the_door(tmp_path: Path) -> None:
    keeper = Doorkeeper(tmp_path, Door(), lambda: b"{}", lambda: NOW, threading.Event())
    keeper.start()
    with pytest.raises(ControlError):
        ask(tmp_path, verb="explode")

    assert ask(tmp_path, verb="status") == {}
    keeper.close()


def test_a_folder_that_takes_no_socket_ends_no_agent_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "PATIENCE", 0.05)
    (tmp_path / "control.sock").mkdir()
    door = Door()
    keeper = Doorkeeper(tmp_path, door, lambda: b"{}", lambda: NOW, threading.Event())
    keeper.start()
    problem = door.problem
    (tmp_path / "control.sock").rmdir()
    door.opened.wait(5)

    assert problem.startswith("No command can be given on this machine: ")
    assert door.problem == ""
    keeper.close()


@pytest.mark.parametrize("line", [b"[]", b"7", b"[" * 50_000, b'{"verb": "skip", "minutes": []}'])
def test_a_line_that_is_no_command_does_not_close_the_door(tmp_path: Path, line: bytes) -> None:
    keeper = Doorkeeper(tmp_path, Door(), lambda: b"{}", lambda: NOW, threading.Event())
    keeper.start()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.connect(str(tmp_path / "control.sock"))
        caller.sendall(line + b"\n")
        caller.shutdown(socket.SHUT_WR)
        caller.recv(100)

    assert ask(tmp_path, verb="status") == {}
    keeper.close()
