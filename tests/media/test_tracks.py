"""The choice of one picture and one sound track by the container's flags, used by all of media."""

import io
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from PIL import Image
from support.clips import Sound, numbered_clip
from support.many_tracks import Film, Program, Tone, many_programs, many_tracks, tone_of
from support.marks import read_mark

from media.asset import FACTS
from media.channels import in_order
from media.fake import A_FILE
from media.headers import family_of, open_local
from media.ingest import Prepared, prepare
from media.probe import ConfinedProber, probe
from media.tracks import streams_of

LOUD, SOFT = 0.3, 0.03
"""Levels 20 dB apart, so that a loudness tells which track was measured."""
PROBER = ConfinedProber()


def chosen(path: Path) -> tuple[int, int]:
    """Return the numbers of the picture and of the sound that air, among those of their kind."""
    with open_local(path, family_of(path, path.name)) as source:
        streams = streams_of(source)
        assert streams.picture is not None
        return source.streams.video.index(streams.picture), streams.place


def heard(path: Path) -> tuple[float, int]:
    """Return the pitch of the sound that airs, and the number of sound tracks."""
    with open_local(path, family_of(path, path.name)) as source:
        sound = streams_of(source).sound
        assert sound is not None
        frames = [in_order(frame).to_ndarray() for frame in source.decode(sound)]
        count = 1 if sound.format.is_planar else frames[0].shape[1] // 1024
        left = np.concatenate([f[0] if count == 1 else f[0, ::count] for f in frames])
        return tone_of(left / (np.abs(left).max() or 1)), len(source.streams.audio)


def ready(path: Path, folder: Path) -> Prepared:
    folder.mkdir(exist_ok=True)
    return prepare(path, path.name, folder, PROBER)


@pytest.mark.parametrize(
    ("tones", "place"),
    [
        ([Tone(400), Tone(900)], 0),
        ([Tone(400, on=False), Tone(900, on=False)], 0),
        ([Tone(400, on=False), Tone(900)], 1),
        ([Tone(400, flags=Disposition.comment), Tone(900, on=False)], 1),
        ([Tone(400, flags=Disposition.visual_impaired), Tone(900, on=False)], 1),
        ([Tone(400, flags=Disposition.dub), Tone(900)], 1),
        ([Tone(400, title="Director's commentary"), Tone(900, on=False)], 1),
        ([Tone(400, flags=Disposition.comment)], 0),
    ],
    ids=[
        "the first of equals", "the first where none is on", "the one that is on",
        "no commentary", "no audio description", "no dubbing", "no commentary by its title",
        "commentary alone",
    ],
)  # fmt: skip
def test_the_main_sound_track_is_chosen(tmp_path: Path, tones: list[Tone], place: int) -> None:
    path = many_tracks(tmp_path / "a.mkv", [Film(2)], tones, seconds=0.5)

    assert chosen(path) == (0, place)


def test_a_picture_that_is_off_does_not_air_before_one_that_is_on(tmp_path: Path) -> None:
    still = Film(1, "mjpeg", (160, 90), on=False, pixels="yuvj420p")
    path = many_tracks(tmp_path / "a.mov", [still, Film(2)], [Tone(400)])
    facts = PROBER.measure(path, probe(path))
    thumbnail = PROBER.thumbnail(path)

    assert chosen(path) == (1, 0)
    assert (facts.video_codec, facts.width, facts.height) == ("h264", 320, 180)
    assert abs(facts.length.total_seconds() - 2) < 0.05
    assert facts.house_reasons == ("it holds several pictures",)
    assert thumbnail is not None
    mark = read_mark(np.asarray(Image.open(io.BytesIO(thumbnail)).convert("L")))
    assert mark is None or mark.ident == 2


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_loudness_and_words_are_those_of_the_track_that_airs(tmp_path: Path, suffix: str) -> None:
    path = many_tracks(
        tmp_path / f"a{suffix}", [Film(2)], [Tone(400, LOUD, on=False), Tone(900, SOFT)]
    )
    alone = many_tracks(tmp_path / "alone.mp4", [Film(2)], [Tone(900, SOFT)])
    facts, wanted = (PROBER.measure(file, probe(file)).loudness for file in (path, alone))
    words = [problem.text for problem in probe(path).problems]

    assert facts is not None and wanted is not None and abs(facts - wanted) < 0.5
    assert "It has several sound tracks; the second one airs." in words


def test_matroska_whose_sound_tracks_are_out_of_order_airs_from_a_copy(tmp_path: Path) -> None:
    """libVLC counts tracks by number, libav by position, so libVLC cannot be told which one
    airs."""
    path = many_tracks(tmp_path / "a.mkv", [Film(2)], [Tone(400, on=False), Tone(900)])
    assert probe(path).house_reasons == ()
    path.write_bytes(renumbered(path.read_bytes()))
    made = ready(path, tmp_path / "made")

    assert made.facts.house_reasons == ("its sound tracks are numbered out of order",)
    assert heard(made.on_air.path) == (pytest.approx(400, abs=3), 1)


