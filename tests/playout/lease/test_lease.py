"""Promises of voters and what a machine makes of them, as tables."""

import pytest

from playout.lease.holder import MARGIN_NS, LeaseHolder
from playout.lease.messages import VoteAnswer, VoteRequest, Wish
from playout.lease.voter import LEASE_NS, Voter

MS = 1_000_000
AWAKE = LEASE_NS
"""Nanoseconds after its start at which a voter makes its first promise."""


def asked(voter: Voter, at: int, machine: str, term: int, wants: Wish = "renew") -> VoteAnswer:
    return voter.answer(VoteRequest(machine, term, wants), AWAKE + at * MS)


def test_a_voter_that_has_just_started_promises_nothing_for_as_long_as_a_promise_lasts() -> None:
    voter = Voter(started=0)

    assert not asked(voter, -1, "a", 1).granted
    assert asked(voter, 0, "a", 1).granted


@pytest.mark.parametrize(
    ("at", "machine", "term", "granted"),
    [
        (100, "a", 4, True),
        (100, "b", 5, False),
        (499, "b", 9, False),
        (500, "b", 4, False),
        (500, "b", 5, True),
        (500, "a", 4, True),
        (500, "a", 3, False),
    ],
    ids=[
        "renewed", "promised to another", "still promised", "a term of another", "it ran out",
        "renewed late, as no other has it", "an earlier term",
    ],
)  # fmt: skip
def test_a_voter_keeps_its_promise(at: int, machine: str, term: int, granted: bool) -> None:
    voter = Voter(started=0)
    assert asked(voter, 0, "a", 4).granted

    assert asked(voter, at, machine, term).granted is granted


def test_a_freed_voter_promises_another_machine_at_once_and_the_freed_term_is_over() -> None:
    voter = Voter(started=0)
    asked(voter, 0, "a", 4)

    assert asked(voter, 10, "a", 4, "free").granted
    assert not asked(voter, 11, "a", 4).granted, "a request that arrived late"
    assert asked(voter, 12, "b", 5).granted


def test_a_wish_to_free_that_arrives_twice_ends_no_later_promise() -> None:
    voter = Voter(started=0)
    asked(voter, 0, "a", 4)
    asked(voter, 10, "a", 4, "free")
    asked(voter, 20, "a", 5)

    assert not asked(voter, 30, "a", 4, "free").granted
    assert not asked(voter, 31, "b", 6).granted


def test_looking_changes_nothing_and_tells_who_has_the_promise_and_for_how_long() -> None:
    voter = Voter(started=0)
    asked(voter, 0, "a", 4)

    assert asked(voter, 100, "b", 0, "look") == VoteAnswer(False, 4, "a", 400)
    assert asked(voter, 500, "b", 0, "look") == VoteAnswer(False, 4, "", 0)


def test_a_machine_may_send_while_two_of_three_promised_counted_from_its_questions() -> None:
    holder = LeaseHolder("a")
    holder.begin()
    yes = VoteAnswer(True, holder.term, "a", 500)
    for number, (voter, at) in enumerate([("own", 0), ("witness", 30), ("peer", 100)]):
        holder.ask(voter, number, at * MS)
    holder.take("own", 0, yes)
    assert holder.until == 0
    holder.take("witness", 1, yes)
    assert holder.until == LEASE_NS - MARGIN_NS
    holder.take("peer", 2, yes)

    assert holder.until == 30 * MS + LEASE_NS - MARGIN_NS
    assert holder.may_send(holder.until - 1)
    assert not holder.may_send(holder.until)


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        (7, VoteAnswer(True, 1)),
        (1, VoteAnswer(False, 1)),
    ],
    ids=["to a question never asked", "a refusal"],
)
def test_an_answer_that_promises_nothing_counts_for_nothing(
    number: int, answer: VoteAnswer
) -> None:
    holder = LeaseHolder("a")
    holder.begin()
    holder.ask("own", 0, 0)
    holder.take("own", 0, VoteAnswer(True, 1))
    holder.ask("peer", 1, 0)

    holder.take("peer", number, answer)

    assert holder.until == 0


def test_a_machine_that_ends_may_send_nothing_and_begins_again_in_a_higher_term() -> None:
    holder = LeaseHolder("a", term=6)
    holder.begin()
    for number, voter in enumerate(("own", "peer")):
        holder.ask(voter, number, 0)
        holder.take(voter, number, VoteAnswer(True, 7))
    assert holder.until > 0

    assert holder.end() == VoteRequest("a", 7, "free")
    assert holder.until == 0
    holder.take("own", 0, VoteAnswer(True, 9))
    holder.begin()

    assert holder.term == 10
    assert holder.until == 0


def test_a_machine_that_climbs_keeps_what_it_was_promised_and_asks_in_the_newer_term() -> None:
    holder = LeaseHolder("a")
    holder.begin()
    for number, voter in enumerate(("own", "witness")):
        holder.ask(voter, number, 0)
        holder.take(voter, number, VoteAnswer(True, 1))
    until = holder.until
    holder.ask("peer", 2, 0)
    holder.take("peer", 2, VoteAnswer(False, 6))
    holder.climb()

    assert (holder.until, holder.term) == (until, 7)
    assert holder.ask("peer", 3, 0) == VoteRequest("a", 7, "renew")


def test_a_machine_that_does_not_ask_only_looks() -> None:
    assert LeaseHolder("a", term=3).ask("peer", 1, 0) == VoteRequest("a", 3, "look")
