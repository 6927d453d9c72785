"""Datagrams that the two machines of a channel send each other, signed with their common key."""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field, TypeAdapter, ValidationError

from config.bounded import STRICT, ChannelRef, Large, Name, short
from config.signing import is_signed, signature
from playout.lease.messages import VoteAnswer, VoteRequest
from playout.model.pair import LONGEST_REASON, MOST_REASONS
from playout.model.sight import View
from playout.model.wire import JournalEntry

LARGEST_DATAGRAM = 60_000
"""Bytes; UDP takes 65,507."""
_SIGNATURE_BYTES = 32
_PURPOSE = "peer link"


class NotOurs(ValueError):
    """A datagram that our key did not sign, or that says nothing we know."""


@dataclass(frozen=True)
class Beat:
    """One machine's sign of life, ten times a second: what it is, what it asks of the other as a
    voter, and its answer to what the other asked.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    machine: Name
    channel: ChannelRef
    number: Large
    """Rises with each beat of this machine, also after its link started again."""
    stream_ns: Large
    """Nanoseconds on the clock of its stream when the beat left."""
    ask: VoteRequest
    state: Literal["sending", "standing by", "stopped"]
    preferred: bool
    ready: bool
    """Whether a planned change to it would be seen by nobody."""
    can_send: bool
    """Whether it has pictures to send."""
    picture_ns: Large
    """Nanoseconds since its relay got the last picture."""
    heard_machine: Annotated[str, short(80)] = ""
    heard: Large = 0
    """The machine whose beat it heard last, and that beat's number."""
    held_ns: Large = 0
    """Nanoseconds since that beat came."""
    answer: VoteAnswer | None = None
    """Its voter's answer to that beat."""
    offers: bool = False
    """It sends, and asks the other machine to ask for the lease."""
    cut: Large = 0
    """The stamp of the key picture from which on the other is to send; 0 for any."""
    key: Large = 0
    group: Large = 0
    """Stamp of the newest key picture, and the distance of two, in units of 90 kHz."""
    gave: bool = False
    """It has just stopped so that the other may send, from slot `sent` on."""
    sent: Large = 0
    counters: Annotated[str, short(16)] = ""
    """The continuity counters after its last slot, in hexadecimal."""
    not_ready: Annotated[
        tuple[Annotated[str, short(LONGEST_REASON)], ...], Field(max_length=MOST_REASONS)
    ] = ()
    has_entries: Large = 0
    """The number up to which it has the other machine's journal."""
    entries_of: Annotated[str, short(80)] = ""
    """The machine whose journal that is."""
    kind: Literal["beat"] = "beat"


@dataclass(frozen=True)
class Batch:
    """Entries of a machine's journal, in order, for the machine that follows it."""

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    machine: Name
    channel: ChannelRef
    after: Large
    """The number before the first of them."""
    entries: tuple[JournalEntry, ...]
    kind: Literal["batch"] = "batch"


@dataclass(frozen=True)
class SightReport:
    """One machine's report of what it sees of both outputs, ten times a second. A machine of a
    version before knows no such datagram and drops it, so this is no part of the beat.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = STRICT
    machine: Name
    channel: ChannelRef
    number: Large
    """Rises with each report of this machine, also after its link started again."""
    own: View
    other: View
    gives: View = "unknown"
    """The fault of its own output for which it offers the stream; unknown for none."""
    kind: Literal["sight"] = "sight"


Message = Beat | Batch | SightReport
Datagram = Annotated[Message, Field(discriminator="kind")]
_DATAGRAM: TypeAdapter[Message] = TypeAdapter(Datagram)


def pack(key: bytes, message: Message) -> bytes:
    """Return a message as a signed datagram."""
    body = _DATAGRAM.dump_json(message)
    return signature(key, _PURPOSE, body.decode()).encode() + body


def unpack(key: bytes, datagram: bytes) -> Message:
    """Return the message of a datagram. Raises NotOurs where our key did not sign it."""
    sign, body = datagram[:_SIGNATURE_BYTES], datagram[_SIGNATURE_BYTES:]
    try:
        if not is_signed(key, _PURPOSE, body.decode(), sign.decode()):
            raise NotOurs("it is not signed with our key")
        return _DATAGRAM.validate_json(body)
    except (UnicodeDecodeError, ValidationError):
        raise NotOurs("it cannot be read") from None
