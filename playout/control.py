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
    """Listens on `control.sock` in the channel's folder and passes commands through the door."""

    def __init__(
        self,
        folder: Path,
        door: Door,
        status: Callable[[], bytes],
        now: Callable[[], datetime],
        wake: threading.Event,
    ) -> None:
        self._door, self._status, self._now, self._wake = door, status, now, wake
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "control.sock").unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self._socket.bind(f"/proc/self/fd/{handle}/control.sock")
        finally:
            os.close(handle)
        (folder / "control.sock").chmod(0o660)
        self._socket.listen(4)

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self._serve, name="control", daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            with caller:
                try:
                    caller.settimeout(PATIENCE * 2)
                    caller.sendall(self._reply(_line(caller)))
                except (OSError, ValueError) as error:
                    log.info("A local command was not understood: %s", error)

    def _reply(self, line: bytes) -> bytes:
        asked = json.loads(line)
        if asked.get("verb") == "status":
            return self._status() + b"\n"
        command = command_of(asked, self._now())
        self._door.put(command)
        self._wake.set()
        refused = self._door.wait(command.id)
        if refused is None:
            refused = "The agent did not answer."
        return json.dumps({"refused": refused}).encode() + b"\n"


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
                answer = json.loads(_line(caller))
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
