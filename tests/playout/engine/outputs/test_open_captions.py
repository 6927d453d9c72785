"""Captions drawn into the picture of a screen, and nothing else in it."""

from collections.abc import Iterable

import numpy as np

from config.names import HouseFormat
from media.captions.cue import CaptionRow, laid_out
from media.captions.encode import encode
from media.captions.track import CaptionPacket
from playout.engine.links.ring import Picture, planes
from playout.engine.outputs.open_captions import CaptionPen, OpenCaptions

HOUSE = HouseFormat.parse("640x360@30000/1001")
GREY = 100


def plain() -> Picture:
    return np.full(HOUSE.picture_bytes, GREY, dtype=np.uint8)


def changed(picture: Picture) -> tuple[slice, slice] | None:
    """The rows and columns of the luma that differ from the plain picture."""
    rows, columns = np.nonzero(planes(picture, HOUSE.width, HOUSE.height)[0] != GREY)
    if not len(rows):
        return None
    return slice(int(rows.min()), int(rows.max())), slice(int(columns.min()), int(columns.max()))


def shown(screen: OpenCaptions, packets: Iterable[CaptionPacket], until: float) -> Picture:
    """The picture after these captions, those up to `until` seconds."""
    picture = plain()
    for packet in packets:
        if packet.microseconds <= until * 1_000_000:
            picture = screen.over(packet.microseconds, plain(), packet.triplets)
    return picture


TRACK = encode([*laid_out(1_000_000, 2_000_000, ["ROLL CALL", "OF THE COUNCIL"])])


def test_a_caption_is_drawn_at_the_bottom_while_it_is_shown() -> None:
    before, during, after = (shown(OpenCaptions(HOUSE), TRACK, at) for at in (0.9, 1.5, 2.5))
    drawn = changed(during)

    assert changed(before) is changed(after) is None
    assert drawn is not None
    assert 0.75 * 360 < drawn[0].start < drawn[0].stop < 0.92 * 360
    assert 160 < drawn[1].start < drawn[1].stop < 480
    luma = planes(during, HOUSE.width, HOUSE.height)[0][drawn]
    assert (int(luma.min()), int(luma.max())) == (16, 235)


def test_the_picture_that_was_fed_stays_as_it_is() -> None:
    screen, fed = OpenCaptions(HOUSE), plain()
    shown(screen, TRACK, 1.5)
    covered = screen.over(1_600_000, fed, b"")

    assert changed(fed) is None
    assert changed(covered) is not None


def test_a_picture_without_captions_is_not_copied() -> None:
    fed = plain()

    assert OpenCaptions(HOUSE).over(0, fed, b"\xfc\x80\x80\xff\x02\x21") is fed


def test_rows_are_drawn_only_when_they_change() -> None:
    screen = OpenCaptions(HOUSE)
    shown(screen, TRACK, 1.5)
    drawn = screen._drawn
    for number in range(30):
        screen.over(1_500_000 + number * 33_367, plain(), b"")

    assert screen._drawn is drawn and len(drawn) == 2


def test_a_screen_that_runs_for_days_keeps_no_list_of_what_it_showed() -> None:
    screen = OpenCaptions(HOUSE)
    for _ in range(5):
        shown(screen, TRACK, 9)

    assert screen._decoder.screens[0].cues == []


def test_a_row_as_long_as_can_be_lies_inside_the_picture_of_every_format() -> None:
    for name in ("720x480@30000/1001", "1920x1080@60000/1001", "320x180@25"):
        house = HouseFormat.parse(name)
        rows = [CaptionPen(house).draw(CaptionRow(row, 0, "W" * 32)) for row in (1, 15)]

        assert all(row.left >= 0 and row.top >= 0 for row in rows)
        assert all(row.left + row.luma.shape[1] <= house.width for row in rows)
        assert all(row.top + row.luma.shape[0] <= house.height for row in rows)
