"""The local door: operators on the broadcast machine itself, when no server can be reached."""

import json
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config.names import ItemId
from config.readjson import parse_json
from playout.live import Placement
from playout.wire import Command, Verb

log = logging.getLogger(__name__)

EXPIRES = timedelta(seconds=10)
PATIENCE = 5.0
"""Seconds the door waits for the agent's answer."""
LIMIT = 64 * 1024


class ControlError(Exception):
    """The agent of a channel cannot be spoken to; the text says what to look at."""


class Door:
    """Commands given on this machine, waiting for the agent, and its answers."""

    def __init__(self) -> None:
        self.problem = ""
        """Why nobody on this machine can knock, in words; empty while they can."""
        self.opened = threading.Event()
        """Set once this machine can give commands."""
        self._lock = threading.Lock()
        self._waiting: list[Command] = []
        self._answers: dict[str, str] = {}
        self._answered = threading.Condition(self._lock)

    def put(self, command: Command) -> None:
        """Leave a command for the agent."""
        with self._lock:
            self._waiting.append(command)

    def take(self) -> list[Command]:
        """Commands that wait, once."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            return waiting

    def answer(self, command: str, refused: str) -> None:
        """The agent's answer: why it was refused, or nothing."""
        with self._answered:
            self._answers[command] = refused
            self._answered.notify_all()

    def wait(self, command: str) -> str | None:
        """The answer, or None when none came in time."""
        with self._answered:
            self._answered.wait_for(lambda: command in self._answers, PATIENCE)
            return self._answers.pop(command, None)


class Doorkeeper:
    """Listens on `control.sock` in the channel's folder and passes commands through the door.

    A disk that takes no socket keeps nobody else waiting: it is tried again every few seconds.
    """

    def __init__(
        self,
        folder: Path,
        door: Door,
        status: Callable[[], bytes],
        now: Callable[[], datetime],
        wake: threading.Event,
    ) -> None:
        self._door, self._status, self._now, self._wake = door, status, now, wake
        self._folder = folder
        self._socket: socket.socket | None = None
        self._closed = threading.Event()

    def start(self) -> None:
        """Serve in a thread of its own."""
        self._open()
        threading.Thread(target=self._serve, name="control", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._closed.set()
        if self._socket is not None:
            self._socket.close()

    def _open(self) -> None:
        """Listen, or say in the door's `problem` why that is not possible."""
        try:
            self._socket = _listening(self._folder)
        except OSError as error:
            self._door.problem = f"No command can be given on this machine: {error.strerror}."
            return
        self._door.problem = ""
        self._door.opened.set()

    def _serve(self) -> None:
        while not self._closed.is_set():
            if self._socket is None:
                self._closed.wait(PATIENCE)
                self._open()
                continue
            try:
                caller, _ = self._socket.accept()
            except OSError as error:
                log.info("The local door is opened again: %s", error)
                self._closed.wait(1.0)
                continue
            with caller:
                try:
                    caller.settimeout(PATIENCE * 2)
                    caller.sendall(self._reply(_line(caller)))
                except (OSError, ValueError, KeyError, TypeError) as error:
                    log.info("A local command was not understood: %s", error)

    def _reply(self, line: bytes) -> bytes:
        asked = parse_json(line)
        if not isinstance(asked, dict):
            raise ValueError("a command is a JSON object")
        if asked.get("verb") == "status":
            return self._status() + b"\n"
        command = command_of(asked, self._now())
        self._door.put(command)
        self._wake.set()
        refused = self._door.wait(command.id)
        if refused is None:
            refused = "The agent did not answer."
        return json.dumps({"refused": refused}).encode() + b"\n"


def _listening(folder: Path) -> socket.socket:
    """Make the socket of this folder anew. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "control.sock").unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        listening.bind(f"/proc/self/fd/{handle}/control.sock")
        (folder / "control.sock").chmod(0o660)
        listening.listen(4)
    except OSError:
        listening.close()
        raise
    finally:
        os.close(handle)
    return listening


def command_of(asked: Mapping[str, Any], now: datetime) -> Command:
    """What was typed, as a command given at `now`. Raises ValueError for what makes none.

    What ends by itself, an override or a message, is given in minutes from now.
    """
    minutes = int(asked["minutes"]) if asked.get("minutes") else None
    ends = asked.get("verb") in (Verb.OVERRIDE, Verb.EMERGENCY) and minutes is not None
    return Command(
        id=f"local-{secrets.token_hex(6)}",
        number=0,
        verb=Verb(asked["verb"]),
        issued_at=now,
        expires_at=now + EXPIRES,
        actor=str(asked.get("actor", "on this machine")),
        item=ItemId(asked["item"]) if asked.get("item") else None,
        minutes=minutes,
        source=str(asked["source"]) if asked.get("source") else None,
        until=now + timedelta(minutes=minutes) if ends and minutes is not None else None,
        text=str(asked.get("text", "")),
        placement=Placement(asked.get("placement", "strip")),
    )


def ask(folder: Path, **asked: Any) -> dict[str, Any]:
    """Ask the agent of the channel in `folder`; its answer as a mapping. Raises ControlError."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
                caller.settimeout(PATIENCE * 3)
                caller.connect(f"/proc/self/fd/{handle}/control.sock")
                caller.sendall(json.dumps(asked).encode() + b"\n")
                answer = parse_json(_line(caller))
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        raise ControlError(
            f"The channel's agent does not answer: is it running? ({error})"
        ) from error
    return answer if isinstance(answer, dict) else {}


def _line(caller: socket.socket) -> bytes:
    text = b""
    while b"\n" not in text and len(text) < LIMIT:
        piece = caller.recv(4096)
        if not piece:
            break
        text += piece
    return text
