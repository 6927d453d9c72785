"""Two machines and a witness: who sends after what, for how long no one does, and never both."""

import pytest
from support.pair_world import MS, PairWorld


@pytest.fixture
def pair() -> PairWorld:
    """A pair in which `a` sends and `b` stands by."""
    world = PairWorld()
    world.run(3)
    assert world.sending == ["a"]
    return world


def test_the_preferred_machine_begins_and_the_other_stands_by() -> None:
    world = PairWorld()

    assert world.stopped_for(3) < 1.2
    assert world.sending == ["a"]
    own = world._own(world.machines["b"])
    assert world.seat("b").state(own, world.machines["b"].at(world.now)) == "standing by"


def test_of_two_that_start_together_the_one_with_pictures_first_waits_for_the_other() -> None:
    world = PairWorld()
    world.machines["a"].picture_lost_at = -(10**10)
    world.run(4)
    assert world.sending == []
    world.machines["a"].picture_lost_at = None
    world.run(1)
    assert world.sending == ["a"]


def test_a_preferred_machine_that_gets_no_picture_does_not_keep_the_other_off_air() -> None:
    world = PairWorld()
    world.machines["a"].picture_lost_at = -(10**10)
    world.run(9)

    assert world.sending == ["b"]


def test_without_power_the_other_takes_over_within_a_second(pair: PairWorld) -> None:
    for name in ("a", "b", "a", "b"):
        pair.machines[name].has_power = False
        assert pair.stopped_for(3) < 0.9
        assert pair.sending == [{"a": "b", "b": "a"}[name]]
        pair.boot(name)
        assert pair.stopped_for(3) == 0, "the one that came back leaves the other on air"
    assert pair.together == 0


def test_a_machine_whose_cable_was_pulled_stops_and_stays_off_when_it_is_back(
    pair: PairWorld,
) -> None:
    pair.cut_off("a")
    assert pair.stopped_for(2) < 0.9
    assert pair.sending == ["b"]
    pair.cut.clear()

    assert pair.stopped_for(3) == 0
    assert (pair.sending, pair.together) == (["b"], 0)


@pytest.mark.parametrize("ways", [["ab"], ["aw"], ["bw"], ["ab", "bw"], ["aw", "bw"]])
def test_a_sender_that_reaches_one_voter_goes_on(pair: PairWorld, ways: list[str]) -> None:
    names = {"a": "a", "b": "b", "w": "witness"}
    pair.cut = {frozenset(names[end] for end in way) for way in ways}

    assert pair.stopped_for(5) == 0
    assert (pair.sending, pair.together) == (["a"], 0)


def test_a_sender_that_reaches_no_voter_stops_and_a_standby_alone_never_sends(
    pair: PairWorld,
) -> None:
    pair.witness_away = True
    pair.cut = {frozenset("ab")}
    pair.run(20)

    assert pair.sending == []
    assert "neither" in pair.seat("a").why
    pair.witness_away = False
    pair.run(2)
    assert len(pair.sending) == 1


def test_a_sender_that_is_answered_again_says_so(pair: PairWorld) -> None:
    pair.machines["b"].has_power = False
    pair.cut_off("a")
    pair.run(2)
    assert pair.sending == []
    pair.cut.clear()
    pair.run(1)

    assert pair.sending == ["a"]
    assert pair.seat("a").why == "It sends again: it is answered."


def test_a_sender_told_to_go_on_alone_does_and_a_standby_does_not() -> None:
    world = PairWorld(goes_on_alone=True)
    world.run(3)
    world.witness_away = True
    world.machines["b"].has_power = False
    assert world.stopped_for(10) < 3.5
    assert world.sending == ["a"]
    world.machines["a"].has_power = False
    world.boot("b")
    world.run(20)

    assert world.sending == []


def test_a_sender_without_pictures_gives_over_without_a_hole(pair: PairWorld) -> None:
    pair.machines["a"].picture_lost_at = pair.now

    assert pair.stopped_for(0.7) == 0
    assert pair.sending == ["a"]
    assert pair.stopped_for(1) < 0.02
    assert (pair.sending, pair.together) == (["b"], 0)


def test_a_sender_without_pictures_goes_on_where_the_other_has_none_either(
    pair: PairWorld,
) -> None:
    for machine in pair.machines.values():
        machine.picture_lost_at = pair.now

    assert pair.stopped_for(5) == 0
    assert pair.sending == ["a"]


