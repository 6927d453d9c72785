"""The agent's loop: a turn four times a second, and whenever something wakes it."""

import logging
from datetime import timedelta

from config.child import beat
from config.clock import Clock
from config.settings import Settings
from playout.host.agent import Agent
from playout.host.partner import Partner
from playout.host.parts import make_agent_parts
from playout.host.threads import AgentThreads
from playout.model.engine import Engine

log = logging.getLogger(__name__)

TURN_EVERY = timedelta(milliseconds=250)


def run_agent(
    settings: Settings, channel: str, engine: Engine, clock: Clock, partner: Partner | None = None
) -> None:
    """Run one channel's agent. Never returns; the supervisor ends it.

    An error in one turn does not stop the next.
    """
    parts = make_agent_parts(settings, channel, engine, clock, partner)
    agent = Agent(parts)
    threads = AgentThreads(settings, parts)
    threads.start()
    while True:
        try:
            now = agent.tick()
            threads.after(now, agent.wakes(now))
        except Exception:  # noqa: BLE001 - the next turn decides everything again from the journal
            log.exception("A turn of the agent failed. What is on air continues.")
        # Beat also after a turn that failed: the supervisor restarts an agent that hangs, and this
        # one does not. Meanwhile the engine goes on with what it was sent last.
        beat()
        clock.wait(TURN_EVERY.total_seconds(), threads.wake)
        threads.wake.clear()
