"""A look at a stream as a headend sees it: received for some seconds, analysed, told in words."""

import socket
from collections.abc import Iterator

from config.clock import Clock
from config.targetaddress import FileTarget, NotATarget, RtpTarget, UdpTarget
from config.targetgrammar import read
from playout.engine.relay.analysis import StreamAnalysis, StreamReport
from playout.engine.transport import PACKET_BYTES
from playout.engine.watching.sources import listen

RECEIVE_BUFFER_BYTES = 8 << 20
LONGEST_DATAGRAM = 1 << 16
READ_BYTES = 1 << 20
NOTHING_AFTER = 5.0
"""Seconds without a datagram after which a look ends."""


def look_at_stream(address: str, seconds: float, clock: Clock) -> StreamReport:
    """Receive a stream for so long, or read a file, and return what it is like.

    Raises NotATarget for an address that is neither UDP, RTP nor a file, OSError for one that
    cannot be opened, TimeoutError where nothing comes.
    """
    target = read(address)
    analysis = StreamAnalysis()
    if isinstance(target, FileTarget):
        with target.path.open("rb") as file:
            while data := file.read(READ_BYTES):
                analysis.take(data)
        return analysis.report()
    if not isinstance(target, UdpTarget | RtpTarget):
        raise NotATarget("Write udp://HOST:PORT, rtp://HOST:PORT or the path of a .ts file.")
    with listen(target, RECEIVE_BUFFER_BYTES) as door:
        door.settimeout(NOTHING_AFTER)
        for datagram in _datagrams(door, seconds, clock):
            at = clock.monotonic()
            analysis.take(datagram[len(datagram) % PACKET_BYTES :], at)
    return analysis.report()


def _datagrams(door: socket.socket, seconds: float, clock: Clock) -> Iterator[bytes]:
    end = clock.monotonic() + round(seconds * 1e9)
    while clock.monotonic() < end:
        yield door.recv(LONGEST_DATAGRAM)


def words(report: StreamReport) -> list[str]:
    """Return the report in lines for staff; what a headend would mind comes last."""
    if not report.seconds:
        return ["This is no transport stream with a clock."]
    nulls = 100 * report.nulls / max(1, report.packets)
    lines = [
        f"{report.seconds:.1f} s, {report.packets} packets, {nulls:.1f} % of them null",
        f"rate {report.rate:.0f} bit/s; clock every {1000 * report.clock_gaps[1]:.1f} ms at most, "
        f"off by {report.clock_error_ns:.0f} ns at most",
        f"units {1000 * report.leads[0]:.0f} to {1000 * report.leads[1]:.0f} ms before their time",
    ]
    tables = [
        f"0x{table:02x} every {1000 * longest:.0f} ms"
        for (_, table), longest in sorted(report.tables.items())
    ]
    lines.append("tables at most: " + ", ".join(tables))
    if report.jitter is not None and report.latest is not None:
        lines.append(
            f"arrival off by {1000 * report.jitter:.1f} ms in 99 %, {1000 * report.latest:.1f} ms "
            f"at most; clock {report.drift_ppm:+.1f} parts in a million from this machine's"
        )
    faults = [f"FAULT: {text}" for text in report.faults()]
    return lines + (faults or ["No fault."])
