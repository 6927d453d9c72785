"""The channels of one machine cue their files in turn."""

from playout.processes.channel import cue_early_of

LONGEST_BLOCKED = 12.0
"""Seconds for which libVLC was blocked and lost nothing (docs/design/engine.md)."""


def test_the_channels_of_a_machine_take_turns_in_cueing() -> None:
    names = [f"ch{number}" for number in range(6)]
    turns = [cue_early_of(names, name) for name in names]

    assert turns[0] == 0
    assert len(set(turns[:4])) == 4
    assert turns[4:] == turns[:2]
    assert max(turns) < LONGEST_BLOCKED
