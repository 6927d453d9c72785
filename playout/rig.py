"""Everything one channel's agent works with, handed to it whole."""

from dataclasses import dataclass

from config.clock import Clock
from playout.control import Door
from playout.drawn import Drawings
from playout.engine.waist import Engine
from playout.journal import Journal
from playout.library import Library
from playout.mailbox import Mailbox


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
