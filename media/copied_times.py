"""The times of a picture that is copied for browsers, counted in frames (pure).

A browser is asked for the middle of a frame. It shows the right one only where each picture lies on
its frame, and where it begins to decode at a key picture that is shown no later. Some browsers look
for that key picture by the times of decoding, so these are as late as they can be: a key picture
is decoded when it is shown.

Worked example, in steps of 1001 a frame. Four pictures come in the order 0, 3, 1, 2, because 1 and
2 refer to 3. They are decoded at 0, 1000, 1001 and 2002: frame 3 as late as frame 1 allows.
"""

from collections.abc import Sequence

MOST_OFF = 0.3
"""Share of a frame by which the time of a picture may differ from its place in its group."""
MOST_SHIFTED = 0.6
"""Share of a frame by which a whole group may be shifted, so that it follows the one before."""


class UnfitError(Exception):
    """A picture that browsers would not show frame by frame if it was copied; the text is for the
    log."""


def key_number(at: float, rate: float, last: int) -> int:
    """Return which frame is the key picture at `at`, in seconds from the first picture, where
    `last` is the last frame of the group before it.

    Where films were joined, times go on between two frames, and containers round them. Example: a
    key picture at frame 1800.49 or 1800.51 is frame 1801 where 1800 is the last one before it.
    """
    place = at * rate
    return last + 1 if abs(place - last - 1) <= MOST_SHIFTED else round(place)


def frames_after(seconds: float, rate: float) -> int:
    """Return how many frames after its key picture a picture is shown. Raises UnfitError for a time
    between two frames: its rate varies.
    """
    place = seconds * rate
    if abs(place - round(place)) > MOST_OFF:
        raise UnfitError(f"a picture {seconds:.3f} s after its key picture is no frame")
    return round(place)


def decode_times(numbers: Sequence[int], step: int) -> list[int]:
    """Return when each picture of a group is decoded, given its frames in the order of decoding.

    Times are in units of which a frame lasts `step`. Raises UnfitError where two pictures are one
    frame, or one is shown before the key picture, which comes first: it refers to the group before.
    """
    if len(set(numbers)) < len(numbers):
        raise UnfitError(f"two pictures are one frame, after frame {numbers[0]}")
    if min(numbers) < numbers[0]:
        raise UnfitError(f"pictures before key frame {numbers[0]} come after it")
    times: list[int] = []
    for number in reversed(numbers):
        latest = number * step
        times.append(min(latest, times[-1] - 1) if times else latest)
    return times[::-1]
