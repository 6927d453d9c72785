"""Companions: what browsers play, and what is made of a film in one reading of it."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image
from support.clips import NTSC, Clip, numbered_clip
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
from media.store import MediaStore

KEY, OTHER = AssetKey("a" * 64), AssetKey("b" * 64)
FRAMES = 120


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    path = tmp_path_factory.mktemp("film") / "film.mkv"
    return numbered_clip(path, rate=NTSC, frames=FRAMES, ident=9, size=(1280, 720))


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
