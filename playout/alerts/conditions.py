"""The one list of what can be wrong at a station, each with its severity and what to do."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Severity(StrEnum):
    """The weight of a condition, from the lightest."""

    NOTICE = "notice"
    """Look at it on a working day."""
    IMPORTANT = "important"
    """Viewers do not see it yet; a person must act before they do."""
    URGENT = "urgent"
    """Viewers see it now, or nobody can know whether they do."""

    @property
    def rank(self) -> int:
        """Its place in the order, 0 for the lightest."""
        return tuple(Severity).index(self)


class Condition(StrEnum):
    """The kinds of fault. The value is stored and sent, so it never changes."""

    BLACK = "black"
    FROZEN = "frozen"
    SILENT = "silent"
    WRONG_ITEM = "wrong item"
    NO_STREAM = "no stream"
    NO_SIGNAL = "no signal"
    ENGINE_AWAY = "engine away"
    RECORDING_FAILED = "recording failed"
    MEDIA_MISSING = "media missing"
    DISK = "disk"
    CLOCK = "clock"
    HOST_SILENT = "host silent"
    TWO_HOSTS = "two hosts"
    TOOK_OVER = "took over"
    NO_STANDBY = "no standby"
    SERVER_AWAY = "server away"
    DATABASE_AWAY = "database away"
    SCHEDULER_AWAY = "scheduler away"
    CERTIFICATE = "certificate"
    BACKUP_OLD = "backup old"
    ARCHIVE_AWAY = "archive away"
    ARCHIVE_DAMAGED = "archive damaged"
    WATCH_FOLDER = "watch folder"
    RETURN_STUCK = "return stuck"
    LOUD = "loud"
    STREAM_DAMAGED = "stream damaged"
    OTHER = "other"


OFF_AIR = frozenset({Condition.BLACK, Condition.NO_STREAM, Condition.ENGINE_AWAY})
"""Faults while which viewers see nothing of the channel."""


@dataclass(frozen=True)
class ConditionRule:
    """The rule of one condition."""

    severity: Severity
    title: str
    """A short name of the fault, for a subject line and a heading."""
    advice: str
    """What a person should do, in a sentence."""
    raised_after: timedelta
    """How long it must hold before anyone is told."""
    over_after: timedelta
    """How long it must be gone before it counts as over."""


_U, _I, _N = Severity.URGENT, Severity.IMPORTANT, Severity.NOTICE


def _rule(severity: Severity, raised: int, over: int, title: str, advice: str) -> ConditionRule:
    held, gone = timedelta(seconds=raised), timedelta(seconds=over)
    return ConditionRule(severity, title, advice, held, gone)


RULES: dict[Condition, ConditionRule] = {
    Condition.BLACK: _rule(
        _U, 10, 60, "Black picture",
        "Look at the On air page; show the slate or take another program, then check the file or "
        "the source.",
    ),
    Condition.FROZEN: _rule(
        _U, 20, 60, "Frozen picture",
        "Look at the On air page; if the picture should move, take another program, then check "
        "the file or the camera.",
    ),
    Condition.SILENT: _rule(
        _U, 30, 60, "No sound",
        "Look at the meters on the On air page, then check the microphones or the file.",
    ),
    Condition.WRONG_ITEM: _rule(
        _U, 20, 60, "Not what is scheduled",
        "Compare the On air page with the schedule; take the right program, then find out why.",
    ),
    Condition.NO_STREAM: _rule(
        _U, 20, 60, "No stream leaves",
        "Check the network and the outputs in the settings file of the broadcast machine, and run "
        "gavel-playout doctor there.",
    ),
    Condition.NO_SIGNAL: _rule(
        _U, 30, 60, "Live without a signal",
        "Check that the encoder in the room is on and sends, and look at the source in Settings.",
    ),
    Condition.ENGINE_AWAY: _rule(
        _U, 20, 60, "The playout engine does not respond",
        "Gavel restarts it by itself; if it does not come back, restart the service on the "
        "broadcast machine.",
    ),
    Condition.RECORDING_FAILED: _rule(
        _I, 0, 60, "Recording failed",
        "Open the meeting: a second copy or the room's own recording may have it; upload that for "
        "the replays.",
    ),
    Condition.MEDIA_MISSING: _rule(
        _I, 30, 60, "It cannot air as scheduled",
        "Open the schedule's to-do list and give the airing a file that is ready, or change it; if "
        "the disk of the broadcast machine is too small, add one.",
    ),
    Condition.DISK: _rule(
        _I, 60, 300, "Disk nearly full", "Remove files that are not needed, or add a disk."
    ),
    Condition.CLOCK: _rule(
        _I, 30, 300, "Clock not right",
        "Check the time service of the machine; once the clock is right, use Rejoin if the "
        "channel still waits.",
    ),
    Condition.HOST_SILENT: _rule(
        _U, 45, 60, "Broadcast machine not heard from",
        "Look at the channel on a television; then check the machine's power and network.",
    ),
    Condition.TWO_HOSTS: _rule(
        _U, 10, 300, "Two machines for one channel",
        "Stop Gavel on the machine that should not air this channel. If it has a key of its own, "
        "revoke that key in Settings.",
    ),
    Condition.TOOK_OVER: _rule(
        _I, 0, 60, "The standby took over",
        "Viewers see the channel. Find out what the other machine lacks, and move the channel back "
        "under Settings, Machines.",
    ),
    Condition.NO_STANDBY: _rule(
        _I, 120, 60, "No standby is ready",
        "The channel airs, but would stop if its machine failed. Look under Settings, "
        "Machines, at what the other one lacks.",
    ),
    Condition.SERVER_AWAY: _rule(
        _I, 30, 60, "Server not reached",
        "The channel airs by the schedule it has; check the server and the network between them.",
    ),
    Condition.DATABASE_AWAY: _rule(
        _I, 60, 60, "Database not reached",
        "Channels air by the schedule they have; check the database server and its disk.",
    ),
    Condition.SCHEDULER_AWAY: _rule(
        _I, 60, 60, "Scheduler stopped",
        "Changes reach no channel and the server sends no alerts until the scheduler runs again: "
        "restart it.",
    ),
    Condition.CERTIFICATE: _rule(
        _I, 0, 60, "Certificate about to end",
        "Renew it, or have its owner renew it; after its end nothing connects there: staff and "
        "broadcast machines at the web address, messages by mail, the stream to a platform.",
    ),
    Condition.BACKUP_OLD: _rule(
        _I, 0, 300, "No recent backup",
        "Run the backup by hand, read what it says, and check its disk.",
    ),
    Condition.ARCHIVE_AWAY: _rule(
        _N, 120, 60, "The archive is away",
        "Mount its disk or share on the server, then run gavel doctor there. Copies wait until "
        "then, and nothing is lost.",
    ),
    Condition.ARCHIVE_DAMAGED: _rule(
        _I, 0, 300, "A file of the archive is damaged",
        "Look for the file elsewhere and upload it again, then check the archive's disk. The "
        "server tries once a week whether the disk gives it back.",
    ),
    Condition.WATCH_FOLDER: _rule(
        _I, 300, 60, "A watch folder gives no files",
        "Mount its drive on the server, give Gavel the rights to move its files, or make room: the "
        "page Jobs and gavel doctor say which. Files put into it wait, and nothing is lost.",
    ),
    Condition.RETURN_STUCK: _rule(
        _I, 600, 300, "A file does not come back to the server",
        "Make room on the server, or mount the disk of the archive or the backup; then press Try "
        "now on the page Jobs. What cannot come back in time does not air.",
    ),
    Condition.LOUD: _rule(
        _I, 10, 60, "Sound leaves too loud",
        "Look at the meters on the On air page; the encoder is restarted by itself, and if that "
        "does not help, restart the channel.",
    ),
    Condition.STREAM_DAMAGED: _rule(
        _I, 10, 60, "The stream that leaves is damaged",
        "Check the network of the broadcast machine and whether it is too busy; run gavel-playout "
        "doctor there.",
    ),
    Condition.OTHER: _rule(
        _N, 120, 300, "Something else is wrong", "Look at the health line of the On air page."
    ),
}  # fmt: skip
"""The rule of every condition. The monitor and the host have already waited before they report
black, frozen or silent (`playout.host.health`), so these spans come on top of theirs."""
