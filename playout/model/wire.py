"""Messages between host and server over HTTP: typed values, each with one JSON form."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from config.bounded import (
    STRICT,
    AiringRef,
    AssetRef,
    ChannelRef,
    Count,
    CueRef,
    EntryRef,
    Instant,
    ItemRef,
    Large,
    LayerName,
    Name,
    Number,
    RevisionRef,
    Tick,
    Title,
    explain,
    short,
    without_controls,
)
from playout.model.caption_status import CaptionStatus
from playout.model.commands import Command, Question
from playout.model.events import Event, Message, Overridden
from playout.model.graphics import Unused
from playout.model.leaving import MOST_PLACES, LeavingPlace
from playout.model.loudness import DayLoudness
from playout.model.machine_setup import MachineSetup
from playout.model.pair import PairStatus
from playout.model.plan import Outcome
from playout.model.rundown import Cue, Rundown
from playout.model.source import SourceReport

VERSION = 2
"""Raised when a message changes its meaning; a reader of N also reads N - 1."""

READS = 16
"""How much of a report a reader understands, counted up with each addition to it: 3 brought the
stretches of an as-run row, what is running, and `interrupted`; 4 the origin and planned start of a
cue; 5 the captions of a file, and in a plan the layouts of bulletins and the station's look; 6
graphics over the picture; 7 the loudness of days; 8 what captions leave; 9 names for automatic
captions; 10 faults by kind; 11 the loudness of airings; 12 what the host told people of, and a
stopped scheduler; 13 the two machines of a channel; 14 crawls that repeat and the hours of a clock;
15 what leaves, as seen from outside; 16 saved searches, what a recording is of, the pieces of a
cut, what a machine holds and how it is set up. A server names its number in each answer, so a newer
host leaves out what that server would refuse. A server that names none reads READS_UNNAMED.

A host names its number in each request too, because a plan with captions would be refused by a host
of the version before."""
READS_UNNAMED = 2
LONGEST_FAULT = 600
MOST_TOLD = 20
READS_HEADER = "X-Gavel-Reads"


class WireError(Exception):
    """A message that this version cannot read; the text says where and why."""


@dataclass(frozen=True)
class Commands:
    """The answer to `GET /commands?after=N`."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    commands: tuple[Command, ...] = ()
    version: Count = VERSION


@dataclass(frozen=True)
class SeenStretch:
    """One unbroken stretch [start, end), UTC, on which one layer was on air."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    start: Instant
    end: Instant
    layer: LayerName
    """`deck`, `board` or `slate`."""


@dataclass(frozen=True)
class AsRun:
    """One airing as it was seen, judged by its frames and never by intent."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    cue: CueRef
    item: ItemRef | None
    airing: AiringRef | None
    title: Title
    planned_start: Instant
    planned_end: Instant
    start: Instant
    """First tick on air; the planned start where nothing aired."""
    end: Instant
    ticks: Count
    """House ticks on which its own picture was on air."""
    held: Count
    dropped: Count
    outcome: Outcome
    layer: LayerName
    """`deck`, `board` or `slate`: the layer viewers saw for most of it."""
    asset: AssetRef | None = None
    reason: str = ""
    first_tick: Tick | None = None
    policy: Annotated[str, short(32)] = ""
    """In a gap: the policy that chose the filler; empty for the whole pool."""
    seen: tuple[SeenStretch, ...] = ()
    """Its stretches in order of time; between two, something else aired, or nothing. Empty from
    a host of the version before, and if nothing of it was seen."""


EntryKind = Literal["as-run", "command", "refused", "adopted", "alarm", "fact"]


@dataclass(frozen=True)
class JournalEntry:
    """One line of the host's journal. `id` is unique for ever, so storing it twice is harmless."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    number: Count
    id: EntryRef
    at: Instant
    kind: EntryKind
    as_run: AsRun | None = None
    command: Command | None = None
    """For `command` (accepted) and `refused`."""
    fact: Event | None = None
    revision: RevisionRef | None = None
    """For `adopted`."""
    text: str = ""
    """The reason of a refusal or the words of an alarm, for staff."""


@dataclass(frozen=True)
class HostFault:
    """A fault that the host has judged, by its kind."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    kind: Name
    """A value of playout.alerts.conditions.Condition; a reader ignores one it does not know."""
    words: Annotated[str, short(LONGEST_FAULT)] = ""


