"""A plan with cuts as a broadcast machine of the version before gets it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.plans import at, clips, item, media, minutes, plan, policy

from playout.model.plan import EndRule, Item, Plan
from playout.model.wire import READS, decode, encode
from playout.model.wire_before import plan_for


def cut_item(**rest: Any) -> Item:
    cut = replace(media("hearing", minutes(90)), pieces=((0, 1800), (3600, 9000)))
    return item("hearing", at("10:00"), minutes(4), media=replace(cut, length=minutes(4)), **rest)


def test_a_host_that_knows_no_cuts_airs_their_pieces_one_after_the_other() -> None:
    """What was left out must not air, whatever the version of the machine."""
    clip = replace(media("clip", minutes(1)), pieces=((0, 300),))
    sent = plan(cut_item(), filler=(*clips(30), clip), policies=(
        policy("night", at("1:00"), at("5:00"), clip),
    ))  # fmt: skip
    read = decode(Plan, plan_for(encode(sent), READS - 1))

    first, second = read.items
    assert (first.id, first.start, first.length, first.in_point) == (
        "hearing", at("10:00"), minutes(1), minutes(0),
    )  # fmt: skip
    assert (second.id, second.start, second.length, second.in_point) == (
        "hearing-2", at("10:01"), minutes(3), minutes(2),
    )  # fmt: skip
    assert all(one.media is not None and not one.media.pieces for one in read.items)
    assert first.airing is not None and second.airing is None
    assert read.filler == clips(30) and read.policies[0].filler == ()
    assert b"pieces" not in plan_for(encode(sent), READS - 1)
    assert decode(Plan, plan_for(encode(sent), READS)) == sent


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"in_point": minutes(2)}, [(minutes(3), minutes(2))]),
        ({"in_point": minutes(0.5)}, [(minutes(0.5), minutes(0.5)), (minutes(2), minutes(3))]),
        ({"end_rule": EndRule.FINISH}, [(minutes(0), minutes(1)), (minutes(2), minutes(3))]),
    ],
)
def test_the_pieces_for_such_a_host_begin_where_the_item_does(
    rules: dict[str, Any], expected: list[tuple[timedelta, timedelta]]
) -> None:
    read = decode(Plan, plan_for(encode(plan(cut_item(**rules))), READS - 1))

    assert [(one.in_point, one.length) for one in read.items] == expected
    assert sum((one.length for one in read.items), minutes(0)) <= minutes(4)
