"""The control socket: commands given on the broadcast machine itself, with or without a server."""

import json
import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, TypeAdapter, ValidationError

from config.bounded import NO_TEXT, STRICT, ItemRef, Name, explain, short
from config.clock import SystemClock
from config.readjson import parse_json
from playout.commands.limits import EXPIRES_AFTER, MOST_MESSAGE_CHARACTERS, MOST_MINUTES_BY_HAND
from playout.model.commands import Command, Verb
from playout.model.events import MessagePlacement
from playout.model.graphics import PlannedGraphic

log = logging.getLogger(__name__)


ANSWER_WITHIN = 5.0
"""Seconds within which a caller must send its line, and the agent answer."""
LONGEST_LINE = 64 * 1024
"""The most bytes of a line, in either direction."""
MOST_CALLERS = 16
"""The most callers served at once."""
BUSY_ANSWER_WITHIN = 0.2
"""Seconds spent on telling one caller too many that it must come back."""
_CLOCK = SystemClock()


class ControlError(Exception):
    """The agent cannot be reached, or a line is no command; the text is for its reader."""


@dataclass(frozen=True)
class ControlRequest:
    """One line on the socket: a verb or `status`, and what it needs."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    verb: Verb | Literal["status"]
    item: ItemRef | None = None
    minutes: Annotated[int, Field(ge=0, le=MOST_MINUTES_BY_HAND)] | None = None
    source: Name | None = None
    text: Annotated[str, short(MOST_MESSAGE_CHARACTERS)] = ""
    placement: MessagePlacement = MessagePlacement.STRIP
    graphic: PlannedGraphic | None = None
    actor: Annotated[str, short(120)] = "on this machine"


_ASKED = TypeAdapter(ControlRequest)


class ControlQueue:
    """Commands given on this machine that wait for the agent, and the agent's answers."""

    def __init__(self) -> None:
        self.problem = ""
        """Why no command can be given on this machine, in words; empty while one can."""
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
        """Return the waiting commands and remove them."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            return waiting

    def answer(self, command: str, refused: str) -> None:
        """Leave the agent's answer: why it refused the command, or an empty text."""
        with self._answered:
            self._answers[command] = refused
            self._answered.notify_all()

    def wait(self, command: str) -> str | None:
        """Return the agent's answer; None if it does not come in time."""
        with self._answered:
            self._answered.wait_for(lambda: command in self._answers, ANSWER_WITHIN)
            return self._answers.pop(command, None)


class ControlServer:
    """Listens on `control.sock` in the channel's folder and hands commands to the queue.

    If the disk takes no socket, it tries again every few seconds; the agent goes on without it.
    """

    def __init__(
        self,
        folder: Path,
        door: ControlQueue,
        status: Callable[[], bytes],
        now: Callable[[], datetime],
        wake: threading.Event,
    ) -> None:
        self._door, self._status, self._now, self._wake = door, status, now, wake
        self._folder = folder
        self._seats = threading.BoundedSemaphore(MOST_CALLERS)
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
        """Listen, or say in the queue's `problem` why that is impossible."""
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
                self._closed.wait(ANSWER_WITHIN)
                self._open()
                continue
            try:
                caller, _ = self._socket.accept()
            except OSError as error:
                log.info("The local door is opened again: %s", error)
                self._closed.wait(1.0)
                continue
            self._receive(caller)

    def _receive(self, caller: socket.socket) -> None:
        """Answer the caller in a thread of its own, so that a silent caller delays no other."""
        if not self._seats.acquire(blocking=False):
            with caller, suppress(OSError):
                caller.settimeout(BUSY_ANSWER_WITHIN)
                caller.sendall(_refusal("Too many callers at once. Try again."))
            return
        talk = threading.Thread(target=self._talk, args=(caller,), name="caller", daemon=True)
        try:
            talk.start()
        except RuntimeError as error:
            log.warning("A caller could not be heard: %s", error)
            self._seats.release()
            caller.close()

    def _talk(self, caller: socket.socket) -> None:
        """Answer one line. Nonsense gets an answer in words, and the socket stays open."""
        try:
            with caller:
                caller.sendall(self._reply(_line(caller)))
        except OSError as error:
            log.info("A caller at the local door went away: %s", error)
        finally:
            self._seats.release()

    def _reply(self, line: bytes) -> bytes:
        try:
            asked = read_request(line)
        except ControlError as error:
            log.info("A local command was not understood: %s", error)
            return _refusal(str(error))
        if asked.verb == "status":
            return self._status() + b"\n"
        command = command_of(asked, self._now())
        self._door.put(command)
        self._wake.set()
        refused = self._door.wait(command.id)
        return _refusal("The agent did not answer." if refused is None else refused)


