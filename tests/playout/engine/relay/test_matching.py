"""The frame of a coded picture."""

from playout.engine.links.fed import FedFrame
from playout.engine.relay.matching import FrameMatch
from playout.engine.relay.units import AccessUnit


def picture(pts: int, run: int = 9) -> AccessUnit:
    return AccessUnit(run, True, False, pts, pts, b"x")


def matching() -> FrameMatch:
    return FrameMatch(lambda _frame: None)


def test_a_picture_is_the_frame_with_its_stamp_whatever_constant_was_added() -> None:
    match = matching()
    match.take(FedFrame(9, 1_000_000))
    stamps = [match.microseconds(picture(36_000 + 3003 * number)) for number in range(4)]

    expected = [1_000_000 + number * 1_001_000 // 30 for number in range(4)]
    assert all(abs((a or 0) - b) <= 12 for a, b in zip(stamps, expected, strict=True))


def test_each_run_has_a_constant_of_its_own() -> None:
    match = matching()
    match.take(FedFrame(9, 1_000_000))
    first = match.microseconds(picture(36_000))
    match.take(FedFrame(10, 1_000_000))

    assert first == 1_000_000
    assert match.microseconds(picture(36_000, run=9)) is None
    assert match.microseconds(picture(41_000, run=10)) == 1_000_000


def test_a_picture_of_a_run_that_nobody_announced_has_no_frame() -> None:
    assert matching().microseconds(picture(1)) is None


def test_stamps_go_on_after_the_26_hours_that_a_pts_lasts() -> None:
    match = matching()
    match.take(FedFrame(9, 1_000_000))
    for hour in range(60):
        stamp = match.microseconds(picture((36_000 + hour * 3600 * 90_000) % (1 << 33)))

    assert stamp == 1_000_000 + 59 * 3600 * 1_000_000
