"""A whole channel while its processes are killed: viewers must see little, and all must return."""

import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from support.capture import Capture, CapturedPicture, read_ts
from support.captured_airing import REAL_STALL_NS, children_of
from support.clips import numbered_clips
from support.marks import Mark, read_mark
from support.stalls import Canary, Stall
from support.station import CHANNEL, Station, add_airing, upload, wait_for
from support.stream_clock import DELAY_SPREAD, StreamClock

from config.clock import SystemClock
from config.supervise import Child, Supervisor
from playout.engine.links.air_log import read_facts
from playout.model.engine import AirFact

pytestmark = pytest.mark.air
RATE = Fraction(30000, 1001)
IDENT, SECONDS = 3, 42
STRIKES = (
    (8, "agent", signal.SIGKILL),
    (11, "monitor", signal.SIGSTOP),
    (14, "agent", signal.SIGSTOP),
    (18, "monitor", signal.SIGKILL),
)
"""Seconds into the airing, the process, and the signal it gets."""
FALL = 21
"""Seconds into the airing at which all of the channel's processes are killed at once."""
ALONE = 19
"""Seconds at which pages and scheduler die for good: the channel restarts with no server there."""
TORN = 0.2
"""Seconds before that in which the last picture may have been sent only in part."""
BACK = 20.0
"""Seconds within which the right picture is back: every interpreter restarts."""
SHARE = 0.35
"""Most of one processor that the monitor may take while nobody watches."""


class Parent:
    """The channel's supervisor's parent: like `gavel up`, it restarts the channel."""

    def __init__(self, station: Station) -> None:
        argv = [str(Path(sys.executable).with_name("gavel-playout")), "run", CHANNEL]
        child = Child("channel", argv, env=station.environment)
        self.supervisor = Supervisor([child], SystemClock())
        self._thread = threading.Thread(target=self.supervisor.run, kwargs={"signals": False})
        self._thread.start()

    @property
    def pid(self) -> int:
        return self.supervisor.pids()["channel"]

    def children(self) -> dict[str, int]:
        return children_of(self.pid)

    def fall(self) -> None:
        """Kill every process of the channel at once."""
        for pid in [self.pid, *self.children().values()]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        self.supervisor.stop()
        self._thread.join()


@dataclass
class Story:
    """One airing, the kills during it, and what a viewer received; times are UTC seconds."""

    begin: float
    fell: float = 0.0
    share: float = 0.0
    unwatched: bool = True
    picture: Mark | None = None
    health: dict[str, object] = field(default_factory=dict)
    meter: dict[str, object] = field(default_factory=dict)
    stalls: list[Stall] = field(default_factory=list)
    seen: list[CapturedPicture] = field(default_factory=list)
    facts: list[AirFact] = field(default_factory=list)

    def at(self, seconds: float) -> None:
        """Sleep until so many seconds into the airing."""
        time.sleep(max(0.0, self.begin + seconds - time.time()))

    def conclusive(self) -> None:
        long = [s for s in self.stalls if s.end - s.begin > REAL_STALL_NS]
        if sum(s.end - s.begin for s in long) > 1e9:
            pytest.fail(f"inconclusive: the machine itself stalled {len(long)} times")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("channel")
    clip = folder / "long.mp4"
    making = numbered_clips({clip: {"frames": SECONDS * 30 + 30, "ident": IDENT}})
    with Station(folder / "station") as station:
        station.kill("air")
        parent = Parent(station)
        making[clip].result()
        try:
            yield play(station, parent, clip, folder)
        finally:
            parent.stop()


