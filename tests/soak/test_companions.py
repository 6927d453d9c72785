"""What a long film costs: its small copy, its strips and its captions for the search, as a share of
its length on one core, while a channel on the same machine is on air and loses no picture.

`GAVEL_SOAK_MINUTES` sets the length of each film, 20 unless told; 240 is a meeting of four hours.
The film repeats a minute of noisy pictures with captions, because noise costs decoder and encoder
most.
"""

import json
import resource
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import av
import pytest
from bench.figures import Figure
from soak.notes import alone, minutes, note
from soak.own_channels import OwnChannel, OwnChannels
from soak.test_four_channels import Aired, all_of, figures, relay_of
from soak.waits import watched
from support.captioned import by_slot, caption_clip
from support.capture import Capture
from support.clips import numbered_clip
from support.desk import NOW, an_asset
from support.ports import free_udp_port
from support.stalls import Canary

from config.clock import SimulatedClock
from config.names import AssetKey
from media.asset import AssetFacts
from media.caption_files import read_captions
from media.captions.cue import laid_out
from media.captions.encode import encode
from media.companion import COMPANION, FilmOrder, Strips, make_companion
from media.probe import ConfinedProber
from media.store import MediaStore
from scheduler.db import find
from scheduler.db.store import Database
from scheduler.db.tables.plan import AssetRow
from scheduler.domain.library.search import Search
from scheduler.process.library_indexer import LibraryIndexer

pytestmark = pytest.mark.soak
MOST_SHARE = 0.15
"""The largest share of its length that all of it may take, on one core."""
RATE = Fraction(30000, 1001)
PICTURE = "testsrc2=1280x720:rate=30000/1001,noise=alls=6:allf=t"
H264 = ("-c:v", "libx264", "-preset", "veryfast", "-b:v", "5M")
FILMS = {
    "h264.mp4": ((*H264, "-c:a", "aac"), "none"),
    "h264-ac3.mp4": ((*H264, "-c:a", "ac3", "-b:a", "192k"), "whole"),
    "h264.mkv": ((*H264, "-c:a", "aac"), "whole"),
    "mpeg2.mpg": (("-c:v", "mpeg2video", "-b:v", "8M", "-c:a", "mp2"), "small"),
}
"""Codings of films, and which copy browsers need. The first two are what a recording is: an MP4 of
the packets as its source sent them, and sources send AAC or AC-3. An uploaded transport stream is
rewrapped to such an MP4 before anything is made of it.
"""
CAPTION = "The stormwater fee rises."
CAPTIONS_EVERY = 4.0
HOUSE, SIZE, TICKS = "640x360@30000/1001", (640, 360), 300
LEAD = 20.0
PROBED_WITHIN = 600.0
"""Seconds; ample, because the first look at a film is not what is judged here."""


@dataclass(frozen=True)
class Made:
    """What was made of a film, and the seconds of the processor that each part took."""

    strips: Strips
    captions: int
    found: bool
    """Whether the film is found by a word that is said in it."""
    spent: dict[str, float]


def film(folder: Path, name: str, coding: Sequence[str], long: float) -> Path:
    """Make a film of so many seconds by repeating a minute with captions."""
    # libav gives the first packets of a Matroska file no time of decoding, and so no captions.
    indexed = name.replace(".mkv", ".mp4")
    plain, minute, whole = folder / f"plain-{indexed}", folder / f"minute-{indexed}", folder / name
    source = ["-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", "sine=440:r=48000"]
    seconds = min(60.0, long)
    run([*source, "-t", str(seconds), "-pix_fmt", "yuv420p", *coding, str(plain)])
    begins = [at * CAPTIONS_EVERY + 1 for at in range(int(seconds / CAPTIONS_EVERY) - 1)]
    cues = [
        one
        for at in begins
        for one in laid_out(round(at * 1e6), round((at + 2.5) * 1e6), [CAPTION])
    ]
    caption_clip(plain, minute, by_slot(encode(cues)))
    repeats = max(0, round(long / seconds) - 1)
    run(["-stream_loop", str(repeats), "-i", str(minute), "-c", "copy", str(whole)])
    return whole


def first_picture(path: Path) -> timedelta:
    """Return when the first picture of a film is shown, which the check of uploads measures."""
    with av.open(str(path)) as source:
        picture = source.streams.video[0]
        return timedelta(seconds=float((picture.start_time or 0) * (picture.time_base or 1)))


def run(words: list[str]) -> None:
    subprocess.run(["ffmpeg", "-v", "fatal", "-y", *words], check=True)


