"""How `play` prepares files before they air, and judges what aired."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.clock import SimulatedClock
from config.names import HouseFormat
from config.targetaddress import NotATarget
from media.captions.facts import CaptionFacts, CaptionOrigin
from media.captions.track import CaptionTrack
from media.fake import A_FILE, FakeProber
from playout.cli.play import as_run, lay_out, play_files
from playout.cli.prepare import ReadyFile, Slates, make_ready, opening_slate, slate_for
from playout.engine.format.ticks import HouseClock, Ticks, WallMap
from playout.model.engine import AirFact
from playout.model.layer import Layer

HOUSE = HouseFormat.parse("640x360@30000/1001")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TIME = HouseClock(Ticks(HOUSE.rate, 0), WallMap(0, NOON))
THREE = replace(A_FILE, length=timedelta(seconds=3.003))


def ready(facts=THREE, name="a.mp4", trouble=""):
    return ReadyFile(Path(name), Path("/tmp") / name if facts else None, facts, trouble)


WRONG = ready(None, "b.mp4", "The file is empty.")


def fact(planned, ticks, layer=Layer.DECK, source_first=0, held=0, outputs=1):
    shot, last = planned.shot, ticks - 1
    span = (planned.first, ticks, shot.at, shot.until, layer, shot.cue)
    return AirFact(*span, source_first, last, held, outputs=outputs)


def test_files_air_back_to_back_each_at_its_own_length():
    plan = lay_out([ready(), WRONG, ready()], TIME, NOON, None)
    assert [(one.first, one.ticks, one.media_ticks) for one in plan] == [
        (0, 90, 90), (90, 150, 150), (240, 90, 90),
    ]  # fmt: skip
    assert plan[0].shot.until == plan[1].shot.at and plan[1].shot.until == plan[2].shot.at
    assert (plan[0].shot.layer, plan[1].shot.layer) == (Layer.DECK, Layer.SLATE)
    assert plan[1].shot.path is None


@pytest.mark.parametrize(
    ("each", "held", "outcome", "slate"),
    [
        (3.003, 0, "aired", False),
        (3.003, 1, "disturbed", False),
        (3.2, 6, "aired", False),
        (3.2, 7, "disturbed", False),
        (4.0, 1, "disturbed", True),
        (4.0, 0, "aired", True),
    ],
)
def test_a_last_picture_held_for_a_moment_is_as_planned(each, held, outcome, slate):
    (planned,) = lay_out([ready()], TIME, NOON, each)
    assert as_run(planned, [fact(planned, 90, held=held)], TIME)["outcome"] == outcome
    assert planned.seen_slate is slate


def test_an_hour_of_equal_slots_does_not_drift():
    plan = lay_out([ready()] * 121, TIME, NOON, 30)
    for number, one in enumerate(plan):
        late = one.shot.at - NOON - timedelta(seconds=30 * number)
        assert timedelta(microseconds=-600) <= late < timedelta(seconds=float(1 / HOUSE.rate))
    assert {one.ticks for one in plan} == {899, 900}


def test_sound_alone_may_end_within_its_last_tick():
    sound = replace(THREE, has_picture=False, rate=None, length=timedelta(seconds=3.0214))
    (planned,) = lay_out([ready(sound, "a.m4a")], TIME, NOON, None)
    assert (planned.ticks, planned.media_ticks, planned.holds) == (90, 89, 1)
    assert planned.seen_slate


def test_a_file_that_cannot_air_is_missed_and_says_why():
    (planned,) = lay_out([WRONG], TIME, NOON, 2.0)
    line = as_run(planned, [fact(planned, 60, layer=Layer.SLATE, source_first=-1)], TIME)
    assert (line["outcome"], line["frames"]) == ("missed", 0)
    assert line["reason"] == "The file is empty."


def test_each_file_is_prepared_once_as_ingest_would(tmp_path):
    for name in ("a.mp4", "phone.mp4", "old.ts", "b.mp4"):
        (tmp_path / name).write_bytes(name.encode())
    found = {
        "phone.mp4": replace(A_FILE, variable_rate=True),
        "old.ts": replace(A_FILE, container="mpegts"),
    }
    prober, said = FakeProber(by_name=found, refuse={"b.mp4": "This is a text file."}), []
    names = ["a.mp4", "phone.mp4", "old.ts", "b.mp4", "a.mp4", "none.mp4"]
    files = [tmp_path / name for name in names]
    made = make_ready(files, tmp_path / "making", prober, said.append)
    assert [one.file for one in made] == files
    assert made[0].path == files[0] and made[4] is made[0]
    assert made[1].path.read_bytes() == b"house copy of phone.mp4"
    assert made[2].path.read_bytes() == b"rewrapped old.ts"
    assert (made[3].path, made[3].trouble) == (None, "This is a text file.")
    assert made[5].trouble == "The file is not there."
    assert prober.asked.count("measure a.mp4") == 1
    assert "phone.mp4: Making a copy for air, because its frame rate varies" in said
    assert any("b.mp4: This is a text file. The slate airs in its place." in one for one in said)


@pytest.mark.parametrize("has_captions", [True, False])
def test_captions_inside_a_file_air_with_it(tmp_path, has_captions):
    (tmp_path / "a.mp4").write_bytes(b"a")
    none = timedelta(0)
    facts = CaptionFacts(CaptionOrigin.EMBEDDED_608, "en", ("CC1",), 1, none, none, none)
    found = (CaptionTrack(), facts) if has_captions else None
    prober = FakeProber(found_captions=found)
    made = make_ready([tmp_path / "a.mp4"], tmp_path / "making", prober, lambda _: None)
    (planned,) = lay_out(made, TIME, NOON, None)

    expected = str(tmp_path / "making" / "file0" / "captions.cc") if has_captions else None
    assert planned.shot.captions == expected


def test_a_slate_says_what_is_wrong_or_comes_next(tmp_path, monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    assert slate_for(WRONG, None, NOON).body == "The file is empty."
    after = slate_for(ready(), WRONG, NOON)
    assert after.heading == "Next: b.mp4"
    assert after.body == "a.mp4 is over after 3 s. It begins at 07:00:00 EST."
    assert slate_for(ready(), None, NOON).heading == "End of the test"
    slates = Slates(tmp_path, HOUSE)
    drawn = [slates.draw(opening_slate(2, Path("a.mp4"), HOUSE)), slates.draw(after)]
    assert [Path(path).stat().st_size for path in drawn] == [640 * 360 * 3 // 2] * 2
    assert slates.draw(after) == drawn[1] and drawn[0] != drawn[1]


def test_a_file_no_output_sent_did_not_air_as_planned():
    (planned,) = lay_out([ready()], TIME, NOON, None)
    line = as_run(planned, [fact(planned, 90, outputs=0)], TIME)
    assert (line["outcome"], line["reason"]) == ("disturbed", "no output took it")


def test_an_unwritable_output_is_refused_before_any_work(tmp_path):
    with pytest.raises(NotATarget, match="is there a folder"):
        play_files([tmp_path / "a"], [str(tmp_path / "no" / "a.ts")], HOUSE, SimulatedClock(NOON))


def test_a_start_that_has_passed_is_refused_before_any_work(tmp_path):
    clock = SimulatedClock(NOON)
    with pytest.raises(ValueError, match="that start has passed"):
        play_files([tmp_path / "a"], ["out.ts"], HOUSE, clock, start=NOON - timedelta(seconds=1))
