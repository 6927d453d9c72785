"""Two peer links over real datagrams: leases, gates, moves, and the journal between agents."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from support.linked_pair import KEY, LinkedPair

from config.names import ChannelId
from config.signing import signature
from playout.model.events import Skipped
from playout.model.sight import Sight
from playout.model.wire import JournalEntry
from playout.pair.messages import LARGEST_DATAGRAM, NotOurs, SightReport, pack, unpack

AT = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def start() -> Iterator[Callable[..., LinkedPair]]:
    started: list[LinkedPair] = []

    def start(**given: bytes) -> LinkedPair:
        started.append(LinkedPair(**given))
        return started[-1]

    yield start
    for pair in started:
        pair.close()


@pytest.fixture
def pair(start: Callable[..., LinkedPair]) -> LinkedPair:
    pair = start()
    for machine in pair.machines.values():
        machine.agent.tell(())
    pair.run(3)
    assert pair.sending == ["a"]
    return pair


def settle(pair: LinkedPair) -> None:
    """Let the sender send for so long that its output counts as seen; the agents are there."""
    for _ in range(3):
        for machine in pair.machines.values():
            machine.agent.tell(())
        pair.run(5)


def test_each_says_what_it_is_and_what_the_other_is(pair: LinkedPair) -> None:
    a, b = (pair.machines[name].status for name in "ab")

    assert (a.state, a.peer, a.peer_state, a.ready) == ("sending", "b-1", "standing by", True)
    assert (b.state, b.peer, b.peer_state, b.ready) == ("standing by", "a-1", "sending", True)
    assert a.term == b.term > 0
    assert abs(a.clock_difference) < 0.011
    assert 0 <= b.witness_heard < 0.3


def test_the_other_takes_over_and_says_why(pair: LinkedPair) -> None:
    pair.run(1, "b")
    b = pair.machines["b"]

    assert pair.sending == ["b"]
    assert b.status.why == "It took over: the other machine is not heard."
    assert b.status.peer_state == "away" and b.status.is_alone
    assert b.agent.news is not None and b.agent.news.sent[-1][1] == 0


def test_a_move_gives_the_slot_and_the_counters_to_go_on_with(pair: LinkedPair) -> None:
    a, b = (pair.machines[name] for name in "ab")
    a.gate.note_sent(4321, bytes([1, 2, 3, 4, 5, 6]))
    a.agent.offer("b")
    pair.run(0.5)

    assert pair.sending == ["b"]
    assert b.link.seat.peer is not None and b.link.seat.peer.sent == 4321
    assert bytes.fromhex(b.link.seat.peer.counters)[:6] == bytes([1, 2, 3, 4, 5, 6])
    pair.run(2)
    assert pair.sending == ["b"]


def test_a_move_to_a_machine_of_another_name_is_refused(pair: LinkedPair) -> None:
    pair.machines["a"].agent.offer("c")
    pair.run(0.5)
    news = pair.machines["a"].agent.news

    assert pair.sending == ["a"]
    assert news is not None and "not the other one" in news.refused


def test_entries_of_the_journal_arrive_in_order_and_once(pair: LinkedPair) -> None:
    a, b = (pair.machines[name].agent for name in "ab")
    entries = [JournalEntry(n, f"{n}-x", AT, "fact", fact=Skipped("i", AT)) for n in (4, 5, 9)]  # type: ignore[arg-type]
    a.give_entries(3, entries[:2])
    pair.run(0.2)
    a.give_entries(3, entries)
    a.give_entries(5, entries[2:])
    pair.run(0.2)
    assert list(b.take_entries()) == entries
    b.tell(())
    pair.run(0.5)

    assert a.news is not None
    assert (a.news.peer_has, a.news.peer_has_of) == (9, "a-1")


def test_machines_with_different_keys_do_not_hear_each_other_and_one_sends(
    start: Callable[..., LinkedPair],
) -> None:
    pair = start(other_key=b"another secret altogether")
    for machine in pair.machines.values():
        machine.agent.tell(())
    pair.run(8)

    assert pair.sending == ["a"]
    assert pair.machines["b"].status.peer == ""


def test_a_sender_whose_stream_does_not_arrive_gives_over_at_once_and_both_say_why(
    pair: LinkedPair,
) -> None:
    a, b = (pair.machines[name] for name in "ab")
    a.sight, b.sight = Sight("right"), Sight("right", "right")
    settle(pair)
    assert pair.sending == ["a"]
    b.sight = Sight("right", "absent")
    pair.run(0.3)

    assert pair.sending == ["b"]
    assert b.status.why == "It took over from the other machine: nothing of its stream arrived."
    a.sight, b.sight = Sight("right", "right"), Sight("absent")
    settle(pair)
    settle(pair)
    assert pair.sending == ["b"], "no flapping"


def test_a_frozen_picture_moves_at_a_cut_so_that_nothing_more_is_lost(pair: LinkedPair) -> None:
    a, b = (pair.machines[name] for name in "ab")
    a.sight, b.sight = Sight("right"), Sight("right", "right")
    settle(pair)
    for machine in (a, b):
        for stamp in (90_000, 180_000):
            machine.gate.note_key(stamp)
    a.sight, b.sight = Sight("frozen"), Sight("right", "frozen")
    pair.run(0.3)

    assert (pair.sending, a.gate.cut > 0, b.gate.cut) == (["a"], True, a.gate.cut)
    pair.run(3)
    assert pair.sending == ["b"]


def test_sight_that_the_watcher_no_longer_writes_counts_for_nothing(pair: LinkedPair) -> None:
    a, b = (pair.machines[name] for name in "ab")
    a.sight, b.sight = None, Sight("right", "right")
    settle(pair)
    b.sight = None
    b.parts.sight.write(Sight("right", "absent"), pair.clock.monotonic() - 1_500_000_000)  # type: ignore[attr-defined]
    pair.run(3)

    assert pair.sending == ["a"]


def test_a_report_of_an_earlier_start_that_is_sent_again_counts_for_nothing(
    pair: LinkedPair,
) -> None:
    a, b = (pair.machines[name] for name in "ab")
    a.sight, b.sight = Sight("right"), Sight("right", "right")
    settle(pair)
    for number in range(10**9, 10**9 + 20):
        old = SightReport("b-0", ChannelId("ch13"), number, "right", "absent")
        b.door.sendto(pack(KEY, old), b.parts.peer)
        pair.run(0.05)

    assert pair.sending == ["a"]


def test_a_report_of_sight_is_signed_and_unknown_kinds_are_dropped(pair: LinkedPair) -> None:
    report = SightReport("a-1", ChannelId("ch13"), 5, "right", "absent")
    assert unpack(KEY, pack(KEY, report)) == report

    with pytest.raises(NotOurs):
        unpack(KEY, pack(KEY, report).replace(b'"absent"', b'"right"'))
    later = b'{"kind":"of a later version"}'
    with pytest.raises(NotOurs):
        unpack(KEY, signature(KEY, "peer link", later.decode()).encode() + later)


def test_a_datagram_that_was_altered_or_is_nonsense_is_refused(pair: LinkedPair) -> None:
    machine = pair.machines["a"]
    beat = machine.link._beat(pair.clock.monotonic())
    datagram = pack(KEY, beat)
    assert unpack(KEY, datagram) == beat
    assert len(datagram) < LARGEST_DATAGRAM

    for wrong in (b"", b"x" * 100, datagram[:-1], datagram.replace(b"a-1", b"c-1"), b"\xff" * 50):
        with pytest.raises(NotOurs):
            unpack(KEY, wrong)
    with pytest.raises(NotOurs):
        unpack(b"some other key of ours", datagram)


def test_a_machine_without_a_word_of_its_agent_is_not_ready(
    start: Callable[..., LinkedPair],
) -> None:
    pair = start()
    pair.run(2)

    assert not pair.machines["b"].status.ready
    assert "agent" in pair.machines["b"].status.not_ready[0]