def play(station: Station, parent: Parent, clip: Path, folder: Path) -> Story:
    staff = station.staff()
    asset = upload(staff, clip, "Council")
    form = "/airings/new"
    wait_for(lambda: f'value="{asset}"' in staff.get(form).text, 60, "the clip is offered")
    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=12)
    story = Story(begin.timestamp())
    with (
        Canary(folder / "stalls", realtime=True) as canary,
        Capture(station.air_port, folder / "air.ts") as capture,
    ):
        add_airing(staff, asset, "Council", begin, SECONDS)
        look_in(story, parent, station.settings.channel_dir(CHANNEL))
        for seconds, name, number in STRIKES:
            story.at(seconds)
            os.kill(parent.children()[name], number)
        story.at(ALONE)
        for name in ("web", "scheduler"):
            station.kill(name)
        story.at(FALL)
        story.fell = time.time()
        parent.fall()
        story.at(SECONDS + 1)
        story.seen = [one for one in read_ts(capture.stop()) if one.arrived is not None]
        story.stalls = canary.stalls()
    story.facts = [*read_facts(station.settings.channel_dir(CHANNEL) / "air.log", 0)[0]]
    return story


def look_in(story: Story, parent: Parent, folder: Path) -> None:
    """Watch the monitor for seven seconds: first without a viewer, then with one."""
    watch = folder / "watch"
    story.at(1)
    story.unwatched = not (watch / "picture.jpg").exists()
    before = cpu_of(parent.children()["monitor"])
    story.at(5)
    story.share = (cpu_of(parent.children()["monitor"]) - before) / 4
    watch.mkdir(parents=True, exist_ok=True)  # as the agent does while somebody looks
    (watch / "wanted").touch()
    story.at(7)
    image = Image.open(io.BytesIO((watch / "picture.jpg").read_bytes())).convert("L")
    story.picture = read_mark(np.asarray(image))
    story.health = json.loads((folder / "health.json").read_bytes())
    story.meter = json.loads((watch / "meter.json").read_bytes())


def cpu_of(pid: int) -> float:
    """Return the processor seconds that a process has used."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def test_agent_monitor_and_server_may_die_or_hang_and_no_frame_is_disturbed(story: Story) -> None:
    story.conclusive()
    before = [one for one in story.seen if (one.arrived or 0) < story.fell - TORN]
    frames = [one.frame for one in before if one.ident == IDENT]
    assert frames == list(range(len(frames)))
    assert len(frames) > (FALL - 3) * 29
    assert not any(
        fact.held or fact.dropped for fact in story.facts[:-1] if until_fall(story, fact)
    )


def until_fall(story: Story, fact: AirFact) -> bool:
    return fact.cue is not None and story.begin <= fact.start.timestamp() < story.fell - 1


def test_a_channel_killed_whole_is_back_at_the_right_place_with_no_server_there(
    story: Story,
) -> None:
    story.conclusive()
    first = next(one for one in story.seen if one.frame == 0)
    after = [one for one in story.seen if one.life > first.life and one.ident == IDENT]
    assert after, "the airing never came back"
    back = after[0].arrived - story.fell
    assert back < BACK
    frames = [one.frame for one in after]
    assert frames == list(range(frames[0], frames[0] + len(frames)))
    in_place = [(one, story.begin + one.frame / float(RATE)) for one in (first, after[0])]
    before, since = StreamClock(story.seen, in_place).delays.values()
    print(f"back after {back:.1f} s; an output's delay is {before:.2f} s, then {since:.2f} s")
    assert abs(since - before) < DELAY_SPREAD
    aired = [f for f in story.facts if f.source_first >= 0 and f.start.timestamp() > story.fell]
    offset = (aired[0].start.timestamp() - story.begin) * RATE
    assert abs(offset - aired[0].source_first) <= 3


def test_the_monitor_costs_little_and_shows_the_picture_only_while_somebody_looks(
    story: Story,
) -> None:
    print(f"the monitor takes {story.share:.2f} of a processor")
    assert story.unwatched
    assert story.share < SHARE
    assert story.picture is not None
    assert story.picture.ident == IDENT
    for report in (story.health, story.meter):
        assert (report["black"], report["frozen"], report["silent"]) == (False, False, False)
