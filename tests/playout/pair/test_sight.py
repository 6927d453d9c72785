"""The standby sees the sender's output: when the stream changes hands, and that it does not flap.

The heartbeat of both goes on all the while.
"""

import itertools

import pytest
from support.sighted_pair import SECOND, SightedWorld

from playout.model.sight import View

SENDERS_PICTURE = ("black", "frozen", "no pictures", "wrong")


@pytest.fixture
def pair() -> SightedWorld:
    """A pair in which `a` has sent for half a minute, and `b` stands by and sees it."""
    world = SightedWorld()
    world.run(30)
    assert world.sending == ["a"]
    return world


def test_a_sender_whose_stream_does_not_arrive_is_relieved_within_a_second(
    pair: SightedWorld,
) -> None:
    pair.spoil("a", "absent")
    assert pair.stopped_for(1) < 0.1

    assert pair.sending == ["b"]
    assert pair.seat("b").why == (
        "It took over from the other machine: nothing of its stream arrived."
    )
    assert pair.together == 0


@pytest.mark.parametrize("fault", SENDERS_PICTURE)
def test_a_fault_of_the_picture_that_both_see_moves_the_stream(
    pair: SightedWorld, fault: View
) -> None:
    pair.spoil("a", fault)
    assert pair.stopped_for(4.8) == 0
    assert pair.sending == ["a"]
    pair.run(1)

    assert (pair.sending, pair.together) == (["b"], 0)


@pytest.mark.parametrize("fault", ["black", "frozen", "no pictures"])
def test_a_sender_whose_watcher_is_away_believes_the_standby(
    pair: SightedWorld, fault: View
) -> None:
    pair.outputs["a"].is_blind = True
    pair.spoil("a", fault)
    pair.run(6)

    assert pair.sending == ["b"]


@pytest.mark.parametrize("spoilt", ["black", "frozen", "no pictures", "wrong", "absent"])
def test_a_standby_that_is_no_better_gets_nothing(pair: SightedWorld, spoilt: View) -> None:
    pair.outputs["b"].port_is_up = spoilt != "absent"
    pair.spoil("b", spoilt if spoilt != "absent" else "right")
    pair.run(6)
    pair.spoil("a", "frozen")
    pair.run(30)

    assert pair.sending == ["a"]


def test_a_standby_that_lacks_files_gets_nothing_until_it_has_them(pair: SightedWorld) -> None:
    pair.machines["b"].not_ready = ("3 files are missing there.",)
    pair.run(1)
    pair.spoil("a", "absent")
    pair.run(5)
    assert pair.sending == ["a"]
    pair.machines["b"].not_ready = ()
    pair.run(1)

    assert pair.sending == ["b"]


def test_a_standby_with_its_port_down_is_believed_in_nothing(pair: SightedWorld) -> None:
    pair.outputs["b"].is_deaf, pair.outputs["b"].port_is_up = True, False
    pair.run(60)

    assert pair.sending == ["a"]


def test_a_standby_that_never_saw_the_stream_says_nothing_of_it() -> None:
    world = SightedWorld()
    world.outputs["b"].is_deaf = True
    world.run(60)

    assert world.sending == ["a"]


def test_a_standby_that_goes_deaf_takes_over_once_and_no_more(pair: SightedWorld) -> None:
    """Both are deaf from then on, so neither has seen the other's stream and it stays."""
    pair.outputs["a"].is_deaf = pair.outputs["b"].is_deaf = True
    pair.run(640)

    assert [name for _, name in pair.changes] == ["a", "b"]
    assert pair.together == 0


def test_a_machine_that_took_over_gives_back_once_it_is_the_faulty_one(pair: SightedWorld) -> None:
    pair.spoil("a", "frozen")
    pair.run(6)
    assert pair.sending == ["b"]
    pair.spoil("a", "right")
    pair.spoil("b", "black")
    pair.run(50)
    assert pair.sending == ["b"], "a minute has not passed since the last change"
    pair.run(20)

    assert pair.sending == ["a"]


def test_outputs_that_come_and_go_do_not_make_the_stream_flap(pair: SightedWorld) -> None:
    """Each output in turn is faulty for ten seconds, for four minutes."""
    for name, other in [("a", "b"), ("b", "a")] * 12:
        pair.spoil(name, pair.random.choice(SENDERS_PICTURE))
        pair.spoil(other, "right")
        pair.run(10)
    times = [at for at, _ in pair.changes]

    assert 3 <= len(times) <= 6
    assert min(b - a for a, b in itertools.pairwise(times[1:])) > 59 * SECOND
    assert pair.together == 0


def test_whatever_is_seen_two_machines_never_send_at_once() -> None:
    moves = 0
    for seed in range(3):
        world = SightedWorld(seed)
        world.run(20)
        for _ in range(15):
            _disturb(world)
            assert world.together == 0, seed
        moves += len(world.changes)
        world.cut, world.loss, world.delays = set(), 0.0, (200_000, 2_000_000)
        for name, machine in world.machines.items():
            if not machine.has_power:
                world.boot(name)
        world.run(6)
        assert len(world.sending) == 1, seed
    assert moves > 8


def _disturb(world: SightedWorld) -> None:
    chance = world.random
    for name, output in world.outputs.items():
        world.spoil(name, chance.choice(["right", "right", "absent", *SENDERS_PICTURE]))
        output.is_deaf, output.is_blind = chance.random() < 0.2, chance.random() < 0.2
        output.port_is_up = chance.random() < 0.8
        if chance.random() < 0.2:
            world.restart_link(name)
        if chance.random() < 0.1:
            world.machines[name].has_power = False
        elif not world.machines[name].has_power:
            world.boot(name)
    world.cut = {frozenset("ab")} if chance.random() < 0.2 else set()
    world.loss = chance.choice([0, 0, 0.3])
    world.delays = chance.choice([(200_000, 2_000_000), (0, 90_000_000)])
    world.run(chance.uniform(1, 20))
