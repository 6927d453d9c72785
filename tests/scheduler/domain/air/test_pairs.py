"""Of two machines of a channel: who sends, who is ready, and when it returns."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.names import ChannelId
from playout.model.pair import PairState, PairStatus
from playout.model.wire import Status
from scheduler.domain.air.machines import Machine
from scheduler.domain.air.pairs import (
    PairMachine,
    is_return_due,
    move_refusal,
    sender,
    standby_words,
    took_over,
    why_not_ready,
)
from scheduler.domain.model.ids import HostId

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
A, B = HostId("a"), HostId("b")
MINUTE = timedelta(minutes=1)


def machine(host: HostId, at: datetime = NOW) -> Machine:
    return Machine(host, host, host, "10.0.0.5", host * 32, host * 16, NOW - MINUTE, at, True)


def pair(state: PairState, term: int = 1, **over: object) -> PairStatus:
    status = PairStatus("m-1", preferred=True, state=state, term=term, ready=True, since=NOW)
    return replace(status, **over)  # type: ignore[arg-type]


def report(said: PairStatus | None) -> Status:
    return Status(
        channel=ChannelId("ch13"), host="air1", at=NOW, tick=1, layer="deck", cue=None, item=None,
        title="", started=None, ends=None, offset=0.0, serial=1, outputs=1, late_ticks=0,
        clock_step=0.0, revision=None, pair=said,
    )  # fmt: skip


def on_air(
    a: PairStatus | None, b: PairStatus | None, *, sends: HostId = A, heard: datetime = NOW
) -> tuple[PairMachine, PairMachine]:
    """Return primary A and standby B; B was heard last at `heard`."""
    return (
        PairMachine(A, "Rack 1", True, machine(A), report(a), sends == A, True),
        PairMachine(B, "Rack 2", False, machine(B, heard), report(b), sends == B, True),
    )


@pytest.mark.parametrize(
    ("a", "b", "before", "expected"),
    [
        (pair("sending", 3), pair("standing by", 3), None, A),
        (pair("standing by", 4), pair("sending", 4), A, B),
        (pair("sending", 3), pair("sending", 4), A, B),
        (pair("stopped", 3), pair("standing by", 3), B, B),
        (None, None, None, A),
        (None, None, B, B),
    ],
)
def test_the_sender_is_who_says_so_with_the_latest_term(
    a: PairStatus | None, b: PairStatus | None, before: HostId | None, expected: HostId
) -> None:
    assert sender([(machine(A), a), (machine(B), b)], before, NOW) == expected


def test_a_silent_machine_is_the_sender_no_more_once_the_other_says_so() -> None:
    silent = machine(A, NOW - MINUTE)
    assert sender([(silent, pair("sending", 9)), (machine(B), pair("sending", 4))], A, NOW) == B


def test_a_ready_standby_is_one_calm_line() -> None:
    both = on_air(pair("sending"), pair("standing by"))
    assert standby_words(both, NOW) == (True, "Rack 1 sends, Rack 2 is ready to take over")
    assert move_refusal(both, B, NOW) is None


def test_what_the_standby_lacks_is_said_as_its_own() -> None:
    lacks = pair("standing by", ready=False, not_ready=("It lacks 3 files.", "Its clock is off."))
    both = on_air(pair("sending"), lacks)
    assert standby_words(both, NOW) == (False, "Rack 2 could not take over: It lacks 3 files")
    assert move_refusal(both, B, NOW) == (
        "Rack 2 could not take over: It lacks 3 files. Its clock is off."
    )


def test_a_move_to_the_sender_or_to_a_stranger_is_refused() -> None:
    both = on_air(pair("sending"), pair("standing by"))
    assert move_refusal(both, A, NOW) == "Rack 1 sends this channel already."
    assert "not one of the channel's two" in (move_refusal(both, HostId("c"), NOW) or "")


def test_a_machine_that_is_silent_new_or_alone_is_not_ready() -> None:
    silent = on_air(pair("sending"), pair("standing by"), heard=NOW - 5 * MINUTE)[1]
    assert why_not_ready(silent, NOW) == ("It has not reported for 5 min.",)
    assert "never reported" in why_not_ready(replace(silent, machine=None), NOW)[0]
    alone = on_air(pair("sending"), None)[1]
    assert "settings file of both" in why_not_ready(alone, NOW)[0]


def test_a_takeover_is_told_with_its_reason_and_a_move_by_hand_is_not() -> None:
    both = on_air(pair("stopped"), pair("sending", 2, why="Rack 1 was silent."), sends=B)
    assert took_over(both, None, NOW) == "Rack 2 took over. Rack 1 was silent."
    assert took_over(both, NOW - timedelta(seconds=2), NOW) == ""
    assert took_over(both, NOW - timedelta(hours=2), NOW) != ""
    assert took_over(on_air(pair("sending"), pair("standing by")), None, NOW) == ""


BACK = {"ready_since": NOW - 10 * MINUTE, "began": NOW - timedelta(seconds=3), "is_live": False}


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({}, True),
        ({"quiet": None}, False),
        ({"quiet": 11 * MINUTE}, False),
        ({"ready_since": None}, False),
        ({"began": NOW - MINUTE}, False),
        ({"began": NOW + MINUTE}, False),
        ({"is_live": True}, False),
    ],
)
def test_a_return_by_rule_waits_for_quiet_and_a_boundary(
    over: dict[str, object], expected: bool
) -> None:
    both = on_air(pair("standing by"), pair("sending", 2), sends=B)
    asked = {"quiet": 10 * MINUTE, **BACK, **over}
    assert is_return_due(both, now=NOW, **asked) is expected  # type: ignore[arg-type]


def test_nothing_returns_to_a_primary_that_sends_or_is_not_ready() -> None:
    sends = on_air(pair("sending"), pair("standing by"))
    assert not is_return_due(sends, MINUTE, now=NOW, **BACK)  # type: ignore[arg-type]
    broken = on_air(pair("stopped", ready=False), pair("sending", 2), sends=B)
    assert not is_return_due(broken, MINUTE, now=NOW, **BACK)  # type: ignore[arg-type]


def test_a_standby_that_was_last_heard_in_the_future_must_be_heard_again() -> None:
    _, standby = on_air(pair("sending"), pair("standing by"), heard=NOW + 15 * MINUTE)

    assert why_not_ready(standby, NOW) == ("It has not reported for 15 min.",)
