"""The files of the plan that do not fit on this machine's disk, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from config import times
from config.sizes import bytes_words
from playout.bulletins.automatic import hours_of, zone_of
from playout.model.plan import Plan
from playout.timing.media_need import MediaNeed, Need

ADVICE = "Add a disk, or remove recordings and other files from it."


@dataclass(frozen=True)
class Shortage:
    """The words for staff, and those of them that are a fault."""

    words: str = ""
    fault: str = ""
    """With what to do; empty where only variety of filler is lacking: every item still airs."""


def shortage(lacking: Sequence[MediaNeed], plan: Plan, now: datetime) -> Shortage:
    """Say what does not fit and from when it will be missed, in the channel's zone and hours.

    Example: `Thu 2:00 PM and later: 3 files (41 GB) do not fit on this machine's disk.`
    """
    needed = [one for one in lacking if one.need is not Need.MORE_FILLER]
    if not needed:
        return Shortage(_more_filler(lacking))
    first = min(needed, key=lambda one: one.rank)
    with times.written_in(hours_of(plan)):
        words = f"{_since(first, plan, now)}: {_files(needed)} on this machine's disk."
    return Shortage(words, f"{words} {ADVICE}")


def _since(first: MediaNeed, plan: Plan, now: datetime) -> str:
    if first.need is Need.ALWAYS:
        return "Bulletins and graphics"
    if first.need is Need.FILLER:
        return "Filler and later"
    local = max(first.at, now).astimezone(zone_of(plan))
    today = now.astimezone(zone_of(plan)).date()
    which = times.long_day(local.date()) if local.date() != today else "Today"
    return f"{which}, {times.civil(local, zone_of(plan))} and later"


def _files(lacking: Sequence[MediaNeed]) -> str:
    size = bytes_words(sum(one.media.size for one in lacking))
    if len(lacking) == 1:
        return f"1 file ({size}) does not fit"
    return f"{len(lacking)} files ({size}) do not fit"


def _more_filler(lacking: Sequence[MediaNeed]) -> str:
    if not lacking:
        return ""
    return f"Filler repeats more often: {_files(lacking)} on this machine's disk."
