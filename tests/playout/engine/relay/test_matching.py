"""The frame of a coded picture."""

from playout.engine.links.fed import FedFrame
from playout.engine.relay.matching import FrameMatch
from playout.engine.relay.units import AccessUnit


class Inserted:
    """An insert that notes which frame each picture was."""

    def __init__(self) -> None:
        self.stamps: list[int] = []

    def __call__(self, microseconds: int, data: bytes) -> bytes:
        self.stamps.append(microseconds)
        return data + b"!"


def matched(inserted: Inserted, pts: int, match: FrameMatch, run: int = 9) -> bytes:
    return match.picture(AccessUnit(run, True, False, pts, pts, b"x")).data


def test_a_picture_is_the_frame_with_its_stamp_whatever_constant_was_added() -> None:
    inserted = Inserted()
    match = FrameMatch(lambda _frame: None, inserted)
    match.take(FedFrame(9, 1_000_000))
    data = [matched(inserted, 36_000 + 3003 * number, match) for number in range(4)]

    assert data == [b"x!"] * 4
    expected = [1_000_000 + number * 1_001_000 // 30 for number in range(4)]
    assert all(abs(a - b) <= 12 for a, b in zip(inserted.stamps, expected, strict=True))


def test_each_run_has_a_constant_of_its_own() -> None:
    inserted = Inserted()
    match = FrameMatch(lambda _frame: None, inserted)
    match.take(FedFrame(9, 1_000_000))
    matched(inserted, 36_000, match)
    match.take(FedFrame(10, 1_000_000))
    matched(inserted, 36_000, match, run=9)
    matched(inserted, 41_000, match, run=10)

    assert inserted.stamps == [1_000_000, 1_000_000]


def test_a_picture_of_a_run_that_nobody_announced_stays_as_it_is() -> None:
    inserted = Inserted()

    assert matched(inserted, 1, FrameMatch(lambda _frame: None, inserted)) == b"x"


def test_stamps_go_on_after_the_26_hours_that_a_pts_lasts() -> None:
    inserted = Inserted()
    match = FrameMatch(lambda _frame: None, inserted)
    match.take(FedFrame(9, 1_000_000))
    for hour in range(60):
        matched(inserted, (36_000 + hour * 3600 * 90_000) % (1 << 33), match)

    assert inserted.stamps[-1] == 1_000_000 + 59 * 3600 * 1_000_000
