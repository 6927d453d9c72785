"""The process that plays music under bulletins, and its ring."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from config.settings import ChannelSettings
from config.supervise import Child
from playout.engine.links.ring_shape import make_ring, music_shape
from playout.processes.child import channel_child

MUSIC_STARTS_AFTER = 4.0
"""Seconds by which it starts later: air waits for none of it."""


@dataclass(frozen=True)
class MusicPlan:
    """The music of a channel, as its settings name it."""

    songs: Path
    """Folder of licensed music."""
    in_recess: bool = False
    """Whether it plays while a live is in recess."""


def music_of(channel: ChannelSettings) -> MusicPlan | None:
    """Return the music of a channel's settings; None for none."""
    return MusicPlan(channel.music, channel.music_in_recess) if channel.music else None


def music_child(
    plan: MusicPlan | None, rate: Fraction, folder: Path
) -> tuple[int | None, list[Child]]:
    """Return the ring of music and the process that fills it; None and no process without music.

    What is known of the songs is kept in `folder`, that of the channel.
    """
    if plan is None:
        return None, []
    ring = make_ring("gavel-music", music_shape(rate))
    child = channel_child(
        "music", "music", (ring,), MUSIC_STARTS_AFTER, ring=ring, songs=str(plan.songs),
        folder=str(folder),
    )  # fmt: skip
    return ring, [child]
