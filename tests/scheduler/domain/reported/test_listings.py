"""What viewers are told of blocks: programs by name, clips by the block's, under ids that last."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from support.desk import (
    ADMIN,
    CH13,
    HOUR,
    MINUTE,
    NOW,
    PLANNER,
    a_channel,
    a_source,
    an_airing,
    an_asset,
)
from support.plans import clips, plan

from config.names import AssetKey, ItemId
from config.webaddress import read
from playout.model.plan import ContentKind, Item, MissedStart, Rank, StartRule
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.actions import airings, blocks, channels, programs
from scheduler.changing.listings import update_lines
from scheduler.db import listings as rows
from scheduler.db import tidy
from scheduler.db.store import Database
from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.ids import BlockId
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.reported.listings import (
    BlockPiece,
    Listing,
    ListingWords,
    PublishedListing,
    changed_listings,
    compose,
    expected,
)
from scheduler.domain.series.blocks import Block, BlockDraft
from scheduler.feeds.lineup import Feeds
from scheduler.process.publish import publish_all
from scheduler.queries import grid

MIX = BlockId("mix")
LENGTHS = {AssetKey("film"): 25 * MINUTE, AssetKey("clip"): 3 * MINUTE, AssetKey("spot"): MINUTE}


def pieces(*of: tuple[str, float]) -> list[BlockPiece]:
    """Files by key and the minute at which each begins."""
    made = []
    for key, minute in of:
        start = NOW + minute * MINUTE
        item = ItemId(f"block-mix-{start:%Y%m%dT%H%M%S.%f}-{key}")
        end = start + LENGTHS[AssetKey(key)]
        made.append(BlockPiece(item, AssetKey(key), key.title(), start, end))
    return made


def composed(of: Sequence[BlockPiece], **over: Any) -> list[tuple[str, int, int]]:
    """Title, first and last minute of each line."""
    asked: dict[str, Any] = {"words": {}, "begins": {}} | over
    made = compose(of, {MIX: "Afternoon mix"}, LENGTHS, **asked)
    return [(x.words.title, (x.start - NOW) // MINUTE, (x.end - NOW) // MINUTE) for x in made]


def test_programs_are_listed_by_title_and_runs_of_clips_by_their_block() -> None:
    run = [("clip", 25 + 3 * n) for n in range(4)]
    found = composed(pieces(("film", 0), *run, ("film", 37)))

    assert found == [("Film", 0, 25), ("Afternoon mix", 25, 37), ("Film", 37, 62)]


def test_forty_clips_of_an_afternoon_are_one_listing_that_names_some() -> None:
    run = pieces(
        *[(name, 4 * n + at) for n in range(40) for name, at in (("clip", 0), ("spot", 3))]
    )
    (line,) = compose(run, {MIX: "Afternoon mix"}, LENGTHS, {}, {})

    assert (line.words.title, line.words.summary) == ("Afternoon mix", "With Clip, Spot.")
    assert line.end - line.start == 160 * MINUTE


def test_an_opener_and_a_lone_clip_between_films_are_not_listed() -> None:
    found = composed(pieces(("spot", 0), ("film", 1), ("clip", 26), ("film", 29)))

    assert found == [("Film", 1, 26), ("Film", 29, 54)]


def test_an_item_planned_by_name_parts_the_clips_round_it() -> None:
    run = [("clip", 3 * n) for n in (0, 1, 2, 3, 30, 31, 32, 33)]

    assert composed(pieces(*run)) == [("Afternoon mix", 0, 12), ("Afternoon mix", 90, 102)]


def test_a_round_the_clock_block_begins_a_new_listing_each_day() -> None:
    run = pieces(*[("clip", 3 * n) for n in range(20)])

    assert composed(run, begins={MIX: [NOW, NOW + 30 * MINUTE]}) == [
        ("Afternoon mix", 0, 30),
        ("Afternoon mix", 30, 60),
    ]


def test_a_silent_machine_does_not_part_a_listing_of_clips() -> None:
    run = pieces(*[("clip", 3 * n) for n in (0, 1, 2, 3, 20, 21, 22, 23)])
    silent = (NOW + 12 * MINUTE, NOW + 60 * MINUTE)

    assert composed(run, blind=silent) == [("Afternoon mix", 0, 72)]


def test_a_film_interrupted_by_a_meeting_is_one_listing() -> None:
    (film,) = pieces(("film", 0))
    before = replace(film, end=NOW + 10 * MINUTE)

    assert composed([before, replace(film, start=NOW + 20 * MINUTE)]) == [("Film", 0, 25)]


def test_a_program_has_the_words_of_its_record() -> None:
    said = ListingWords("City Parks", "A walk.", "Parks", read("https://a.example"))
    (line,) = compose(pieces(("film", 0)), {}, LENGTHS, {AssetKey("film"): said}, {})

    assert line.words == said


FILM = Listing(MIX, "film", ListingWords("Film"), NOW + HOUR, NOW + HOUR + 25 * MINUTE)


def told(*lines: PublishedListing, by: Sequence[Listing] = (), account: datetime | None = None,
         now: datetime = NOW) -> list[PublishedListing]:  # fmt: skip
    return list(changed_listings(lines, by, account, now))


def test_an_unchanged_listing_is_not_published_again() -> None:
    (line,) = told(by=[FILM])

    assert (line.id, line.count, line.at) == ("mix-20261122T1900-film", 0, NOW)
    for seconds in (0, 20, -59):
        again = replace(FILM, start=FILM.start + timedelta(seconds=seconds))
        assert told(line, by=[again], now=NOW + HOUR / 2) == []


def test_a_moved_program_keeps_its_listing_with_a_greater_stamp() -> None:
    (line,) = told(by=[FILM])
    later = replace(FILM, start=FILM.start + 2 * HOUR, end=FILM.end + 2 * HOUR)
    (moved,) = told(line, by=[later])

    assert (moved.id, moved.start, moved.count) == (line.id, later.start, 1)
    assert moved.at == line.at + timedelta(seconds=1)


def test_two_showings_keep_their_own_listings_when_the_first_is_dropped() -> None:
    second = replace(FILM, start=FILM.start + 3 * HOUR, end=FILM.end + 3 * HOUR)
    first, last = told(by=[FILM, second])
    (gone,) = told(first, last, by=[second], now=NOW + MINUTE)

    assert (gone.id, gone.gone, gone.count) == (first.id, True, 1)


def test_a_program_that_comes_back_has_its_listing_with_a_greater_stamp() -> None:
    (line,) = told(by=[FILM])
    (gone,) = told(line, now=NOW + MINUTE)
    (back,) = told(gone, by=[FILM], now=NOW + 2 * MINUTE)

    assert (back.id, back.gone, back.count) == (line.id, False, 2)
    assert back.at > gone.at > line.at


def test_two_new_listings_never_share_an_id() -> None:
    (line,) = told(by=[FILM])
    moved = replace(FILM, start=FILM.start + HOUR, end=FILM.end + HOUR)
    (first,) = told(line, by=[moved])
    found = told(first, by=[moved, FILM])

    assert [one.id for one in found] == [f"{line.id}-2"]


def test_a_listing_that_is_over_stays_until_it_is_known_what_aired() -> None:
    (line,) = told(by=[FILM])
    later = FILM.end + HOUR

    assert told(line, now=later) == []
    assert told(line, account=FILM.end, now=later) == []
    assert [one.gone for one in told(line, account=later, now=later)] == [True]
    cut = replace(FILM, end=FILM.end - 5 * MINUTE)
    (true,) = told(line, by=[cut], account=later, now=later)
    assert (true.end, true.gone) == (cut.end, False)


def test_behind_a_held_meeting_listings_move_in_quarter_hours_and_not_too_often() -> None:
    (line,) = told(by=[FILM])
    seen = set()
    for minute in range(40):
        at = FILM.start + minute * MINUTE
        again = replace(FILM, start=at, end=FILM.end + minute * MINUTE, guessed=True)
        for one in told(line, by=[again], now=NOW + minute * MINUTE):
            line = one
        seen.add(line.start)

    assert all(one.minute % 15 == 0 for one in seen)
    assert line.count <= 6


def test_a_rundown_that_begins_in_the_middle_of_a_film_knows_when_it_began() -> None:
    (media,) = clips(3600)
    item = Item(
        id=ItemId(f"block-mix-{NOW:%Y%m%dT%H%M%S.%f}-film"), kind=ContentKind.FILE, title="Film",
        start=NOW, length=HOUR, start_rule=StartRule.HARD, missed=MissedStart.JOIN, rank=Rank.BLOCK,
        media=media,
    )  # fmt: skip
    made = replace(plan(item), starts=NOW - HOUR, ends=NOW + 5 * HOUR)
    rundown = settle(made, AirState(), NOW + 20 * MINUTE)
    for account, start in ((None, 0), (NOW - HOUR, 0), (NOW + 9 * MINUTE, 9)):
        (piece,) = expected(rundown, account, NOW + 20 * MINUTE)
        assert piece.start == NOW + start * MINUTE


def a_block(db: Database, name: str, begin: int, until: int, files: Sequence[Any]) -> Block:
    draft = BlockDraft(
        CH13, name, frozenset(range(7)), time(begin), time(until), date(2026, 11, 1),
        assets=tuple(files), no_repeat=timedelta(0),
    )  # fmt: skip
    return blocks.add(db, PLANNER, NOW, draft)


def a_station(db: Database) -> Block:
    """Sunday 13:00 in New York; films from 14:00, clips from 18:00, each day."""
    a_channel(db)
    films = [
        an_asset(db, f"Film {key.upper()}", key, minutes * MINUTE)
        for key, minutes in (("a", 58), ("b", 28))
    ]
    programs.add(db, PLANNER, NOW, ProgramDraft("City Parks", "A walk.", asset=films[0].id))
    short = [an_asset(db, f"Clip {key.upper()}", key, 3 * MINUTE).id for key in "cde"]
    made = a_block(db, "Afternoon films", 14, 18, [film.id for film in films])
    a_block(db, "Short takes", 18, 20, short)
    look(db, NOW)
    return made


def look(db: Database, now: datetime) -> int:
    publish_all(db, now)
    return update_lines(db, CH13, now)


def events(db: Database, now: datetime) -> dict[str, Any]:
    feed = Feeds(db, "https://tv.example.gov", "tv.example.gov").lineup(CH13, now)
    assert feed is not None
    return {str(one["uid"]): one for one in Calendar.from_ical(feed.body).walk("VEVENT")}


def of_day(found: dict[str, Any], day: int) -> list[tuple[str, str]]:
    """Title and UTC time of the events of a day in November."""
    return sorted(
        (f"{one['dtstart'].dt:%H:%M}", str(one["summary"]))
        for one in found.values()
        if one["dtstart"].dt.day == day
    )


def test_the_feed_names_each_film_of_a_block_and_an_evening_of_clips_by_the_block(
    db: Database,
) -> None:
    a_station(db)
    found = events(db, NOW)

    sunday = of_day(found, 22)
    assert {title for _, title in sunday} == {"City Parks", "Film B", "Short takes"}
    assert ("23:00", "Short takes") in sunday and len(sunday) >= 5
    parks = next(one for one in found.values() if one["summary"] == "City Parks")
    assert parks["description"] == "A walk." and parks["dtend"].dt - parks["dtstart"].dt == (
        58 * MINUTE
    )
    assert of_day(found, 30) == [("19:00", "Afternoon films"), ("23:00", "Short takes")]


def test_publishing_again_changes_nothing_in_the_feed(db: Database) -> None:
    a_station(db)
    before = events(db, NOW)
    for minutes in (1, 20, 50):
        assert look(db, NOW + minutes * MINUTE) == 0

    assert events(db, NOW + HOUR) == before


def test_an_airing_planned_in_a_block_takes_its_time_and_the_rest_keep_their_ids(
    db: Database,
) -> None:
    a_station(db)
    before = events(db, NOW)
    made = an_airing(db, NOW + 2 * HOUR, title="Hearing", source=a_source(db))
    look(db, NOW + MINUTE)
    during = events(db, NOW + MINUTE)
    spans = sorted((one["dtstart"].dt, one["dtend"].dt) for one in during.values())
    airings.cancel(db, PLANNER, NOW + 2 * MINUTE, made.id, made.version)
    look(db, NOW + 3 * MINUTE)
    after = events(db, NOW + 3 * MINUTE)

    assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))
    kept = set(before) & set(during)
    assert len(kept) >= len(before) - 3
    for uid in kept:
        same = before[uid]["dtstart"] == during[uid]["dtstart"]
        assert during[uid]["sequence"] == before[uid]["sequence"] + (not same)
    assert of_day(after, 22) == of_day(before, 22)
    assert set(before) <= set(after)


@pytest.mark.parametrize("days", [1, 2, 6])
def test_a_block_is_listed_film_by_film_once_its_day_is_near(db: Database, days: int) -> None:
    a_station(db)
    day = 22 + days
    look(db, NOW + timedelta(days=days) - HOUR / 2)
    found = of_day(events(db, NOW + timedelta(days=days) - HOUR / 2), day)

    assert "Afternoon films" not in {title for _, title in found}
    assert len([one for one in found if one[1] in ("City Parks", "Film B")]) >= 4


def test_a_retired_block_is_no_longer_listed_but_what_aired_stays(db: Database) -> None:
    block = a_station(db)
    at = NOW + 2 * HOUR + MINUTE
    blocks.retire(db, PLANNER, at, block.id, block.version)
    look(db, at)
    left = of_day(events(db, at), 22)

    assert left[0] == ("19:00", left[0][1]) and left[-1] == ("23:00", "Short takes")
    assert len(left) <= 3


def test_the_live_feed_has_no_blocks(db: Database) -> None:
    a_station(db)
    feed = Feeds(db, "https://tv.example.gov", "tv.example.gov").live(CH13, NOW)

    assert feed is not None and b"BEGIN:VEVENT" not in feed.body


def test_a_channel_renamed_stamps_what_its_blocks_air(db: Database) -> None:
    a_station(db)
    before = events(db, NOW)
    channel = grid.channel(db, CH13)
    draft = ChannelDraft("ch13", "Gavel TV", channel.zone, channel.format)
    channels.edit(db, ADMIN, NOW + MINUTE, CH13, draft, channel.version)
    look(db, NOW + 2 * MINUTE)
    after = events(db, NOW + 2 * MINUTE)

    assert set(after) == set(before)
    for uid, one in after.items():
        assert one["location"] == "Gavel TV"
        assert one["sequence"] == before[uid]["sequence"] + 1


def test_listings_long_over_are_deleted(db: Database) -> None:
    a_station(db)
    tidy.prune(db, NOW + timedelta(days=60), timedelta(days=30))
    with db.read() as session:
        assert rows.lines(session, CH13, NOW - timedelta(days=1)) == ()


def test_listings_are_read_back_as_stored(db: Database) -> None:
    a_station(db)
    with db.read() as session:
        lines = rows.lines(session, CH13, NOW)
    changed = [replace(line, count=line.count + 1, gone=True) for line in lines]
    with db.write() as session:
        rows.keep(session, CH13, changed)
    with db.read() as session:
        assert list(rows.lines(session, CH13, NOW)) == changed
