"""The two waists of the engine: the agent's (`Engine`) and the bus's (`Deck`), and their
messages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Protocol

from config.bounded import STRICT
from config.names import AiringId, CueId
from playout.model.caption_status import AirCaptions
from playout.model.engine_numbers import EngineNumbers
from playout.model.layer import Layer
from playout.model.layered import Layered
from playout.model.recording import Recording
from playout.model.source import Source, SourceReport


@dataclass(frozen=True)
class Shot:
    """A picture to be on air from an instant on. At UTC time t its media is at `offset` + (t -
    `at`).
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    cue: CueId
    layer: Layer
    """DECK plays `path`; BOARD and SLATE are always ready and need no path."""
    at: datetime
    """The take is on the first tick at or after this instant, UTC."""
    until: datetime
    """Planned end, UTC: with no agent the engine falls to board, then slate, from here on."""
    path: str | None = None
    """A file of the host's own store; never an address."""
    source: str | None = None
    """For a live: the id of a source that an intake keeps open; then there is no path. The layer
    of a live may change under one cue, to SLATE and back to DECK; it is never given up. With
    SLATE its deck may be kept ready."""
    beneath: Layer = Layer.BOARD
    """The layer shown while its deck has no frame: BOARD, or SLATE for a live. Always SLATE if
    there is no board."""
    offset: float = 0.0
    """Seconds into the media at `at`."""
    length: float | None = None
    """Seconds of media in the whole file, as measured at ingest; earlier end is a failure."""
    rate: Fraction | None = None
    """Source frames a second; None for a still or sound alone."""
    pieces: tuple[tuple[int, int], ...] = ()
    """The frames of the file that air, [first, after last) each (`playout/model/pieces`). `offset`
    then counts in the time of the pieces, and `length` is not known. Empty for the whole file."""
    is_exact: bool = False
    """The first picture must be the one at `offset`, although the file is opened later for it."""
    gain_db: float = 0.0
    has_picture: bool = True
    has_sound: bool = True
    captions: str | None = None
    """A caption track of the host's own store (`media/captions/track`); None for none."""
    automatic_captions: bool = False
    """For a live: captions are written from what is said, while it brings none of its own."""
    as_soon_as_ready: bool = False
    """An operator's take: cut on the first tick on which the deck has frames, not at `at`; the
    media then starts at `offset` on that tick."""


@dataclass(frozen=True)
class BoardPage:
    """A drawn slide: a raw I420 file of exactly the house size, and how long it is shown."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    path: str
    seconds: float


@dataclass(frozen=True)
class Intake:
    """A source to keep open over [opens, closes), UTC, recorded if an airing is named.

    Several may name one source, each for its own airing: two meetings in one room, back to back.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    source: Source
    opens: datetime
    """Start of the pre-roll; while it lies ahead it may move, also to now."""
    closes: datetime
    """End of the post-roll; moves along while the live is held."""
    airing: AiringId | None = None
    """The airing to record; None keeps the source open without recording it."""
    recess: bool = False
    """The live is in recess: its source is recorded apart, outside its own recording."""


@dataclass(frozen=True)
class Graphic:
    """Rows laid over the program picture: a strip, or the whole screen if they are all of its
    rows."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    id: str
    path: str
    """A raw I420 file of exactly the house width and `rows` rows."""
    first_row: int
    """Topmost row covered, even; 0 is the top of the picture."""
    rows: int
    """Even. As many as the house has rows: full screen, and then the sound is silent too."""


@dataclass(frozen=True)
class Desired:
    """The whole state that the agent wants of the engine; sending it twice changes nothing."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    serial: int
    on_air: Shot
    next: Shot | None = None
    board: tuple[BoardPage, ...] = ()
    slate: str | None = None
    """Path of a raw I420 file for the slate; None keeps the built-in one."""
    intakes: tuple[Intake, ...] = ()
    graphic: Graphic | None = None
    """An emergency message, opaque; it comes before every other graphic."""
    graphics: tuple[Layered, ...] = ()
    """Graphics with transparency, also ones to come; each lies over those before it."""
    caption_names: tuple[str, ...] = ()
    """Names that automatic captions of lives spell as the station does."""


