"""Breaks in a source's own clock, and pictures of an unexpected format. Pure rules.

A packet carries two times: `arrival`, on this machine's clock, and `dts`, on the clock of whatever
encoded it. The second one says how packets follow each other. It cannot be trusted blindly: an
encoder restarts and counts from zero, a network hands over a few packets from before an outage, a
paused encoder goes on where it stopped.
"""

from dataclasses import dataclass, field, replace
from fractions import Fraction

from playout.engine.links.packets import CodedPacket, StreamFormat

STEP_BACK_ALLOWED, STEP_AHEAD_ALLOWED = 0.5, 1.5
"""Seconds that a track's clock may step back or ahead between two packets and still go on."""
RESTART_CONFIRMED_AFTER = 3
"""Packets in a row that do not fit the clock so far, but fit each other: it has restarted."""
DELAY_ALLOWED = 2.0
"""Seconds by which packets may fall behind, compared with the first packet since the last restart.
An encoder that pauses and then goes on with its old clock falls behind for good. Without this rule
its picture would stay late until the end of the meeting."""

READY_WITHIN_NS = 4_000_000
"""Nanoseconds. A packet that comes sooner than this was ready already: libav had probed it."""
HELD_AT_MOST_NS = 1_000_000_000
"""Nanoseconds for which probed packets are held, until one comes that had to be waited for."""
PROBED_SPAN_SECONDS = 5.0
"""Most that probed packets span. A longer span is a break in the clock, and dates nothing back."""


@dataclass
class ProbeBacklog:
    """Restores the arrival times of the packets that libav read while it opened the source.

    libav reads about half a second of a stream to learn what is in it, then delivers those packets
    in one burst, all of them late. The first packet that has to be waited for arrives in real time,
    so every packet in the burst is dated back from it by DTS. They are worth it: a key frame may be
    among them, and without it up to two seconds of picture were lost.

    Worked example, one track, arrivals and DTS in seconds. The source is open at 5.60:

        DTS      delivered   held?   arrival restored
        905.00   5.60        yes     5.21 = 5.61 - (905.40 - 905.00)
        905.20   5.60        yes     5.41
        905.40   5.61        no      5.61, the first that was waited for
        905.60   5.81        no      5.81, untouched: the backlog is over
    """

    form: StreamFormat
    _held: list[CodedPacket] | None = field(default_factory=list)

    def take(self, pack: CodedPacket, waited: int) -> list[CodedPacket]:
        """Take a packet after a wait of `waited` nanoseconds; return the packets to go on with."""
        if self._held is None or self.form.bursty:
            return [pack]
        self._held.append(pack)
        is_ready = (
            waited < READY_WITHIN_NS and pack.arrival - self._held[0].arrival < HELD_AT_MOST_NS
        )
        return [] if is_ready else self.rest()

    def rest(self) -> list[CodedPacket]:
        """Return the packets that are held, dated back, and hold no more."""
        held, self._held = self._held or [], None
        newest = {pack.track: self.form.tracks[pack.track].seconds(pack.dts) for pack in held}
        return [self._dated_back(pack, newest[pack.track], held[-1].arrival) for pack in held]

    def _dated_back(self, pack: CodedPacket, newest: float, now: int) -> CodedPacket:
        before = newest - self.form.tracks[pack.track].seconds(pack.dts)
        if not 0 <= before < PROBED_SPAN_SECONDS:
            return pack
        return replace(pack, arrival=min(pack.arrival, now - round(before * 1e9)))


