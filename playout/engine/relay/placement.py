"""The place of an encoder's units on the stream's clock, and which of them are dropped.

Each run of the encoder has a clock of its own. The first key picture of a run gets the time at
which it came plus the lead, and everything after it in that run keeps the same distance. So picture
and sound stay together, and a run that begins an hour after the last needs no step in the clock.

Worked example, in seconds, lead 0.6. Run 1 begins with a picture dated 0.4 when the stream's clock
is at 50.0: it is shown at 50.6, and so 50.2 is added to every date of this run. The encoder dies.
Run 2 begins, again with 0.4, at 58.3: now 58.5 is added, and the picture is shown at 58.9.

A unit that would arrive after its time is dropped, and pictures are then dropped until the next key
picture, because decoders need every picture between. A key picture that comes with too little time
left gets a new place with the full lead: the encoder was stalled, and its clock lags from now on.
"""

from dataclasses import dataclass, replace

from playout.engine.relay.transport import STAMPS_A_SECOND, near
from playout.engine.relay.units import AccessUnit

LEAD_SECONDS = 0.6
"""Time from the arrival of the first picture until it is shown. The encoder's buffer of 0.3 s
(`outputs.targets.VBV_SECONDS`) needs as much for a large picture, and units come in bursts up to
0.1 s off their time."""
LEAST_LEAD_SECONDS = 0.35
"""Time before it is shown at which a key picture must have come to keep its run's place."""
LATE_SECONDS = 0.1
"""How late the last byte of a unit may be. Receivers buffer more than this; a second of missing
pictures costs them more."""


@dataclass
class Placement:
    """Dates units by the stream's clock. All times are in units of 90 kHz."""

    lead: int = round(LEAD_SECONDS * STAMPS_A_SECOND)
    least: int = round(LEAST_LEAD_SECONDS * STAMPS_A_SECOND)
    late: int = round(LATE_SECONDS * STAMPS_A_SECOND)
    moved: int = 0
    """Times that a run got a new place, because its pictures came too late."""
    dropped: int = 0
    """Units that would have been late."""
    slack: int = 0
    """Time between the arrival of the last picture and its decoding."""
    run: int = 0
    shift: int | None = None
    """What is added to the stamps of the current run; None before its first picture."""
    _awaits_key: bool = False
    _latest: int = 0
    """Greatest decoding time given so far."""

    def place(self, unit: AccessUnit, now: int, ready: int) -> AccessUnit | None:
        """Return the unit dated by the stream's clock; None if it is dropped.

        `now` is the stream's time, `ready` that at which the unit would be sent completely.
        """
        if unit.run != self.run:
            self.run, self.shift, self._awaits_key = unit.run, None, True
        if unit.is_key:
            self._settle(unit, now)
        if self.shift is None:
            return None
        dts = near(unit.dts + self.shift, now)
        if ready > dts + self.late:
            self._awaits_key = self._awaits_key or unit.is_video
            self.dropped += 1
            return None
        if unit.is_video:
            if self._awaits_key and not unit.is_key:
                self.dropped += 1
                return None
            self._awaits_key = False
            self.slack = dts - now
        self._latest = max(self._latest, dts)
        return replace(unit, dts=dts, pts=dts + unit.pts - unit.dts)

    def _settle(self, unit: AccessUnit, now: int) -> None:
        """Give the run its place, or a new one where its key pictures come too late."""
        if self.shift is not None:
            if near(unit.dts + self.shift, now) - now >= self.least:
                return
            self.moved += 1
        self.shift = max(now + self.lead, self._latest + 1) - unit.dts
