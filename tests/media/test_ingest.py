"""Ingest: an upload ends in the store, with a copy where air needs one, or is refused in words."""

import io
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from PIL import Image
from support.clips import Sound, numbered_clip

from media.asset import Problem
from media.fake import A_FILE, FakeProber
from media.ingest import IngestError, clear_left_over, ingest
from media.probe import ConfinedProber
from media.store import MediaStore


@pytest.fixture
def store(tmp_path):
    return MediaStore(tmp_path / "media")


@pytest.fixture
def upload(tmp_path):
    path = tmp_path / "upload-83af"
    path.write_bytes(b"some video")
    return path


def test_a_good_file_goes_into_the_store_as_it_is(store, upload):
    told = []
    taken = ingest(
        upload, "Council.mp4", store, FakeProber(), progress=lambda *words: told.append(words)
    )
    assert store.keys() == {taken.facts.key} and store.verify(taken.facts.key)
    assert store.has(taken.facts.key, ".mp4") and upload.exists()
    assert taken.house_copy is None and taken.on_air == taken.facts
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert told[-1] == (1.0, "Done")


def test_a_file_that_cannot_air_as_it_is_gets_a_house_copy(store, upload):
    prober = FakeProber(by_name={"Phone.mp4": replace(A_FILE, variable_rate=True)})
    told = []
    taken = ingest(upload, "Phone.mp4", store, prober, progress=lambda *said: told.append(said[1]))
    assert taken.house_copy is not None and taken.on_air == taken.house_copy
    assert store.keys() == {taken.facts.key, taken.house_copy.key}
    assert "Making a copy for air, because its frame rate varies" in told


def test_a_refused_file_stays_where_it_was(store, upload):
    prober = FakeProber(refuse={"x.mp4": "This is a text file, not a video."})
    with pytest.raises(IngestError, match="This is a text file, not a video."):
        ingest(upload, "x.mp4", store, prober)
    assert upload.exists() and store.keys() == set()


def test_facts_that_condemn_a_file_come_with_the_refusal(store, upload):
    bad = replace(A_FILE, problems=(Problem("refused", "Much of it is damaged."),))
    with pytest.raises(IngestError, match="Cannot go on air: Much of it") as refusal:
        ingest(upload, "x.mp4", store, FakeProber(bad))
    assert refusal.value.facts.problems == bad.problems


def test_a_full_disk_is_reported_before_anything_is_written(store, upload, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=1000))
    with pytest.raises(IngestError, match="media disk is full"):
        ingest(upload, "x.mp4", store, FakeProber())
    assert store.keys() == set() and upload.exists()


def test_a_copy_that_turns_out_bad_is_not_kept(store, upload):
    class Clumsy(FakeProber):
        def measure(self, path, facts, *, name="", progress=None):
            if path.name == "copy.mp4":
                return replace(facts, problems=(Problem("refused", "There is nothing in it."),))
            return replace(facts, hdr="pq")

    with pytest.raises(IngestError, match="There is nothing in it"):
        ingest(upload, "x.mp4", store, Clumsy())
    assert store.keys() == set() and not list((store.root / ".house").iterdir())


def test_files_left_by_a_power_cut_are_cleared(store, tmp_path):
    left, fresh = (store.root / ".house" / name for name in ("left", "fresh"))
    for folder in (left, fresh):
        folder.mkdir(parents=True)
        (folder / "indexed.mp4").write_bytes(b"half")
    half = store.path("a" * 64, ".mp4").with_name(f".{'a' * 64}.mp4.7.new")
    half.parent.mkdir()
    half.write_bytes(b"half")
    now = datetime.now(UTC)
    os.utime(left, (now.timestamp() - 3 * 86400,) * 2)
    clear_left_over(store, now)
    assert fresh.exists() and not left.exists() and half.exists()
    os.utime(fresh, (now.timestamp() + 3 * 86400,) * 2)
    clear_left_over(store, now + timedelta(days=3))
    assert fresh.exists() and not half.exists()
    clear_left_over(MediaStore(tmp_path / "none yet"), now)


