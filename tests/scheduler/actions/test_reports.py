"""Reports of hosts are stored once, judged fairly, and shown on every page."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from support.as_run import as_run_between, as_run_day
from support.desk import CH13, HOUR, MINUTE, NOW, a_channel, an_airing, an_asset

from config.names import ChannelId, CueId, ItemId, Revision
from playout.model.commands import Command, Verb
from playout.model.events import On
from playout.model.history import ServerKnowledge
from playout.model.plan import ContentKind, Outcome, Plan, Rank
from playout.model.rundown import Cue, Rundown
from playout.model.wire import AsRun, JournalEntry, Report, SeenStretch, Status, decode
from playout.state.air_state import AirState
from playout.timing.settle import settle
from scheduler.actions.commands import issue
from scheduler.actions.reports import accept_report
from scheduler.db.store import Database
from scheduler.db.tidy import prune
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.people import Actor, Role
from scheduler.process.publish import publish_changed
from scheduler.queries import grid, onair, rundown
from scheduler.queries.host_api import commands_after, published_plan
from scheduler.refusals import Forbidden, Missing, Refused

OPERATOR = Actor("op", "Olu Operator", frozenset({Role.OPERATOR}))
EMERGENCY = Actor("em", "Eve Emergency", frozenset({Role.EMERGENCY}))


def status(at: datetime, revision: int | None = 1) -> Status:
    return Status(
        channel=CH13, host="air1", at=at, tick=1, layer="deck", cue=None, item=None, title="",
        started=None, ends=None, offset=0.0, serial=1, outputs=1, late_ticks=0, clock_step=0.0,
        revision=None if revision is None else Revision(revision),
    )  # fmt: skip


def as_run(airing: Airing, **over: object) -> AsRun:
    run = AsRun(
        cue=CueId("c1"), item=ItemId(airing.id), airing=airing.id, title=airing.title,
        planned_start=airing.start, planned_end=airing.end, start=airing.start, end=airing.end,
        ticks=107892, held=0, dropped=0, outcome=Outcome.AIRED, layer="deck",
    )  # fmt: skip
    return replace(run, **over)  # type: ignore[arg-type]


def tell(
    db: Database, at: datetime, *runs: AsRun, first: int = 1, prefix: str = "j"
) -> tuple[int, Report]:
    entries = tuple(
        JournalEntry(number=n, id=f"{prefix}{n}", at=run.end, kind="as-run", as_run=run)
        for n, run in enumerate(runs, first)
    )
    report = Report(status(at), None, entries)
    return accept_report(db, CH13, report, at).acknowledged, report


def outcome(db: Database, airing: Airing) -> Outcome | None:
    return grid.airing(db, airing.id, NOW).airing.outcome


def test_a_report_sent_twice_is_stored_once(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    after = airing.end + MINUTE
    acknowledged, report = tell(db, after, as_run(airing))
    assert acknowledged == 1
    for _ in range(3):
        assert accept_report(db, CH13, report, after).acknowledged == 1
    day = as_run_day(db, CH13, NOW.date(), NOW + 24 * HOUR)
    assert (len(day.runs), day.discrepancies) == (1, ())
    assert outcome(db, airing) is Outcome.AIRED


def test_a_host_that_lost_its_journal_counts_from_one_again(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    tell(db, airing.end, as_run(airing), first=500)
    acknowledged, _ = tell(db, airing.end, as_run(airing), first=1, prefix="new")
    assert acknowledged == 1


def test_an_unseen_airing_is_missed_once_its_host_reports_later_times(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db, asset=an_asset(db).id)
    tell(db, airing.end - MINUTE)
    assert outcome(db, airing) is None
    tell(db, airing.end + 5 * MINUTE)
    assert outcome(db, airing) is Outcome.MISSED
    (found,) = as_run_day(db, CH13, NOW.date(), NOW + 24 * HOUR).discrepancies
    assert found.sentence == "City Council did not air"
    tell(db, airing.end + 9 * MINUTE, as_run(airing))
    assert outcome(db, airing) is Outcome.AIRED


def test_an_airing_without_a_file_counts_as_substituted(db: Database) -> None:
    """S3: the host was never sent anything of it and aired filler all the time."""
    a_channel(db)
    airing = an_airing(db)
    tell(db, airing.end + 5 * MINUTE)
    assert outcome(db, airing) is Outcome.SUBSTITUTED
    (found,) = as_run_day(db, CH13, NOW.date(), NOW + 24 * HOUR).discrepancies
    assert found.sentence == "City Council was substituted: It had no file; its time was filled."


def test_a_weekend_reported_in_pieces_is_never_judged_missed(db: Database) -> None:
    a_channel(db)
    first, second = an_airing(db), an_airing(db, NOW + 20 * HOUR)
    monday = NOW + 48 * HOUR
    tell(db, monday, as_run(first))
    assert (outcome(db, first), outcome(db, second)) == (Outcome.AIRED, None)
    tell(db, monday, as_run(second), first=2)
    assert outcome(db, second) is Outcome.AIRED


def test_a_silent_host_proves_nothing(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    tell(db, airing.start - MINUTE)
    assert outcome(db, airing) is None


@pytest.mark.parametrize(
    ("runs", "expected", "sentence"),
    [
        (
            [{"outcome": Outcome.LATE, "start": NOW + HOUR + timedelta(seconds=75)}],
            Outcome.LATE,
            "City Council started 1 min 15 s late",
        ),
        (
            [{"outcome": Outcome.OVERRAN, "end": NOW + 3 * HOUR + MINUTE}],
            Outcome.OVERRAN,
            "City Council ran 1 h 1 min over",
        ),
        (
            [{"outcome": Outcome.SUBSTITUTED, "reason": "The file is damaged."}],
            Outcome.SUBSTITUTED,
            "City Council was substituted: The file is damaged.",
        ),
        (
            [{"outcome": Outcome.MISSED, "ticks": 0, "reason": "No file."}],
            Outcome.MISSED,
            "City Council did not air: No file.",
        ),
        (
            [
                {"end": NOW + HOUR + MINUTE},
                {"cue": CueId("c2"), "start": NOW + HOUR + 3 * MINUTE, "outcome": Outcome.JOINED},
            ],
            Outcome.AIRED,
            None,
        ),
    ],
)
def test_an_outcome_is_judged_from_all_as_run_rows(
    sqlite_db: Database, runs: list[dict[str, object]], expected: Outcome, sentence: str | None
) -> None:
    a_channel(sqlite_db)
    airing = an_airing(sqlite_db)
    tell(sqlite_db, airing.end + HOUR, *(as_run(airing, **run) for run in runs))
    assert outcome(sqlite_db, airing) is expected
    found = as_run_day(sqlite_db, CH13, NOW.date(), NOW + 24 * HOUR).discrepancies
    assert [one.sentence for one in found] == ([sentence] if sentence else [])


def test_a_report_for_an_unknown_channel_is_refused(db: Database) -> None:
    with pytest.raises(Missing):
        tell(db, NOW)


def test_pages_show_the_hosts_expected_rundown_while_it_is_current(
    db: Database,
) -> None:
    a_channel(db)
    asset = an_asset(db)
    assert onair.on_air(db, CH13, NOW).state == "never"
    airing = an_airing(db, asset=asset.id)
    publish_changed(db, NOW)
    published = published_plan(db, CH13)
    assert published is not None
    plan = decode(Plan, published.body)
    cue = Cue(
        CueId("late"), ItemId(airing.id), ContentKind.FILE, airing.title, airing.start + 5 * MINUTE,
        airing.end + 5 * MINUTE, Rank.HARD, plan.items[0].media, airing=airing.id,
    )  # fmt: skip
    expected = settle(plan, from_cue(cue), airing.start + 6 * MINUTE)
    at = airing.start + 6 * MINUTE
    accept_report(db, CH13, Report(status(at), expected), at)
    seen = onair.on_air(db, CH13, at)
    assert (seen.state, seen.predicted, seen.up_to_date) == ("on air", False, True)
    assert (seen.cue.id, seen.ends) == ("late", airing.end + 5 * MINUTE)
    assert onair.on_air(db, CH13, at + timedelta(seconds=16)).state == "silent"
    assert onair.on_air(db, CH13, at + timedelta(seconds=16)).predicted
    an_airing(db, NOW + 5 * HOUR, title="Just added", asset=asset.id)
    fresh = onair.on_air(db, CH13, at)
    assert (fresh.predicted, fresh.next[0].title) == (True, "Just added")


def from_cue(cue: Cue):  # type: ignore[no-untyped-def]
    from playout.state.fold import fold

    return fold([On(cue)])


def test_a_prediction_starts_from_the_reported_facts(db: Database) -> None:
    """The host reports that the council is on and falls silent; then somebody changes the plan."""
    a_channel(db)
    airing = an_airing(db, source="chamber")
    cue = Cue(
        CueId("told"), ItemId(airing.id), ContentKind.LIVE, airing.title, airing.start, airing.end,
        Rank.HARD, source="chamber", airing=airing.id,
    )  # fmt: skip
    entry = JournalEntry(number=1, id="f1", at=airing.start, kind="fact", fact=On(cue))
    accept_report(db, CH13, Report(status(airing.start), None, (entry,)), airing.start)
    seen = onair.on_air(db, CH13, airing.start + 20 * MINUTE)
    assert (seen.predicted, seen.cue.id) == (True, "told")


def test_a_day_is_accounted_for_to_the_second(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db)
    airing = an_airing(db, asset=asset.id)
    publish_changed(db, NOW)
    now = airing.end + 30 * MINUTE
    tell(db, now, as_run(airing))
    for day, hours in ((NOW.date(), 24), (datetime(2026, 11, 1).date(), 25)):
        made = rundown.day(db, CH13, day, now)
        assert made.ends - made.starts == hours * HOUR
        assert made.lines[0].start == made.starts
        assert made.lines[-1].end == made.ends
        assert all(a.end == b.start for a, b in zip(made.lines, made.lines[1:], strict=False))
    made = rundown.day(db, CH13, NOW.date(), now)
    assert [line.state for line in made.lines] == ["unknown", "aired", "on air", "ahead"]
    assert made.lines[1].airing is not None
    assert made.lines[1].airing.airing.outcome is Outcome.AIRED


def test_what_is_on_air_is_one_line_from_its_beginning(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db)
    airing = an_airing(db, asset=asset.id)
    day = rundown.day(db, CH13, NOW.date(), airing.start + 20 * MINUTE)
    (line,) = [line for line in day.lines if line.state == "on air"]
    assert (line.start, line.end, line.airing and line.airing.id) == (
        airing.start,
        airing.end,
        airing.id,
    )


def test_a_day_far_ahead_is_settled_from_the_rows(db: Database) -> None:
    a_channel(db)
    asset = an_asset(db)
    an_airing(db, NOW + timedelta(days=20), asset=asset.id)
    day = rundown.day(db, CH13, (NOW + timedelta(days=20)).date(), NOW)
    assert day.predicted
    assert [line.title for line in day.lines if line.airing] == ["City Council"]
    assert all(line.state == "ahead" for line in day.lines)


def test_a_command_is_numbered_expires_and_is_answered(db: Database) -> None:
    a_channel(db)
    first = issue(db, OPERATOR, NOW, CH13, Verb.ADJOURN, cue=CueId("c1"))
    second = issue(db, OPERATOR, NOW, CH13, Verb.EXTEND, minutes=15)
    assert (first.number, second.number) == (1, 2)
    assert first.expires_at - first.issued_at == timedelta(seconds=10)
    assert commands_after(db, CH13, 1) == (second,)
    entry = JournalEntry(
        number=1, id="j1", at=NOW, kind="refused", command=first, text="Another cue is on air."
    )
    ack = accept_report(db, CH13, Report(status(NOW), None, (entry,)), NOW)
    assert ack.command_number == 2
    told = {one.verb: one for one in onair.on_air(db, CH13, NOW + timedelta(seconds=11)).commands}
    assert (told["adjourn"].answer, told["adjourn"].reason) == ("refused", "Another cue is on air.")
    assert told["extend"].answer == "unanswered"


def test_commands_need_the_right_to_operate(db: Database) -> None:
    a_channel(db)
    for actor, verb in (
        (EMERGENCY, Verb.ADJOURN),
        (Actor("p", "P", frozenset({Role.SCHEDULER})), Verb.HOLD),
    ):
        with pytest.raises(Forbidden):
            issue(db, actor, NOW, CH13, verb)
    assert issue(db, EMERGENCY, NOW, CH13, Verb.SLATE).number == 1
    with pytest.raises(Refused):
        issue(db, OPERATOR, NOW, CH13, Verb.EXTEND)
    with pytest.raises(Refused):
        issue(db, OPERATOR, NOW, CH13, Verb.TAKE)
    with pytest.raises(Missing):
        issue(db, OPERATOR, NOW, ChannelId("nowhere"), Verb.HOLD)


def test_old_facts_are_pruned_and_as_run_is_kept(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    facts = tuple(
        JournalEntry(number=n, id=f"f{n}", at=NOW, kind="adopted", revision=Revision(n))
        for n in range(2, 5)
    )
    run = JournalEntry(number=1, id="r1", at=NOW, kind="as-run", as_run=as_run(airing))
    accept_report(db, CH13, Report(status(NOW), None, (run, *facts)), NOW + 3 * HOUR)
    assert prune(db, NOW + timedelta(days=40), timedelta(days=30)) == 3
    assert accept_report(db, CH13, Report(status(NOW)), NOW).acknowledged == 0
    assert len(as_run_day(db, CH13, NOW.date(), NOW + 24 * HOUR).runs) == 1


def test_a_host_resumes_after_the_newest_entry_of_a_restored_database(
    db: Database,
) -> None:
    a_channel(db)
    airing = an_airing(db, asset=an_asset(db).id)
    later = airing.end + 10 * MINUTE
    other = replace(as_run(airing), airing=None)
    tell(db, NOW, replace(other, start=NOW, end=NOW + MINUTE))
    (run,) = tell(db, later, other, first=9)[1].entries
    lost = ServerKnowledge(acknowledged="j8")
    report = Report(status(later), None, (replace(run, number=10, id="j10", at=later),))
    ack = accept_report(db, CH13, report, later, told=lost)

    assert (ack.acknowledged, ack.resume_after) == (0, "j9")
    assert outcome(db, airing) is None, "it may have aired in what is lacking"
    assert (
        accept_report(db, CH13, report, later, told=ServerKnowledge(acknowledged="j9")).acknowledged
        == 10
    )
    assert outcome(db, airing) is Outcome.MISSED


def test_a_missing_rundown_is_requested(db: Database) -> None:
    a_channel(db)
    publish_changed(db, NOW)
    newest = published_plan(db, CH13)
    assert newest is not None
    expected = settle(decode(Plan, newest.body), AirState(), NOW)
    kept = accept_report(
        db, CH13, Report(status(NOW), expected), NOW, told=ServerKnowledge(expected="one")
    )
    known = accept_report(db, CH13, Report(status(NOW)), NOW, told=ServerKnowledge(expected="one"))
    other = accept_report(db, CH13, Report(status(NOW)), NOW, told=ServerKnowledge(expected="two"))
    silent = accept_report(db, CH13, Report(status(NOW)), NOW)

    asked = [one.wants_expected for one in (kept, known, other, silent)]
    assert asked == [False, False, True, False]


def test_a_restored_database_offers_every_unanswered_command(
    db: Database,
) -> None:
    a_channel(db)
    first, second = (issue(db, OPERATOR, NOW, CH13, Verb.SKIP, item=ItemId("i")) for _ in "ab")
    entry = JournalEntry(1, "j1", NOW, "refused", command=first, text="no")
    accept_report(db, CH13, Report(status(NOW), None, (entry,)), NOW)

    assert commands_after(db, CH13, 9) == ()
    assert commands_after(db, CH13, 9, "never heard of here") == (second,)
    assert commands_after(db, CH13, first.number, first.id) == (second,)
    assert commands_after(db, CH13, second.number, second.id) == ()


def test_up_to_date_is_judged_by_digest_or_by_revision_of_an_older_host(
    db: Database,
) -> None:
    a_channel(db)
    publish_changed(db, NOW)
    newest = published_plan(db, CH13)
    assert newest is not None
    told = [
        ServerKnowledge(),
        ServerKnowledge(plan=newest.digest),
        ServerKnowledge(plan="another plan of the same number"),
    ]
    said = []
    for one in told:
        accept_report(db, CH13, Report(status(NOW)), NOW, told=one)
        said.append(onair.on_air(db, CH13, NOW).up_to_date)

    assert said == [True, True, False]


def test_a_report_speaks_of_its_own_channel_only(db: Database) -> None:
    a_channel(db)
    ch14 = a_channel(db, "ch14").id
    airing = an_airing(db, channel=ch14, asset=an_asset(db).id)
    command = issue(db, OPERATOR, NOW, ch14, Verb.SKIP, item=ItemId("i"))
    later = airing.end + HOUR
    tell(db, later, replace(as_run(airing), outcome=Outcome.TERMINATED))
    refusal = JournalEntry(2, "j2", later, "refused", command=command, text="no")
    accept_report(db, CH13, Report(status(later), None, (refusal,)), later)

    assert outcome(db, airing) is None
    assert onair.on_air(db, ch14, NOW).commands[0].answer == "waiting"
    own = issue(db, OPERATOR, NOW, CH13, Verb.SKIP, item=ItemId("i"))
    assert [c.id for c in commands_after(db, CH13, 99, command.id)] == [own.id]
    (run,) = as_run_day(db, CH13, NOW.date(), later).runs
    assert run.airing is None, "what aired stays on record, as nobody's airing"


def test_entries_from_the_future_are_not_acknowledged_yet(db: Database) -> None:
    a_channel(db)
    seen = JournalEntry(1, "j1", NOW, "alarm", text="now")
    ahead = JournalEntry(2, "j2", NOW + HOUR, "alarm", text="in an hour")
    after = JournalEntry(3, "j3", NOW, "alarm", text="told after it")
    report = Report(status(NOW), None, (seen, ahead, after))
    assert accept_report(db, CH13, report, NOW).acknowledged == 1
    assert accept_report(db, CH13, report, NOW + HOUR).acknowledged == 3


def test_entries_older_than_a_year_are_refused_for_good(db: Database) -> None:
    a_channel(db)
    old = NOW - timedelta(days=500)
    entry = JournalEntry(1, "j1", old, "alarm", text="long ago")
    with pytest.raises(Refused, match="older than a year"):
        accept_report(db, CH13, Report(status(NOW), None, (entry,)), NOW)


def test_an_unreadable_as_run_row_is_left_out_and_counted(db: Database) -> None:
    a_channel(db)
    airing = an_airing(db)
    tell(db, airing.end, as_run(airing))
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE as_run SET start = '0001-01-01 00:00:00+00:00'")
    day = as_run_day(db, CH13, airing.start.date(), airing.end)
    assert (day.runs, day.unreadable) == ((), 1)
    assert as_run_between(db, CH13, NOW, airing.end) == ()


def still_on(airing: Airing, at: datetime) -> Status:
    """Return a host's status with the airing on air, seen up to that instant."""
    run = as_run(airing, end=at, seen=(SeenStretch(airing.start, at, "deck"),))
    return replace(status(at), item=ItemId(airing.id), running=(run,))


