"""Random nights: hold, adjourn, extend, take, edits, losses and restarts in any order."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from support.desk_machine import ChannelStateMachine


def _bounded(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        suppress_health_check=list(HealthCheck),
    )


def test_whatever_happens_in_a_night_the_promises_hold() -> None:
    run_state_machine_as_test(ChannelStateMachine, settings=_bounded(30, 14))  # type: ignore[no-untyped-call]


@pytest.mark.soak
def test_whatever_happens_in_many_nights_the_promises_hold() -> None:
    run_state_machine_as_test(ChannelStateMachine, settings=_bounded(1500, 40))  # type: ignore[no-untyped-call]
