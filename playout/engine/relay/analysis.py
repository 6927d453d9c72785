"""An analysis of a transport stream as a headend sees it: rate, clock, counters, tables, arrival.

The limits are those of ISO/IEC 13818-1 and of ETSI TR 101 290, and for tables those of EN 300 468
and A/65.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from playout.engine.transport import (
    CLOCK_HZ,
    NULL_PID,
    PACKET_BITS,
    PACKET_BYTES,
    PAT_PID,
    PSIP_PID,
    SDT_PID,
    STAMP_WRAP,
    STAMPS_A_SECOND,
    SYNC_BYTE,
    checksum,
    near,
    pid_of,
    read_clock,
    read_stamp,
)

CLOCK_WITHIN = 0.04
"""Seconds within which a clock comes."""
CLOCK_ERROR_NS = 500
"""Nanoseconds by which a clock may be off its place in the stream."""
TABLES_WITHIN = {
    (PAT_PID, 0x00): 0.1, (SDT_PID, 0x42): 2.0,
    (PSIP_PID, 0xC7): 0.15, (PSIP_PID, 0xC8): 0.4, (PSIP_PID, 0xC9): 0.4, (PSIP_PID, 0xCD): 1.0,
}  # fmt: skip
"""Longest time between two of a table, by packet id and table id: PAT, SDT, MGT, channel tables,
time."""
PMT_WITHIN = 0.1
JITTER_SHARE = 0.01
"""Share of clocks that may arrive later than the jitter that is told."""


@dataclass
class _Clocks:
    """Every clock of one packet id, as place in the stream, value and arrival."""

    places: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    """In units of 27 MHz, unwrapped."""
    arrivals: list[int] = field(default_factory=list)

    def add(self, place: int, value: int, arrived: int | None) -> None:
        wrap = STAMP_WRAP * 300
        last = self.values[-1] if self.values else value
        self.values.append(last + (value - last + wrap // 2) % wrap - wrap // 2)
        self.places.append(place)
        if arrived is not None:
            self.arrivals.append(arrived)


@dataclass
class StreamReport:
    """The findings on a stream. Times are in seconds where nothing else is said."""

    packets: int = 0
    nulls: int = 0
    no_sync: int = 0
    """Packets that do not begin with the sync byte."""
    continuity_errors: list[tuple[int, int]] = field(default_factory=list)
    """Packet id and place of each."""
    broken_tables: int = 0
    rate: float = 0.0
    """Bits a second by the stream's own clock."""
    seconds: float = 0.0
    clock_gaps: tuple[float, float] = (0.0, 0.0)
    """Shortest and longest time between two clocks; the shortest is negative for a step back."""
    clock_error_ns: float = 0.0
    """Most by which a clock is off its place in a stream of constant rate."""
    tables: dict[tuple[int, int], float] = field(default_factory=dict)
    """Longest time between two of each table, by packet id and table id."""
    maps: frozenset[int] = frozenset()
    leads: tuple[float, float] = (0.0, 0.0)
    """Least and most time from the beginning of a unit in the stream until it is decoded."""
    jitter: float | None = None
    """Time by which 99 % of the clocks arrived after the quickest; None for a file."""
    latest: float | None = None
    """The same for the last one of all."""
    drift_ppm: float | None = None
    """Parts in a million by which the stream's clock is faster than the receiver's."""

    def faults(self) -> list[str]:
        """Return a sentence for everything that a headend would mind."""
        found = [
            (bool(self.no_sync), f"{self.no_sync} packets do not begin with the sync byte."),
            (bool(self.continuity_errors), f"{len(self.continuity_errors)} packets are missing."),
            (bool(self.broken_tables), f"{self.broken_tables} tables have a wrong checksum."),
            (self.clock_gaps[0] < 0, f"The clock steps back by {-self.clock_gaps[0]:.3f} s."),
            (
                self.clock_gaps[1] > CLOCK_WITHIN,
                f"The clock is silent for up to {1000 * self.clock_gaps[1]:.0f} ms; at most "
                f"{1000 * CLOCK_WITHIN:.0f}.",
            ),
            (
                self.clock_error_ns > CLOCK_ERROR_NS,
                f"A clock is off by {self.clock_error_ns:.0f} ns: the rate is not constant.",
            ),
            (self.leads[0] < 0, "A picture or sound comes after its time."),
        ]
        return [text for is_so, text in found if is_so] + list(self._late_tables())

    def _late_tables(self) -> Iterator[str]:
        for (pid, table), longest in sorted(self.tables.items()):
            limit = PMT_WITHIN if pid in self.maps else TABLES_WITHIN.get((pid, table))
            if limit is not None and longest > limit:
                yield (
                    f"Table 0x{table:02x} is silent for up to {1000 * longest:.0f} ms; at most "
                    f"{1000 * limit:.0f}."
                )


