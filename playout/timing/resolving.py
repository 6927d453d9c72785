"""A plan as it airs: recordings put into their replays, and files into what saved searches fill."""

from playout.model.plan import Plan
from playout.state.air_state import AirState
from playout.timing.choosing import NONE_UNAVAILABLE, Unavailable, resolve_choices
from playout.timing.replays import resolve_replays


def resolve(plan: Plan, happened: AirState, unavailable: Unavailable = NONE_UNAVAILABLE) -> Plan:
    """Return the plan with every file that is known by now. `settle` needs it so.

    `unavailable` names files that a saved search passes over, on the machine that lacks them.
    """
    return resolve_choices(resolve_replays(plan, happened), happened, unavailable)
