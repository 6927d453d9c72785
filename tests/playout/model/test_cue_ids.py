"""Ids of cues: what is written can be read back, and what is read agrees with the cue."""

from datetime import UTC, datetime
from itertools import islice

import pytest
from support.plans import at

from config.names import CueId, ItemId
from playout.model.cue_ids import (
    Origin,
    awaited_cue_id,
    command_cue_id,
    command_of,
    fill_cue_ids,
    instance_of,
    item_cue_id,
    item_of,
    next_piece_of,
    off_air_cue_id,
    origin_of,
    piece_of,
    planned_of,
    standby_cue_id,
    without_piece,
)

PARKS = item_cue_id(ItemId("parks"), at("19:00"), "ab12cd34", 1)
FILL = list(islice(fill_cue_ids(at("10:00:00.25")), 3))[-1]
TAKE = command_cue_id(Origin.TAKE, "c7")


@pytest.mark.parametrize(
    ("cue", "written", "origin", "planned"),
    [
        (PARKS, "parks@20261120T190000.ab12cd34#1", Origin.PLANNED, at("19:00")),
        (FILL, "fill-20261120T100000.250000-3", Origin.FILL, at("10:00:00.25")),
        (TAKE, "take-c7", Origin.TAKE, None),
        (command_cue_id(Origin.OVERRIDE, "c7"), "over-c7", Origin.OVERRIDE, None),
        (command_cue_id(Origin.SLATE, "c7"), "slate-c7", Origin.SLATE, None),
        (off_air_cue_id(at("10:00")), "off-20261120T100000.000000", Origin.OFF_AIR, None),
        (awaited_cue_id(ItemId("parks")), "awaited-parks", Origin.PLANNED, None),
        (standby_cue_id(4), "standby-4", Origin.STANDBY, None),
        (CueId("fill-1"), "fill-1", Origin.FILL, None),
        (CueId("parks@tonight.x#1"), "parks@tonight.x#1", Origin.PLANNED, None),
    ],
)
def test_an_id_tells_origin_and_planned_start(
    cue: CueId, written: str, origin: Origin, planned: datetime | None
) -> None:
    assert (cue, origin_of(cue), planned_of(cue)) == (written, origin, planned)


@pytest.mark.parametrize(
    ("cue", "following"),
    [
        (PARKS, "parks@20261120T190000.ab12cd34#2"),
        (piece_of(PARKS, 9), "parks@20261120T190000.ab12cd34#10"),
        (TAKE, "take-c7#2"),
        (CueId("take-c7#2"), "take-c7#3"),
    ],
)
def test_the_next_piece_keeps_all_but_its_number(cue: CueId, following: str) -> None:
    assert next_piece_of(cue) == following
    assert without_piece(next_piece_of(cue)) == without_piece(cue)
    assert (origin_of(CueId(following)), planned_of(CueId(following))) == (
        origin_of(cue), planned_of(cue),
    )  # fmt: skip


def test_an_instance_is_the_same_whatever_file_it_has() -> None:
    other = item_cue_id(ItemId("parks"), at("19:00"), "ffffffff", 2)

    assert instance_of(PARKS) == instance_of(other) == "parks@20261120T190000"
    assert instance_of(FILL) == FILL


@pytest.mark.parametrize(
    ("cue", "command"),
    [(TAKE, "c7"), (CueId("over-c7#2"), "c7"), (CueId("slate-c7"), "c7"), (PARKS, None),
     (FILL, None)],
)  # fmt: skip
def test_a_cue_put_on_air_by_hand_names_its_command(cue: CueId, command: str | None) -> None:
    assert command_of(cue) == command


@pytest.mark.parametrize(
    ("cue", "item"),
    [(PARKS, "parks"), (piece_of(PARKS, 2), "parks"), (TAKE, None), (FILL, None),
     (CueId("slate-c7@x"), None), (CueId("c1"), None)],
)  # fmt: skip
def test_only_the_id_of_a_planned_cue_names_an_item(cue: CueId, item: str | None) -> None:
    assert item_of(cue) == item


def test_ids_are_written_in_utc_whatever_zone_an_instant_has() -> None:
    eastern = at("19:00").astimezone(UTC).astimezone()

    assert item_cue_id(ItemId("parks"), eastern, "ab12cd34", 1) == PARKS
