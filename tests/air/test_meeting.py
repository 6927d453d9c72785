"""An evening in a minute: a meeting overruns with the server gone, another outlives its host."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from support.as_run import as_run_between
from support.capture import Capture, CapturedPicture, read_ts
from support.capture_analysis import Run, runs
from support.captured_airing import REAL_STALL_NS
from support.clips import NTSC, numbered_clips
from support.live_encoder import EncoderProcess
from support.ports import free_udp_port
from support.stalls import Canary, Stall
from support.station import (
    CHANNEL,
    ZONE,
    Station,
    add_airing,
    body_of,
    upload,
    wait_for,
)  # fmt: skip
from support.stream_clock import DELAY_SPREAD, StreamClock

from config.clock import SimulatedClock
from config.names import ChannelId
from media.store import MediaStore
from playout.engine.recording.keeper import Keeper
from playout.engine.recording.pieces import RECORDINGS_FOLDER, read_closed
from playout.model.plan import Outcome
from playout.model.recording import Recording, RecordingState
from playout.model.wire import AsRun
from scheduler.queries import onair, sources

pytestmark = pytest.mark.air
ZONED = ZoneInfo(ZONE)
CHAMBER, REPLAY, FILM = 5, 2, 3
"""Ident drawn into the pictures of each."""
ENDS, GONE, ADJOURNED = 6, 4, 14
"""Seconds of the evening at which the council is expected to end, server and network disappear, and
somebody at the broadcast machine adjourns it."""
WARNED, CLEARED = 20, 22.5
"""When an emergency message is put over the replay, and taken down."""
COMMITTEE, KILLED, BACK, EARLY, PLANNED_END = 26, 30, 37, 44, 52
"""When the committee begins, its host dies, the server is back, it is adjourned, and it was
expected to end."""
FILM_SECONDS = 4
OVER = PLANNED_END + FILM_SECONDS


@dataclass
class Evening:
    """What was planned, done and received; seconds count from the council's start."""

    station: Station
    begin: datetime
    sent: float = 0.0
    """UTC seconds of the first packet of the source."""
    adjourned: float = 0.0
    answer: str = ""
    seen: list[CapturedPicture] = field(default_factory=list)
    stalls: list[Stall] = field(default_factory=list)

    def at(self, seconds: float) -> datetime:
        return self.begin + timedelta(seconds=seconds)

    def wait(self, seconds: float) -> None:
        time.sleep(max(0.0, self.at(seconds).timestamp() - time.time()))

    def conclusive(self) -> None:
        long = [s for s in self.stalls if s.end - s.begin > REAL_STALL_NS]
        if sum(s.end - s.begin for s in long) > 1e9:
            pytest.fail(f"inconclusive: the machine itself stalled {len(long)} times")

    def runs(self, ident: int) -> list[Run]:
        """Return what viewers saw of one item, without single pictures beside a kill."""
        return [run for run in runs(self.seen) if run.ident == ident and len(run.frames) > 10]

    @cached_property
    def clock(self) -> StreamClock:
        """Return the stream's clock before the kill and after it: committee and film each began on
        the first tick at or after their start.
        """
        (_, committee), (film,) = self.runs(CHAMBER), self.runs(FILM)
        known = ((committee, COMMITTEE), (film, PLANNED_END))
        return StreamClock(self.seen, [(run.seen[0], self.at(at).timestamp()) for run, at in known])

    def on_air(self, seen: CapturedPicture) -> float:
        """Return when the bus showed this picture, in seconds of the evening."""
        return self.clock.at(seen) - self.begin.timestamp()


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    folder = tmp_path_factory.mktemp("evening")
    hall = folder / "hall.ts"
    clips = {ident: folder / f"clip{ident}.mp4" for ident in (REPLAY, FILM)}
    recipes = {path: {"frames": 25 * 30, "ident": ident} for ident, path in clips.items()}
    making = numbered_clips(recipes | {hall: {"frames": 75 * 30, "ident": CHAMBER}})
    with Station(folder / "station") as station:
        staff, port = station.staff(), free_udp_port()
        source = chamber(station, staff, f"udp://127.0.0.1:{port}")
        assets = {ident: upload(staff, making[path].result().path, path.stem)
                  for ident, path in clips.items()}  # fmt: skip
        for asset in assets.values():
            offered(staff, asset)
        making[hall].result()
        evening = Evening(station, datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=12))
        plan(evening, staff, source, assets)
        with (
            Canary(folder / "stalls", realtime=True) as canary,
            Capture(station.air_port, folder / "air.ts") as capture,
            EncoderProcess(hall, f"udp://127.0.0.1:{port}") as sending,
        ):
            evening.sent = sending.started
            happen(evening, staff)
            evening.stalls = canary.stalls()
            captured = capture.stop()
        evening.seen = read_ts(captured)
        yield evening


