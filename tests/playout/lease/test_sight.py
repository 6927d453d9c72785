"""For what the sender gives over, by what both machines see of its output."""

import itertools
import random
from typing import get_args

import pytest

from playout.lease.sight import AGAIN_NS, FAULTS, NS, SETTLED_AFTER_NS, believed, fault_to_give_for
from playout.model.sight import Sight, View

VIEWS: tuple[View, ...] = get_args(View)
LONG = 10_000 * NS


@pytest.mark.parametrize(
    ("standby", "of_right", "of_unknown", "of_faulty"),
    [
        ("absent", "one", "one", "both"),
        ("no pictures", "", "one", "both"),
        ("black", "", "one", "both"),
        ("frozen", "", "one", "both"),
        ("wrong", "", "", "both"),
        ("right", "", "", ""),
        ("unknown", "", "", "one"),
    ],
)
def test_who_is_believed(standby: View, of_right: str, of_unknown: str, of_faulty: str) -> None:
    assert believed(standby, "right") == of_right
    assert believed(standby, "unknown") == of_unknown
    assert {believed(standby, one) for one in FAULTS - {"wrong"}} == {of_faulty}


def test_a_sender_that_alone_sees_a_wrong_picture_keeps_the_stream() -> None:
    assert believed("unknown", "wrong") == ""
    assert believed("wrong", "wrong") == "both"


@pytest.mark.parametrize("own", [one for one in VIEWS if one not in ("right", "slate")])
def test_a_standby_that_is_not_seen_to_be_right_gets_nothing(own: View) -> None:
    for sender, other in itertools.product(VIEWS, VIEWS):
        assert fault_to_give_for(Sight(sender), Sight(own, other), LONG, None) is None


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_standby_that_shows_the_slate_is_better_than_no_picture_only(fault: View) -> None:
    given = fault_to_give_for(Sight(fault), Sight("slate", fault), LONG, None)

    assert given == (fault if fault in ("absent", "no pictures") else None)


@pytest.mark.parametrize(
    ("sender", "standby", "fault"),
    [
        ("right", "absent", "absent"),
        ("frozen", "frozen", "frozen"),
        ("frozen", "wrong", "wrong"),
        ("black", "unknown", "black"),
        ("right", "black", None),
        ("frozen", "right", None),
    ],
)
def test_the_fault_is_the_one_that_the_standby_sees(
    sender: View, standby: View, fault: View | None
) -> None:
    assert fault_to_give_for(Sight(sender), Sight("right", standby), LONG, None) == fault


@pytest.mark.parametrize(("sender", "who"), [("frozen", "both"), ("unknown", "one")])
def test_a_change_by_sight_is_not_soon_followed_by_another(sender: View, who: str) -> None:
    again = AGAIN_NS[who]
    standby = Sight("right", "frozen")

    assert fault_to_give_for(Sight(sender), standby, LONG, again - 1) is None
    assert fault_to_give_for(Sight(sender), standby, LONG, again) == "frozen"
    assert fault_to_give_for(Sight(sender), standby, SETTLED_AFTER_NS - 1, None) is None


def test_whatever_is_seen_in_an_hour_there_are_at_most_sixty_changes() -> None:
    chance, changes, moved = random.Random(5), 0, None
    for at in range(0, 3600 * NS, NS // 10):
        sender, standby = (Sight(chance.choice(VIEWS), chance.choice(VIEWS)) for _ in "ab")
        since = None if moved is None else at - moved
        if fault_to_give_for(sender, standby, LONG, since) is not None:
            changes, moved = changes + 1, at

    assert 50 < changes <= 60