def test_an_airing_on_air_past_its_planned_end_is_not_missed(sqlite_db: Database) -> None:
    """Nor is a second meeting that waits behind it while the host still expects both."""
    a_channel(sqlite_db)
    airing = an_airing(sqlite_db)
    waits = an_airing(sqlite_db, NOW + 1.5 * HOUR, length=HOUR / 2)
    later = airing.end + 40 * MINUTE
    cue = Cue(
        CueId("w"), ItemId(waits.id), ContentKind.LIVE, waits.title, later, later + HOUR, Rank.HELD,
        airing=waits.id,
    )  # fmt: skip
    on = Cue(
        CueId("o"), ItemId(airing.id), ContentKind.LIVE, airing.title, airing.start, later,
        Rank.HELD, airing=airing.id,
    )  # fmt: skip
    expected = Rundown(CH13, Revision(1), (on, cue))
    accept_report(sqlite_db, CH13, Report(still_on(airing, later), expected), later)

    assert (outcome(sqlite_db, airing), outcome(sqlite_db, waits)) == (None, None)
    day = as_run_day(sqlite_db, CH13, NOW.date(), later)
    assert day.discrepancies == ()
    assert (day.share.on_air, day.share.programs) == (1.0, later - airing.start)
    (piece,) = day.account.pieces
    assert piece.running and (piece.start, piece.end) == (airing.start, later)


