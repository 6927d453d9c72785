"""The channels of line 21 beside CC1 that a folder of HLS offers as text: CC2, CC3 and CC4.

A program seldom has them, so each is offered from its first caption on. It then stays for hours:
a viewer who chose it is to keep it through programs that have none, and a playlist that ends stops
a player. A process that starts goes on with those that are in the folder.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from media.captions.decode import CHANNELS

PRIMARY, *OTHERS = CHANNELS
OFFERED_FOR = timedelta(hours=12)
"""Time for which a channel is offered after its last caption."""


def suffix_of(channel: str) -> str:
    """Return the ending of a channel's text of a segment: `.cc3.vtt` for CC3."""
    return f".{channel.lower()}.vtt"


def playlist_of(channel: str) -> str:
    """Return the name of a channel's playlist: `captions3.m3u8` for CC3."""
    return f"captions{channel[-1]}.m3u8"


class CaptionChannels:
    """The channels that one folder offers."""

    def __init__(self) -> None:
        self._heard: dict[str, datetime] = {}
        """When each that is offered had its last caption."""

    @property
    def offered(self) -> tuple[str, ...]:
        """The channels by name, in order."""
        return tuple(sorted(self._heard))

    def resume(self, folder: Path, now: datetime) -> None:
        """Offer what a process before this one offered lately."""
        for channel in OTHERS:
            with suppress(FileNotFoundError):
                written = (folder / playlist_of(channel)).stat().st_mtime
                if now.timestamp() - written < OFFERED_FOR.total_seconds():
                    self._heard[channel] = now

    def hear(self, channels: Iterable[str], now: datetime) -> bool:
        """Note which channels had captions in the last segment; return whether others are offered
        than before.
        """
        before = self.offered
        self._heard |= {channel: now for channel in channels if channel in OTHERS}
        self._heard = {channel: at for channel, at in self._heard.items() if now - at < OFFERED_FOR}
        return self.offered != before
