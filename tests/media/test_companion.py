"""Companions: what browsers play, and what is made of a film in one reading of it."""

import subprocess
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from support.clips import NTSC, STEREO, Clip, Sound, numbered_clip, phone_times
from support.marks import read_mark

from config.names import AssetKey
from media.companion import (
    COLUMNS,
    COMPANION,
    FACTS_NAME,
    PICTURES,
    TILE,
    VERSION,
    CompanionError,
    Companions,
    FilmOrder,
    Strips,
    browser_plays,
    make_companion,
    tile_times,
)
from media.companion_copy import can_be_copied
from media.headers import family_of, open_local
from media.made_parts import SPARE_BYTES
from media.store import MediaStore

KEY, OTHER = AssetKey("a" * 64), AssetKey("b" * 64)
FRAMES = 120


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    path = tmp_path_factory.mktemp("film") / "film.mkv"
    return numbered_clip(
        path, rate=NTSC, frames=FRAMES, ident=9, size=(1280, 720), codec="mpeg2video"
    )


def an_order(clip: Clip) -> FilmOrder:
    length = timedelta(seconds=float(clip.seconds))
    return FilmOrder(clip.path, clip.path.suffix, length, clip.rate)


def frame_of(picture: Image.Image) -> int | None:
    mark = read_mark(np.asarray(picture.convert("L")))
    return mark.frame if mark is not None else None


def tile(sheet: Image.Image, place: int) -> Image.Image:
    row, column = divmod(place, COLUMNS)
    left, top = column * TILE[0], row * TILE[1]
    return sheet.crop((left, top, left + TILE[0], top + TILE[1]))


def test_a_film_that_browsers_cannot_play_gets_a_copy_with_each_of_its_frames(
    film: Clip, tmp_path: Path
) -> None:
    shares: list[float] = []
    strips = make_companion(an_order(film), tmp_path, shares.append)
    with av.open(str(tmp_path / COMPANION)) as copy:
        picture = copy.streams.video[0]
        frames = [frame_of(one.to_image()) for one in copy.decode(picture)]
        coding = picture.codec_context.name, copy.streams.audio[0].codec_context.name

    assert strips.has_companion
    assert coding == ("h264", "aac")
    assert (picture.width, picture.height, picture.average_rate) == (640, 360, NTSC)
    assert frames == list(range(FRAMES))
    assert shares == sorted(shares)
    assert shares[-1] > 0.9


@pytest.mark.parametrize("between", [0, 3])
@pytest.mark.parametrize("coding", [("council.mkv", STEREO), ("council.mp4", Sound("ac3"))])
def test_a_picture_that_browsers_show_is_copied_with_each_frame_in_its_place(
    coding: tuple[str, Sound], between: int, tmp_path: Path
) -> None:
    name, sound = coding
    clip = numbered_clip(
        tmp_path / name, frames=60, ident=9, size=(320, 180), between=between, audio=sound
    )
    strips, frames, sizes = copied(clip, tmp_path)

    assert strips.has_companion and strips.whole and not strips.plays
    assert frames == [(number, number / NTSC) for number in range(60)]
    assert sizes == ((320, 180), "aac", 48000)
    assert len(strips.tiles) == 2 and max(strips.sound) > 40


def copied(
    clip: Clip, folder: Path, **changed: Any
) -> tuple[Strips, list[tuple[int | None, Fraction]], tuple[Any, ...]]:
    """Make the companion of a clip; return strips, each number with its time, and the codings."""
    made = folder / "made"
    made.mkdir()
    strips = make_companion(replace(an_order(clip), **changed), made, None)
    with av.open(str(made / COMPANION)) as copy:
        picture, sound = copy.streams.video[0], copy.streams.audio[0]
        frames = [
            (frame_of(one.to_image()), Fraction(one.pts or 0) * (one.time_base or 1))
            for one in copy.decode(picture)
        ]
        size = picture.width, picture.height
        return strips, frames, (size, sound.codec_context.name, sound.codec_context.sample_rate)


