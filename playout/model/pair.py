"""Report of one of the two machines of a channel on itself and on the other."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from config.bounded import STRICT, Instant, Large, Name, Number, short

PairState = Literal["sending", "standing by", "stopped"]
"""`stopped` is a machine that neither sends nor could take over now."""
MOST_REASONS, LONGEST_REASON = 20, 300


@dataclass(frozen=True)
class PairStatus:
    """One machine of a pair, as it reports itself."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    machine: Name
    """Its name in the settings and a part that is new with every start."""
    preferred: bool
    """Whether it is the one that sends when both can."""
    state: PairState
    why: Annotated[str, short(LONGEST_REASON)] = ""
    """Why the state changed last, in a sentence."""
    since: Instant | None = None
    """UTC; when the state changed last."""
    term: Large = 0
    """The newest term that it knows: counted up whenever a machine begins to send."""
    peer: Annotated[str, short(80)] = ""
    """The other machine, as it names itself; empty while it was never heard."""
    peer_state: Literal["sending", "standing by", "stopped", "away"] = "away"
    peer_heard: Number = -1.0
    """Seconds since the other machine was heard; -1 for never."""
    witness_heard: Number = -1.0
    """Seconds since the server answered as witness; -1 for never."""
    clock_difference: Number | None = None
    """Seconds by which the other machine's clock is ahead of this one's; None while not known."""
    clock_error: Number = 0.0
    """Seconds by which that may be wrong."""
    ready: bool = False
    """Whether it could send from now on."""
    not_ready: Annotated[
        tuple[Annotated[str, short(LONGEST_REASON)], ...], Field(max_length=MOST_REASONS)
    ] = ()
    """Why not, in sentences."""

    @property
    def is_alone(self) -> bool:
        """Tell whether it sends and no other machine could go on."""
        return self.state == "sending" and self.peer_state in ("away", "stopped")


@dataclass(frozen=True)
class PairNews:
    """News of the peer link for the agent of this machine."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    status: PairStatus
    follows: bool
    """Whether the other machine sends, so that its journal decides."""
    peer_has: Large = 0
    """The number up to which the other machine has this one's journal."""
    peer_has_of: Annotated[str, short(80)] = ""
    """The machine of whose journal that is, as the other one knows it."""
    peer_not_ready: tuple[str, ...] = ()
    """Why the other machine is not ready, in its own words."""
    sent: tuple[tuple[int, int], ...] = ()
    """The last stretches in which this machine sent, in monotonic nanoseconds; 0 for no end."""
    refused: Annotated[str, short(LONGEST_REASON)] = ""
    """Why the last move was refused or failed; empty otherwise."""


@dataclass(frozen=True)
class SentRecord:
    """The stretches in which a machine sent, kept on its disk for airings not judged yet."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    stretches: Annotated[tuple[tuple[Instant, Instant | None], ...], Field(max_length=1000)]
    """From when to when, UTC; no end while it goes on."""
    known: Instant
    """UTC; when that was known last."""
