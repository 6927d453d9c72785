"""The judges of captions over joins find every planted fault, and none where there is none."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from soak import caption_judge as judge
from soak import caption_text_judge as of_text
from soak.test_caption_joins import after_first_item
from support.caption_code import caption_text, text_ident
from support.caption_decoders import (
    CaptionedPicture,
    DrawnPicture,
    captioned_pictures,
    libav_texts,
    vlc_pictures,
)
from support.caption_material import BOTH, LIVE, NTSC, cues, put_beside, spread
from support.captioned import caption_clip
from support.clips import DOUBLE_NTSC, numbered_clip
from support.marks import Mark

from config.names import CueId
from media.captions.cue import laid_out
from media.captions.encode import encode
from media.captions.track import triplets_of
from playout.engine.captions.publisher import CaptionPublisher, CaptionSource
from playout.engine.relay.a53 import cc_data
from playout.model.layer import Layer

A, B, BARE_CLIP = 3, 4, 5
ITEMS = ((A, 0, 80), (B, 0, 90), (A, 97, 75), (BARE_CLIP, 0, 30), (B, 40, 70), (A, 0, 100))
"""Ident, first frame and ticks of each item of a small airing, at 29.97."""
Capture = list[CaptionedPicture]


def inside(rate: Fraction) -> dict[int, dict[int, tuple[bytes, ...]]]:
    return {
        A: put_beside(A, "608", encode(cues(A, 8)), rate),
        B: put_beside(B, BOTH, encode(cues(B, 8)), rate),
        BARE_CLIP: {},
    }


def capture(rate: Fraction) -> Capture:
    """The pictures of the small airing, as the bus's captions go with them."""
    publisher, pace, made, known = CaptionPublisher(rate), round(rate / NTSC), [], inside(rate)
    for number, (ident, first, ticks) in enumerate(ITEMS):
        source = CaptionSource(Layer.DECK, CueId(str(number)))
        for frame in range(first * pace, (first + ticks) * pace):
            tick = len(made) + 1
            own = b"".join(known[ident].get(frame, ()))
            sent = publisher.publish(tick, source, own, begins=frame == 0)
            data = cc_data(sent, tick, rate)
            said = tuple(triplets_of(sent))
            made.append(CaptionedPicture(Mark(ident, frame), said, tick / float(rate), data))
    return made


NORMAL, DOUBLE = capture(NTSC), capture(DOUBLE_NTSC)


def faults(seen: Sequence[CaptionedPicture], rate: Fraction = NTSC) -> list[judge.Fault]:
    known = {ident: judge.Source(ident, some) for ident, some in inside(rate).items()}
    parts = judge.stretches(seen, frozenset({LIVE}))
    pace = round(rate / NTSC)
    return [one for part in parts for one in judge.triplet_faults(part, known[part.ident], pace)]


@pytest.mark.parametrize(("seen", "rate"), [(NORMAL, NTSC), (DOUBLE, DOUBLE_NTSC)])
def test_what_the_bus_sends_has_no_fault(seen: Capture, rate: Fraction) -> None:
    assert faults(seen, rate) == []
    assert sum(len(one.triplets) for one in seen) > 400


def with_triplets(place: int, change: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]) -> Capture:
    made = list(NORMAL)
    made[place] = replace(made[place], triplets=change(made[place].triplets))
    return made


def busy(begin: int, least: int = 1) -> int:
    """The first place from here on whose picture carries triplets."""
    return next(n for n in range(begin, len(NORMAL)) if len(NORMAL[n].triplets) >= least)


def moved(place: int) -> Capture:
    """A capture in which the triplets of a place leave a picture later."""
    made = with_triplets(place, lambda _: ())
    later = made[place + 1].triplets
    made[place + 1] = replace(made[place + 1], triplets=NORMAL[place].triplets + later)
    return made


