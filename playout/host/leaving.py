"""The report of the watcher of the output on what leaves this machine, read from its file."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import TypeAdapter

from config.readjson import read_bounded
from playout.alerts.conditions import Condition
from playout.model.leaving import LEAVING_FILE, Fault, Leaving, LeavingPlace, Restart
from playout.model.wire import HostFault

REPORT_FRESH_FOR = timedelta(seconds=10)
"""A report older than this says nothing of now."""
CONDITIONS: Mapping[str, Condition] = {
    Fault.NO_STREAM: Condition.NO_STREAM,
    Fault.NO_PICTURES: Condition.NO_STREAM,
    Fault.BLACK: Condition.BLACK,
    Fault.FROZEN: Condition.FROZEN,
    Fault.WRONG: Condition.WRONG_ITEM,
    Fault.SILENT: Condition.SILENT,
    Fault.LOUD: Condition.LOUD,
    Fault.PACKETS: Condition.STREAM_DAMAGED,
    Fault.CLOCK: Condition.STREAM_DAMAGED,
    Fault.SENDERS: Condition.TWO_HOSTS,
}
"""The condition of each fault that the watcher names."""
_LEAVING = TypeAdapter(Leaving)


def read_places(folder: Path, now: datetime) -> tuple[LeavingPlace, ...]:
    """Return the places as they were seen in the last seconds; none where nobody watches."""
    report = _read(folder)
    if report is None or abs(now - report.at) > REPORT_FRESH_FOR:
        return ()
    return report.places


def faults_of_places(places: tuple[LeavingPlace, ...]) -> tuple[HostFault, ...]:
    """Return what is wrong with what leaves, by kind."""
    return tuple(
        HostFault(CONDITIONS.get(fault.kind, Condition.OTHER).value, fault.words)
        for place in places
        for fault in place.faults
    )


class Restarts:
    """News of what the watcher had restarted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written = 0

    def news(self) -> tuple[Restart, ...]:
        """Return every restart that the file names if it names others than at the last call."""
        try:
            written = (self._folder / LEAVING_FILE).stat().st_mtime_ns
        except OSError:
            return ()
        if written == self._written:
            return ()
        self._written = written
        report = _read(self._folder)
        return report.restarts if report is not None else ()


def _read(folder: Path) -> Leaving | None:
    try:
        return _LEAVING.validate_json(read_bounded(folder / LEAVING_FILE))
    except (OSError, ValueError):
        return None