def chamber(station: Station, staff: httpx.Client, address: str) -> str:
    body_of(staff.post("/settings/sources", data={"name": "Chamber", "address": address}))
    return str(sources.sources(station.db)[0].id)


def offered(staff: httpx.Client, asset: str) -> None:
    here = f'value="{asset}"'
    wait_for(lambda: here in staff.get("/airings/new").text, 60, "the clip is offered")


def plan(evening: Evening, staff: httpx.Client, source: str, assets: dict[int, str]) -> None:
    """Type into the forms: the council, a replay hard behind it, a committee, a film."""
    meeting(evening, staff, source, "Council", 0, ENDS)
    add_airing(staff, assets[REPLAY], "Planning", evening.at(ENDS), 20)
    meeting(evening, staff, source, "Committee", COMMITTEE, PLANNED_END - COMMITTEE)
    add_airing(staff, assets[FILM], "Film", evening.at(PLANNED_END), FILM_SECONDS)


def meeting(
    evening: Evening, staff: httpx.Client, source: str, title: str, start: float, length: int
) -> None:
    """Announce a meeting, then drag its end: no form accepts one that lasts seconds."""
    begin = evening.at(start).astimezone(ZONED)
    typed = {
        "body": title, "title": title, "day": f"{begin:%Y-%m-%d}", "at": f"{begin:%H:%M:%S}",
        "length": "0:02:00", "televised": "y", "channel": CHANNEL, "source": source,
    }  # fmt: skip
    body_of(staff.post("/meetings", data=typed))
    airing = evening.station.airing(title)
    dragged = {"version": airing.version, "longer": length - 120}
    body_of(staff.post(f"/airings/{airing.id}/move", data=dragged))


def happen(evening: Evening, staff: httpx.Client) -> None:
    """Play the evening."""
    station = evening.station
    evening.wait(GONE)
    station.link.cut()
    evening.wait(ADJOURNED)
    evening.answer = at_the_machine(station, "status") + at_the_machine(station, "adjourn")
    evening.adjourned = time.time()
    evening.wait(WARNED)
    at_the_machine(station, "emergency", "Boil water.", "--full", "--minutes", "1")
    evening.wait(CLEARED)
    at_the_machine(station, "clear")
    evening.wait(KILLED)
    station.kill("air")
    station.start("air", "gavel-playout", "run", CHANNEL)
    evening.wait(BACK)
    station.link.mend()
    evening.wait(EARLY)
    on = onair.on_air(station.db, ChannelId(CHANNEL), datetime.now(UTC))
    press = {"verb": "adjourn", "cue": on.cue.id, "item": on.cue.item or ""}
    body_of(staff.post(f"/channels/{CHANNEL}/command", data=press))
    evening.wait(OVER + 2)