class StreamAnalysis:
    """A stream, taken packet by packet."""

    def __init__(self) -> None:
        self._rest = b""
        self._report = StreamReport()
        self._counts: dict[int, int] = {}
        self._clocks: dict[int, _Clocks] = {}
        self._tables: dict[tuple[int, int], list[int]] = {}
        self._maps: set[int] = set()
        self._stamps: list[tuple[int, int]] = []
        """Place and decoding time of each unit."""

    def take(self, data: bytes, arrived: int | None = None) -> None:
        """Take the next bytes, which arrived at this monotonic instant in nanoseconds."""
        data = self._rest + data
        whole = len(data) // PACKET_BYTES * PACKET_BYTES
        for at in range(0, whole, PACKET_BYTES):
            self._packet(data[at : at + PACKET_BYTES], arrived)
        self._rest = data[whole:]

    def _packet(self, packet: bytes, arrived: int | None) -> None:
        report, place = self._report, self._report.packets
        report.packets += 1
        if packet[0] != SYNC_BYTE:
            report.no_sync += 1
            return
        pid = pid_of(packet)
        if pid == NULL_PID:
            report.nulls += 1
            return
        has_field, has_payload = packet[3] & 0x20, packet[3] & 0x10
        if has_payload:
            self._count(pid, packet[3] & 0x0F, place)
        if has_field and packet[4] and packet[5] & 0x10:
            self._clocks.setdefault(pid, _Clocks()).add(place, read_clock(packet[6:12]), arrived)
        if has_payload and packet[1] & 0x40:
            start = 4 + (1 + packet[4] if has_field else 0)
            self._start(pid, packet[start:], place)

    def _count(self, pid: int, count: int, place: int) -> None:
        last = self._counts.get(pid)
        if last is not None and count != (last + 1) & 0x0F:
            self._report.continuity_errors.append((pid, place))
        self._counts[pid] = count

    def _start(self, pid: int, payload: bytes, place: int) -> None:
        """Take the first packet of a unit or of a table."""
        if payload[:3] == b"\x00\x00\x01":
            if payload[7] & 0x80:
                at = 14 if payload[7] & 0x40 else 9
                self._stamps.append((place, read_stamp(payload[at : at + 5])))
        elif pid in (PAT_PID, SDT_PID, PSIP_PID) or pid in self._maps:
            self._table(pid, payload[1 + payload[0] :], place)

    def _table(self, pid: int, section: bytes, place: int) -> None:
        self._tables.setdefault((pid, section[0]), []).append(place)
        size = 3 + ((section[1] & 0x0F) << 8 | section[2])
        if len(section) < size:
            return
        if checksum(section[:size]):
            self._report.broken_tables += 1
        elif pid == PAT_PID:
            body = section[8 : size - 4]
            pairs = [body[at : at + 4] for at in range(0, len(body), 4)]
            self._maps |= {(p[2] & 0x1F) << 8 | p[3] for p in pairs if p[:2] != b"\x00\x00"}

    def report(self) -> StreamReport:
        """Return what the stream was like so far."""
        report = self._report
        report.maps = frozenset(self._maps)
        clocks = max(self._clocks.values(), key=lambda one: len(one.values), default=_Clocks())
        if len(clocks.values) > 1 and clocks.values[-1] > clocks.values[0]:
            self._by_clock(report, clocks)
            self._by_arrival(report, clocks)
        return report

    def _by_clock(self, report: StreamReport, clocks: _Clocks) -> None:
        values, places = clocks.values, clocks.places
        gaps = [(b - a) / CLOCK_HZ for a, b in zip(values, values[1:], strict=False)]
        report.clock_gaps = min(gaps), max(gaps)
        report.seconds = (values[-1] - values[0]) / CLOCK_HZ
        report.rate = (places[-1] - places[0]) * PACKET_BITS / report.seconds
        a_packet = (values[-1] - values[0]) / (places[-1] - places[0])
        off = [
            values[0] + (at - places[0]) * a_packet - value
            for at, value in zip(places, values, strict=True)
        ]
        report.clock_error_ns = (max(off) - min(off)) / 2 * 1e9 / CLOCK_HZ
        for key, found in self._tables.items():
            longest = max((b - a for a, b in zip(found, found[1:], strict=False)), default=0)
            report.tables[key] = longest * a_packet / CLOCK_HZ
        leads = []
        for at, stamp in self._stamps:
            now = (values[0] + (at - places[0]) * a_packet) / 300
            leads.append((near(stamp, round(now)) - now) / STAMPS_A_SECOND)
        report.leads = min(leads, default=0.0), max(leads, default=0.0)

    def _by_arrival(self, report: StreamReport, clocks: _Clocks) -> None:
        if len(clocks.arrivals) != len(clocks.values):
            return
        sent = [(value - clocks.values[0]) / CLOCK_HZ for value in clocks.values]
        came = [(arrival - clocks.arrivals[0]) / 1e9 for arrival in clocks.arrivals]
        slope, base = line(sent, came)
        late = sorted(at - base - slope * own for own, at in zip(sent, came, strict=True))
        report.jitter = late[-1 - int(len(late) * JITTER_SHARE)] - late[0]
        report.latest = late[-1] - late[0]
        report.drift_ppm = (slope - 1) * -1e6


def line(x: list[float], y: list[float]) -> tuple[float, float]:
    """Return slope and offset of the straight line nearest to these points."""
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((one - middle_x) ** 2 for one in x)
    pairs = zip(x, y, strict=True)
    slope = sum((a - middle_x) * (b - middle_y) for a, b in pairs) / spread if spread else 1.0
    return slope, middle_y - slope * middle_x
