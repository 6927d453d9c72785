"""A captured stream as a headend measures it: by our analysis, and by Debian's tstools.

tstools know nothing of ours.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure

from playout.engine.relay.analysis import StreamAnalysis, StreamReport

READ_BYTES = 1 << 20


@dataclass
class ForeignReport:
    """The words of tstools."""

    faults: list[str]
    rate: float
    longest_gap_ms: float
    prediction_error_us: float


def foreign(path: Path) -> ForeignReport:
    """Return what tsreport says of a captured stream: every line that it marks, and its figures."""
    text = subprocess.run(
        ["tsreport", "-b", str(path)], capture_output=True, text=True, check=True
    ).stdout
    rate, gap, least, most = (
        float(re.search(pattern, text)[1])  # type: ignore[index]
        for pattern in (
            r"Overall stream rate=(\d+)",
            r"Max gap: (\d+)t",
            r"prediction errors: min=(-?\d+)t",
            r"prediction errors: min=-?\d+t, max=(-?\d+)t",
        )
    )
    faults = [line.strip() for line in text.splitlines() if line.strip()[:3] in ("###", "!!!")]
    return ForeignReport(faults, rate, gap / 90, max(-least, most) * 100 / 9)


def own(path: Path) -> StreamReport:
    """Return our analysis of a captured stream, with the arrival of each datagram."""
    analysis = StreamAnalysis()
    arrivals = path.with_name(path.name + ".arrivals").read_bytes()
    times = memoryview(arrivals).cast("Q")
    with path.open("rb") as stream:
        for place in range(0, len(times), 2):
            end = times[place + 2] if place + 2 < len(times) else None
            size = end - times[place] if end is not None else READ_BYTES
            analysis.take(stream.read(size), times[place + 1])
    return analysis.report()


def figures(report: StreamReport, other: ForeignReport) -> list[Figure]:
    """Return what a headend would measure, with its limits. tsreport rounds the rate: it is 4 ppm
    off in a capture of four minutes whose rate is right to the bit.
    """
    rate = round(report.rate, -3)
    jitter, latest = (1000 * (value or 0.0) for value in (report.jitter, report.latest))
    longest = 1000 * max(report.tables.get(key, 9.0) for key in ((0, 0), (4096, 2)))
    return [
        Figure("stream", "rate", report.rate, "bit/s"),
        Figure("stream", "rate error", abs(report.rate / rate - 1) * 1e6, "ppm", 1),
        Figure("stream", "packets missing", len(report.continuity_errors), "packets", 0),
        Figure("stream", "longest time between clocks", 1000 * report.clock_gaps[1], "ms", 40),
        Figure("stream", "clock off its place, worst", report.clock_error_ns, "ns", 500),
        Figure("stream", "PAT and PMT, longest apart", longest, "ms", 100),
        Figure("stream", "least time before decoding", 1000 * report.leads[0], "ms"),
        Figure("stream", "arrival off, 99 %", jitter, "ms"),
        Figure("stream", "arrival off, worst", latest, "ms"),
        Figure("stream", "faults found by us", len(report.faults()), "faults", 0),
        Figure("stream", "faults found by tsreport", len(other.faults), "faults", 0),
        Figure("stream", "rate error, by tsreport", abs(other.rate / rate - 1) * 1e6, "ppm", 20),
        Figure(
            "stream", "longest time between clocks, by tsreport", other.longest_gap_ms, "ms", 40
        ),
    ]