def at_the_machine(station: Station, verb: str, *more: str) -> str:
    """Type a command on the broadcast machine. Return its answer."""
    words = [str(Path(sys.executable).with_name("gavel-playout")), verb, CHANNEL, *more]
    done = subprocess.run(
        words, env=station.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_meeting_without_a_server_holds_until_adjourned_at_the_host(
    evening: Evening,
) -> None:
    evening.conclusive()
    council = evening.runs(CHAMBER)[0]
    assert abs(evening.on_air(council.seen[0])) < 2 / NTSC
    assert council.frames == list(range(council.frames[0], council.frames[0] + len(council.frames)))
    ended = evening.on_air(council.seen[-1])
    assert ENDS + 5 < ended < evening.adjourned - evening.begin.timestamp() + 1.0
    replays = evening.runs(REPLAY)
    assert [run for run in replays if evening.on_air(run.seen[0]) < ended] == []
    assert "Council" in evening.answer and "until it is adjourned" in evening.answer


def test_item_behind_the_meeting_joins_in_progress(evening: Evening) -> None:
    evening.conclusive()
    (replay,) = evening.runs(REPLAY)
    joined = evening.on_air(replay.seen[0])
    assert joined < ADJOURNED + 6
    for one in (replay.seen[30], replay.seen[-1]):
        assert one.frame is not None
        assert abs(one.frame / NTSC - (evening.on_air(one) - ENDS)) < 4 / NTSC
    assert abs(evening.on_air(replay.seen[-1]) - COMMITTEE) < 2 / NTSC


def test_emergency_covers_anything_within_a_second_and_the_schedule_continues(
    evening: Evening,
) -> None:
    """The second runs from the instant the machine has the message, drawing included, to its first
    picture.
    """
    evening.conclusive()
    (replay,) = evening.runs(REPLAY)
    shown = [evening.on_air(one) for one in replay.seen]
    covered, last = max((b - a, a) for a, b in pairwise(shown))
    given, taken = (obeyed(evening, verb) for verb in ("emergency", "clear"))
    print(f"on air {last - given:.2f} s after it was given, gone {last + covered - taken:.2f} s")
    assert 0 < last - given < 1.0
    assert 0 < last + covered - taken < 1.0
    before, after = replay.seen[shown.index(last)], replay.seen[shown.index(last) + 1]
    assert before.frame is not None and after.frame is not None
    assert abs((after.frame - before.frame) / NTSC - covered) < 2 / NTSC


def obeyed(evening: Evening, verb: str) -> float:
    """Return when the broadcast machine journalled this command, in seconds of the evening."""
    folder = evening.station.settings.channel_dir(CHANNEL)
    entries = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    (given,) = [e for e in entries if (e.get("command") or {}).get("verb") == verb]
    return (datetime.fromisoformat(given["at"]) - evening.begin).total_seconds()


def test_a_host_killed_in_a_meeting_is_back_in_it_by_itself(evening: Evening) -> None:
    evening.conclusive()
    _, committee = evening.runs(CHAMBER)
    shown = [evening.on_air(one) for one in committee.seen]
    before, after = evening.clock.delays.values()
    print(f"the stream is {before:.2f} s behind the bus, after the kill {after:.2f} s")
    assert abs(after - before) < DELAY_SPREAD
    away, fell = max((b - a, a) for a, b in pairwise(shown))
    print(f"away for {away:.1f} s")
    assert abs(fell - KILLED) < 1.0
    assert away < 10
    last = committee.seen[-1]
    assert last.frame is not None
    sent = evening.sent - evening.begin.timestamp() + last.frame / NTSC
    assert 0 < evening.on_air(last) - sent < 2.0


def test_an_early_end_is_filled_to_the_tick_of_the_next_start(evening: Evening) -> None:
    evening.conclusive()
    (film,) = evening.runs(FILM)
    assert film.frames == list(range(len(film.frames)))
    ended = evening.on_air(evening.runs(CHAMBER)[-1].seen[-1])
    assert EARLY < ended < EARLY + 2
    council = evening.runs(CHAMBER)[0]
    assert abs(evening.on_air(council.seen[0])) < 2 / NTSC


def test_both_meetings_are_recorded_whole_except_for_the_kill(
    evening: Evening, tmp_path: Path
) -> None:
    evening.conclusive()
    council, committee = recordings(evening, tmp_path)
    for one in (council, committee):
        assert (one.state, one.reason) == (RecordingState.WHOLE, "")
    assert not [gap for gap in council.gaps if gap.start < evening.at(ADJOURNED)]
    (gap,) = [gap for gap in committee.gaps if gap.start > evening.at(COMMITTEE)]
    assert abs(gap.start - evening.at(KILLED)) < timedelta(seconds=2)
    assert gap.end - gap.start < timedelta(seconds=10)


def recordings(evening: Evening, folder: Path) -> tuple[Recording, Recording]:
    """Return both recordings as the keeper joins them after their post-roll, from a copy of the
    disk.
    """
    root = folder / "host"
    shutil.copytree(
        evening.station.settings.channel_dir(CHANNEL) / RECORDINGS_FOLDER, root / RECORDINGS_FOLDER
    )
    clock = SimulatedClock(datetime.now(UTC) + timedelta(minutes=1))
    keeper = Keeper(root, MediaStore(folder / "media"), clock)
    folders = sorted((root / RECORDINGS_FOLDER).glob("*/"), key=first_piece)
    assert len(folders) == 2
    for _ in folders:
        keeper.turn()
    closed = [read_closed(one) for one in folders]
    assert closed[0] is not None and closed[1] is not None
    return closed[0].recording, closed[1].recording


def first_piece(folder: Path) -> str:
    return min(piece.name for piece in folder.glob("*.ts"))


def test_as_run_tells_the_whole_evening(evening: Evening) -> None:
    def reported() -> dict[str, list[AsRun]]:
        rows: list[AsRun] = list(
            as_run_between(
                evening.station.db, ChannelId(CHANNEL), evening.at(-5), evening.at(OVER + 60)
            )
        )
        rows_by_title: dict[str, list[AsRun]] = {}
        for row in rows:
            rows_by_title.setdefault(row.title, []).append(row)
        return rows_by_title if "Film" in rows_by_title else {}

    rows = wait_for(reported, 20, "as-run of the film")
    (council,), (planning,), (film,) = (rows[title] for title in ("Council", "Planning", "Film"))
    outcomes = [row.outcome for row in (council, planning, film)]
    assert outcomes == [Outcome.OVERRAN, Outcome.JOINED, Outcome.AIRED]
    for row, planned in ((council, 0), (film, PLANNED_END)):
        late = (row.start - evening.at(planned)).total_seconds()
        assert -0.001 < late < 2 / NTSC, row.title
