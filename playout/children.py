"""A channel's processes, by name: each imports only what it needs, because air waits for it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config.child import die_with_parent
from config.clock import SystemClock


def command(name: str, **given: object) -> list[str]:
    """The command line that starts the child of this name with what it is given."""
    return [sys.executable, "-P", "-m", "playout.children", f"child-{name}", json.dumps(given)]


def bus(program: int, decks: list[tuple[int, int]], agent: int, state: int, air_log: str) -> None:
    """The program bus."""
    from playout.engine.bus import BusHandles, run_bus

    handles = BusHandles(program, tuple((ring, port) for ring, port in decks), agent, state)
    run_bus(handles, Path(air_log), SystemClock())


def deck(ring: int, port: int) -> None:
    """One deck."""
    from playout.engine.deck import run_deck

    run_deck(ring, port, SystemClock())


def output(ring: int, place: int, targets: list[str], encode: dict[str, Any], display: str) -> None:
    """One output."""
    from playout.engine.output import run_output
    from playout.engine.targets import Encode

    run_output(ring, place, targets, Encode(**encode), display, SystemClock())


def monitor(ring: int, folder: str) -> None:
    """The monitor."""
    from playout.engine.monitor import run_monitor

    run_monitor(ring, Path(folder), SystemClock())


def agent(channel: str, engine_socket: int) -> None:
    """The agent."""
    from config.settings import load_settings
    from playout.agent import run_agent
    from playout.engine.client import EngineClient

    settings = load_settings()
    engine = EngineClient(engine_socket, settings.channel_dir(channel) / "air.log")
    run_agent(settings, channel, engine, SystemClock())


_KINDS: dict[str, Callable[..., None]] = {
    f"child-{kind.__name__}": kind for kind in (bus, deck, output, monitor, agent)
}

if __name__ == "__main__":
    die_with_parent()
    _KINDS[sys.argv[1]](**json.loads(sys.argv[2]))