SECOND = ITEMS[0][2]
"""Place of the first picture of the second item."""
PLANTED = {
    "a pair is lost": with_triplets(busy(30), lambda some: some[1:]),
    "a pair is sent twice": with_triplets(busy(30), lambda some: some * 2),
    "a pair is damaged": with_triplets(
        busy(30), lambda some: (some[0][:1] + b"\xc1\xc1", *some[1:])
    ),
    "a pair leaves a picture late": moved(busy(40)),
    "the screen is not cleared": with_triplets(SECOND, lambda _: ()),
    "a pair of the last item follows": with_triplets(
        SECOND + 6, lambda some: (b"\xfc\xc1\xc2", *some)
    ),
    "an item without captions has some": with_triplets(
        sum(ticks for _, _, ticks in ITEMS[:3]) + 9, lambda _: (b"\xfc\x94\x2f",)
    ),
    "a window of 708 comes over another item": with_triplets(
        20, lambda some: (*some, b"\xff\x02\x21", b"\xfe\x41\x42")
    ),
    "triplets of 708 are lost": with_triplets(
        next(n for n, x in enumerate(NORMAL) if n > SECOND + 9 and x.triplets[-1:] > (b"\xfe",)),
        lambda some: some[:-1],
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_of_triplets_is_found(fault: str) -> None:
    assert len(faults(PLANTED[fault])) >= 1


def shown(seen: Sequence[CaptionedPicture]) -> list[tuple[Mark | None, str]]:
    texts = libav_texts(seen)
    return [(one.mark, text) for one, text in zip(seen, texts, strict=True)]


@pytest.mark.parametrize(("seen", "pace"), [(NORMAL, 1), (DOUBLE, 2)])
def test_a_decoder_shows_every_caption_in_time_and_none_over_the_next(
    seen: Capture, pace: int
) -> None:
    rate, texts = NTSC * pace, shown(seen)
    found = of_text.text_faults(texts, inside(rate), caption_text, 6 * pace)
    over = list(of_text.overlaps(of_text.of_texts(seen, [text for _, text in texts])))

    assert (found.faults, found.judged >= 6, found.latest <= 6 * pace) == ([], True, True)
    assert of_text.standing(of_text.of_texts(seen, [text for _, text in texts])) >= 3
    assert max((stay for *_, stay in over), default=0) <= of_text.OVERLAP * pace // 2
    assert {text_ident(text) for _, text in texts if text} == {A, B}


def test_a_caption_that_hangs_over_the_next_item_is_found() -> None:
    texts = [text for _, text in shown(NORMAL)]
    last = next(text for text in reversed(texts[:SECOND]) if text)
    hanging = [*texts[: SECOND - 1], *[last] * 31, *texts[SECOND + 30 :]]
    (found, *_) = of_text.overlaps(of_text.of_texts(NORMAL, hanging))

    assert found == (SECOND, B, A, 30)


def test_a_caption_that_lacks_or_comes_late_is_found() -> None:
    texts = shown(NORMAL)
    without = [(mark, "") for mark, _ in texts]
    late = [(mark, texts[max(0, n - 9)][1]) for n, (mark, _) in enumerate(texts)]
    whole = inside(NTSC)

    assert len(of_text.text_faults(without, whole, caption_text, 6).faults) >= 5
    assert of_text.text_faults(late, whole, caption_text, 6).faults


def test_frames_that_are_missing_begin_a_stretch_and_need_a_clear() -> None:
    holed = NORMAL[: SECOND + 45] + NORMAL[SECOND + 50 :]
    parts = judge.stretches(holed, frozenset())

    assert [one.after_loss for one in parts].count(True) == 1
    assert len(parts) == len(ITEMS) + 1


def test_only_a_join_in_progress_may_be_one_picture_off_as_a_whole() -> None:
    sources = {ident: judge.Source(ident, some) for ident, some in inside(NTSC).items()}
    early = [replace(x, mark=Mark(x.mark.ident, x.mark.frame + 1)) for x in NORMAL if x.mark]
    parts = judge.stretches(early, frozenset())
    found = [judge.with_shift(one, sources[one.ident], 1) for one in parts]
    bare = [one.ident == BARE_CLIP for one in parts]

    assert [shift for (_, shift), is_bare in zip(found, bare, strict=True) if not is_bare][2:4] == [
        1,
        1,
    ]
    assert judge.with_shift(
        judge.stretches(PLANTED["a pair leaves a picture late"], frozenset())[0], sources[A], 1
    )[0]


def test_pictures_held_while_a_deck_is_away_belong_to_no_item() -> None:
    held = replace(NORMAL[SECOND - 1], triplets=(b"\xfc\x94\x2c",))

    assert faults([*NORMAL[:SECOND], *[held] * 5, *NORMAL[SECOND:]]) == []


@pytest.mark.parametrize(
    ("idents", "kept"), [("  aaa bba", " bba"), ("aabaa", "baa"), ("aa", ""), ("  ", "")]
)
def test_what_vlc_draws_counts_after_the_first_item(idents: str, kept: str) -> None:
    drawn = [DrawnPicture(Mark(ord(one), 0) if one != " " else None, None) for one in idents]
    left = after_first_item(drawn)

    assert "".join(chr(one.mark.ident) if one.mark else " " for one in left) == kept


LEAD_IN = 90
"""Pictures before the first judged caption. VLC starts its caption decoder when the first pair
comes, and on a busy machine that takes longer than a caption lasts."""
STARTS_VLC = 7
"""Number of the caption in the lead-in. It may be lost, and is not judged."""


def with_lead_in() -> dict[int, tuple[bytes, ...]]:
    """Return the captions of A behind a lead-in, by frame."""
    return {LEAD_IN + frame: some for frame, some in inside(NTSC)[A].items()}


@pytest.mark.soak  # VLC plays in real time.
def test_vlc_draws_the_captions_that_went_in_and_its_pictures_are_read(tmp_path: Path) -> None:
    last = LEAD_IN + 110
    plain = numbered_clip(tmp_path / "plain.ts", frames=last, ident=A, audio=None)
    starts = encode(laid_out(400_000, 1_400_000, [caption_text(A, STARTS_VLC)], top=True))
    judged, lead_in = with_lead_in(), spread(starts, NTSC)
    some = {frame: b"".join(one) for frame, one in (lead_in | judged).items()}
    every = {frame: some.get(frame, b"\xfc\x80\x80") for frame in range(last)}
    path = caption_clip(plain.path, tmp_path / "a.ts", every)
    drawn = vlc_pictures(path, patience=60)
    seen = list(captioned_pictures(path))
    read = [(one.mark, caption_text(*one.caption) if one.caption else "") for one in drawn]

    found = of_text.text_faults(read, {A: judged}, caption_text, 6)

    assert {one.caption for one in drawn} - {(A, STARTS_VLC)} == {None, (A, 0), (A, 1), (A, 2)}
    assert (found.faults, found.judged) == ([], 3)
    assert {frame: one.triplets for frame, one in enumerate(seen) if one.triplets} == {
        frame: one for frame, one in (lead_in | judged).items() if frame < last
    }
