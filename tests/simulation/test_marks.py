"""Marks of a meeting's beginning, and the evening's replay that begins there."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from support.broadcast import Machine
from support.plans import at, clips, item, live, minutes, page, plan

from config.names import AiringId
from playout.model.commands import Verb
from playout.model.plan import EndRule, Outcome

SECOND = timedelta(seconds=1)
TICK = timedelta(milliseconds=40)
COUNCIL = AiringId("airing-council")


def machine(folder: Path) -> Machine:
    """Return a machine with a council at ten and its replay at seven."""
    council = live("council", at("10:00"), minutes(120), record=True)
    tonight = item("tonight", at("19:00"), minutes(120), media=None, replay_of=COUNCIL)
    items = (council, replace(tonight, end_rule=EndRule.FINISH))
    made = plan(*items, filler=clips(60, 90), board=(page(),))
    return Machine(folder, made, at("9:50"))


def test_a_replay_begins_at_the_last_mark_without_server_and_after_a_kill(
    tmp_path: Path,
) -> None:
    air = machine(tmp_path)
    air.run_until(at("9:59"))
    assert "Only the live" in air.local(Verb.MARK)
    air.run_until(at("10:03"))
    first = air.server.press(Verb.MARK, air.now, air.on_air())
    air.run_for(2)
    air.server.up = False
    air.run_until(at("10:07:31"))
    assert air.local(Verb.MARK) == ""
    air.boot()
    air.run_for(1)
    air.parts.mailbox.commands.append(first)
    air.run_until(at("11:30"))
    assert air.local(Verb.ADJOURN) == ""
    air.run_for(5)
    assert "Only the live" in air.local(Verb.MARK)
    air.run_until(at("20:45"), most=300)
    shown = air.aired("tonight")
    kept = air.agent.state.happened.recordings[COUNCIL]  # type: ignore[union-attr]

    assert kept.begins is not None and abs(kept.begins - at("10:07:31")) < TICK
    assert kept.began == at("9:58")
    assert kept.media is not None and abs(kept.media.length - minutes(97)) < 6 * SECOND
    assert abs(shown[0].source_first / 30 - (9 * 60 + 31)) < 2
    assert abs(shown[-1].end - shown[0].start - (at("11:30") - at("10:07:31"))) < 2 * SECOND
    air.server.up = True
    air.run_for(2)
    (row,) = air.rows("tonight")
    assert row.outcome is Outcome.AIRED and row.asset == kept.media.key
    assert abs(row.end - row.start - (at("11:30") - at("10:07:31"))) < 2 * SECOND


def test_a_late_or_withdrawn_mark_leaves_the_replay_unchanged(
    tmp_path: Path,
) -> None:
    air = machine(tmp_path)
    air.run_until(at("10:05"))
    air.server.press(Verb.MARK, air.now - timedelta(seconds=30), air.on_air())
    air.run_for(2)
    assert any("too late to count" in said for said in air.server.said("refused"))
    air.server.press(Verb.MARK, air.now, air.on_air())
    air.run_until(at("10:40"))
    air.server.press(Verb.UNMARK, air.now, air.on_air())
    air.run_until(at("11:30"))
    air.server.press(Verb.ADJOURN, air.now, air.on_air())
    air.run_until(at("19:01"), most=300)

    assert abs(air.aired("tonight")[0].source_first / 30 - 120) < 2
