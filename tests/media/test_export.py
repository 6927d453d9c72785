"""A file made of pieces of another: exactly their frames and samples, captions, chapters, title."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from support.clips import DOUBLE_NTSC, NTSC, Clip, Sound, burst_sound, numbered_clip
from support.desk import NOW
from support.marks import read_mark

from config.names import SAMPLE_RATE, AssetKey
from media.captions.cue import CaptionCue, CaptionRow
from media.captions.in_pieces import in_pieces
from media.export import (
    CAPTIONS,
    CUES,
    CUES_NAME,
    FILM,
    KEPT_FOR,
    Export,
    ExportError,
    Exports,
    make_export,
)
from media.export_making import sample_at
from media.store import MediaStore

KEY, TRACK = AssetKey("a" * 64), AssetKey("b" * 64)


def an_export(clip: Clip, *pieces: tuple[int, int], **more: Any) -> Export:
    facts = {"size": (320, 180), "interlaced": False, "title": "Without the recess"} | more
    return Export(
        KEY, clip.path.suffix, clip.rate, pieces=pieces, has_picture=clip.has_picture,
        has_sound=clip.has_sound, **facts,
    )  # fmt: skip


def made(clip: Clip, export: Export, folder: Path, cues: Any = ()) -> int:
    (folder / CUES_NAME).write_bytes(CUES.dump_json(list(cues)))
    return make_export(export, clip.path, folder, None)


def numbers_of(film: Path) -> list[int]:
    with av.open(str(film)) as file:
        frames = [frame.to_ndarray(format="gray") for frame in file.decode(video=0)]
    return [mark.frame if (mark := read_mark(one)) is not None else -1 for one in frames]


def sound_of(film: Path) -> NDArray[np.float32]:
    """Return the sound that players play: what the edit list cuts off is left out."""
    parts, first = [], 0
    with av.open(str(film)) as file:
        for frame in file.decode(audio=0):
            assert frame.pts is not None
            first = first if parts else frame.pts
            parts.append(frame.to_ndarray()[0])
    return np.concatenate(parts)[max(0, -first) :]


def frames_in(pieces: Sequence[tuple[int, int]]) -> list[int]:
    return [frame for first, after in pieces for frame in range(first, after)]


def lag(heard: NDArray[np.float32], wanted: NDArray[np.float32], most: int = 400) -> int:
    """Return by how many samples the sound is late: where it differs least from what it is of."""
    inner = wanted[most:-most]
    shifted = (heard[at : at + len(inner)] for at in range(2 * most))
    return int(np.argmin([np.square(one - inner).sum() for one in shifted])) - most


CLIPS: dict[str, dict[str, Any]] = {
    "mp4": {"name": "whole.mp4", "between": 2},
    "mkv": {"name": "whole.mkv", "rate": DOUBLE_NTSC},
    "25": {"name": "whole.mp4", "rate": Fraction(25), "audio": Sound(rate=44100)},
    "interlaced": {
        "name": "whole.mxf", "codec": "mpeg2video", "interlaced": True,
        "audio": Sound("pcm_s16le"),
    },
    "far": {"name": "whole.mp4", "key_every": 240},
}  # fmt: skip


@pytest.mark.parametrize("kind", CLIPS)
def test_it_has_exactly_the_marked_frames_and_their_sound(kind: str, tmp_path: Path) -> None:
    recipe = dict(CLIPS[kind])
    path = tmp_path / recipe.pop("name")
    clip = numbered_clip(path, frames=270, ident=5, size=(320, 180), **recipe)
    assert clip.rate is not None
    pieces = ((31, 95), (187, 250), (0, 17))
    export = an_export(clip, *pieces, interlaced=bool(recipe.get("interlaced")))
    assert made(clip, export, tmp_path) == 0
    film = tmp_path / FILM
    with av.open(str(film)) as file:
        picture, sound = file.streams.video[0], file.streams.audio[0]
        coding = picture.codec_context.name, sound.codec_context.name, picture.average_rate
        assert (picture.start_time, picture.frames) == (0, export.frames)
    assert coding == ("h264", "aac", clip.rate)
    assert numbers_of(film) == frames_in(pieces)

    whole = burst_sound(5, SAMPLE_RATE, int(clip.seconds * SAMPLE_RATE))
    heard, gone = sound_of(film), 0
    assert abs(len(heard) - sample_at(export.frames, clip.rate)) <= 1024
    for first, after in pieces:
        begins, ends = (sample_at(frame, clip.rate) for frame in (gone, gone + after - first))
        source = sample_at(first, clip.rate)
        wanted = whole[source : source + ends - begins]
        assert abs(lag(heard[begins:ends], wanted)) <= (48 if kind == "mkv" else 2)
        gone += after - first


def test_a_join_in_loud_sound_does_not_click(tmp_path: Path) -> None:
    clip = numbered_clip(tmp_path / "whole.mp4", rate=Fraction(25), frames=100, size=(320, 180))
    pieces = ((1, 26), (50, 76))
    assert made(clip, an_export(clip, *pieces), tmp_path) == 0
    heard, join = sound_of(tmp_path / FILM), SAMPLE_RATE
    steps = np.abs(np.diff(heard[join - 2000 : join + 2000]))

    assert np.abs(heard[join - 1500 : join - 300]).max() > 0.4
    assert steps.max() < 0.1


def test_captions_chapters_title_and_day_are_in_the_file(tmp_path: Path) -> None:
    clip = numbered_clip(tmp_path / "whole.mp4", frames=300, size=(320, 180))
    export = an_export(
        clip, (30, 120), (180, 270), title="Stadtrat: Größe", day="2026-11-17", captions=TRACK,
        language="en", chapters=((0, "Roll call"), (90, "Budget")),
    )  # fmt: skip
    cues = [(500_000, 1_250_000, "Good evening."), (1_000_000, 2_000_000, "Roll\ncall.")]
    made(clip, export, tmp_path, cues)
    with av.open(str(tmp_path / FILM)) as file:
        said = [
            (packet.pts, packet.duration, bytes(packet)[2:].decode())
            for packet in file.demux(file.streams.subtitles[0])
            if len(bytes(packet)) > 2
        ]
        chapters = [(one["start"], one["metadata"]["title"]) for one in file.chapters()]
        about = file.metadata
        language = file.streams.subtitles[0].metadata["language"]

    assert said == [(500, 500, "Good evening."), (1000, 1000, "Roll\ncall.")]
    assert chapters == [(0, "Roll call"), (3003, "Budget")]
    assert (about["title"], about["date"], language) == ("Stadtrat: Größe", "2026-11-17", "eng")
    assert numbers_of(tmp_path / FILM) == frames_in(export.pieces)


def test_sound_alone_becomes_a_file_of_sound(tmp_path: Path) -> None:
    clip = numbered_clip(tmp_path / "whole.m4a", size=None, frames=240)
    export = an_export(clip, (150, 400), (500, 700))
    made(clip, export, tmp_path)
    heard = sound_of(tmp_path / FILM)
    whole = burst_sound(0, SAMPLE_RATE, 8 * SAMPLE_RATE)

    assert export.ending == ".m4a"
    assert lag(heard[:120_000], whole[72_000:192_000]) == 0
    assert lag(heard[120_000:216_000], whole[240_000:336_000]) == 0


def test_pictures_that_never_came_repeat_the_one_before_and_are_counted(tmp_path: Path) -> None:
    rate = Fraction(25)
    numbers = [number for number in range(100) if number not in (40, 41)]
    times = [number / rate for number in numbers]
    clip = numbered_clip(
        tmp_path / "whole.mp4", rate=rate, numbers=numbers, times=times, size=(320, 180)
    )

    assert made(clip, an_export(clip, (30, 80)), tmp_path) == 2
    assert numbers_of(tmp_path / FILM) == [*range(30, 40), 39, 39, *range(42, 80)]


def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(tmp_path: Path) -> None:
    clip = numbered_clip(tmp_path / "whole.mp4", frames=60, size=(320, 180))
    with pytest.raises(ExportError, match="piece 2 can be read: the file is damaged there"):
        made(clip, an_export(clip, (0, 30), (900, 960)), tmp_path)
    clip.path.write_bytes(b"not a film" * 100)
    with pytest.raises(ExportError, match="cannot be read"):
        made(clip, an_export(clip, (0, 30)), tmp_path)


def cue(begin: float, end: float, text: str) -> CaptionCue:
    return CaptionCue(round(begin * 1e6), round(end * 1e6), (CaptionRow(15, 0, text),))


def test_captions_move_with_their_pieces_and_end_at_a_join() -> None:
    spans = [(10_000_000, 20_000_000), (40_000_000, 50_000_000), (0, 5_000_000)]
    cues = [cue(1, 2, "first"), cue(18, 22, "cut"), cue(19.95, 25, "flicker"), cue(41, 43, "later")]

    assert in_pieces(cues, spans) == (cue(8, 10, "cut"), cue(11, 13, "later"), cue(21, 22, "first"))


def filled(export: Export, path: Path, folder: Path, progress: Any) -> int:
    (folder / FILM).write_bytes(b"film")
    return 3


@pytest.fixture
def kept(tmp_path: Path) -> Exports:
    return Exports(MediaStore(tmp_path))


def test_it_lies_beside_the_store_until_it_is_old_or_its_entry_is_gone(
    kept: Exports, tmp_path: Path
) -> None:
    clip = Clip(tmp_path / "whole.mp4", 0, NTSC, 300, Fraction(10))
    one, other = an_export(clip, (0, 90)), an_export(clip, (0, 91))
    kept.keep(one, "cut", [cue(1, 2, "Yes.")], NOW, filled, None)
    kept.keep(other, "gone", [], NOW, filled, None)
    facts = kept.facts(one.content)
    assert facts is not None and (facts.size, facts.repeated, facts.captions) == (4, 3, 1)
    assert "00:00:01.000 --> 00:00:02.000" in kept.path(one.content, CAPTIONS).read_text()
    assert MediaStore(tmp_path).keys() == set()

    assert kept.sweep(NOW, lambda asset: asset == "cut") == 1
    assert kept.facts(one.content) is not None and kept.facts(other.content) is None
    assert kept.sweep(NOW + KEPT_FOR - timedelta(minutes=1), lambda _: True) == 0
    assert kept.sweep(NOW + KEPT_FOR, lambda _: True) == 1


def test_all_that_its_bytes_depend_on_is_in_its_key(tmp_path: Path) -> None:
    clip = Clip(tmp_path / "whole.mp4", 0, NTSC, 300, Fraction(10))
    exports = [
        an_export(clip, (0, 90)),
        an_export(clip, (0, 91)),
        an_export(clip, (0, 90), title="Other"),
        an_export(clip, (0, 90), captions=TRACK),
        an_export(clip, (0, 90), chapters=((0, "Roll call"),)),
    ]

    assert len({one.content for one in exports}) == len(exports)
    assert an_export(clip, (0, 90)).content == exports[0].content


def test_a_full_disk_is_said_before_anything_is_made(
    kept: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = Clip(tmp_path / "whole.mp4", 0, NTSC, 300, Fraction(10))
    usage = type("Usage", (), {"free": (1 << 30) + 1000})
    monkeypatch.setattr("media.made_parts.shutil.disk_usage", lambda _: usage)
    with pytest.raises(ExportError, match="Let go of files that are due") as error:
        kept.keep(an_export(clip, (0, 90)), "cut", [], NOW, filled, None)
    assert error.value.passing
