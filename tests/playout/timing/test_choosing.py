"""What airs of a saved search: the worked example, each order and condition, and what stays."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from support.plans import DAY, at, item, media, minutes, plan, soft

from config.names import AiringId, ChannelId
from playout.model.choosing import Candidate, Choice
from playout.model.events import Failed, Off, On, Recorded
from playout.model.plan import ContentKind, EndRule, Item, MissedStart, Plan
from playout.model.recording import Recording, RecordingState
from playout.model.search import AssetFilter, AssetKind, AssetOrder, SearchFacts
from playout.model.wire import JournalEntry, Report, Status, decode, encode
from playout.model.wire_before import encode_report, plan_for
from playout.state.air_state import AirState
from playout.state.fold import fold
from playout.timing.choosing import NOTHING_FOUND, Unavailable, resolve_choices
from playout.timing.media_need import Need, needed_until, needs
from playout.timing.search import padded
from playout.timing.settle import settle

HOUR = timedelta(hours=1)
COUNCIL = SearchFacts("", "", date(2026, 11, 16), DAY, body="Council", kind=AssetKind.RECORDING)
MONDAY, TUESDAY, WEDNESDAY, FRIDAY = at("14:00", 3), at("19:00", 4), at("14:00", 5), at("14:00", 7)


NOTHING_YET = AirState()
REPORT = Report(
    Status(
        ChannelId("gov"), "host", DAY, 0, "slate", None, None, "", None, None, 0.0, None,
        serial=0, outputs=1, late_ticks=0, clock_step=0.0,
    )
)  # fmt: skip


def candidate(name: str, day: int, length: float = 60, **facts: object) -> Candidate:
    """Return a recording of the Council of that November day."""
    known = {"day": date(2026, 11, day), "id": name, "title": name, "length": minutes(length)}
    return Candidate(media(name, minutes(length)), replace(COUNCIL, **(known | facts)))


NOV_9, NOV_16 = candidate("Nov 9", 9, 125), candidate("Nov 16", 16, 100)
NEWEST = Choice(
    "newest",
    "Newest Council",
    AssetFilter(body="council", within_days=30),
    candidates=(NOV_16, NOV_9),
)


def airing(name: str, start: datetime, **rest: object) -> Item:
    rest.setdefault("choice", "newest")
    rest.setdefault("end_rule", EndRule.FINISH)
    rest.setdefault("missed", MissedStart.TOP)
    return soft(name, start, HOUR, media=None, **rest)


MEETING = Item(
    id="council-24",
    kind=ContentKind.LIVE,
    title="Council, Nov 24",
    start=TUESDAY,
    length=2 * HOUR,
    source="chamber",
    record=True,
    airing=AiringId("council-24"),
    facts=replace(COUNCIL, id="council-24", title="Council, Nov 24"),
)
RECORDED = Recording(
    AiringId("council-24"),
    RecordingState.WHOLE,
    at("18:58", 4),
    media("council-24", minutes(137)),
    begins=TUESDAY,
    ends=at("21:10", 4),
    facts=MEETING.facts,
)
WEEK = replace(
    plan(
        airing("monday", MONDAY), MEETING, airing("wednesday", WEDNESDAY),
        airing("friday", FRIDAY), days=8,
    ),
    choices=(NEWEST,),
)  # fmt: skip


def shown(week: Plan, happened: AirState = NOTHING_YET, **rest: object) -> list[str]:
    """Return what each airing of the search shows."""
    items = resolve_choices(week, happened, **rest).items  # type: ignore[arg-type]
    return [one.title.removeprefix(f"{one.id}: ") for one in items if one.choice]


def with_rule(week: Plan, choice: Choice = NEWEST, **rule: object) -> Plan:
    return replace(week, choices=(replace(choice, filter=replace(choice.filter, **rule)),))


def recorded(recording: Recording = RECORDED) -> AirState:
    return fold([Recorded(at("21:20", 4), recording)])


def test_the_worked_example() -> None:
    assert shown(WEEK) == ["Nov 16", "Nov 16", "Nov 16"]

    knows = recorded()
    assert shown(WEEK, knows)[1:] == ["Council, Nov 24", "Council, Nov 24"]
    rested = with_rule(WEEK, not_aired_for=timedelta(days=3))
    assert shown(rested, knows)[1:] == ["Council, Nov 24", "Nov 16"]
    (wednesday,) = [one for one in resolve_choices(WEEK, knows).items if one.id == "wednesday"]
    assert wednesday.in_point == minutes(2)
    rundown = settle(resolve_choices(WEEK, knows), knows, at("12:00", 5))
    (cue,) = [cue for cue in rundown.cues if cue.item == "wednesday"]
    assert (cue.start, cue.end - cue.start) == (WEDNESDAY, minutes(130))


def test_an_airing_that_is_cued_keeps_its_file_whatever_is_found_since() -> None:
    monday = resolve_choices(WEEK, AirState())
    rundown = settle(monday, AirState(), at("13:59", 3))
    (cue,) = [cue for cue in rundown.cues if cue.item == "monday"]
    newer = candidate("Nov 23", 23)
    later = replace(WEEK, choices=(replace(NEWEST, candidates=(newer, NOV_16)),))

    assert shown(later)[0] == "Nov 23"
    assert shown(later, fold([On(cue)])) == ["Nov 16", "Nov 23", "Nov 23"]
    gone = replace(WEEK, choices=(replace(NEWEST, candidates=(newer,)),))
    assert shown(gone, fold([On(cue)]))[0] == "Nov 16"


@pytest.mark.parametrize(
    ("order", "first"),
    [
        (AssetOrder.NEWEST, "Nov 16"),
        (AssetOrder.OLDEST, "Nov 2"),
        (AssetOrder.LONGEST, "Nov 9"),
        (AssetOrder.TITLE, "Nov 16"),
        (AssetOrder.LEAST_AIRED, "Nov 9"),
    ],
)
def test_each_order_has_its_first(order: AssetOrder, first: str) -> None:
    files = (
        replace(NOV_16, facts=replace(NOV_16.facts, last_aired=at("1:00"))),
        NOV_9,
        candidate("Nov 2", 2, 90, last_aired=at("0:30")),
    )
    choice = replace(NEWEST, order=order, candidates=files)

    assert shown(replace(WEEK, choices=(choice,)))[0] == first


def test_files_too_old_at_the_airing_are_passed_over_and_then_nothing_is_found() -> None:
    week = with_rule(WEEK, within_days=8)

    assert shown(week) == ["Nov 16", "wednesday", "friday"]
    rundown = settle(resolve_choices(week, AirState()), AirState(), DAY)
    assert {(one.item, one.reason) for one in rundown.displaced} >= {("wednesday", NOTHING_FOUND)}


def test_the_substitute_airs_where_nothing_is_found() -> None:
    other = media("other", HOUR)
    alone = replace(plan(airing("monday", MONDAY, substitute=other), days=8), choices=())
    named = replace(alone, choices=(replace(NEWEST, candidates=()),))

    assert [one.media for one in resolve_choices(named, AirState()).items] == [other]


def test_what_aired_by_name_counts_as_aired() -> None:
    by_name = item("by name", at("9:00", 3), minutes(100), media=NOV_16.media)
    week = with_rule(replace(WEEK, items=(by_name, *WEEK.items)), not_aired_for=timedelta(hours=12))

    assert shown(week)[0] == "Nov 9"
    assert shown(with_rule(week, not_aired_for=timedelta(hours=3)))[0] == "Nov 16"


def test_a_cut_that_aired_lets_another_of_its_recording_air() -> None:
    cuts = [
        replace(NOV_16.media, pieces=piece, length=minutes(30))
        for piece in (((0, 54_000),), ((54_000, 108_000),))
    ]
    offered = tuple(
        replace(NOV_16, media=one, facts=replace(NOV_16.facts, id=name, title=name))
        for name, one in zip(("part one", "part two"), cuts, strict=True)
    )
    by_name = item("by name", at("9:00", 3), minutes(30), media=cuts[0])
    week = with_rule(replace(WEEK, items=(by_name, *WEEK.items)), not_aired_for=timedelta(hours=12))
    week = replace(week, choices=tuple(replace(one, candidates=offered) for one in week.choices))

    assert shown(week)[0] == "part two"


def test_what_aired_is_remembered_after_its_cue_is_forgotten() -> None:
    long_ago = settle(
        plan(item("by name", at("9:00"), minutes(100), media=NOV_16.media)), AirState(), DAY
    )
    (cue,) = [cue for cue in long_ago.cues if cue.item == "by name"]
    later = replace(cue, id="later", item="x", start=at("9:00", 2), end=at("9:10", 2), media=None)
    happened = fold([On(cue), Off(cue.id, at("9:30"), "ended"), On(later)])

    assert happened.played == {NOV_16.media.key: at("9:30")}
    week = with_rule(WEEK, not_aired_for=timedelta(days=4))
    assert shown(week, happened)[0] == "Nov 9"


def test_a_file_that_failed_or_is_not_here_in_time_gives_way_to_the_next() -> None:
    failed = fold([Failed(at("13:58", 3), "damaged", asset=NOV_16.media.key)])
    barred = Unavailable(always=failed.unplayable.keys())
    assert shown(WEEK, failed, unavailable=barred) == ["Nov 9", "Nov 9", "Nov 9"]

    absent = Unavailable(soon={NOV_16.media.key}, soon_until=MONDAY + minutes(1))
    assert shown(WEEK, unavailable=absent) == ["Nov 9", "Nov 16", "Nov 16"]


@pytest.mark.parametrize(
    "recording",
    [
        replace(RECORDED, state=RecordingState.CLOSING),
        replace(RECORDED, state=RecordingState.FAILED, media=None),
        replace(RECORDED, facts=None),
        replace(RECORDED, facts=replace(COUNCIL, body="Parks Board")),
    ],
)
def test_a_recording_that_cannot_air_or_is_something_else_is_not_taken(
    recording: Recording,
) -> None:
    assert shown(WEEK, recorded(recording)) == ["Nov 16", "Nov 16", "Nov 16"]


def test_the_server_has_the_last_word_on_a_recording_that_it_has() -> None:
    decided = replace(WEEK, decided=(RECORDED.airing,))

    assert shown(decided, recorded())[1] == "Nov 16"


@pytest.mark.parametrize(
    ("words", "found"), [((" coun",), True), ((" council nov ",), True), ((" ouncil",), False)]
)
def test_words_are_looked_for_in_what_is_known_of_a_recording(
    words: tuple[str, ...], found: bool
) -> None:
    assert all(one in padded("Council, Nov 24") for one in words) is found
    week = replace(WEEK, choices=(replace(NEWEST, words=words),))

    assert (shown(week, recorded())[1] == "Council, Nov 24") is found


def test_what_a_search_would_take_is_needed_for_its_airing_and_the_rest_last() -> None:
    found = {one.media.key: one.need for one in needs(WEEK, MONDAY - minutes(30))}

    assert found[NOV_16.media.key] is Need.NEXT_HOUR
    assert found[NOV_9.media.key] is Need.MORE_FILLER


def test_what_is_kept_of_a_plan_with_searches_says_later_what_the_plan_would_say() -> None:
    until = needed_until(WEEK)
    for at_end in (one.start + one.length for one in WEEK.items):
        for now in (at_end, at_end - minutes(1), at_end + HOUR):
            later = {key for key, end in until.items() if end > now}
            assert later == {one.media.key for one in needs(WEEK, now)}


def test_the_plan_and_a_recording_go_over_the_wire() -> None:
    assert decode(Plan, encode(WEEK)) == WEEK
    assert decode(Recording, encode(RECORDED)) == RECORDED


def test_a_host_of_the_version_before_gets_what_the_server_chose() -> None:
    sent = decode(Plan, plan_for(encode(WEEK), 15, lambda one: resolve_choices(one, NOTHING_YET)))

    assert [one.title for one in sent.items if one.media] == [
        "monday: Nov 16",
        "wednesday: Nov 16",
        "friday: Nov 16",
    ]
    assert sent.choices == () and not any(one.choice or one.facts for one in sent.items)


def test_a_server_of_the_version_before_hears_nothing_of_what_a_recording_is() -> None:
    fact = Recorded(at("21:20", 4), RECORDED)
    entry = JournalEntry(1, "1-a", fact.at, "fact", fact=fact)
    body = encode_report(replace(REPORT, entries=(entry,)), 15)

    (heard,) = decode(Report, body).entries
    assert heard.fact == replace(fact, recording=replace(RECORDED, facts=None))
    (now,) = decode(Report, encode_report(replace(REPORT, entries=(entry,)), 16)).entries
    assert now.fact == fact
