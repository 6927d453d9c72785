"""Live inputs without a network, in simulated time: signals that come and go, and recordings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256

from config.names import AiringId, AssetKey
from playout.model.engine import Intake
from playout.model.plan import Media
from playout.model.recording import Recording, RecordingGap, RecordingState
from playout.model.source import SourceReport

FIRST_PICTURE_AFTER = timedelta(seconds=0.5)
"""From an open source, or from the first good packet, to its first picture."""
FILED_AFTER = timedelta(seconds=5)
"""From the end of the post-roll until the recording is filed."""
NEVER = timedelta(days=3650)

Spell = tuple[datetime, datetime | None]
"""[start, end), UTC; None for an end not known yet."""


@dataclass
class FakeSignal:
    """The behaviour of a source; without spells it has signal, sound and a moving picture."""

    lost: list[Spell] = field(default_factory=list)
    """In order of time."""
    silent: list[Spell] = field(default_factory=list)
    frozen: list[Spell] = field(default_factory=list)
    fails: str = ""
    """Why no recording of it can be used; empty when recordings can."""

    def drop(self, at: datetime) -> None:
        """Lose the signal from `at` on."""
        self.lost.append((at, None))

    def back(self, at: datetime) -> None:
        """Restore the signal from `at` on."""
        self.lost[-1] = (self.lost[-1][0], at)


@dataclass
class FakeRecording:
    """One recording on the fakes' disk."""

    intake: Intake
    began: datetime
    closed: datetime | None = None
    recess: list[Spell] = field(default_factory=list)

    def cut_off(self, now: datetime) -> None:
        """Close it at `now` where it was still being made, as a power cut does."""
        if self.closed is None:
            self.closed = min(now, self.intake.closes)

    def missing(self, lost: Sequence[Spell]) -> list[Spell]:
        """Return the spells that are not in the recording, `lost` and recesses, merged in order."""
        merged: list[Spell] = []
        for start, end in sorted([*lost, *self.recess], key=lambda spell: spell[0]):
            before = merged[-1] if merged else None
            if before is not None and (before[1] is None or start <= before[1]):
                ends = None if before[1] is None or end is None else max(before[1], end)
                merged[-1] = (before[0], ends)
            else:
                merged.append((start, end))
        return merged


