"""The place of an encoder's units on the stream's clock, and which of them are dropped.

Each run of the encoder has a clock of its own. The first key picture of a run is shown one lead
after it came, and everything after it in that run keeps the same distance. So picture and sound
stay together, and a run that begins an hour after the last needs no step in the clock.

Worked example, in seconds, lead 0.6. Run 1 begins with a picture dated 0.4 when the stream's clock
is at 50.0: it is shown at 50.6, and so 50.2 is added to every date of this run. The encoder dies.
Run 2 begins, again with 0.4, at 58.3: now 58.5 is added, and the picture is shown at 58.9.

**Settling.** libVLC holds the first half second of a run back and then hands it over at once. So
the second picture of run 2 comes at 58.3 too, the fifteenth at 58.4, and from then on each at its
time: with 58.5 added they would all wait for 1.0 s. While a run settles, every picture that would
wait for longer than the lead moves the run's place earlier, here to 58.1. The pictures between
follow faster than they were made, until the run has caught up.

**Late pictures.** One that cannot be sent by its time is shown later, and the next ones follow
faster until they are in time. When that would take too long, pictures are dropped until the next
key picture, because decoders need every picture between. A key picture that comes hardly before its
time begins a new place: the encoder was stalled, and its clock lags from now on.
"""

from dataclasses import dataclass

from playout.engine.relay.units import AccessUnit
from playout.engine.transport import STAMPS_A_SECOND, near

LEAD_SECONDS = 0.6
"""Time from the arrival of a unit until it is decoded. The encoder's buffer of 0.3 s
(`outputs.encode.VBV_SECONDS`) needs as much for a large picture, and units come in bursts up to
0.1 s off their time."""
LEAST_LEAD_SECONDS = 0.1
"""Time before it is decoded at which a key picture must have come to keep its run's place."""
MOST_ANCHORED_SECONDS = 1.2
"""Most from now to the decoding of a picture whose place is given."""
LATE_SECONDS = 0.3
"""Most by which a picture is shown after its time."""
SETTLING_SECONDS = 1.0
"""Time from the first picture of a run in which its place may move."""
STEP_SECONDS = 1 / 120
"""Least time between two pictures."""


def _units(seconds: float) -> int:
    return round(seconds * STAMPS_A_SECOND)


@dataclass
class Placement:
    """Dates units by the stream's clock. All times are in units of 90 kHz."""

    lead: int = _units(LEAD_SECONDS)
    moved: int = 0
    """Times that a run got a new place, because its pictures came too late."""
    dropped: int = 0
    """Pictures left out, because they could not be sent in time."""
    muted: int = 0
    """Sounds left out, because they came too late or would overlap the last run's."""
    delayed: int = 0
    """Pictures shown after their time."""
    slack: int = 0
    """Time between the arrival of the last picture and its decoding."""
    run: int = 0
    shift: int | None = None
    """What is added to the stamps of the current run; None before its first picture."""
    anchor: int | None = None
    """What is to be added to the stamps of the run, if that is given; None to place it
    by when it came."""
    is_unseen: bool = False
    """Whether nothing leaves now. Then a run that came too late for the place that was given gets
    it at its next key picture; while pictures leave, viewers would see that step."""
    _settled_at: int = 0
    _awaits_key: bool = True
    _picture: int = -1
    """Decoding time of the last picture."""
    _sound: int = -1

    def place(self, unit: AccessUnit, now: int, ready: int) -> AccessUnit | None:
        """Return the unit dated by the stream's clock; None if it is dropped.

        `now` is the stream's time, `ready` that at which the unit would be sent completely.
        """
        if unit.run != self.run:
            self.run, self.shift, self._awaits_key = unit.run, None, True
        if unit.is_key:
            self._begin(unit, now)
        if self.shift is None:
            return None
        due = near(unit.dts + self.shift, now)
        if unit.is_video and now < self._settled_at and due > now + self.lead:
            self.shift -= due - now - self.lead
            due = now + self.lead
        dts = self._picture_at(unit, due, ready) if unit.is_video else self._sound_at(due, ready)
        if dts is None:
            self.dropped += unit.is_video
            self.muted += not unit.is_video
            return None
        if unit.is_video:
            self.slack = dts - now
        pts = dts + unit.pts - unit.dts
        return AccessUnit(unit.run, unit.is_video, unit.is_key, pts, dts, unit.data)

    def _begin(self, unit: AccessUnit, now: int) -> None:
        """Give the run its place, or a new one where its key pictures come too late."""
        if self.shift is None or self.is_unseen:
            given = self._given(unit, now)
            if given is not None:
                self.shift, self._settled_at = given, 0
                return
        if self.shift is not None:
            if near(unit.dts + self.shift, now) - now >= _units(LEAST_LEAD_SECONDS):
                return
            self.moved += 1
        self.shift = now + self.lead - unit.dts
        self._settled_at = now + _units(SETTLING_SECONDS)

    def _given(self, unit: AccessUnit, now: int) -> int | None:
        """Return the place that is given, if this key picture comes in time for it."""
        if self.anchor is None:
            return None
        least, most = now + _units(LEAST_LEAD_SECONDS), now + _units(MOST_ANCHORED_SECONDS)
        return self.anchor if least <= near(unit.dts + self.anchor, now) <= most else None

    def _picture_at(self, unit: AccessUnit, due: int, ready: int) -> int | None:
        """Return when a picture that is due now is decoded; None if it is dropped."""
        at = max(due, ready, self._picture + _units(STEP_SECONDS))
        is_late = ready > due + _units(LATE_SECONDS)
        self._awaits_key = is_late or (self._awaits_key and not unit.is_key)
        if self._awaits_key:
            return None
        self.delayed += at > due
        self._picture = at
        return at

    def _sound_at(self, due: int, ready: int) -> int | None:
        """Return when a sound that is due now is played; None if it is dropped."""
        if ready > due or due <= self._sound:
            return None
        self._sound = due
        return due
