"""Never two senders, whatever the network, the processes and the clocks do."""

import pytest
from support.lease_world import MS, LeaseWorld

EPISODES = 25
"""Disturbances of a run, each up to three seconds long."""


def disturb(world: LeaseWorld) -> None:
    """Do one random thing to the world, or several."""
    chance = world.random
    names = ["a", "b", "witness"]
    world.cut = {
        frozenset(pair)
        for pair in (("a", "b"), ("a", "witness"), ("b", "witness"))
        if chance.random() < 0.2
    }
    world.loss, world.doubles = chance.choice([0, 0, 0.1, 0.5]), chance.choice([0, 0.5])
    world.delays = chance.choice([(0, 5 * MS), (0, 80 * MS), (0, 900 * MS), (400 * MS, 2000 * MS)])
    for name in names:
        if chance.random() < 0.15:
            world.stop(name, chance.uniform(0.05, 2.5))
        if chance.random() < 0.2:
            world.forget(name)
    for name in ("a", "b"):
        world.seats[name].wants = chance.random() < 0.8
    world.run(chance.uniform(0.05, 3))


def test_two_machines_never_send_at_once() -> None:
    changes = 0
    for seed in range(10):
        world = LeaseWorld(seed)
        for _ in range(EPISODES):
            disturb(world)
        assert world.open_together == 0, seed
        changes += len(world.changes)

    assert changes > 30, "the runs show nothing where the sender hardly ever changes"


@pytest.mark.parametrize("fault", ["amnesic", "hasty"])
def test_the_judge_sees_a_voter_that_forgets_and_a_machine_that_counts_too_long(
    fault: str,
) -> None:
    for seed in range(20):
        world = LeaseWorld(seed, fault)
        for _ in range(EPISODES):
            disturb(world)
        if world.open_together:
            return

    raise AssertionError("the fault was not seen")


@pytest.mark.parametrize("lost", ["b", "witness"])
def test_a_sender_goes_on_without_the_other_machine_or_without_the_witness(lost: str) -> None:
    world = LeaseWorld(1)
    world.seats["b"].wants = False
    world.run(3)
    assert world.sending == ["a"]
    world.cut = {frozenset((lost, other)) for other in ("a", "b", "witness") if other != lost}

    for _ in range(50):
        world.run(0.1)
        assert world.sending == ["a"]


def test_the_other_machine_sends_within_a_second_of_the_sender_s_loss() -> None:
    for seed in range(5):
        world = LeaseWorld(seed)
        world.seats["b"].wants = False
        world.run(3)
        lost = world.now
        world.stop("a", 60)
        world.seats["b"].wants = True
        world.run(3)

        assert world.sending == ["b"]
        assert world.changes[-1][0] - lost < 1000 * MS
        assert world.open_together == 0
