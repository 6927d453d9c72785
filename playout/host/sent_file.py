"""Stretches in which this machine of a pair sent, kept on its disk over a restart.

The air log says what was composed, not what left. After a cut of power nobody else knows how much
of the airing that was on air left this machine.
"""

import logging
from datetime import timedelta
from pathlib import Path

from config.readjson import read_bounded
from config.wholefile import replace_file
from playout.asrun.sent import SentStretches
from playout.model.pair import SentRecord
from playout.model.wire import WireError, decode, encode

SENT_FILE = "sent.json"
WRITTEN_EVERY = timedelta(seconds=2)
"""How often it is written while this machine sends: at a cut of power so much of the record may
lack."""
log = logging.getLogger(__name__)


class SentFile:
    """The file, in the channel's folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / SENT_FILE
        self._written: SentRecord | None = None

    def read(self) -> SentStretches:
        """Return what was kept before this start; nothing where it cannot be read."""
        sent = SentStretches()
        try:
            kept = decode(SentRecord, read_bounded(self._path))
        except FileNotFoundError:
            sent.start((), None)
        except (OSError, WireError) as error:
            log.warning("What this machine sent before it started is not known: %s", error)
            sent.start((), None)
        else:
            sent.start(kept.stretches, kept.known)
        return sent

    def keep(self, sent: SentStretches) -> None:
        """Write the stretches, where they changed or one is open."""
        if sent.stretches is None or sent.known is None:
            return
        record, before = SentRecord(sent.stretches, sent.known), self._written
        if before is not None and not _is_due(before, record):
            return
        self._written = record
        replace_file(self._path, encode(record))


def _is_due(before: SentRecord, record: SentRecord) -> bool:
    if len(before.stretches) != len(record.stretches):
        return True
    if not record.stretches:
        return False
    (_, ended), (_, ends) = before.stretches[-1], record.stretches[-1]
    gone = abs(record.known - before.known) >= WRITTEN_EVERY
    return (ended is None) != (ends is None) or (ends is None and gone)