@dataclass(frozen=True)
class HostTold:
    """A fault that the host has told people of by itself, while the server was away."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    kind: Name
    subject: Annotated[str, short(120)]
    began: Instant


@dataclass(frozen=True)
class Status:
    """A host's report on one channel's air at one instant."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    channel: ChannelRef
    host: Annotated[str, short(120)]
    at: Instant
    """UTC on the host's clock."""
    tick: Tick
    layer: LayerName
    cue: CueRef | None
    item: ItemRef | None
    title: Title
    started: Instant | None
    ends: Instant | None
    """None while the end is not known: a live that is held."""
    offset: Number
    """Seconds into the media."""
    revision: RevisionRef | None
    """The revision of the plan in force; None before the first."""
    serial: Count
    outputs: Count
    late_ticks: Count
    clock_step: Number
    missing: tuple[AssetRef, ...] = ()
    disk_free: Large = 0
    """Bytes."""
    problems: tuple[str, ...] = ()
    next: Cue | None = None
    meter: dict[str, Number | bool | str | None] | None = None
    sources: tuple[SourceReport, ...] = ()
    """Every open source."""
    questions: tuple[Question, ...] = ()
    override: Overridden | None = None
    """The source an operator put on air, while it is on."""
    message: Message | None = None
    """The emergency message in force."""
    message_shown: bool = False
    """True when the engine reports it on the picture."""
    running: tuple[AsRun, ...] = ()
    """Rows of airings that are on air or not over yet, as far as seen; the final rows follow."""
    loudness: Annotated[tuple[DayLoudness, ...], Unused] = ()
    """The last days, today last, as the monitor measured their sound."""
    graphics: Annotated[tuple[Name, ...], Unused] = ()
    """Ids of the graphics that the engine reports on the picture, the topmost last."""
    captions: Annotated[CaptionStatus | None, Unused] = None
    """The captions of what is on air; None from a host that does not report them."""
    faults: Annotated[tuple[HostFault, ...], Unused] = ()
    """Those of `problems` whose kind is known."""
    told: Annotated[tuple[HostTold, ...], Unused] = ()
    """Faults that are still there and that people know of from the host."""
    leaving: Annotated[tuple[LeavingPlace, ...], Field(max_length=MOST_PLACES), Unused] = ()
    """The places at which the output is watched; none from a host that does not watch it."""
    pair: Annotated[PairStatus | None, Unused] = None
    """The channel's two machines; None where it has one."""
    setup: Annotated[MachineSetup | None, Unused] = None
    """How the machine is set up; None from one that does not say so."""


@dataclass(frozen=True)
class Report:
    """A host's push: its status, its rundown if that changed, and new journal entries."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    status: Status
    expected: Rundown | None = None
    entries: tuple[JournalEntry, ...] = ()
    version: Count = VERSION


@dataclass(frozen=True)
class Ack:
    """The server's answer to a report."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    acknowledged: Count
    """Number of the last journal entry stored."""
    watching: bool
    """A person is looking at the picture: push it, and ask more often."""
    plan_revision: Count
    command_number: Count
    looking: tuple[str, ...] = ()
    """Sources that staff look at before air: open them, and push their pictures."""
    resume_after: str | None = None
    """Set when the server lacks the entry that the host names as acknowledged last: the id of
    the newest entry it does have, empty for none. Send all that follow it again."""
    wants_expected: bool = False
    """The server lacks the rundown that the host names as sent."""
    scheduler_away: Annotated[bool, Unused] = False
    """The server's scheduler has stopped, so no one but the host can tell of it."""
    version: Count = VERSION


Value = TypeVar("Value")

_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def adapter(kind: type[Value]) -> TypeAdapter[Value]:
    """Return the reader and writer of a kind of message, made once."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def encode(message: Any, *, lean: bool = False) -> bytes:
    """Return the message as compact JSON: instants in ISO 8601 UTC, lengths as ISO 8601 durations.

    Control characters, which no database stores, become spaces. With `lean`, fields at their
    default are left out, because a reader of the version before refuses fields it does not know.
    """
    body: bytes = adapter(type(message)).dump_json(message, exclude_defaults=lean)
    return without_controls(body)


def decode(kind: type[Value], body: bytes | str) -> Value:
    """Return one message of `kind`.

    Raises WireError for anything else: not JSON, an unknown or missing field, a wrong type, a value
    beyond its bounds, a version from the future. Its words never repeat what was sent.
    """
    try:
        message = adapter(kind).validate_json(body)
    except ValidationError as error:
        raise WireError(explain(kind.__name__, error)) from None
    version = getattr(message, "version", VERSION)
    if not VERSION - 1 <= version <= VERSION:
        raise WireError(f"{kind.__name__} has version {version}; this side reads {VERSION}")
    return message
