"""Captions of aired files as a viewer gets them, read out of the stream and decoded by libav."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import pytest
from support.captioned import by_slot, caption_clip
from support.captured_airing import CapturedAiring, air
from support.clips import numbered_clip
from support.marks import Mark, read_mark

from media.captions.cue import laid_out
from media.captions.encode import encode
from media.captions.track import CaptionTrack

pytestmark = pytest.mark.air
FRAMES = 180
FIRST, BARE, SECOND = 31, 32, 33
"""Idents of two files with captions, and of one without, which airs between them."""
CLEAR = [b"\x94\x2c", b"\x94\x2c", b"\x94\xae", b"\x94\xae"]
EMPTY = b"\x80\x80"


def track(*words: str) -> CaptionTrack:
    """A caption for each of these words, two seconds apart, with a pause before each."""
    begins = range(1_000_000, 2_000_000 * len(words), 2_000_000)
    cues = (laid_out(at, at + 1_700_000, [word]) for at, word in zip(begins, words, strict=True))
    return encode(cue for group in cues for cue in group)


TRACKS = {FIRST: track("COUNCIL ONE", "COUNCIL TWO"), SECOND: track("LIBRARY ONE", "LIBRARY TWO")}


@dataclass
class SeenCaptions:
    """One picture of the capture: its mark, and its captions."""

    mark: Mark | None
    captions: bytes


@dataclass
class Captioned:
    """What was aired, and what arrived."""

    aired: CapturedAiring
    seen: list[SeenCaptions] = field(default_factory=list)

    def of(self, ident: int) -> list[SeenCaptions]:
        """The pictures from the first of this clip up to the first of another."""
        own = [n for n, one in enumerate(self.seen) if one.mark and one.mark.ident == ident]
        return self.seen[own[0] : own[-1] + 1]


@pytest.fixture(scope="module")
def captioned(tmp_path_factory: pytest.TempPathFactory) -> Captioned:
    folder = tmp_path_factory.mktemp("captions")
    files = []
    for ident in (FIRST, BARE, SECOND):
        clip = numbered_clip(folder / f"plain{ident}.mp4", frames=FRAMES, ident=ident).path
        named = folder / f"{ident}.mp4"
        wanted = by_slot(TRACKS[ident]) if ident in TRACKS else {}
        files.append(caption_clip(clip, named, wanted) if wanted else clip)
    aired = air(files, folder)
    return Captioned(aired, list(received(aired.path)))


def received(capture: Path) -> Iterator[SeenCaptions]:
    """Decode a capture with libav."""
    with av.open(str(capture), format="mpegts") as source:
        for frame in source.decode(video=0):
            captions = b"".join(bytes(one) for one in frame.side_data if one.type.name == "A53_CC")
            yield SeenCaptions(read_mark(frame.to_ndarray(format="gray")), captions)


def pairs(seen: Iterable[SeenCaptions]) -> list[bytes]:
    """The pairs of field 1 that say something."""
    every = (one.captions[n : n + 3] for one in seen for n in range(0, len(one.captions), 3))
    return [one[1:] for one in every if one[:1] == b"\xfc" and one[1:] != EMPTY]


def spoken(of: CaptionTrack) -> list[bytes]:
    """The pairs of field 1 in a track."""
    every = (packet.triplets[n : n + 3] for packet in of for n in range(0, len(packet.triplets), 3))
    return [one[1:] for one in every if one[:1] == b"\xfc" and one[1:] != EMPTY]


def test_every_picture_carries_twenty_triplets(captioned: Captioned) -> None:
    captioned.aired.conclusive()

    assert {len(one.captions) // 3 for one in captioned.seen if one.mark} == {20}


@pytest.mark.parametrize("ident", [FIRST, SECOND])
def test_captions_out_are_captions_in_pair_by_pair(captioned: Captioned, ident: int) -> None:
    captioned.aired.conclusive()

    assert pairs(captioned.of(ident)) == CLEAR + spoken(TRACKS[ident])


@pytest.mark.parametrize("ident", [FIRST, SECOND])
def test_each_pair_leaves_with_its_own_picture(captioned: Captioned, ident: int) -> None:
    captioned.aired.conclusive()
    wanted = by_slot(TRACKS[ident])
    late = [one for one in captioned.of(ident) if one.mark and one.mark.frame >= 40]

    assert late
    assert [one.captions[:3] for one in late] == [
        wanted.get(one.mark.frame, b"\xfc" + EMPTY)[:3] for one in late if one.mark
    ]


def test_a_file_without_captions_clears_the_screen_and_says_nothing(captioned: Captioned) -> None:
    captioned.aired.conclusive()

    assert pairs(captioned.of(BARE)) == CLEAR


def test_another_decoder_reads_the_words_and_none_of_one_file_over_another(
    captioned: Captioned,
) -> None:
    captioned.aired.conclusive()
    shown = {(mark.ident, text) for mark, text in screens(captioned.seen) if text}

    assert shown == {
        (FIRST, "COUNCIL ONE"), (FIRST, "COUNCIL TWO"),
        (SECOND, "LIBRARY ONE"), (SECOND, "LIBRARY TWO"),
    }  # fmt: skip


def screens(seen: Iterable[SeenCaptions]) -> Iterator[tuple[Mark, str]]:
    """Each marked picture with the caption that libav's decoder of line 21 shows over it."""
    decoder: Any = av.CodecContext.create("cc_dec", "r")
    decoder.options = {"real_time": "1", "data_field": "first"}
    shown = ""
    for number, one in enumerate(seen):
        packet = av.Packet(one.captions)
        packet.pts = number * 33_367
        for event in decoder.decode2(packet) or ():
            shown = event.dialogue.decode().rpartition("}")[2].strip()
        if one.mark is not None:
            yield one.mark, shown