@dataclass
class Continuity:
    """Decides for each packet whether its source's clock goes on or restarts with it.

    A packet fits while its track's DTS has neither stepped back by 0.5 s nor ahead by 1.5 s, and
    while it is not 2 s later than the first packet was. One or two packets that do not fit are
    strays and are dropped. The third in a row that fits the two before it confirms a restart, and
    all three are passed on: the first of them is often the key frame that the others need.

    Worked example, one picture track at 25 a second, in seconds. An encoder reboots at 10.12:

        arrival   DTS       passed on
        10.00     5000.00   goes on; from here on the delay is measured
        10.04     5000.04   goes on
        10.08     8123.40   nothing: it leapt ahead, so it is held as the first of three
        10.12     5000.08   goes on, and the stray that was held is dropped
        10.16     0.00      nothing: held as the first of three
        10.20     0.04      nothing: held as the second
        10.24     0.08      restarts with 0.00; 0.04 and 0.08 go on after it
        10.28     0.12      goes on

    Then the encoder pauses for three seconds, and its clock pauses with it. The packet of 0.16
    arrives at 13.32: 3.16 s have passed since 0.00 arrived, but its clock has gone on by 0.16 s
    only. It is 3 s behind, so this and the two packets after it confirm another restart.
    """

    form: StreamFormat
    _last: dict[int, float] = field(default_factory=dict)
    """Seconds of each track's newest packet that fitted."""
    _odd: dict[int, list[CodedPacket]] = field(default_factory=dict)
    """Packets of each track that do not fit, but fit each other."""
    _first: tuple[float, int] | None = None
    """Seconds and arrival of the first packet since the last restart."""

    def take(self, pack: CodedPacket) -> list[tuple[bool, CodedPacket]]:
        """Take a packet; return the packets to go on with, and whether time restarts at each."""
        at, held = self._at(pack), self._odd.pop(pack.track, [])
        if self._fits(pack, at):
            self._first = self._first or (at, pack.arrival)
            self._last[pack.track] = at
            return [(False, pack)]
        if held and not -STEP_BACK_ALLOWED < at - self._at(held[-1]) < STEP_AHEAD_ALLOWED:
            held = []
        held = [*held, pack]
        if len(held) < RESTART_CONFIRMED_AFTER:
            self._odd[pack.track] = held
            return []
        return self._restarted(held)

    def _restarted(self, held: list[CodedPacket]) -> list[tuple[bool, CodedPacket]]:
        """Restart the clock with these packets, and with those held of other tracks that fit.

        Sound and picture of one encoder restart together, but each waits for its own third packet.
        """
        first = held[0]
        self._last = {first.track: self._at(held[-1])}
        self._first = (self._at(first), first.arrival)
        others = [pack for track in list(self._odd) for pack in self._odd.pop(track)]
        fitting = [pack for pack in others if self._fits(pack, self._at(pack))]
        self._last |= {pack.track: self._at(pack) for pack in fitting}
        rest = sorted([*held[1:], *fitting], key=lambda pack: pack.arrival)
        return [(True, first), *((False, pack) for pack in rest)]

    def _at(self, pack: CodedPacket) -> float:
        return self.form.tracks[pack.track].seconds(pack.dts)

    def _fits(self, pack: CodedPacket, at: float) -> bool:
        before = self._last.get(pack.track)
        if before is not None and not -STEP_BACK_ALLOWED < at - before < STEP_AHEAD_ALLOWED:
            return False
        if self._first is None:
            return True
        delay = (pack.arrival - self._first[1]) / 1e9 - (at - self._first[0])
        return delay <= DELAY_ALLOWED


RATE_TOLERANCE = Fraction(1, 500)
"""Share by which two rates may differ and count as the same: sources round 29.97 and 30."""


def unexpected_picture(form: StreamFormat, expects: str) -> str:
    """Tell staff that a source sends another picture than engineers expect of it.

    `expects` is written `1920x1080@30000/1001`. Empty where the picture is as expected, or nothing
    is expected.
    """
    picture = next((track for track in form.tracks if track.kind == "video"), None)
    if not expects:
        return ""
    if picture is None:
        return f"It sends no picture; {expects} is expected."
    size, _, rate = expects.partition("@")
    sent = f"{picture.width}x{picture.height}"
    is_rate = picture.rate is None or abs(picture.rate / Fraction(rate) - 1) < RATE_TOLERANCE
    shown = f"{sent}@{picture.rate}" if picture.rate is not None else sent
    return "" if sent == size and is_rate else f"It sends {shown}; {expects} is expected."