def test_a_folder_or_pipe_is_refused(store, tmp_path):
    with pytest.raises(IngestError, match="folder, a pipe or a device"):
        ingest(tmp_path, "x.mp4", store, FakeProber())


def test_a_real_video_is_ingested(store, tmp_path):
    clip = numbered_clip(tmp_path / "up.mp4", frames=60)
    taken = ingest(clip.path, "Council.mp4", store, ConfinedProber())
    assert abs(taken.facts.length - timedelta(seconds=60 * 1001 / 30000)) < timedelta(seconds=0.002)
    assert taken.house_copy is None
    assert Image.open(io.BytesIO(taken.thumbnail)).size == (320, 180)


def test_a_real_phone_video_is_conformed(store, tmp_path, phone):
    upload = tmp_path / "IMG_2041.MOV"
    upload.write_bytes(phone.path.read_bytes())
    taken = ingest(upload, "IMG_2041.MOV", store, ConfinedProber())
    assert taken.facts.variable_rate and not taken.on_air.variable_rate
    assert store.verify(taken.on_air.key)


def test_a_real_still_is_ingested_as_a_plain_picture(store, tmp_path):
    upload = tmp_path / "up"
    Image.new("RGB", (1300, 700), (9, 99, 199)).save(upload, format="JPEG")
    taken = ingest(upload, "notice.jpg", store, ConfinedProber())
    assert taken.on_air.suffix == ".png" and taken.on_air.still


def test_a_stream_is_stored_as_the_indexed_file_it_is_rewrapped_to(store, upload):
    prober = FakeProber(by_name={"Old.ts": replace(A_FILE, container="mpegts", suffix=".ts")})
    taken = ingest(upload, "Old.ts", store, prober)
    assert taken.house_copy is None and taken.on_air.container == "mp4"
    assert store.keys() == {taken.facts.key} and store.has(taken.facts.key, ".mp4")
    assert store.path(taken.facts.key, ".mp4").read_bytes() == b"rewrapped some video"
    assert upload.exists() and not list((store.root / ".house").iterdir())


def test_a_stream_that_cannot_be_rewrapped_gets_a_house_copy(store, upload):
    found = {"Old.ts": replace(A_FILE, container="mpegts", suffix=".ts")}
    prober, told = FakeProber(by_name=found, refuse={"remux": "a packet has no time"}), []
    taken = ingest(upload, "Old.ts", store, prober, progress=lambda *said: told.append(said[1]))
    assert taken.house_copy is not None and taken.on_air == taken.house_copy
    assert "Making a copy for air, because it has no index" in told
    assert store.keys() == {taken.facts.key, taken.house_copy.key} and upload.exists()


@pytest.mark.parametrize(
    ("name", "recipe"),
    [
        ("Old.ts", {"codec": "mpeg2video", "interlaced": True, "audio": Sound("mp2")}),
        ("Camera.m2ts", {"audio": Sound("ac3")}),
        ("DVD.mpg", {"codec": "mpeg2video", "audio": Sound("mp2"), "between": 2}),
    ],
)
def test_a_real_stream_is_ingested_with_an_index(store, tmp_path, name, recipe):
    clip = numbered_clip(tmp_path / name, frames=90, **recipe)
    taken = ingest(clip.path, name, store, ConfinedProber())
    assert taken.house_copy is None and taken.facts.container == "mp4"
    assert taken.facts.audio_codec == recipe["audio"].codec
    assert abs(taken.facts.length - timedelta(seconds=3.003)) < timedelta(seconds=0.002)
    assert taken.facts.interlaced == bool(recipe.get("interlaced"))
    assert not taken.facts.variable_rate and not taken.facts.problems and taken.thumbnail


def test_a_real_stream_whose_sound_no_mp4_holds_is_copied(store, tmp_path):
    clip = numbered_clip(tmp_path / "Disc.m2ts", frames=60, audio=Sound("pcm_bluray"))
    taken = ingest(clip.path, "Disc.m2ts", store, ConfinedProber())
    assert taken.house_copy is not None and taken.on_air.container == "mp4"
    assert taken.on_air.audio_codec == "aac"
