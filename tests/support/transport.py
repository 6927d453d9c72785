"""A checker of raw transport streams: continuity counters, and the clock carried by its PCRs."""

from dataclasses import dataclass, field
from pathlib import Path

PACKET = 188
PCR_HZ = 27_000_000
PCR_WRAP = (1 << 33) * 300


@dataclass
class TransportReport:
    """Faults of a stream, and its clock; positions are bytes into the file."""

    packets: int = 0
    bad_sync: list[int] = field(default_factory=list)
    continuity_errors: list[tuple[int, int]] = field(default_factory=list)
    """(pid, position)."""
    pids: dict[int, int] = field(default_factory=dict)
    """Packets per PID."""
    pcrs: list[tuple[int, float]] = field(default_factory=list)
    """(position, seconds)."""

    def pcr_gaps(self, longer_than: float) -> list[tuple[int, float]]:
        """Return (position, gap) where the clock jumped ahead by more than this, in seconds."""
        pairs = zip(self.pcrs, self.pcrs[1:], strict=False)
        return [(b[0], b[1] - a[1]) for a, b in pairs if b[1] - a[1] > longer_than]

    def pcr_backwards(self, after: float = 0.0) -> list[tuple[int, float]]:
        """Return (position, step) where the clock ran backwards, from `after` seconds on."""
        pairs = zip(self.pcrs, self.pcrs[1:], strict=False)
        from_here = self.pcrs[0][1] + after if self.pcrs else 0.0
        return [(b[0], b[1] - a[1]) for a, b in pairs if b[1] < a[1] and a[1] >= from_here]


def check_transport(path: Path) -> TransportReport:
    """Check every packet of a captured stream."""
    data = path.read_bytes()
    report, last = TransportReport(), {}
    clocks: dict[int, _Clock] = {}
    for position in range(0, len(data) - PACKET + 1, PACKET):
        packet = data[position : position + PACKET]
        if packet[0] != 0x47:
            report.bad_sync.append(position)
            continue
        report.packets += 1
        pid = (packet[1] & 0x1F) << 8 | packet[2]
        report.pids[pid] = report.pids.get(pid, 0) + 1
        adaptation, payload, count = packet[3] & 0x20, packet[3] & 0x10, packet[3] & 0x0F
        flags = packet[5] if adaptation and packet[4] else 0
        _count(report, last, pid, count, bool(payload), bool(flags & 0x80), position)
        if flags & 0x10:
            clocks.setdefault(pid, _Clock()).add(position, _pcr(packet))
    report.pcrs = max((clock.pcrs for clock in clocks.values()), key=len, default=[])
    return report


@dataclass
class _Clock:
    """The PCRs of one PID. A stream that begins with sound alone moves its clock to the picture
    later.
    """

    pcrs: list[tuple[int, float]] = field(default_factory=list)
    wraps: int = 0

    def add(self, position: int, pcr: int) -> None:
        seconds = pcr / PCR_HZ + self.wraps * PCR_WRAP / PCR_HZ
        if self.pcrs and seconds < self.pcrs[-1][1] - PCR_WRAP / PCR_HZ / 2:
            self.wraps += 1
            seconds += PCR_WRAP / PCR_HZ
        self.pcrs.append((position, seconds))


def _pcr(packet: bytes) -> int:
    base = int.from_bytes(packet[6:10], "big") << 1 | packet[10] >> 7
    return base * 300 + ((packet[10] & 1) << 8 | packet[11])


def _count(
    report: TransportReport,
    last: dict[int, tuple[int, bool]],
    pid: int,
    count: int,
    payload: bool,
    announced: bool,
    position: int,
) -> None:
    """Compare one continuity counter with its predecessor; one repeated packet is allowed."""
    if pid == 0x1FFF:
        return
    before = last.get(pid)
    repeated = False
    if before is not None and not announced:
        expected = (before[0] + 1) & 0x0F if payload else before[0]
        repeated = payload and count == before[0] and not before[1]
        if count != expected and not repeated:
            report.continuity_errors.append((pid, position))
    last[pid] = (count, repeated)