@pytest.mark.parametrize(
    ("recipe", "changed"),
    [
        ({"interlaced": True}, {"interlaced": True}),
        ({"pixels": "yuv422p"}, {}),
        ({"codec": "libx265"}, {}),
        ({"sar": Fraction(8, 9)}, {}),
        ({}, {"small": True}),
        ({}, {"copied": True}),
        ({}, {"length": timedelta(milliseconds=1)}),
    ],
    ids=["interlaced", "4:2:2", "hevc", "wide", "full disk", "rests", "many bytes"],
)
def test_a_picture_that_browsers_would_not_show_well_is_not_copied(
    recipe: Any, changed: Any, tmp_path: Path
) -> None:
    clip = numbered_clip(tmp_path / "film.mkv", **{"frames": 3, "size": (320, 180)} | recipe)
    order = replace(an_order(clip), **changed)
    family = family_of(clip.path, "film.mkv")
    with open_local(clip.path, family) as source:
        assert not can_be_copied(source.streams.video[0], family, order)


@pytest.mark.parametrize(
    ("recipe", "seconds"), [({"times": phone_times(30)}, 1.1), ({}, 3.0)], ids=["varying", "broken"]
)
def test_a_picture_that_proves_unfit_on_the_way_is_encoded_instead(
    recipe: Any, seconds: float, tmp_path: Path
) -> None:
    clip = numbered_clip(tmp_path / "film.mkv", **{"frames": 30, "size": (320, 180)} | recipe)
    strips, frames, _ = copied(clip, tmp_path, length=timedelta(seconds=seconds))

    assert strips.has_companion and not strips.whole
    assert [at for _, at in frames] == [place / NTSC for place in range(round(seconds * NTSC))]


def test_an_open_group_is_no_place_for_a_browser_to_begin(tmp_path: Path) -> None:
    """Its first pictures refer to the group before, so a browser that began there would show them
    wrong.
    """
    clip = numbered_clip(tmp_path / "film.mp4", frames=60, ident=9, size=(320, 180))
    opened = tmp_path / "opened.mkv"
    coding = ["-c:v", "libx264", "-x264-params", "open-gop=1:keyint=20:bframes=3:scenecut=0"]
    subprocess.run(
        ["ffmpeg", "-v", "fatal", "-i", str(clip.path), *coding, "-c:a", "copy", str(opened)],
        check=True,
    )
    with av.open(str(opened)) as file:
        picture = file.streams.video[0]
        begin = timedelta(seconds=float((picture.start_time or 0) * (picture.time_base or 1)))
    strips, frames, _ = copied(replace(clip, path=opened), tmp_path, begin=begin)

    assert strips.whole
    assert frames == [(number, number / NTSC) for number in range(60)]
    assert places_to_begin(tmp_path / "made" / COMPANION) == 1


def places_to_begin(film: Path) -> int:
    """Return how many pictures the index of an MP4 marks (ISO 14496-12, sync sample box)."""
    content = film.read_bytes()
    at = content.rindex(b"stss")
    return int.from_bytes(content[at + 8 : at + 12], "big")


def test_a_copied_picture_takes_at_most_a_quarter_of_the_free_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = tmp_path / "film.mkv"
    film.write_bytes(bytes(1_000_000))
    order = FilmOrder(film, ".mkv", timedelta(seconds=1), NTSC)
    orders: list[FilmOrder] = []

    def made(order: FilmOrder, folder: Path, progress: Any) -> Strips:
        orders.append(order)
        return made_up(order, folder, progress)

    for free in (3_000_000, 5_000_000):
        usage = SimpleNamespace(free=SPARE_BYTES + free)
        monkeypatch.setattr("media.made_parts.shutil.disk_usage", lambda _, usage=usage: usage)
        Companions(MediaStore(tmp_path)).keep(KEY, order, made, None)

    assert [one.small for one in orders] == [True, False]
    assert orders[1].copy_bytes > 1_000_000 > orders[0].copy_bytes


