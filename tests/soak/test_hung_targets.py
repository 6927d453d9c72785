"""Ten minutes in which every kind of target hangs or refuses, and nothing else suffers for it.

One channel sends to UDP and to two of each other kind: one that takes the stream, and one that
does not. A minute before the end all of them are good again.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from bench.figures import Figure
from soak.headend import figures, foreign, own
from soak.notes import alone, minutes, note
from soak.receivers import read_back
from soak.target_judge import NEVER, ended, growth, holes, uncounted, verdict
from soak.target_scene import BAD, CLEAN, HOUSE, RELAY, Aired, aired
from support.capture import Capture, CapturedPicture, read_ts
from support.captured_airing import EXCUSED_SHARE_LIMIT, REAL_STALL_NS
from support.clips import NTSC, numbered_clip
from support.ports import free_udp_port
from support.stalls import Canary, Stall

from playout.processes.outputs import PIPE_BYTES

pytestmark = pytest.mark.soak
TICKS = 900
"""Ticks of each item: half a minute."""
CLEAN_FIRST, RECOVERY = 60.0, 80.0
"""Seconds at the beginning in which the targets are good, and at the end."""
TOLD_WITHIN = 20.0
"""Seconds until a bad target's state must say so: what a sender waits for the other side, the
segment of HLS that fails, and two looks."""
WELL_WITHIN = 60.0
"""Seconds until a target must be well again: the longest pause between two tries, the time of a
try, and the ten seconds for which it has to take the stream."""
REPORT_SKEW = 2.5
"""Seconds by which the reports of the relay and of a target, written once a second, may differ."""
MOST_GROWTH = 3.0
"""MB."""
LEAST_AFTERWARDS = 10.0
"""Seconds of numbered pictures that each bad target must have taken in the end."""
WORDS = {
    6: ("broke off", "does not answer", "gone", "timed out", "timeout"),
    7: ("does not answer", "timed out", "timeout", "refuse", "nobody", "no one"),
    8: ("takes nothing any more",),
    9: ("refuses the connection",),
    10: ("full", "no space", "no room"),
    11: ("full", "no space", "no room"),
}
"""For each bad target, words of which one must be in what is told of it."""


def times_of(long: float) -> tuple[float, float, float]:
    """Return when the hang begins and ends, and when a run of so many seconds ends."""
    first, last = min(CLEAN_FIRST, long / 6), min(RECOVERY, long / 2)
    return first, long - last, long


def of_clean(run: Aired, ticks: int) -> Iterator[Figure]:
    """Yield what the good receivers got, and what was told of them."""
    for number, name in CLEAN.items():
        seen = received(run, number)
        found = holes(seen, ticks)
        got = sum(one.frame is not None for one in seen)
        due = (run.end - run.begin) * float(NTSC)
        note = "; ".join(found[:5])
        yield Figure("clean", f"{name}: pictures", got, "pictures")
        yield Figure("clean", f"{name}: holes", len(found), "holes", 0, note=note)
        short = max(0.0, due - got) / float(NTSC)
        yield Figure("clean", f"{name}: of the end not received", short, "s", 5)
        told = [one for one in run.witness.samples if one.at >= run.begin and number in one.states]
        blamed = sum(bool(one.states[number].problem) for one in told)
        yield Figure("clean", f"{name}: called bad", blamed, "times", 0)


def received(run: Aired, number: int) -> list[CapturedPicture]:
    """Return the pictures that the receiver of an output got."""
    scene = run.scene
    path = scene.files.get(number)
    if number in scene.folders:
        path = read_back(scene.folders[number], scene.folder / f"joined-{number}.ts")
    if number in scene.receivers:
        path = scene.receivers[number].path
    assert path is not None
    return read_ts(path) if path.exists() and path.stat().st_size else []


def tail(seen: Sequence[CapturedPicture], ticks: int) -> float:
    """Return how many seconds of pictures without a hole there are at the end."""
    last = next((n for n, one in enumerate(reversed(seen)) if one.frame is not None), len(seen))
    inner, count = seen[: len(seen) - last], 0
    for other, one in pairwise(reversed(inner)):
        if holes([one, other], ticks):
            break
        count += 1
    return count / float(NTSC)


def of_bad(run: Aired, ticks: int) -> Iterator[Figure]:
    """Yield what was told of the bad targets, and what they got in the end."""
    samples = run.witness.samples
    for number, name in BAD.items():
        first = next((s.at for s in samples if s.relay.get("packets")), run.begin)
        hang = run.hang_of(number, first)
        found = verdict(samples, number, hang)
        said = " / ".join(found.words)
        right = any(word in text.lower() for text in found.words for word in WORDS[number])
        yield Figure("bad", f"{name}: told after", found.told_after, "s", TOLD_WITHIN, note=said)
        yield Figure("bad", f"{name}: not told why", int(not right), "", 0)
        yield Figure("bad", f"{name}: called well while bad", found.called_well, "s", 0)
        yield Figure("bad", f"{name}: told beginning, off", found.off_since, "s", TOLD_WITHIN)
        yield Figure("bad", f"{name}: well again after", found.well_after, "s", WELL_WITHIN)
        yield Figure("bad", f"{name}: counted as dropped", 100 * found.counted, "%")
        if number == 8:
            got = (run.scene.unread.pictures - run.unread_before) / float(NTSC)
        else:
            got = tail(received(run, number), ticks)
        missing = max(0.0, LEAST_AFTERWARDS - got)
        yield Figure("bad", f"{name}: taken in the end", got, "s")
        yield Figure("bad", f"{name}: lacking in the end", missing, "s", 0)


def of_accounts(run: Aired, rate: float) -> Iterator[Figure]:
    """Yield by how much the counts of the stream do not add up, for each target."""
    skew = REPORT_SKEW * rate / 8
    names = {**CLEAN, **BAD}
    for number, name in names.items():
        found = [uncounted(one, number) for one in run.witness.samples]
        open_ = [one for one in found if one is not None]
        wrong = max((max(one - PIPE_BYTES - skew, -one - skew) for one in open_), default=NEVER)
        most = max(open_, default=NEVER)
        yield Figure(
            "accounts", f"{name}: bytes in no count", max(0.0, wrong), "bytes", 0,
            note=f"at most {most / 1e6:.2f} MB waited in its pipe",
        )  # fmt: skip


def of_machine_room(run: Aired) -> Iterator[Figure]:
    """Yield what became of the processes themselves, and what staff were told."""
    for name, sizes in sorted(run.witness.memory.items()):
        grown = growth(sizes, run.begin, run.end)
        note = f"{sizes[0][1]:.1f} to {sizes[-1][1]:.1f} MB"
        yield Figure("memory", f"{name}: grown", grown, "MB", MOST_GROWTH, note=note)
    seen = run.witness.memory
    unseen = [
        name for name in (RELAY, *(f"output {n}" for n in (*CLEAN, *BAD))) if name not in seen
    ]
    names = ", ".join(unseen)
    yield Figure("memory", "processes whose memory was not seen", len(unseen), "", 0, note=names)
    gone = ended(run.witness.pids)
    words = ", ".join(gone)
    yield Figure("memory", "processes that ended", len(gone), "", 0, note=words)
    middle = (run.hang.begin + run.hang.end) / 2
    told = [told for at, told in run.witness.status if middle <= at < run.hang.end]
    last = run.witness.samples[-1].states
    shown = {n: last[n].shown if n in last else "?" for n in (*BAD, *CLEAN)}
    named = {n: any(shown[n] in text for text in told[-1]) if told else False for n in shown}
    unnamed = ", ".join(BAD[n] for n in BAD if not named[n])
    count = sum(not named[n] for n in BAD)
    yield Figure("status", "bad targets that the status does not name", count, "", 0, note=unnamed)
    wrong = sum(named[n] for n in CLEAN)
    yield Figure("status", "good targets that the status calls bad", wrong, "", 0)


def of_machine(stalls: Sequence[Stall], seconds: float) -> Figure:
    """Return for how much of the time the machine itself stood still."""
    lost = sum(s.end - s.begin for s in stalls if s.end - s.begin > REAL_STALL_NS) / 1e9
    name = "time the machine stood still"
    return Figure("machine", name, 100 * lost / seconds, "%", 100 * EXCUSED_SHARE_LIMIT)


def test_targets_that_hang_or_refuse_harm_no_other(tmp_path: Path) -> None:
    long, port = minutes(10), free_udp_port()
    clips = [numbered_clip(tmp_path / f"{n}.mp4", frames=TICKS + 30, ident=n) for n in (1, 2)]
    with (
        alone(),
        Canary(tmp_path / "stalls", realtime=True) as canary,
        Capture(port, tmp_path / "udp.ts") as capture,
    ):
        run = aired(tmp_path, clips, TICKS, port, times_of(long * 60))
        path, stalls = capture.stop(), canary.stalls()
    report, other = own(path), foreign(path)
    seen = read_ts(path)
    through = holes(seen, TICKS)
    found = [
        *figures(report, other),
        Figure("stream", "UDP: holes", len(through), "holes", 0, note="; ".join(through[:5])),
        *of_clean(run, TICKS),
        *of_bad(run, TICKS),
        *of_accounts(run, report.rate),
        *of_machine_room(run),
        of_machine(stalls, long * 60),
    ]
    note(
        "hung_targets", "Targets that hang or refuse beside clean ones", found, stalls, long * 60,
        minutes=long, house=HOUSE, faults=report.faults() + other.faults[:50], holes=through[:50],
        status=run.witness.status[len(run.witness.status) // 2 :][:1],
    )  # fmt: skip

    assert [one for one in found if not one.good] == []
