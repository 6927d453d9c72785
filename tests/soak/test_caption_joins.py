"""A hundred joins of captioned, uncaptioned and live material: captions out are captions in.

Judged triplet by triplet on the frame numbers of a capture, and by two decoders of line 21 that are
not ours: libavcodec's and VLC's, which draws what it decodes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest
from bench.figures import Figure
from soak import caption_judge as judge
from soak import caption_text_judge as of_text
from soak.notes import alone, note, rounds
from support.caption_code import caption_text
from support.caption_decoders import (
    CaptionedPicture,
    DrawnPicture,
    captioned_pictures,
    libav_texts,
    vlc_pictures,
)
from support.caption_joins import CaptionedAiring, air_joins
from support.caption_material import LIVE, NTSC, Material, make_material
from support.marks import Mark

from config.names import HouseFormat

pytestmark = pytest.mark.soak
JOINS = rounds(100)
KILLS = {JOINS // 4: "output", JOINS // 2: "bus", JOINS * 3 // 4: "deck on air"}
HOUSES = ("640x360@30000/1001", "640x360@60000/1001")
LIVE_SLACK = 3
"""Pictures that a pair of a live may wait for its double."""
VLC_RATE = 3.0
"""How many times faster than life VLC plays the capture."""
TEXT_LATE = 10
"""Pictures at 29.97 by which a caption may show later than its frame: after a loss eight of the
clear, and two until a decoder shows it."""


@dataclass
class Judged:
    """What a capture carried, triplet by triplet."""

    faults: list[judge.Fault] = field(default_factory=list)
    triplets: int = 0
    pictures: int = 0
    items: int = 0
    shifted: int = 0
    """Joins in progress whose pictures were one off their captions."""


def sources(material: Iterable[Material]) -> dict[int, judge.Source]:
    """Return what went in, by ident."""
    return {
        one.ident: judge.Source(one.ident, one.triplets, LIVE_SLACK if one.ident == LIVE else 0)
        for one in material
    }


def by_triplets(
    seen: Sequence[CaptionedPicture], material: Sequence[Material], pace: int
) -> Judged:
    """Judge each stretch of a capture triplet by triplet."""
    known, found = sources(material), Judged()
    before = -1
    for one in judge.stretches(seen, frozenset({LIVE})):
        found.items += one.ident != before
        before = one.ident
        found.pictures += len(one.pictures)
        found.triplets += sum(len(picture.triplets) for picture in one.pictures)
        faults, shift = judge.with_shift(one, known[one.ident], pace)
        found.faults += faults
        found.shifted += shift != 0
    return found


@dataclass(frozen=True)
class ByDecoder:
    """What one decoder showed."""

    name: str
    captions: of_text.ShownCaptions
    overlaps: list[tuple[int, int, int, int]]
    standing: int

    def figures(self, name: str, most: int) -> list[Figure]:
        """Return its figures; `most` is for how many pictures an old caption may stay."""
        stays = max((stay for *_, stay in self.overlaps), default=0)
        wrong, by = self.captions, f", {self.name}"
        return [
            Figure(name, "captions judged" + by, wrong.judged, "captions"),
            Figure(name, "captions missing or late" + by, len(wrong.faults), "captions", 0),
            Figure(name, "latest caption" + by, wrong.latest, "pictures"),
            Figure(name, "items that ended under a caption" + by, self.standing, "items"),
            Figure(name, "longest caption of one item over the next" + by, stays, "pictures", most),
        ]  # fmt: skip

    def strangers(self, most: int) -> list[object]:
        """Return what was wrong, for the note."""
        return [*(one for one in self.overlaps if one[3] > most), *self.captions.faults]


def by_decoder(
    name: str,
    texts: Sequence[tuple[Mark | None, str]],
    idents: Sequence[tuple[Mark | None, int | None]],
    material: Sequence[Material],
    pace: int,
) -> ByDecoder:
    """Judge what a decoder showed over each picture: its text, and the ident of that."""
    inside = {one.ident: one.triplets for one in material}
    found = of_text.text_faults(texts, inside, caption_text, TEXT_LATE * pace)
    return ByDecoder(name, found, list(of_text.overlaps(idents)), of_text.standing(idents))


def after_first_item(drawn: Sequence[DrawnPicture]) -> list[DrawnPicture]:
    """Leave out what VLC drew up to the end of the first item, in which its caption decoder starts:
    how fast is no matter of captions. The other decoder and the triplets judge that item too.
    """
    idents = [one.mark.ident if one.mark is not None else None for one in drawn]
    begun = next((n for n, one in enumerate(idents) if one is not None), len(idents))
    of_others = (n for n, one in enumerate(idents) if n > begun and one != idents[begun])
    return list(drawn[next(of_others, len(idents)) :])


def decoders(
    path: Path, seen: Sequence[CaptionedPicture], material: Sequence[Material], pace: int
) -> list[ByDecoder]:
    """Let both decoders read a capture."""
    read, drawn = list(libav_texts(seen)), vlc_pictures(path, VLC_RATE)
    marked = [(one.mark, text) for one, text in zip(seen, read, strict=True)]
    drawn = after_first_item(drawn)
    named = [(one.mark, caption_text(*one.caption) if one.caption else "") for one in drawn]
    return [
        by_decoder("libavcodec", marked, of_text.of_texts(seen, read), material, pace),
        by_decoder("VLC", named, of_text.of_drawn(drawn), material, pace),
    ]


def judged_capture(
    name: str, aired: CaptionedAiring, material: list[Material], pace: int
) -> tuple[list[Figure], list[object]]:
    """Judge a capture by triplets and by both decoders; return figures and faults."""
    seen = list(captioned_pictures(aired.path))
    judged, most = by_triplets(seen, material, pace), of_text.OVERLAP * pace // 2
    found = [
        Figure(name, "items", judged.items, "items"),
        Figure(name, "processes killed", sum(bool(one.strikes) for one in aired.items), "times"),
        Figure(name, "pictures judged", judged.pictures, "pictures"),
        Figure(name, "triplets judged", judged.triplets, "triplets"),
        Figure(name, "triplets wrong or on another frame", len(judged.faults), "stretches", 0),
    ]
    found.append(Figure(name, "joins in progress one picture off", judged.shifted, "stretches"))
    faults: list[object] = list(judged.faults)
    for one in decoders(aired.path, seen, material, pace):
        found += one.figures(name, most)
        faults += one.strangers(most)
    return found, faults


@pytest.mark.parametrize("house", HOUSES)
def test_captions_out_are_captions_in_over_a_hundred_joins(tmp_path: Path, house: str) -> None:
    form = HouseFormat.parse(house)
    pace, size = round(form.rate / NTSC), (form.width, form.height)
    material = make_material(tmp_path, Fraction(form.rate), size)
    with alone():
        aired = air_joins(material, JOINS, KILLS, form, tmp_path, 1500)
    name = f"caption_joins_{round(form.rate)}"
    found, faults = judged_capture(name, aired, material, pace)
    title = f"Captions over {JOINS} joins at {float(form.rate):.2f} pictures a second"
    note(
        name, title, found, aired.stalls, aired.seconds, house=house, joins=JOINS,
        kills=[one.strikes for one in aired.items if one.strikes], faults=faults[:60],
    )  # fmt: skip

    assert [one for one in found if not one.good] == []
    assert found[0].value > JOINS