def test_the_strips_show_pictures_and_sound_where_they_are(film: Clip, tmp_path: Path) -> None:
    strips = make_companion(an_order(film), tmp_path, None)
    sheet = Image.open(tmp_path / PICTURES)
    shown = [frame_of(tile(sheet, place)) for place in range(len(strips.tiles))]
    bars = np.array(strips.sound)
    begins = np.arange(len(bars)) / len(bars) * float(film.seconds) % 1.0

    assert shown == [-int(-at * NTSC // 1) for at in map(Fraction, strips.tiles)]
    assert bars[begins < 0.05].max() > 40
    assert bars[(begins > 0.2) & (begins < 0.9)].max() < 10


def test_a_film_that_browsers_play_gets_strips_alone(tmp_path: Path) -> None:
    clip = numbered_clip(tmp_path / "film.mp4", rate=NTSC, frames=90, size=(640, 360))
    made = tmp_path / "made"
    made.mkdir()
    strips = make_companion(an_order(clip), made, None)

    assert not strips.has_companion
    assert sorted(one.name for one in made.iterdir()) == [PICTURES]
    assert len(strips.tiles) == 3
    assert max(strips.sound) > 40


def test_a_film_that_is_to_rest_gets_a_copy_although_browsers_play_it(tmp_path: Path) -> None:
    clip = numbered_clip(tmp_path / "film.mp4", rate=NTSC, frames=30, size=(640, 360))
    made = tmp_path / "made"
    made.mkdir()
    strips = make_companion(replace(an_order(clip), copied=True), made, None)

    assert strips.has_companion and strips.plays
    assert (made / COMPANION).stat().st_size > 1000


@pytest.mark.parametrize(
    ("coded", "interlaced", "plays"),
    [
        (("mp4", ".mp4", "h264", "yuv420p", "aac"), False, True),
        (("mp4", ".mp4", "h264", "yuv420p", ""), False, True),
        (("mp4", ".mp4", "h264", "yuv420p", "aac"), True, False),
        (("mp4", ".mp4", "h264", "yuv422p10le", "aac"), False, False),
        (("mp4", ".mp4", "hevc", "yuv420p", "aac"), False, False),
        (("mp4", ".mp4", "h264", "yuv420p", "ac3"), False, False),
        (("matroska", ".mkv", "h264", "yuv420p", "aac"), False, False),
        (("mp3", ".mp3", "", "", "mp3"), False, True),
        (("wav", ".wav", "", "", "pcm_s16le"), False, True),
        (("wav", ".wav", "", "", "pcm_s24le"), False, False),
        (("mpegts", ".ts", "", "", "mp2"), False, False),
    ],
)
def test_what_all_browsers_play(coded: Any, interlaced: bool, plays: bool) -> None:
    assert browser_plays(*coded, interlaced=interlaced) is plays


@pytest.mark.parametrize(("length", "count"), [(0.2, 1), (4.0, 4), (14400.0, 180), (0.0, 0)])
def test_the_strip_has_a_picture_a_second_up_to_its_most(length: float, count: int) -> None:
    times = tile_times(length, True)

    assert len(times) == count
    assert all(0 < at < length for at in times)


def made_up(order: FilmOrder, folder: Path, progress: Any) -> Strips:
    (folder / PICTURES).write_bytes(b"pictures")
    return Strips(VERSION, False, (0.5,), (1, 2))


def test_companions_lie_beside_the_store_until_their_file_is_gone(tmp_path: Path) -> None:
    store = MediaStore(tmp_path)
    kept = Companions(store)
    order = FilmOrder(tmp_path / "x", ".mp4", timedelta(seconds=1), NTSC)
    kept.keep(KEY, order, made_up, None)
    kept.keep(OTHER, order, made_up, None)
    assert kept.keys() == {KEY, OTHER}
    assert store.keys() == set()
    assert kept.sweep({KEY}) == 1

    assert kept.strips(KEY) == Strips(VERSION, False, (0.5,), (1, 2))
    assert kept.strips(OTHER) is None


def test_what_broke_off_or_was_damaged_counts_as_not_made(tmp_path: Path) -> None:
    def broken(order: FilmOrder, folder: Path, progress: Any) -> Strips:
        (folder / PICTURES).write_bytes(b"half")
        raise CompanionError("It broke off.")

    kept = Companions(MediaStore(tmp_path))
    order = FilmOrder(tmp_path / "x", ".mp4", timedelta(seconds=1), NTSC)
    with pytest.raises(CompanionError):
        kept.keep(KEY, order, broken, None)
    assert kept.keys() == set()
    kept.keep(KEY, order, made_up, None)
    kept.path(KEY, FACTS_NAME).write_text("{")

    assert kept.strips(KEY) is None


def test_a_file_that_is_no_film_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"not a film" * 100)
    order = FilmOrder(path, ".mp4", timedelta(seconds=1), NTSC)

    with pytest.raises(CompanionError, match="No small copy"):
        make_companion(order, tmp_path, None)
