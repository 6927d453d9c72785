"""Where a source's own time breaks, and what it should not be: rules without clock or file."""

from dataclasses import dataclass, field, replace
from fractions import Fraction

from playout.engine.links.packets import CodedPacket, StreamFormat

STEP_BACK_ALLOWED, STEP_AHEAD_ALLOWED = 0.5, 1.5
"""Seconds a track may step back or ahead between two packets before its time is broken."""
RESTART_CONFIRMED_AFTER = 3
"""Packets out of place in a row that fit each other and are a new beginning."""
DELAY_ALLOWED = 2.0
"""Seconds by which packets may come later, by their own time, than the first one did."""

READY_WITHIN_NS = 4_000_000
"""Nanoseconds within which a packet is brought that nobody had to wait for."""
HELD_AT_MOST_NS, PROBED_SPAN_SECONDS = 1_000_000_000, 5.0
"""Nanoseconds at most for which packets are held until one has to be waited for, and seconds that
they may span."""


@dataclass
class ProbeBacklog:
    """Tells when those packets came that were looked at while the source was opened.

    They are brought at once, all of them late: some hundred milliseconds, a key frame perhaps among
    them. The first that has to be waited for says where the source really is by then, and its own
    time how long before that each of them came.
    """

    form: StreamFormat
    _held: list[CodedPacket] | None = field(default_factory=list)

    def take(self, pack: CodedPacket, waited: int) -> list[CodedPacket]:
        """The packets to go on with, after a wait of so many nanoseconds for this one."""
        if self._held is None or self.form.bursty:
            return [pack]
        self._held.append(pack)
        is_at_once = (
            waited < READY_WITHIN_NS and pack.arrival - self._held[0].arrival < HELD_AT_MOST_NS
        )
        return [] if is_at_once else self.rest()

    def rest(self) -> list[CodedPacket]:
        """What is held; nothing is from now on."""
        held, self._held = self._held or [], None
        newest = {one.track: self.form.tracks[one.track].seconds(one.dts) for one in held}
        return [self._as_it_came(one, newest[one.track], held[-1].arrival) for one in held]

    def _as_it_came(self, pack: CodedPacket, newest: float, now: int) -> CodedPacket:
        before = newest - self.form.tracks[pack.track].seconds(pack.dts)
        if not 0 <= before < PROBED_SPAN_SECONDS:
            return pack
        return replace(pack, arrival=min(pack.arrival, now - round(before * 1e9)))


@dataclass
class Continuity:
    """Says of packets whether the source's time goes on or begins anew with them.

    A packet or two out of place are strays (a rest of what came before a loss) and left out; three
    in a row that fit each other are a new beginning.
    """

    form: StreamFormat
    _last: dict[int, float] = field(default_factory=dict)
    _odd: dict[int, list[CodedPacket]] = field(default_factory=dict)
    _first: tuple[float, int] | None = None

    def take(self, pack: CodedPacket) -> list[tuple[bool, CodedPacket]]:
        """The packets to go on with, in order, and whether time begins anew with each."""
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
        return self._anew(held)

    def _anew(self, held: list[CodedPacket]) -> list[tuple[bool, CodedPacket]]:
        """Time begins anew with these; what was held of other tracks may fit them."""
        first = held[0]
        self._last = {first.track: self._at(held[-1])}
        self._first = (self._at(first), first.arrival)
        others = [one for track in list(self._odd) for one in self._odd.pop(track)]
        fitting = [one for one in others if self._fits(one, self._at(one))]
        self._last |= {one.track: self._at(one) for one in fitting}
        rest = sorted([*held[1:], *fitting], key=lambda one: one.arrival)
        return [(True, first), *((False, one) for one in rest)]

    def _at(self, pack: CodedPacket) -> float:
        return self.form.tracks[pack.track].seconds(pack.dts)

    def _fits(self, pack: CodedPacket, at: float) -> bool:
        before = self._last.get(pack.track)
        if before is not None and not -STEP_BACK_ALLOWED < at - before < STEP_AHEAD_ALLOWED:
            return False
        if self._first is None:
            return True
        return (pack.arrival - self._first[1]) / 1e9 - (at - self._first[0]) <= DELAY_ALLOWED


RATE_TOLERANCE = Fraction(1, 500)
"""Part by which a rate may be off and be the same: sources round it."""


def unexpected_picture(form: StreamFormat, expects: str) -> str:
    """What to tell staff of a source that sends another picture than engineers expect of it,
    `1920x1080@30000/1001`; empty where it is the same, or nothing is expected."""
    picture = next((track for track in form.tracks if track.kind == "video"), None)
    if not expects:
        return ""
    if picture is None:
        return f"It sends no picture; {expects} is expected."
    size, _, rate = expects.partition("@")
    sent = f"{picture.width}x{picture.height}"
    same = sent == size and (
        picture.rate is None or abs(picture.rate / Fraction(rate) - 1) < RATE_TOLERANCE
    )
    shown = f"{sent}@{picture.rate}" if picture.rate is not None else sent
    return "" if same else f"It sends {shown}; {expects} is expected."
