"""What the agent reports after it obeyed a command."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.clock import SimulatedClock
from config.names import ChannelId
from config.settings import ChannelSettings, Settings
from playout.engine.fakes.engine import FakeEngine
from playout.host.agent import Agent
from playout.host.parts import make_agent_parts
from playout.model.commands import Command, Verb

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


def test_an_obeyed_command_is_in_the_next_expected_rundown(tmp_path: Path) -> None:
    clock = SimulatedClock(NOW)
    channels = {"ch13": ChannelSettings(format="64x36@30000/1001")}
    settings = Settings(data_dir=tmp_path, server_url="http://127.0.0.1:9", channels=channels)
    parts = make_agent_parts(settings, ChannelId("ch13"), FakeEngine(clock), clock)
    agent = Agent(parts)
    for _ in range(4):
        agent.tick()
        clock.advance(timedelta(milliseconds=250))
    parts.mailbox.expected = None
    now = clock.utc()
    late = now + timedelta(seconds=10)
    parts.mailbox.commands.append(Command("c1", 1, Verb.SLATE, now, late, "Dana"))
    agent.tick()
    assert parts.mailbox.expected is not None
    assert "slate-c1" in [cue.id for cue in parts.mailbox.expected.cues]