def test_a_move_leaves_no_hole_and_there_and_back_again(pair: PairWorld) -> None:
    for before, after in ("ab", "ba", "ab"):
        assert pair.seat(before).offer(pair.machines[before].at(pair.now)) == ""
        assert pair.stopped_for(1) < 0.02
        assert pair.sending == [after]
        assert pair.stopped_for(3) == 0
        assert pair.sending == [after]
    assert pair.together == 0


def test_a_move_is_refused_while_the_other_is_not_ready(pair: PairWorld) -> None:
    pair.machines["b"].not_ready = ("3 files are missing there.",)
    pair.run(1)
    at = pair.machines["a"].at(pair.now)
    assert pair.seat("a").offer(at) == "3 files are missing there."
    assert pair.seat("b").offer(pair.machines["b"].at(pair.now)) == "This machine does not send."
    pair.machines["b"].has_power = False
    pair.run(1)

    assert "not heard" in pair.seat("a").offer(pair.machines["a"].at(pair.now))
    assert pair.stopped_for(3) == 0


def test_a_machine_that_is_not_ready_takes_over_all_the_same_when_the_other_is_gone(
    pair: PairWorld,
) -> None:
    pair.machines["b"].not_ready = ("3 files are missing there.",)
    pair.run(1)
    pair.machines["a"].has_power = False
    pair.run(2)

    assert pair.sending == ["b"]


def test_a_link_that_starts_again_leaves_the_stream_on_air(pair: PairWorld) -> None:
    for _ in range(5):
        pair.restart_link("a")
        assert pair.stopped_for(1.5) == 0
        assert pair.sending == ["a"]


def test_a_move_whose_beats_are_lost_ends_with_one_sender(pair: PairWorld) -> None:
    for _ in range(20):
        pair.loss = 0.6
        if "a" in pair.sending or "b" in pair.sending:
            name = pair.sending[0]
            pair.seat(name).offer(pair.machines[name].at(pair.now))
        pair.run(0.6)
        pair.loss = 0.0
        assert pair.stopped_for(2.5) < 1.5
        assert len(pair.sending) == 1
    assert pair.together == 0


def test_the_clocks_of_two_machines_are_compared_to_a_millisecond(pair: PairWorld) -> None:
    pair.machines["b"].ahead = 30 * MS
    pair.run(6)
    comparison = pair.seat("a").comparison

    assert comparison.difference is not None
    assert abs(comparison.difference - 30 * MS) <= max(comparison.error, MS) < 2 * MS


def test_whatever_happens_two_machines_never_send_at_once() -> None:
    changes = 0
    for seed in range(12):
        world = PairWorld(seed)
        chance = world.random
        for _ in range(20):
            before = world.sending
            _disturb(world)
            changes += world.sending != before
            assert world.together == 0, seed
        world.cut, world.loss, world.delays = set(), 0.0, (MS // 5, 2 * MS)
        world.witness_away = False
        for name, machine in world.machines.items():
            machine.picture_lost_at = None
            if not machine.has_power:
                world.boot(name)
        world.run(6)
        assert len(world.sending) == 1, (seed, chance)
    assert changes > 60


def _disturb(world: PairWorld) -> None:
    chance = world.random
    pairs = (("a", "b"), ("a", "witness"), ("b", "witness"))
    world.cut = {frozenset(pair) for pair in pairs if chance.random() < 0.2}
    world.loss, world.doubles = chance.choice([0, 0, 0.2, 0.6]), chance.choice([0, 0.5])
    world.delays = chance.choice([(MS, 3 * MS), (0, 90 * MS), (0, 800 * MS)])
    world.witness_away = chance.random() < 0.15
    for name, machine in world.machines.items():
        if chance.random() < 0.2:
            machine.still_until = world.now + round(chance.uniform(0.05, 2) * 1e9)
        if chance.random() < 0.15:
            world.restart_link(name)
        if chance.random() < 0.15:
            machine.has_power = False
        elif not machine.has_power:
            world.boot(name)
        machine.picture_lost_at = world.now if chance.random() < 0.15 else None
        if chance.random() < 0.3:
            world.seat(name).offer(machine.at(world.now))
    world.run(chance.uniform(0.05, 2.5))