class FakeGateway:
    """Keeps the wanted sources open, and records the airings that its intakes name."""

    def __init__(
        self, signals: Mapping[str, FakeSignal], disk: dict[AiringId, FakeRecording], now: datetime
    ) -> None:
        self._signals, self._disk = signals, disk
        for recording in disk.values():
            recording.cut_off(now)
        self._intakes: tuple[Intake, ...] = ()
        self._opened: dict[str, datetime] = {}

    def show(self, intakes: tuple[Intake, ...], now: datetime) -> None:
        """Take the wanted intakes, at `now`."""
        self._intakes = intakes
        wanted = {intake.airing: intake for intake in intakes if intake.airing is not None}
        self._follow(wanted, now)
        for airing, intake in wanted.items():
            recording = self._disk.setdefault(airing, FakeRecording(intake, max(intake.opens, now)))
            if recording.began >= now:
                recording.began = max(intake.opens, now)
        for source in [id for id in self._opened if self._intake_of(id) is None]:
            del self._opened[source]
        for intake in reversed(intakes):
            if self._opened.get(intake.source.id, now) >= now:
                self._opened[intake.source.id] = max(intake.opens, now)

    def _follow(self, wanted: Mapping[AiringId, Intake], now: datetime) -> None:
        """Continue the recordings that are wanted, and close the others."""
        for airing, recording in self._disk.items():
            if airing in wanted:
                recording.intake, recording.closed = wanted[airing], None
                _note_recess(recording.recess, wanted[airing].recess, now)
            elif recording.closed is None:
                recording.closed = max(recording.began, min(now, recording.intake.closes))

    def picture(self, source: str, now: datetime) -> tuple[datetime, datetime]:
        """Return from when on the source has a picture (`now` or before: it has one), and when that
        is lost.
        """
        opened = self._opened.get(source)
        if opened is None:
            return now + NEVER, now + NEVER
        good, lost = opened, now + NEVER
        for start, end in self._signal(source).lost:
            over = end or now + NEVER
            if start <= now < over + FIRST_PICTURE_AFTER or start <= good < over:
                good = max(good, over)
            elif start > now:
                lost = min(lost, start)
        return good + FIRST_PICTURE_AFTER, lost

    def reports(self, now: datetime) -> tuple[SourceReport, ...]:
        """Report on every open source."""
        open_now = [intake for intake in self._intakes if intake.opens <= now < intake.closes]
        return tuple(self._report(intake, now) for intake in open_now)

    def _report(self, intake: Intake, now: datetime) -> SourceReport:
        signal = self._signal(intake.source.id)
        opened = self._opened[intake.source.id]
        lost = _spell_at(signal.lost, now)
        edges = [edge for spell in signal.lost for edge in spell if edge is not None]
        since = max((edge for edge in edges if edge <= now), default=opened)
        recording = self._disk.get(intake.airing) if intake.airing is not None else None
        away = recording.missing(signal.lost) if recording is not None else []
        kept = _signal_time(recording.began, now, away) if recording is not None else timedelta(0)
        return SourceReport(
            source=intake.source.id,
            airing=intake.airing,
            has_signal=lost is None,
            since=max(since, opened),
            silent_since=_spell_at(signal.silent, now),
            frozen_since=_spell_at(signal.frozen, now),
            recorded=kept.total_seconds(),
            reason="no packets come" if lost is not None else "",
        )

    def recordings(self, now: datetime) -> tuple[Recording, ...]:
        """Return the recordings that are closed or being closed."""
        recordings = []
        for airing, recording in self._disk.items():
            end = recording.closed if recording.closed is not None else recording.intake.closes
            if end <= now:
                recordings.append(self._recording(airing, recording, end, now))
        return tuple(recordings)

    def _recording(
        self, airing: AiringId, recording: FakeRecording, end: datetime, now: datetime
    ) -> Recording:
        if now < end + FILED_AFTER:
            return Recording(airing, RecordingState.CLOSING, recording.began)
        signal = self._signal(recording.intake.source.id)
        away = recording.missing(signal.lost)
        length = _signal_time(recording.began, end, away)
        if signal.fails or length <= timedelta(0):
            return Recording(
                airing, RecordingState.FAILED, recording.began, reason=signal.fails or "no signal"
            )
        key = AssetKey(sha256(f"{airing} {length}".encode()).hexdigest())
        media = Media(key, ".ts", 1000, length, Fraction(30))
        gaps = [
            RecordingGap(max(start, recording.began), min(over or end, end))
            for start, over in away
            if start < end and (over or end) > recording.began
        ]
        return Recording(airing, RecordingState.WHOLE, recording.began, media, tuple(gaps))

    def _intake_of(self, source: str) -> Intake | None:
        return next((intake for intake in self._intakes if intake.source.id == source), None)

    def _signal(self, source: str) -> FakeSignal:
        return self._signals.get(source, _GOOD)


_GOOD = FakeSignal()


def _note_recess(recess: list[Spell], on: bool, now: datetime) -> None:
    """Begin a recess, or end the one that goes on."""
    goes_on = bool(recess) and recess[-1][1] is None
    if on and not goes_on:
        recess.append((now, None))
    elif goes_on and not on:
        recess[-1] = (recess[-1][0], now)


def _spell_at(spells: Sequence[Spell], now: datetime) -> datetime | None:
    for start, end in spells:
        if start <= now and (end is None or now < end):
            return start
    return None


def _signal_time(start: datetime, end: datetime, lost: Sequence[Spell]) -> timedelta:
    """Return how much of [start, end) had signal."""
    kept = max(end - start, timedelta(0))
    for gone, back in lost:
        kept -= max(min(back or end, end) - max(gone, start), timedelta(0))
    return kept
