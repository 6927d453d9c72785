"""The picture and the sound of a live source that air: chosen by the same rule as for files."""

import errno
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from av.container import InputContainer
from av.stream import Disposition
from PIL import Image
from support.byte_source import NOON, ByteSource, packets_by_format
from support.many_tracks import Film, Program, Tone, many_programs, many_tracks, tone_of
from support.marks import read_mark

from config.clock import SimulatedClock
from config.settings import SOURCE_NETWORKS
from playout.engine.gateway.address import SourceOpening, source_opening
from playout.engine.gateway.sources import LibavSource
from playout.engine.gateway.words import fault_words
from playout.engine.links.packets import CodedPacket, StreamFormat

DESCRIBED = Disposition.visual_impaired
CLEAN = Disposition.clean_effects
HARD_OF_HEARING = Disposition.hearing_impaired


def aired(path: Path) -> tuple[int, float]:
    """Return the number of the film and the pitch of the sound that a source of these bytes
    yields."""
    ((form, packs),) = packets_by_format(ByteSource(path.read_bytes()))
    return seen(form, packs), heard(form, packs)


def seen(form: StreamFormat, packs: Sequence[CodedPacket]) -> int:
    """Return the number on the pictures of track 0."""
    assert form.tracks[0].kind == "video"
    context = av.CodecContext.create(form.tracks[0].codec, "r")
    assert isinstance(context, av.VideoCodecContext)
    marks = {
        mark.ident
        for pack in packs
        if pack.track == 0
        for frame in context.decode(av.Packet(pack.data))
        if (mark := read_mark(frame.to_ndarray()[: frame.height])) is not None
    }
    (ident,) = marks
    return ident


def heard(form: StreamFormat, packs: Sequence[CodedPacket]) -> float:
    """Return the pitch of track 1."""
    assert form.tracks[1].kind == "audio"
    context = av.CodecContext.create(form.tracks[1].codec, "r")
    assert isinstance(context, av.AudioCodecContext)
    frames = [
        frame.to_ndarray()[0]
        for pack in packs
        if pack.track == 1
        for frame in context.decode(av.Packet(pack.data))
    ]
    return tone_of(np.concatenate(frames))


@pytest.mark.parametrize(
    ("tones", "hertz"),
    [
        ([Tone(400), Tone(900)], 400),
        ([Tone(400, flags=DESCRIBED), Tone(900)], 900),
        ([Tone(400, flags=HARD_OF_HEARING), Tone(900, flags=CLEAN), Tone(600)], 600),
        ([Tone(400, flags=DESCRIBED)], 400),
    ],
    ids=["the first of equals", "no audio description", "neither of two for few", "what there is"],
)
def test_the_main_sound_of_a_source_airs(tmp_path: Path, tones: list[Tone], hertz: int) -> None:
    path = many_tracks(tmp_path / "a.ts", [Film(3)], tones)

    assert aired(path) == (3, pytest.approx(hertz, abs=3))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_picture_and_sound_are_of_one_program_the_same_one_at_each_opening(
    tmp_path: Path, order: tuple[int, int]
) -> None:
    """The maps of several programs come in any order, depending on when the stream is joined."""
    programs = [
        Program(1, 0x200, [Film(1)], [Tone(400, flags=DESCRIBED), Tone(900)]),
        Program(2, 0x300, [Film(2)], [Tone(600)]),
    ]
    path = many_programs(tmp_path / "a.ts", [programs[place] for place in order])

    assert aired(path) == (1, pytest.approx(900, abs=3))


def test_another_sound_track_that_starts_later_changes_nothing(tmp_path: Path) -> None:
    """libav then counts one stream more, which is no reason to open the source again."""
    alone = many_tracks(tmp_path / "alone.ts", [Film(3)], [Tone(900)])
    further = many_tracks(tmp_path / "further.ts", [Film(3)], [Tone(900), Tone(400)])
    source = ByteSource(alone.read_bytes() + further.read_bytes())
    ((form, packs),) = packets_by_format(source)

    assert len([pack for pack in packs if pack.track == 0]) == 100
    assert heard(form, packs) == pytest.approx(900, abs=3)


def test_the_main_sound_is_followed_when_its_codec_changes(
    tmp_path: Path,
) -> None:
    sounds = [("aac", 900), ("ac3", 600)]
    paths = [
        many_tracks(
            tmp_path / f"{codec}.ts",
            [Film(3)],
            [Tone(400, flags=DESCRIBED), Tone(hertz, codec=codec)],
        )
        for codec, hertz in sounds
    ]
    parts = packets_by_format(ByteSource(b"".join(path.read_bytes() for path in paths)))

    assert [form.tracks[1].codec for form, _ in parts] == ["aac", "ac3"]
    assert [heard(*part) for part in parts] == [pytest.approx(hz, abs=3) for _, hz in sounds]


@pytest.mark.parametrize("kind", [OSError, av.error.FFmpegError])
def test_a_source_is_not_blamed_for_what_the_machine_lacks(kind: type[Exception]) -> None:
    words = fault_words(
        kind(errno.ENFILE, ""), source_opening("udp://127.0.0.1:1", SOURCE_NETWORKS)
    )
    assert words == (
        "The source cannot be opened, because this machine has no file descriptors left."
    )


class OfFile(LibavSource):
    """A source without tables, such as an internet radio with its cover art."""

    def __init__(self, path: Path) -> None:
        self._path = path
        super().__init__(source_opening("http://127.0.0.1/", SOURCE_NETWORKS), SimulatedClock(NOON))

    def _opened(self, how: SourceOpening) -> InputContainer:
        return av.open(str(self._path))


def test_a_cover_picture_is_no_picture(tmp_path: Path) -> None:
    path = many_tracks(tmp_path / "a.mp4", [], [Tone(900)])
    covered = tmp_path / "covered.mp4"
    cover = tmp_path / "cover.png"
    Image.new("RGB", (64, 64)).save(cover)
    with (
        av.open(str(path)) as source,
        av.open(str(cover)) as art,
        av.open(str(covered), "w") as out,
    ):
        sound = out.add_stream_from_template(source.streams.audio[0])
        picture = out.add_stream_from_template(art.streams.video[0])
        picture.disposition = Disposition.attached_pic
        for stream, packets in ((picture, art.demux(video=0)), (sound, source.demux(audio=0))):
            for packet in packets:
                if packet.dts is not None:
                    packet.stream = stream
                    out.mux(packet)

    assert [track.kind for track in OfFile(covered).format.tracks] == ["audio"]


def test_the_sound_of_another_program_never_airs_with_a_picture(tmp_path: Path) -> None:
    """Not even where the sound of its own program is audio description and the other is not."""
    programs = [
        Program(1, 0x200, [Film(1)], [Tone(400, flags=DESCRIBED)]),
        Program(2, 0x300, [Film(2)], [Tone(600)]),
    ]

    assert aired(many_programs(tmp_path / "a.ts", programs)) == (1, pytest.approx(400, abs=3))
