"""What host and server say to each other over HTTP, as typed values with one JSON form each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from config.names import AiringId, AssetKey, ChannelId, CueId, ItemId, Revision
from playout.events import Event, Message, Overridden
from playout.rundown import Cue, Outcome, Plan, Rundown
from playout.source import STRICT, SourceReport
from playout.verbs import Ask, Command, Question, Verb

VERSION = 2
"""Raised when a message changes its meaning; a reader of N also reads N - 1."""


class WireError(Exception):
    """A message that this version does not understand; the text says where and why."""


@dataclass(frozen=True)
class Commands:
    """The answer to `GET /commands?after=N`."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    commands: tuple[Command, ...] = ()
    version: int = VERSION


@dataclass(frozen=True)
class AsRun:
    """One stretch of air as it was seen, judged by frames and never by intent."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    cue: CueId
    item: ItemId | None
    airing: AiringId | None
    title: str
    planned_start: datetime
    planned_end: datetime
    start: datetime
    """First tick on air; the planned start where nothing aired."""
    end: datetime
    ticks: int
    """House ticks on which its own picture was on air."""
    held: int
    dropped: int
    outcome: Outcome
    layer: str
    """`deck`, `board` or `slate`: what viewers saw for most of the stretch."""
    asset: AssetKey | None = None
    reason: str = ""
    first_tick: int | None = None
    policy: str = ""
    """For what filled a gap: the policy that chose it; empty for the whole pool."""


Written = Literal["as-run", "command", "refused", "adopted", "alarm", "fact"]


@dataclass(frozen=True)
class JournalEntry:
    """One line of the host's journal. `id` is unique for ever, so storing it twice is harmless."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    number: int
    id: str
    at: datetime
    kind: Written
    as_run: AsRun | None = None
    command: Command | None = None
    """For `command` (accepted) and `refused`."""
    fact: Event | None = None
    revision: Revision | None = None
    """For `adopted`."""
    text: str = ""
    """The reason of a refusal or the words of an alarm, for staff."""


@dataclass(frozen=True)
class Status:
    """What a host says about one channel's air at one instant."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    channel: ChannelId
    host: str
    at: datetime
    """UTC on the host's clock."""
    tick: int
    layer: str
    cue: CueId | None
    item: ItemId | None
    title: str
    started: datetime | None
    ends: datetime | None
    """None while the end is not known: a live that is held."""
    offset: float
    """Seconds into the media."""
    revision: Revision | None
    """The plan the host stands on; None before it ever had one."""
    serial: int
    outputs: int
    late_ticks: int
    clock_step: float
    missing: tuple[AssetKey, ...] = ()
    disk_free: int = 0
    """Bytes."""
    problems: tuple[str, ...] = ()
    next: Cue | None = None
    meter: dict[str, float | bool | str | None] | None = None
    sources: tuple[SourceReport, ...] = ()
    """Every open source."""
    questions: tuple[Question, ...] = ()
    override: Overridden | None = None
    """The source an operator put on air, while it is on."""
    message: Message | None = None
    """The emergency message in force."""
    message_shown: bool = False
    """Whether the engine says that it is on the picture."""


@dataclass(frozen=True)
class Report:
    """What the host pushes: its status, its rundown when that changed, and new journal lines."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    status: Status
    expected: Rundown | None = None
    entries: tuple[JournalEntry, ...] = ()
    version: int = VERSION


@dataclass(frozen=True)
class Ack:
    """The server's answer to a report."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    acknowledged: int
    """Number of the last journal entry stored."""
    watching: bool
    """Somebody looks at the picture: push it, and ask more often."""
    plan_revision: int
    command_number: int
    looking: tuple[str, ...] = ()
    """Sources somebody looks at before air: open them, and push their pictures."""
    resume_after: str | None = None
    """Id of the newest journal entry that the server has, empty for none, where it lacks the one
    that the host says was acknowledged last: send all that follows once more."""
    wants_expected: bool = False
    """The server lacks the rundown that the host says it has sent."""
    version: int = VERSION


Value = TypeVar("Value")

_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type[Value]) -> TypeAdapter[Value]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def encode(message: Any, *, lean: bool = False) -> bytes:
    """The message as compact JSON; instants as ISO 8601 in UTC, lengths as ISO 8601 durations.

    With `lean`, fields that say nothing are left out: a reader of the version before, which does
    not know them, refuses a message that has them.
    """
    return _adapter(type(message)).dump_json(message, exclude_defaults=lean)


def decode(kind: type[Value], body: bytes | str) -> Value:
    """Read one message of `kind`.

    Raises WireError for anything else: not JSON, an unknown or missing field, a wrong type, a
    version from the future.
    """
    try:
        message = _adapter(kind).validate_json(body)
    except ValidationError as error:
        raise WireError(_explain(kind.__name__, error)) from error
    version = getattr(message, "version", VERSION)
    if not VERSION - 1 <= version <= VERSION:
        raise WireError(f"{kind.__name__} has version {version}; this side reads {VERSION}")
    return message


def _explain(name: str, error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{name}{'.' + where if where else ''}: {first['msg']}{more}"


__all__ = [
    "VERSION",
    "Ack",
    "Ask",
    "AsRun",
    "Command",
    "Commands",
    "JournalEntry",
    "Plan",
    "Question",
    "Report",
    "Status",
    "Verb",
    "WireError",
    "decode",
    "encode",
]
