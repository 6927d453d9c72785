"""The episodes of a series: which coming airing plays which file, one after another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.domain.model.ids import AssetId

MOST_EPISODES = 400
"""Most files in the list of one series."""


@dataclass(frozen=True)
class Episodes:
    """The files of a series in airing order; none for a series without an order."""

    files: tuple[AssetId, ...] = ()
    begins_again: bool = True
    """True when the first follows the last; else the series then has no more airings."""

    def after(self, played: AssetId | None) -> AssetId | None:
        """Return the episode after the one played; the first where none was played, None after the
        last.
        """
        if played not in self.files:
            return self.files[0] if self.files else None
        place = self.files.index(played) + 1
        if place < len(self.files):
            return self.files[place]
        return self.files[0] if self.begins_again else None


@dataclass(frozen=True)
class ComingAiring:
    """One coming airing of a series, as far as its episode is concerned."""

    day: date
    keeps: bool = False
    """True when somebody changed it by hand, so that its file stays."""
    plays: AssetId | None = None
    """The file that stays; None where the airing was cancelled."""


def assign_episodes(
    episodes: Episodes, played: AssetId | None, coming: Iterable[ComingAiring]
) -> Mapping[date, AssetId]:
    """Return the episode of each coming airing by its day; a day that gets none is missing.

    `played` is the last episode that aired. An airing that was given an episode by hand counts, and
    the next one continues after it; one that was cancelled or plays something else does not count.
    """
    assigned: dict[date, AssetId] = {}
    over = False
    for turn in coming:
        if turn.keeps:
            if turn.plays in episodes.files:
                played, over = turn.plays, False
            continue
        following = None if over else episodes.after(played)
        if following is None:
            over = True
            continue
        assigned[turn.day] = played = following
    return assigned


def problems(episodes: Episodes) -> dict[str, str]:
    """Return a sentence for what is wrong with the episodes; empty when they may be saved."""
    if len(set(episodes.files)) < len(episodes.files):
        return {"episodes": "Each episode can be in the list only once."}
    if len(episodes.files) > MOST_EPISODES:
        return {"episodes": f"A series has up to {MOST_EPISODES} episodes."}
    return {}
