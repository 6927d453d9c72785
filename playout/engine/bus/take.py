"""The shot that the switch has taken, and what it shows on one tick."""

from dataclasses import dataclass, field

from config.names import CueId
from playout.engine.links.ring import Slot
from playout.model.engine import Shot
from playout.model.layer import Layer


@dataclass
class Take:
    """A shot that has been taken: its first tick, and the house frame that belongs there.

    House frames are those of its own time, which leaves out what the shot jumps over.
    """

    shot: Shot
    first: int
    frame: int
    shown: int = -1
    """Last house frame that was seen; -1 before the first."""
    held: int = 0
    fallen: bool = False
    steady: int = 0
    falls: list[int] = field(default_factory=list)

    def at(self, tick: int) -> int:
        """Return the house frame that belongs on `tick`. A live's frames are numbered by their
        ticks.
        """
        return tick if self.shot.source else self.frame + tick - self.first

    def rest(self) -> None:
        """Forget what was shown: its own picture is off air now, and starts afresh later."""
        self.shown, self.held, self.fallen, self.steady = -1, 0, False, 0


@dataclass(frozen=True)
class TickContent:
    """The picture and sound of one tick."""

    layer: Layer
    cue: CueId | None = None
    slot: Slot | None = None
    part: Shot | None = None
    """The shot as the decks know it that `slot` belongs to."""
    source: int = -1
    """House frame of the file; -1 for none."""
    hold: bool = False
    bare: bool = False
    """The slot has sound, but its picture has stayed too long: the slate is shown with that
    sound."""
    dropped: int = 0
    reason: str = ""