def _refusal(words: str) -> bytes:
    """Return an answer with the reason of a refusal; an empty reason means obeyed."""
    return json.dumps({"refused": words}).encode() + b"\n"


def _listening(folder: Path) -> socket.socket:
    """Create the folder's socket, replacing one that an earlier agent left. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "control.sock").unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # A socket's path has at most 108 bytes, and a channel's folder may be longer: so it is named
    # by the open folder.
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        listening.bind(f"/proc/self/fd/{handle}/control.sock")
        (folder / "control.sock").chmod(0o660)
        listening.listen(64)
    except OSError:
        listening.close()
        raise
    finally:
        os.close(handle)
    return listening


def read_request(line: bytes) -> ControlRequest:
    """Return the request in a line. Raises ControlError, in words, if it is none."""
    try:
        return _ASKED.validate_json(line)
    except ValidationError as error:
        raise ControlError(f"That is not a command: {explain('it', error)}") from None


def command_of(asked: ControlRequest, now: datetime) -> Command:
    """Return the request as a command given at `now`.

    An override or a message, which ends by itself, is given in minutes from now.
    """
    minutes, verb = asked.minutes or None, Verb(asked.verb)
    ends = verb in (Verb.OVERRIDE, Verb.EMERGENCY) and minutes is not None
    return Command(
        id=f"local-{secrets.token_hex(6)}",
        number=0,
        verb=verb,
        issued_at=now,
        expires_at=now + EXPIRES_AFTER,
        actor=asked.actor,
        item=asked.item or None,
        minutes=minutes,
        source=asked.source or None,
        until=now + timedelta(minutes=minutes) if ends and minutes is not None else None,
        text=NO_TEXT.sub(" ", asked.text),
        placement=asked.placement,
        graphic=asked.graphic,
    )


def ask_agent(folder: Path, **asked: Any) -> dict[str, Any]:
    """Send a request to the agent of the channel in `folder` and return its answer.

    Raises ControlError if it does not answer.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
                caller.settimeout(ANSWER_WITHIN * 3)
                caller.connect(f"/proc/self/fd/{handle}/control.sock")
                # An agent that has too many callers says so and closes before it reads.
                with suppress(BrokenPipeError):
                    caller.sendall(json.dumps(asked).encode() + b"\n")
                answer = parse_json(_line(caller, ANSWER_WITHIN * 3))
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        raise ControlError(
            f"The channel's agent does not answer: is it running? ({error})"
        ) from error
    return answer if isinstance(answer, dict) else {}


def _line(caller: socket.socket, within: float = ANSWER_WITHIN) -> bytes:
    """Return the bytes up to the end of a line, at most LONGEST_LINE.

    Raises OSError if the whole line does not arrive `within` so many seconds, however often a byte
    does.
    """
    text, until = b"", _CLOCK.monotonic() + int(within * 1e9)
    while b"\n" not in text and len(text) < LONGEST_LINE:
        # What is left of the whole time, not a timeout for each read: one byte a second would
        # hold a seat for ever.
        left = (until - _CLOCK.monotonic()) / 1e9
        if left <= 0:
            raise TimeoutError("no whole line came in time")
        caller.settimeout(left)
        piece = caller.recv(4096)
        if not piece:
            break
        text += piece
    return text
