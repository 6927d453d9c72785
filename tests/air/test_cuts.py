"""A cut on the real engine: the pictures that leave are the ones that were marked, in their order.

The file has more pictures between the pieces than a deck can have ready, so each join is a jump to
another deck. One piece lies before the one that it follows.
"""

from collections import Counter
from pathlib import Path

import pytest
from support.captured_airing import CapturedAiring, air
from support.clips import numbered_clip

pytestmark = pytest.mark.air
PIECES = ((47, 110), (301, 366), (200, 263))
"""None begins at a key picture."""
IDENT = 9


@pytest.fixture(scope="module")
def aired(tmp_path_factory: pytest.TempPathFactory) -> CapturedAiring:
    folder: Path = tmp_path_factory.mktemp("cut")
    clip = numbered_clip(folder / "hearing.mp4", frames=400, ident=IDENT, between=2)
    frames = ",".join(f"{first}-{after - 1}" for first, after in PIECES)
    return air([clip.path], folder, "--frames", frames)


def test_exactly_the_marked_pictures_leave(aired: CapturedAiring) -> None:
    aired.conclusive()
    shown = [one.frame for one in aired.seen if one.ident == IDENT]
    # A picture that stays for two ticks is one picture; a machine that stalled may do that.
    seen = [frame for place, frame in enumerate(shown) if frame != shown[place - 1] or not place]

    assert seen == [frame for piece in PIECES for frame in range(*piece)]
    assert len(shown) - len(seen) <= 2 * sum(map(bool, aired.stalls))


def test_nothing_is_seen_between_two_pieces(aired: CapturedAiring) -> None:
    numbered = [place for place, one in enumerate(aired.seen) if one.ident is not None]
    between = aired.seen[numbered[0] : numbered[-1] + 1]

    assert Counter(one.ident for one in between) == {IDENT: len(between)}


def test_it_is_one_airing_of_one_cue(aired: CapturedAiring) -> None:
    aired.conclusive()
    (line,) = aired.lines

    assert line["outcome"] == "aired" and line["first_tick"] == line["planned_tick"]
    assert aired.code == 0
