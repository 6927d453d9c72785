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
"""From an open source, or good packets, to the first picture."""
FILED_AFTER = timedelta(seconds=5)
"""From the end of the post-roll to a recording that is filed."""
NEVER = timedelta(days=3650)

Spell = tuple[datetime, datetime | None]
"""[start, end), UTC; None for an end that is not known yet."""


@dataclass
class FakeSignal:
    """How a source behaves; without spells it is good, speaks and moves."""

    lost: list[Spell] = field(default_factory=list)
    """In order of time."""
    silent: list[Spell] = field(default_factory=list)
    frozen: list[Spell] = field(default_factory=list)
    fails: str = ""
    """Why nothing that is recorded of it can be used; empty when it can."""

    def drop(self, at: datetime) -> None:
        """Lose the signal from `at` on."""
        self.lost.append((at, None))

    def back(self, at: datetime) -> None:
        """Good signal again from `at` on."""
        self.lost[-1] = (self.lost[-1][0], at)


@dataclass
class _FakeRecording:
    intake: Intake
    began: datetime
    closed: datetime | None = None
    recess: list[Spell] = field(default_factory=list)

    def away(self, lost: Sequence[Spell]) -> list[Spell]:
        """What is not in the recording: `lost`, and recesses; apart, in order of time."""
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
    """Keeps the wanted sources open and records what an airing is named for."""

    def __init__(self, signals: Mapping[str, FakeSignal]) -> None:
        self._signals = signals
        self._intakes: tuple[Intake, ...] = ()
        self._opened: dict[str, datetime] = {}
        self._tapes: dict[AiringId, _FakeRecording] = {}

    def show(self, intakes: tuple[Intake, ...], now: datetime) -> None:
        """The wanted intakes, at `now`."""
        self._intakes = intakes
        wanted = {intake.airing: intake for intake in intakes if intake.airing is not None}
        self._roll(wanted, now)
        for airing, intake in wanted.items():
            tape = self._tapes.setdefault(airing, _FakeRecording(intake, max(intake.opens, now)))
            if tape.began >= now:
                tape.began = max(intake.opens, now)
        for source in [one for one in self._opened if self._of(one) is None]:
            del self._opened[source]
        for intake in reversed(intakes):
            if self._opened.get(intake.source.id, now) >= now:
                self._opened[intake.source.id] = max(intake.opens, now)

    def _roll(self, wanted: Mapping[AiringId, Intake], now: datetime) -> None:
        """Go on with the tapes that are wanted, and close the others."""
        for airing, tape in self._tapes.items():
            if airing in wanted:
                tape.intake, tape.closed = wanted[airing], None
                _turn(tape.recess, wanted[airing].recess, now)
            elif tape.closed is None:
                tape.closed = max(tape.began, min(now, tape.intake.closes))

    def recover(self, before: "FakeGateway", now: datetime) -> None:
        """After a power cut: what was recorded is there, and goes on where it is still wanted."""
        self._tapes = before._tapes
        for tape in self._tapes.values():
            if tape.closed is None:
                tape.closed = min(now, tape.intake.closes)

    def picture(self, source: str, now: datetime) -> tuple[datetime, datetime]:
        """From when on there is a picture (`now` or before: there is), and when it is lost."""
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
        """Every open source."""
        told = []
        for intake in self._intakes:
            if intake.opens <= now < intake.closes:
                told.append(self._report(intake, now))
        return tuple(told)

    def _report(self, intake: Intake, now: datetime) -> SourceReport:
        signal = self._signal(intake.source.id)
        opened = self._opened[intake.source.id]
        lost = _within(signal.lost, now)
        edges = [edge for spell in signal.lost for edge in spell if edge is not None]
        since = max((edge for edge in edges if edge <= now), default=opened)
        tape = self._tapes.get(intake.airing) if intake.airing is not None else None
        away = tape.away(signal.lost) if tape is not None else []
        kept = _kept(tape.began, now, away) if tape is not None else timedelta(0)
        return SourceReport(
            source=intake.source.id,
            airing=intake.airing,
            has_signal=lost is None,
            since=max(since, opened),
            silent_since=_within(signal.silent, now),
            frozen_since=_within(signal.frozen, now),
            recorded=kept.total_seconds(),
            reason="no packets come" if lost is not None else "",
        )

    def recordings(self, now: datetime) -> tuple[Recording, ...]:
        """What was closed, or is being."""
        told = []
        for airing, tape in self._tapes.items():
            end = tape.closed if tape.closed is not None else tape.intake.closes
            if end <= now:
                told.append(self._recording(airing, tape, end, now))
        return tuple(told)

    def _recording(
        self, airing: AiringId, tape: _FakeRecording, end: datetime, now: datetime
    ) -> Recording:
        if now < end + FILED_AFTER:
            return Recording(airing, RecordingState.CLOSING, tape.began)
        signal = self._signal(tape.intake.source.id)
        away = tape.away(signal.lost)
        length = _kept(tape.began, end, away)
        if signal.fails or length <= timedelta(0):
            return Recording(
                airing, RecordingState.FAILED, tape.began, reason=signal.fails or "no signal"
            )
        key = AssetKey(sha256(f"{airing} {length}".encode()).hexdigest())
        media = Media(key, ".ts", 1000, length, Fraction(30))
        gaps = [
            RecordingGap(max(start, tape.began), min(over or end, end))
            for start, over in away
            if start < end and (over or end) > tape.began
        ]
        return Recording(airing, RecordingState.WHOLE, tape.began, media, tuple(gaps))

    def _of(self, source: str) -> Intake | None:
        return next((one for one in self._intakes if one.source.id == source), None)

    def _signal(self, source: str) -> FakeSignal:
        return self._signals.get(source, _GOOD)


_GOOD = FakeSignal()


def _turn(recess: list[Spell], on: bool, now: datetime) -> None:
    """A recess begins, or the one that goes on is over."""
    goes_on = bool(recess) and recess[-1][1] is None
    if on and not goes_on:
        recess.append((now, None))
    elif goes_on and not on:
        recess[-1] = (recess[-1][0], now)


def _within(spells: Sequence[Spell], now: datetime) -> datetime | None:
    for start, end in spells:
        if start <= now and (end is None or now < end):
            return start
    return None


def _kept(start: datetime, end: datetime, lost: Sequence[Spell]) -> timedelta:
    """How much of [start, end) had signal."""
    kept = max(end - start, timedelta(0))
    for gone, back in lost:
        kept -= max(min(back or end, end) - max(gone, start), timedelta(0))
    return kept