def renumbered(whole: bytes) -> bytes:
    """Swap the numbers of the second and the third track of a Matroska file."""
    second, third = (whole.index(b"\xd7\x81" + bytes([n]) + b"\x73\xc5") + 2 for n in (2, 3))
    mixed = bytearray(whole)
    mixed[second], mixed[third] = 3, 2
    return bytes(mixed)


def test_a_film_behind_a_picture_that_is_off_airs_from_a_copy_of_its_own(tmp_path: Path) -> None:
    still = Film(1, "mjpeg", (160, 90), on=False, pixels="yuvj420p")
    path = many_tracks(tmp_path / "a.mov", [still, Film(2)], [Tone(400)])
    made = ready(path, tmp_path / "made").on_air
    with av.open(str(made.path)) as source:
        marks = [read_mark(frame.to_ndarray()[:180]) for frame in source.decode(video=0)]
        pictures = len(source.streams.video)

    assert pictures == 1
    assert len(marks) >= 49 and all(mark and mark.ident == 2 for mark in marks)


def test_the_only_sound_airs_even_if_disabled_and_staff_are_warned(tmp_path: Path) -> None:
    path = many_tracks(tmp_path / "a.mov", [Film(2)], [Tone(700, on=False), Tone(400)])
    whole = path.read_bytes().replace(b"tkhd\0\0\0\3", b"tkhd\0\0\0\2", 3).replace(
        b"tkhd\0\0\0\2", b"tkhd\0\0\0\3", 1
    )  # fmt: skip
    path.write_bytes(whole)
    facts = probe(path)

    assert "one of its tracks is disabled" in facts.house_reasons
    assert [p.text for p in facts.problems if p.severity == "warning"] == [
        "One of its tracks is disabled in the file; it airs anyway."
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_picture_and_sound_are_of_one_program_of_several(
    tmp_path: Path, order: tuple[int, int]
) -> None:
    programs = [
        Program(
            1, 0x200, [Film(1)], [Tone(400, on=False, flags=Disposition.visual_impaired), Tone(900)]
        ),
        Program(2, 0x300, [Film(2)], [Tone(600)]),
    ]
    path = many_programs(tmp_path / "a.ts", [programs[place] for place in order])
    made = ready(path, tmp_path / "made").on_air
    with av.open(str(made.path)) as source:
        frame = next(source.decode(video=0))
        mark = read_mark(frame.to_ndarray()[: frame.height])

    assert mark is not None and mark.ident == 1
    assert heard(made.path) == (pytest.approx(900, abs=3), 1)


CUSTOM = "8 channels (FL+FR+FC+LFE+BL+BR+TFL+TFR)"


@pytest.mark.parametrize(
    ("layout", "suffix", "channels"),
    [
        ("16 channels", ".mov", 16),
        ("octagonal", ".mov", 8),
        (CUSTOM, ".mov", 8),
        ("7.1", ".mov", 8),
        ("4 channels (FL+FR+TFL+TFR)", ".mov", 4),
        ("8 channels", ".mkv", 8),
        ("12 channels", ".mkv", 12),
    ],
)
def test_sound_of_many_channels_airs_at_its_pitch_from_a_stereo_copy(
    tmp_path: Path, layout: str, suffix: str, channels: int
) -> None:
    path = many_tracks(
        tmp_path / f"a{suffix}", [Film(2)], [Tone(700, codec="pcm_s16le", layout=layout)]
    )
    came = ready(path, tmp_path / "made")
    made = came.on_air

    assert came.facts.channels == channels
    assert made is not came and made.facts.channels == 2
    assert heard(made.path) == (pytest.approx(700, abs=3), 1)
    assert made.facts.loudness is not None and -30 < made.facts.loudness < -5


@pytest.mark.parametrize("layout", ["5.1", "stereo", "mono"])
def test_coded_sound_of_up_to_six_channels_airs_as_it_is(tmp_path: Path, layout: str) -> None:
    path = many_tracks(tmp_path / "a.mp4", [Film(2)], [Tone(700, layout=layout)], seconds=0.5)

    assert probe(path).house_reasons == ()


@pytest.mark.parametrize(
    ("codec", "pixels", "reasons"),
    [
        ("prores_ks", "yuv422p10le", ("its interlaced picture has more than eight bits",)),
        ("mpeg2video", "yuv420p", ()),
    ],
)
def test_an_interlaced_picture_of_ten_bits_is_copied(
    tmp_path: Path, codec: str, pixels: str, reasons: tuple[str, ...]
) -> None:
    path = tmp_path / "a.mov"
    numbered_clip(path, codec=codec, size=(720, 480), frames=8, interlaced=True, pixels=pixels,
                  audio=Sound("pcm_s16le"))  # fmt: skip
    facts = probe(path)

    assert facts.interlaced
    assert facts.house_reasons == reasons


def test_facts_written_before_tracks_were_counted_are_read() -> None:
    written = FACTS.dump_python(A_FILE, mode="json")
    del written["copied_for"]

    assert FACTS.validate_python(written) == A_FILE
