"""Everything one channel's agent works with, handed to it whole."""

from dataclasses import dataclass

from config.clock import Clock
from playout.host.control_socket import Door
from playout.host.drawings import Drawings
from playout.host.journal import Journal
from playout.host.library import Library
from playout.host.mailbox import Mailbox
from playout.model.engine import Engine


@dataclass(frozen=True)
class Rig:
    """Everything an agent works with."""

    channel: str
    host: str
    engine: Engine
    clock: Clock
    journal: Journal
    library: Library
    drawings: Drawings
    mailbox: Mailbox
    door: Door
