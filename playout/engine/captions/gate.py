"""A gate for pairs after a join or a loss: what is shown begins with a whole caption."""

from media.captions.codes import CHANNEL_2, Command, Pair
from playout.engine.captions.pairs import (
    BEGINNINGS,
    XDS_END,
    command,
    command_of,
    is_control,
    is_null,
    is_xds,
)

ERASING = (Command.ERASE_SHOWN, Command.ERASE_HIDDEN)
"""Commands that show nothing, and so may pass at any time."""
XDS = -1
"""Stands for a channel while field 2 carries data about the program."""


class FieldGate:
    """A gate for the pairs of one field: it lets all pass, or all after the next beginning."""

    def __init__(self, field: int) -> None:
        self._field = field
        self._open: set[int] | None = None
        """Channels that have begun; None while all may pass."""
        self._channel: int | None = None

    def close(self) -> None:
        """Let nothing pass before the next beginning of a caption."""
        self._open, self._channel = set(), None

    def open(self) -> None:
        """Let everything pass."""
        self._open = None

    def passes(self, pair: Pair) -> list[Pair]:
        """Return what to send for a pair: nothing, itself, or itself after a roll-up command."""
        if self._open is None or is_null(pair):
            return [pair]
        if is_xds(pair):
            is_end = pair[0] & 0x7F == XDS_END
            self._channel = None if is_end else XDS
            return [pair]
        if not is_control(pair):
            return [pair] if self._channel == XDS or self._channel in self._open else []
        self._channel = pair[0] & CHANNEL_2
        said = command_of(pair)
        if said in BEGINNINGS:
            self._open.add(self._channel)
        elif said == Command.NEW_LINE and self._channel not in self._open:
            # Roll-up captions that named their mode once, before the join: three rows, as most do.
            self._open.add(self._channel)
            return [*[command(self._field, self._channel, Command.ROLL_3)] * 2, pair]
        return [pair] if self._channel in self._open or said in ERASING else []
