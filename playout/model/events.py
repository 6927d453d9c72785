"""Events of a channel, as the host journals them. The state of its air is the fold of these
alone."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from config.bounded import STRICT, AssetRef, CueRef, Instant, ItemRef, Name, Span
from playout.model.graphic_events import BugSet, Keyed, Unkeyed
from playout.model.loudness import Measured
from playout.model.recording import Recording
from playout.model.rundown import Cue


@dataclass(frozen=True)
class On:
    """A cue was committed: from now on no edit changes its start, its file or its place."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    cue: Cue
    what: Literal["on"] = "on"


@dataclass(frozen=True)
class Off:
    """A cue ended before its time.

    `rejoined` ends an operator's override; `taken` makes room for an operator's take. `provisional`
    ends a live that seems to be over: good signal within an hour brings it back.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    cue: CueRef
    at: Instant
    why: Literal["adjourned", "failed", "provisional", "rejoined", "taken"]
    reason: str = ""
    what: Literal["off"] = "off"


@dataclass(frozen=True)
class Skipped:
    """The operator dropped an item before it aired."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemRef
    at: Instant
    what: Literal["skipped"] = "skipped"


@dataclass(frozen=True)
class Held:
    """The operator holds a live: it stays on air until it is adjourned."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemRef
    at: Instant
    what: Literal["held"] = "held"


@dataclass(frozen=True)
class Extended:
    """The operator gave an item more time."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemRef
    by: Span
    at: Instant
    what: Literal["extended"] = "extended"


@dataclass(frozen=True)
class Failed:
    """An item or a filler file cannot be played: its media is missing, or no deck can cue it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    at: Instant
    reason: str
    item: ItemRef | None = None
    asset: AssetRef | None = None
    what: Literal["failed"] = "failed"


@dataclass(frozen=True)
class Retried:
    """A failed item or file is tried again: it has rested, or the plan names another file."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    at: Instant
    item: ItemRef | None = None
    asset: AssetRef | None = None
    what: Literal["found"] = "found"


@dataclass(frozen=True)
class Absent:
    """The host aired nothing of the plan before this instant."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    until: Instant
    unseen: tuple[CueRef, ...] = ()
    """Instances of which no frame was seen when the clock went back: they are still to air."""
    what: Literal["absent"] = "absent"


@dataclass(frozen=True)
class Begun:
    """A live cut from its slate to its source, by the clock, by good signal or by an operator."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemRef
    at: Instant
    why: Literal["time", "signal", "operator"]
    what: Literal["begun"] = "begun"


@dataclass(frozen=True)
class Recessed:
    """A live shows its slate until it resumes. It stays one airing; the recess is recorded
    apart."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemRef
    at: Instant
    what: Literal["recessed"] = "recessed"


@dataclass(frozen=True)
class Resumed:
    """The recess of a live is over."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemRef
    at: Instant
    what: Literal["resumed"] = "resumed"


@dataclass(frozen=True)
class Marked:
    """An operator marked where the replays of a live begin; the last mark counts."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemRef
    at: Instant
    begins: Instant | None
    """UTC; None for where it was taken, as without a mark."""
    what: Literal["marked"] = "marked"


@dataclass(frozen=True)
class LiveClosed:
    """A live that is not on air is over; its recording ends after its post-roll."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    item: ItemRef
    at: Instant
    reason: str = ""
    what: Literal["closed"] = "closed"


@dataclass(frozen=True)
class SignalLost:
    """A source has sent no good packet since `at`."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    source: Name
    at: Instant
    what: Literal["signal lost"] = "signal lost"


@dataclass(frozen=True)
class SignalBack:
    """A source has sent good packets again since `at`."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    source: Name
    at: Instant
    what: Literal["signal back"] = "signal back"


@dataclass(frozen=True)
class Recorded:
    """The state of a recording; journalled again whenever it changes."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    at: Instant
    recording: Recording
    what: Literal["recorded"] = "recorded"


@dataclass(frozen=True)
class Overridden:
    """An operator put an unplanned source on air; it leaves at `until` unless a rejoin ends it
    sooner.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    cue: CueRef
    at: Instant
    until: Instant
    by: str
    what: Literal["overridden"] = "overridden"


class MessagePlacement(StrEnum):
    """The part of the picture that an emergency message covers."""

    STRIP = "strip"
    FULL = "full"


@dataclass(frozen=True)
class Message:
    """An emergency message in force over [at, until), UTC; drawn on the host from its text."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Name
    text: str
    placement: MessagePlacement
    at: Instant
    until: Instant
    by: str


@dataclass(frozen=True)
class Alerted:
    """An operator sent an emergency message; it replaces the one before it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    message: Message
    what: Literal["alerted"] = "alerted"


@dataclass(frozen=True)
class Cleared:
    """An operator took the emergency message down."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    at: Instant
    by: str
    what: Literal["cleared"] = "cleared"


Event = Annotated[
    On
    | Off
    | Skipped
    | Held
    | Extended
    | Failed
    | Retried
    | Absent
    | Begun
    | Recessed
    | Resumed
    | Marked
    | LiveClosed
    | SignalLost
    | SignalBack
    | Recorded
    | Overridden
    | Alerted
    | Cleared
    | Keyed
    | Unkeyed
    | BugSet
    | Measured,
    Field(discriminator="what"),
]
"""Every fact of the journal from which the state of air is folded."""
