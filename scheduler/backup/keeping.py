"""The rule for what is kept: snapshots of the last days, weeks and months that have one."""

from collections.abc import Callable, Collection, Hashable
from datetime import date
from zoneinfo import ZoneInfo

from config.backup_settings import KeepSettings
from scheduler.backup.folder import (
    BackupFolder,
    began_of,
    remove_snapshot,
    remove_unneeded_objects,
)

PERIODS: dict[str, Callable[[date], Hashable]] = {
    "daily": lambda day: day,
    "weekly": lambda day: day.isocalendar()[:2],
    "monthly": lambda day: (day.year, day.month),
}
"""What makes two snapshots belong to the same day, week or month."""


def kept(names: Collection[str], rule: KeepSettings, zone: ZoneInfo) -> frozenset[str]:
    """Return the names of the snapshots to keep: of each period that has one, the newest.

    Periods without a snapshot do not count, so a server that was off for a month keeps as many as
    before. Days are those of `zone`. Example: with two daily and one weekly, of snapshots on
    Monday, Tuesday and twice on Wednesday the later one of Wednesday and that of Tuesday stay.
    """
    newest_first = sorted(names, reverse=True)
    found: set[str] = set()
    for period, key in PERIODS.items():
        most: int = getattr(rule, period)
        seen: dict[Hashable, str] = {}
        for name in newest_first:
            seen.setdefault(key(began_of(name).astimezone(zone).date()), name)
        found |= set(list(seen.values())[:most])
    return frozenset(found)


def remove_old(folder: BackupFolder, rule: KeepSettings, zone: ZoneInfo) -> list[str]:
    """Remove the snapshots that the rule does not keep, then the media that no other one needs.

    Returns their names. Raises BackupError. Call it after a good backup only.
    """
    names = folder.names()
    staying = kept(names, rule, zone)
    gone = [name for name in names if name not in staying]
    for name in gone:
        remove_snapshot(folder, name)
    remove_unneeded_objects(folder)
    return gone
