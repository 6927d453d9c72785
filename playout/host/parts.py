"""The parts of one channel's agent, made in one place and handed to it whole."""

import socket
from dataclasses import dataclass

from config.clock import Clock
from config.settings import Settings
from media.store import MediaStore
from playout.host.control_socket import ControlQueue
from playout.host.drawings import Drawings
from playout.host.journal import Journal
from playout.host.library import Library
from playout.host.mailbox import Mailbox
from playout.host.partner import Partner
from playout.host.setup import stream_words
from playout.model.engine import Engine


@dataclass(frozen=True)
class AgentParts:
    """Everything an agent works with."""

    channel: str
    host: str
    engine: Engine
    clock: Clock
    journal: Journal
    library: Library
    drawings: Drawings
    mailbox: Mailbox
    control: ControlQueue
    partner: Partner | None = None
    """The line to the channel's other machine, if it has two."""
    stream: str = ""
    """House format and coding in one line, from `setup.stream_words`."""


def make_agent_parts(
    settings: Settings,
    channel: str,
    engine: Engine,
    clock: Clock,
    partner: Partner | None = None,
) -> AgentParts:
    """Make the parts from the channel's folder and settings."""
    folder = settings.channel_dir(channel)
    folder.mkdir(parents=True, exist_ok=True)
    journal = Journal(folder / "journal.jsonl")
    store = MediaStore(settings.media_root, cache=settings.media_is_cache)
    library = Library(folder, store)
    house = settings.channels[channel].house
    return AgentParts(
        channel=channel,
        host=socket.gethostname(),
        engine=engine,
        clock=clock,
        journal=journal,
        library=library,
        drawings=Drawings(folder / "drawn", house, library.find),
        mailbox=Mailbox(),
        control=ControlQueue(),
        partner=partner,
        stream=stream_words(settings.channels[channel]),
    )
