"""How a stretch of time was spent on air: programs, filler, bulletins, slate, or nobody saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from playout.wire import AsRun

NOTHING = timedelta(0)


@dataclass(frozen=True)
class Share:
    """Elapsed time of each kind; together they are the whole stretch."""

    programs: timedelta = NOTHING
    filler: timedelta = NOTHING
    bulletins: timedelta = NOTHING
    slate: timedelta = NOTHING
    unseen: timedelta = NOTHING
    """No frame of it was reported: the broadcast machine was off, or has not told yet."""

    @property
    def whole(self) -> timedelta:
        """The stretch itself."""
        return self.programs + self.filler + self.bulletins + self.slate + self.unseen

    @property
    def on_air(self) -> float:
        """Part of the stretch, 0 to 1, in which viewers saw anything but slate; 0 of nothing."""
        seen = self.programs + self.filler + self.bulletins
        return seen / self.whole if self.whole else 0.0


def share(runs: Sequence[AsRun], starts: datetime, ends: datetime) -> Share:
    """What [starts, ends) was spent on, by the frames seen; `ends` is at most now."""
    spent = {"programs": NOTHING, "filler": NOTHING, "bulletins": NOTHING, "slate": NOTHING}
    for run in runs:
        seen = min(run.end, ends) - max(run.start, starts)
        if run.ticks and seen > NOTHING:
            spent[_kind(run)] += seen
    unseen = max(ends - starts, NOTHING) - sum(spent.values(), NOTHING)
    return Share(**spent, unseen=max(unseen, NOTHING))


def _kind(run: AsRun) -> str:
    if run.layer == "deck":
        return "programs" if run.item is not None else "filler"
    return "bulletins" if run.layer == "board" else "slate"
