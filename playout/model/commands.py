"""Commands that operators give a channel, and questions that a channel asks about its lives."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from config.bounded import STRICT, AiringRef, Count, CueRef, Instant, ItemRef, Name, Title
from playout.model.events import MessagePlacement
from playout.model.graphics import PlannedGraphic, Unused


class Verb(StrEnum):
    """The verb of a command: one for each button of the desk."""

    TAKE = "take"
    SKIP = "skip"
    SLATE = "slate"
    REJOIN = "rejoin"
    HOLD = "hold"
    EXTEND = "extend"
    ADJOURN = "adjourn"
    """End the live on air; with `item`, one that is only being recorded."""
    GO = "go"
    """Begin the late meeting: cut from its slate to its source."""
    RECESS = "recess"
    """Put the slate over the live on air; with `item`, keep the next live from beginning."""
    RESUME = "resume"
    """End the recess; with `item`, resume a live adjourned within the last hour."""
    MARK = "mark"
    """The meeting on air begins at this instant, and so do its replays."""
    UNMARK = "unmark"
    """Forget the mark: its replays begin where it was taken."""
    OVERRIDE = "override"
    """Put `source` on air now, until `until`."""
    EMERGENCY = "emergency"
    """Show `text` over anything, as `placement` says, until `until`. Never with EAS tones."""
    CLEAR = "clear"
    """Take the emergency message down."""
    GRAPHIC = "graphic"
    """Show `graphic` now: a lower third or a crawl, in place of the one of its kind that staff
    showed before."""
    HIDE_LOWER_THIRD = "hide-lower-third"
    STOP_CRAWL = "stop-crawl"
    """Take down what lower third or crawl is on the picture, planned or not."""
    BUG_ON = "bug-on"
    BUG_OFF = "bug-off"
    """Keep the bug off until it is put on again."""
    MOVE = "move"
    """Let the other of the channel's two machines send; with `machine`, only that one."""


@dataclass(frozen=True)
class Command:
    """One press of a button. A late or mistaken one is refused and shown, never replayed."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: Name
    number: Count
    """Counted up with each command of a channel; 0 for one given on the host itself."""
    verb: Verb
    issued_at: Instant
    expires_at: Instant
    actor: Title
    cue: CueRef | None = None
    """The cue the operator was looking at; refused when another is on air."""
    item: ItemRef | None = None
    """The item to take, skip, hold, extend, adjourn or mark; None for the obvious one."""
    minutes: Count | None = None
    """For extend."""
    source: Name | None = None
    """For override: the source's id."""
    until: Instant | None = None
    """For override and emergency: when it ends on its own, UTC."""
    text: str = ""
    """For emergency: the words; for override: the title viewers see, the source's name if empty."""
    placement: MessagePlacement = MessagePlacement.STRIP
    """For emergency."""
    graphic: Annotated[PlannedGraphic | None, Unused] = None
    """For graphic."""
    machine: Annotated[Name | None, Unused] = None
    """For move: the machine that is to send from then on, as it names itself."""


class QuestionKind(StrEnum):
    """The kind of a question or warning about a live."""

    LATE = "late"
    """It has not begun: start it, or wait on."""
    OVERRUN = "overrun"
    """It runs past its time; `other` waits behind it."""
    CLASH = "clash"
    """Another live begins while this one is on; asked 15 and 5 minutes before, and while it lasts.
    Unanswered, this one stays and `other` is recorded."""
    LIMIT = "limit"
    """Its hard limit is near; asked 15 and 5 minutes before."""
    NO_SIGNAL = "no signal"
    SILENT = "silent"
    FROZEN = "frozen"
    PROVISIONAL = "provisional"
    """It was adjourned for lack of signal, and resumes if the signal returns."""
    AS_LIVE = "as live"
    """It was recorded whole while another was on air: air the recording as live?"""
    RECORDING = "recording"
    """Its recording failed, or is not good."""


@dataclass(frozen=True)
class Question:
    """One question to staff. `text` also says what happens if they do not answer."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    ask: QuestionKind
    item: ItemRef
    airing: AiringRef | None
    title: Title
    at: Instant
    """The instant that matters, UTC: the other's start, the limit, the expected end, the loss."""
    text: str
    """The question in words for staff, and what happens if they do not answer."""
    answers: tuple[Verb, ...] = ()
    """The commands that answer it."""
    other: ItemRef | None = None
    near: Count | None = None
    """Minutes of the warning that is due: 15, then 5; None without a countdown."""
