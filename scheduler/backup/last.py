"""The result of the last backup, kept in data_dir so that the server can say how old it is."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from config.readjson import read_json
from config.wholefile import write_whole

FILE = "last-backup.json"
LONGEST_WAIT = timedelta(days=1)
"""No try is further off than the next night."""
OLD_AFTER = timedelta(hours=36)
"""A night may be slow, and one that is left out must be noticed the next day."""


@dataclass(frozen=True)
class LastBackup:
    """The last try, and the last good snapshot. Instants are in UTC."""

    tried: datetime
    problem: str = ""
    """Why the last try was not good; empty for a good one."""
    good: datetime | None = None
    """When the last good snapshot had been opened and checked; None before the first."""
    name: str = ""
    """The name of that snapshot."""
    size: int = 0
    """Bytes of its media and its database; 0 where an older Gavel made it."""
    files: int = 0
    """Its media files."""


_ADAPTER = TypeAdapter(LastBackup)


def read_last(data_dir: Path) -> LastBackup | None:
    """Return the result of the last backup; None before the first, or for a damaged file."""
    try:
        return _ADAPTER.validate_python(read_json(data_dir / FILE))
    except (OSError, ValueError, ValidationError):
        return None


def write_last(data_dir: Path, last: LastBackup) -> None:
    """Keep the result. Raises OSError."""
    content = {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in asdict(last).items()
    }
    write_whole(data_dir / FILE, json.dumps(content).encode())


def is_due(
    now: datetime,
    last: LastBackup | None,
    at: time,
    zone: ZoneInfo,
    asked: datetime | None = None,
) -> bool:
    """Return whether a backup should begin: its time of night has passed since the last try, or
    somebody asked for one since then, at `asked` (UTC).

    Example: at 03:30, after a try yesterday at 03:30, it is due from 03:30 today on, so a server
    that was off at night makes it when it starts. A try of the future is one of a clock that was
    days ahead, and counts no more.
    """
    if last is not None and asked is not None and asked > last.tried:
        return True
    if last is not None and last.tried - now > LONGEST_WAIT:
        return True
    local = now.astimezone(zone)
    day = local.date() if local.time() >= at else local.date() - timedelta(days=1)
    return last is None or last.tried < datetime.combine(day, at, zone)


def failed(last: LastBackup | None, at: datetime, problem: str) -> LastBackup:
    """Return the result after a try that failed at `at`; the last good snapshot stays."""
    return replace(last or LastBackup(at), tried=at, problem=problem)


def complaint(now: datetime, last: LastBackup | None) -> str:
    """Say what is wrong with the backups; empty when a recent one is good, and before the first."""
    if last is None:
        return ""
    if last.problem:
        return f"The last backup failed: {last.problem}"
    if last.good is None or now - last.good > OLD_AFTER:
        return "The last good backup is more than a day old."
    return ""