def spent_by_children() -> float:
    """Return the seconds of the processor of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def make_all(order: FilmOrder, facts: AssetFacts, folder: Path, db: Database) -> Made:
    """Make of a film all that the scheduler makes of it for the page and for the search."""
    made, store = folder / "made", MediaStore(folder / "store")
    made.mkdir()
    marks = [spent_by_children()]
    strips = make_companion(order, made, None)
    marks.append(spent_by_children())
    captions = read_captions(order.path, facts, store, ConfinedProber())
    marks.append(spent_by_children())
    assert captions is not None, "no captions were found in the film"
    asset = an_asset(db, "Council", length=order.length)
    with db.write() as session:
        row = session.get(AssetRow, asset.id)
        assert row is not None
        row.captions_key = captions.key
    began = time.thread_time()
    LibraryIndexer(db, store, SimulatedClock(NOW)).one()
    indexed = time.thread_time() - began
    with db.read() as session:
        ids = find.library.search(session, Search("stormwater"), NOW, ZoneInfo("UTC")).ids
    spent = {
        "small copy and strips": marks[1] - marks[0],
        "captions read": marks[2] - marks[1],
        "captions indexed": indexed,
    }
    return Made(strips, captions.facts.count, ids == (asset.id,), spent)


def beside(folder: Path, order: FilmOrder, facts: AssetFacts, db: Database) -> tuple[Aired, Made]:
    """Make all of a film while a channel is on air and captured."""
    port, air = free_udp_port(), folder / "air"
    clips = [numbered_clip(folder / f"{n}.mp4", frames=TICKS + 30, ident=n, size=SIZE)
             for n in (1, 2)]  # fmt: skip
    channel = OwnChannel("ch1", [f"udp://127.0.0.1:{port}"], clips)
    seconds = 4 * MOST_SHARE * order.length.total_seconds() + 300
    aired = Aired(OwnChannels(air, [channel], HOUSE, TICKS, seconds, LEAD))
    air.mkdir()
    with ExitStack() as open_:
        canary = open_.enter_context(Canary(folder / "stalls", realtime=True))
        aired.captures["ch1"] = folder / "ch1.ts"
        open_.enter_context(Capture(port, aired.captures["ch1"]))
        open_.enter_context(aired.channels)
        aired.channels.wait(TICKS / float(RATE))
        aired.looks = open_.enter_context(watched(lambda: all_of(aired.channels), time.monotonic))
        made = make_all(order, facts, folder, db)
        time.sleep(2 * TICKS / float(RATE))
        aired.relays = {"ch1": relay_of(aired.channels, "ch1")}
        aired.stalls, aired.shift = canary.stalls(), time.monotonic() - time.time()
    return aired, made


@pytest.mark.parametrize("name", FILMS)
def test_all_is_made_of_a_film_in_a_small_share_of_its_length_beside_a_channel_on_air(
    name: str, tmp_path: Path, sqlite_db: Database
) -> None:
    coding, copy = FILMS[name]
    length = timedelta(minutes=minutes(20))
    path = film(tmp_path, name, coding, length.total_seconds())
    try:
        facts = ConfinedProber(timeout=PROBED_WITHIN).probe(path, key=AssetKey("f" * 64))
        order = FilmOrder(path, path.suffix, length, RATE, first_picture(path))
        with alone():
            aired, made = beside(tmp_path, order, facts, sqlite_db)
            taken = time.time() - aired.channels.begin.timestamp()
    finally:
        path.unlink()
        (tmp_path / "made" / COMPANION).unlink(missing_ok=True)
    found, verdicts = figures(aired, taken)
    share = 100 * sum(made.spent.values()) / length.total_seconds()
    parts = ", ".join(f"{part} {seconds:.1f} s" for part, seconds in made.spent.items())
    found.insert(0, Figure("companion", "one core, share of the film's length", share, "%",
                           100 * MOST_SHARE, note=parts))  # fmt: skip
    kind = name.replace(".", "-")
    title = f"All that is made of a film of {length} ({name}), beside a channel on air"
    note(f"companions_{kind}", title, found, aired.stalls, taken, house=HOUSE,
         minutes=length.total_seconds() / 60, captions=made.captions,
         lost={one.name: one.found[:50] for one in verdicts},
         waits=aired.looks.worst())  # fmt: skip
    print(json.dumps({one.name: [one.value, one.note] for one in found}, indent=1))

    strips = made.strips
    assert ("whole" if strips.whole else "small" if strips.has_companion else "none") == copy
    assert made.strips.tiles and made.strips.sound
    assert made.captions >= length.total_seconds() / 60 and made.found
    assert [one for one in found if not one.good] == []
