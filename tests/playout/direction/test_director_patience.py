"""How long a file may go without a picture."""

from datetime import UTC, datetime, timedelta

import pytest

from config.names import CueId
from playout.direction.director import picture_patience
from playout.host.recovery import Recovery
from playout.model.engine import DeckReport, DeckState, Desired, Observation, Shot
from playout.model.layer import Layer

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes_left", "seconds"), [(0.5, 5), (1, 5), (8, 24), (20, 60), (45, 60), (600, 60)]
)
def test_a_longer_item_gets_more_patience_up_to_a_minute(
    minutes_left: float, seconds: float
) -> None:
    until = NOW + timedelta(minutes=minutes_left)
    desired = Desired(1, Shot(CueId("meeting"), Layer.DECK, NOW, until, path="/store/a.mp4"))

    assert picture_patience(desired, NOW) == timedelta(seconds=seconds)


def test_a_deck_that_is_opening_a_file_gets_more_patience() -> None:
    """An overloaded machine may need ten seconds to open a file, which is no fault of the file."""
    shot = Shot(CueId("spot"), Layer.DECK, NOW, NOW + timedelta(seconds=30), path="/store/a.mp4")
    shown = Desired(1, shot)

    def given_up(decks: tuple[DeckReport, ...]) -> float | None:
        """Return after how many seconds the file is given up; None if never."""
        mender = Recovery()
        for second in range(30):
            now = NOW + timedelta(seconds=second)
            seen = Observation(0, now, Layer.SLATE, shot.cue, 1, 0, decks=decks)
            if mender._stuck(shown, seen, now) is not None:
                return second
        return None

    opening = DeckReport(DeckState.CUEING, shot.cue)
    waiting = DeckReport(DeckState.WAITING, shot.cue, reason="no file descriptors are left")
    assert given_up(()) == 5
    assert given_up((DeckReport(DeckState.CUEING, CueId("another")),)) == 5
    assert given_up((opening,)) == 15
    assert given_up((waiting,)) is None