def test_shares_exclude_time_before_the_first_start_and_unreported_time(
    sqlite_db: Database,
) -> None:
    a_channel(sqlite_db)
    airing = an_airing(sqlite_db)
    tell(sqlite_db, airing.end, as_run(airing))
    day = as_run_day(sqlite_db, CH13, NOW.date(), airing.end + 3 * HOUR)

    assert (day.share.whole, day.share.on_air) == (HOUR, 1.0)
    assert (day.account.since, day.account.told) == (airing.start, airing.end)


def test_as_run_lists_the_buttons_pressed(sqlite_db: Database) -> None:
    a_channel(sqlite_db)
    airing = an_airing(sqlite_db)
    at = airing.start + 10 * MINUTE
    given = [
        Command("c1", 1, Verb.HOLD, at, at + MINUTE, "Otto", item=ItemId(airing.id)),
        Command("c2", 2, Verb.EXTEND, at, at + MINUTE, "Otto", item=ItemId(airing.id), minutes=15),
        Command("c3", 3, Verb.EMERGENCY, at, at + MINUTE, "Eve", text="Boil water",
                until=at + 20 * MINUTE),
        Command("c4", 4, Verb.CLEAR, at, at + MINUTE, "Eve"),
        Command("c5", 5, Verb.ADJOURN, at, at + MINUTE, "Ann", cue=CueId(f"{airing.id}@x.y#1")),
    ]  # fmt: skip
    told = tuple(
        JournalEntry(n, f"p{n}", at + n * MINUTE, "command", command=one)
        for n, one in enumerate(given, 1)
    )
    refused = JournalEntry(6, "p6", at + 6 * MINUTE, "refused", command=replace(given[0], id="c6"))
    closed = JournalEntry(7, "p7", airing.end, "as-run", as_run=as_run(airing))
    report = Report(status(airing.end), None, (*told, refused, closed))
    accept_report(sqlite_db, CH13, report, airing.end)
    presses = as_run_day(sqlite_db, CH13, NOW.date(), airing.end).account.presses

    assert [(p.verb, p.by, p.title, (p.at - at) // MINUTE) for p in presses] == [
        (Verb.HOLD, "Otto", airing.title, 1),
        (Verb.EXTEND, "Otto", airing.title, 2),
        (Verb.EMERGENCY, "Eve", "Boil water", 3),
        (Verb.CLEAR, "Eve", "", 4),
        (Verb.ADJOURN, "Ann", airing.title, 5),
    ]
    assert presses[2].until == at + 4 * MINUTE