class DeckState(StrEnum):
    """The state of a deck with the shot it was given."""

    IDLE = "idle"
    CUEING = "cueing"
    READY = "ready"
    ON_AIR = "on air"
    ENDED = "ended"
    FAILED = "failed"
    WAITING = "waiting"
    """The machine lacks memory or file descriptors to open the file, and the reason says which.
    The deck tries again on its own; the file is not to blame, and is not reported as failed."""


@dataclass(frozen=True)
class DeckReport:
    """The state of one deck as the bus sees it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    state: DeckState
    cue: CueId | None = None
    lead: int = 0
    """House frames waiting in its ring."""
    reason: str = ""
    """The reason it failed or waits, in words."""
    no_captions: str = ""
    """The reason why it airs without the captions that its shot names; empty while it has them."""


@dataclass(frozen=True)
class Observation:
    """The engine's last report of what it is doing, as read from its socket."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    tick: int
    utc: datetime
    """The instant of that tick on the house clock."""
    layer: Layer
    cue: CueId | None
    serial: int
    """Last Desired accepted."""
    air_cursor: int
    """Bytes of air.log written so far."""
    decks: tuple[DeckReport, ...] = ()
    outputs: int = 0
    """Outputs that took a frame in the last second."""
    late_ticks: int = 0
    clock_step: float = 0.0
    """Seconds the wall clock was seen to step since the engine started; 0 when it never did."""
    sources: tuple[SourceReport, ...] = ()
    recordings: tuple[Recording, ...] = ()
    """Recordings closed in the last days, kept or failed; repeated in each observation."""
    graphic: str = ""
    """The id of the opaque graphic on the picture; empty for none."""
    graphics: tuple[str, ...] = ()
    """The ids of the graphics with transparency on the picture, the topmost last."""
    problems: tuple[str, ...] = ()
    """Faults of the engine that do not stop the air, in words for staff; each leaves when it is
    over."""
    captions: AirCaptions = field(default_factory=AirCaptions)
    log_waits: bool = False
    """Air facts wait in the engine's memory because the disk takes none."""
    numbers: EngineNumbers = EngineNumbers()
    """What the channel's processes count; empty from the engine itself, added by its client."""


@dataclass(frozen=True)
class AirFact:
    """A run of consecutive ticks that aired alike, as appended to air.log."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    tick: int
    ticks: int
    start: datetime
    """UTC of its first tick."""
    end: datetime
    """UTC of the tick after its last."""
    layer: Layer
    cue: CueId | None
    """The cue to be seen, also while a lower layer covered for it."""
    source_first: int = -1
    """House frame of the media on the first tick (0 = first frame of the file); -1 for none."""
    source_last: int = -1
    held: int = 0
    """Ticks on which the last picture was repeated, because no new one had come."""
    dropped: int = 0
    """House frames skipped to catch up with the clock."""
    outputs: int = 0
    reason: str = ""
    """The reason this run began, if it was not asked for: `deck a: file ended early`."""


class EngineError(Exception):
    """The engine cannot be reached, or refused a message; the agent tries again."""


class Engine(Protocol):
    """The agent's waist: one real engine behind a socket, one FakeEngine for simulations."""

    def show(self, desired: Desired) -> None:
        """Make this the desired state; returns at once. Raises EngineError when unreachable."""

    def observe(self) -> Observation | None:
        """Return the newest observation, or None before the first. Raises EngineError."""

    def facts(self, cursor: int) -> tuple[Sequence[AirFact], int]:
        """Return whole air facts after `cursor` (bytes of air.log), and the cursor after them."""


class Deck(Protocol):
    """The bus's waist: a deck conforms one file to the house format into its ring.

    The ring holds one slot per house tick: a picture, that tick's sound, and the number of the
    house frame in the media (0 = first frame of the file). It fills at most its own length ahead.
    """

    def load(self, shot: Shot) -> None:
        """Fill the ring from `shot.offset`, dropping any earlier shot; returns at once."""

    def stop(self) -> None:
        """Stop filling and empty the ring; returns at once."""

    def report(self) -> DeckReport:
        """Return the deck's state; never blocks."""


SOURCE_SLOTS = 3
"""Sources a channel can have open at once: one on air, one recorded beside it, and one more that
an operator puts on air. An idle slot costs next to nothing."""
