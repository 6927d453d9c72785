"""An open source, whatever carries it: what it promises, how long it may wait, and how it fails."""

from collections.abc import Iterator
from typing import Protocol

from playout.engine.links.packets import CodedPacket, StreamFormat

OPEN_SECONDS = 5.0
"""Longest time that opening a source may take."""
READ_SECONDS = 3.0
"""Longest time without a packet before the source is opened again."""
SEGMENT_SECONDS = 12.0
"""The same for a source that comes in segments of several seconds (HLS)."""


class SourceError(Exception):
    """A source that cannot be opened, or broke off; the text is for staff."""


class OpenSource(Protocol):
    """A source that is open: a test picture, a capture card, or a stream that libav reads."""

    @property
    def format(self) -> StreamFormat:
        """The tracks of the packets that come next."""

    def packs(self) -> Iterator[CodedPacket | StreamFormat]:
        """Yield packets as they arrive, and a format before the first packet it applies to,
        wherever the source changes what it carries. Raises SourceError when the source breaks off.
        """

    def close(self) -> None:
        """Give back sockets, files and the card."""
