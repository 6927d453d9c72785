"""Replay rules as tables: where each replay goes, and why one has no place."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.meetings.replays import ReplayRules, WeeklyReplay, in_words, problems, replays
from scheduler.domain.series.wall_time import instant

ZONE = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 15, tzinfo=UTC)
"""10:00 in New York."""


def local(rules, start=TUESDAY, length=2 * HOUR, taken=(), now=NOW):  # type: ignore[no-untyped-def]
    """Each replay as its slot and its local time, or why it has none."""
    found = replays(rules, start, length, ZONE, taken, now)
    return [
        (r.slot, r.start.astimezone(ZONE).strftime("%a %d %H:%M") if r.start else r.why)
        for r in found
    ]


def test_the_same_evening_and_the_next_saturday() -> None:
    rules = ReplayRules(same_day=time(19), weekly=(WeeklyReplay(5, time(10)),))
    assert local(rules) == [("same-day", "Tue 24 19:00"), ("weekly-5-1000", "Sat 28 10:00")]


def test_a_weekday_is_never_the_meetings_own_day() -> None:
    rules = ReplayRules(weekly=(WeeklyReplay(1, time(10)), WeeklyReplay(0, time(9))))
    assert [at for _, at in local(rules)] == ["Tue 01 10:00", "Mon 30 09:00"]


def test_an_evening_meeting_has_no_replay_the_same_evening() -> None:
    late = TUESDAY + 7 * HOUR
    rules = ReplayRules(same_day=time(19))
    assert local(rules, late) == [("same-day", "No replay the same day: it does not end by 19:00.")]


def test_three_airings_spread_over_days_and_hours() -> None:
    rules = ReplayRules(count=3, earliest=time(9), latest=time(23), within=14)
    assert [at for _, at in local(rules)] == ["Wed 25 09:00", "Sun 29 13:00", "Fri 04 17:00"]


def test_spread_airings_keep_out_of_what_is_taken_and_of_each_other() -> None:
    day = instant(datetime(2026, 11, 25), ZONE)
    taken = [(day + 9 * HOUR, day + 12 * HOUR)]
    rules = ReplayRules(count=2, within=1)
    assert [at for _, at in local(rules, taken=taken)] == ["Wed 25 12:00", "Wed 25 15:00"]


def test_a_replay_without_a_slot_says_so_and_is_not_forced() -> None:
    rules = ReplayRules(count=1, earliest=time(9), latest=time(10), within=2)
    assert local(rules) == [("spread-1", "No open slot of 2 h between 09:00 and 10:00.")]


def test_a_replay_in_the_past_is_left_out() -> None:
    rules = ReplayRules(same_day=time(19))
    assert local(rules, now=TUESDAY + 24 * HOUR) == [("same-day", "Its time has passed.")]


def test_wall_time_holds_on_both_sides_of_a_clock_change() -> None:
    saturday = instant(datetime(2027, 3, 13, 10), ZONE)
    rules = ReplayRules(weekly=(WeeklyReplay(6, time(2, 30)), WeeklyReplay(0, time(10))))
    assert [at for _, at in local(rules, saturday)] == ["Sun 14 03:30", "Mon 15 10:00"]


@given(
    count=st.integers(0, 6),
    within=st.integers(1, 20),
    minutes=st.integers(10, 600),
    busy=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 12)), max_size=12),
)
def test_no_spread_replay_ever_overlaps_or_leaves_its_hours(count, within, minutes, busy) -> None:  # type: ignore[no-untyped-def]
    length = timedelta(minutes=minutes)
    taken = [(TUESDAY + HOUR * a, TUESDAY + HOUR * (a + b)) for a, b in busy]
    rules = ReplayRules(count=count, within=within)
    held = [*taken, (TUESDAY, TUESDAY + length)]
    found = replays(rules, TUESDAY, length, ZONE, taken, NOW)
    assert len(found) == count
    for one in found:
        if one.start is None:
            continue
        assert all(one.start >= end or one.start + length <= begin for begin, end in held)
        held.append((one.start, one.start + length))
        begin, over = one.start.astimezone(ZONE), (one.start + length).astimezone(ZONE)
        assert time(9) <= begin.time() and (over.date() == begin.date() and over.time() <= time(23))
        assert 1 <= (begin.date() - TUESDAY.astimezone(ZONE).date()).days <= within


def test_the_rules_in_words() -> None:
    rules = ReplayRules(time(19), (WeeklyReplay(5, time(10)),), 3)
    said = "same day at 19:00, Saturday at 10:00, "
    assert in_words(rules) == said + "three more replays between 09:00 and 23:00 within 14 days"
    assert in_words(ReplayRules(count=1)) == "one replay between 09:00 and 23:00 within 14 days"
    assert in_words(ReplayRules()) == "no replays"


def test_rules_that_cannot_be_kept_say_why() -> None:
    wrong = ReplayRules(count=99, earliest=time(12), latest=time(9), within=0)
    assert set(problems(wrong)) == {"count", "latest", "within"}
    assert problems(ReplayRules(time(19), (), 3)) == {}
