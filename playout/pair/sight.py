"""One machine's part in changes by sight: what both machines see, and when the sender offers.

Pure: time is an argument, and what is seen and heard is handed to it. The rule is in
`playout.lease.sight`.
"""

from config.names import ChannelId
from playout.lease.sight import FAULTS, fault_to_give_for
from playout.model.sight import UNSEEN, Sight, View
from playout.pair.messages import SightReport

HEARD_FOR_NS = 500_000_000
"""Nanoseconds after which what the other machine saw says nothing of now."""
GIVES_FOR_NS = 4_000_000_000
"""Nanoseconds for which a sender goes on offering for one fault, and says so, also once it gave."""
_WORDS: dict[View, str] = {
    "absent": "nothing of its stream arrived",
    "no pictures": "its stream had no pictures",
    "black": "its picture left black, and the program was not",
    "frozen": "its picture stood still, and the program moved",
    "wrong": "its picture was not that of the program",
}


class SightKeeper:
    """Keeper of what one machine sees and hears of outputs, and of the changes that came of it."""

    def __init__(self, machine: str, channel: ChannelId) -> None:
        self.machine, self.channel = machine, channel
        self.own: Sight = UNSEEN
        """What this machine sees."""
        self._heard: SightReport | None = None
        self._heard_at = 0
        self._gives: View = "unknown"
        self._gives_since = 0
        self._sending_since: int | None = None
        self._moved_at: int | None = None

    def hear(self, report: SightReport, now: int) -> None:
        """Take what the other machine sees."""
        if report.machine == self.machine or report.channel != self.channel:
            return
        last = self._heard
        if last is not None and last.machine == report.machine and report.number <= last.number:
            return
        self._heard, self._heard_at = report, now

    def report(self, number: int, now: int) -> SightReport:
        """Return what to tell the other machine; `number` rises."""
        return SightReport(
            self.machine, self.channel, number, self.own.own, self.own.other, self._giving(now)
        )

    def look(self, *, is_sending: bool, now: int) -> bool:
        """Note whether this machine sends. Return whether it is to offer the other one the stream
        because of what is seen of its output.
        """
        was_sending = self._sending_since is not None
        if is_sending and self._sending_since is None:
            self._sending_since = now
        elif not is_sending:
            self._sending_since = None
        if was_sending != is_sending:
            self._note_change(now, was_sending=was_sending)
        if self._sending_since is None or self._giving(now) in FAULTS:
            return False
        moved = None if self._moved_at is None else now - self._moved_at
        fault = fault_to_give_for(self.own, self._other(now), now - self._sending_since, moved)
        if fault is None:
            return False
        self._gives, self._gives_since = fault, now
        return True

    def refused(self) -> None:
        """Forget the offer: the other machine cannot take the stream."""
        self._gives = "unknown"

    def is_hurried(self, now: int) -> bool:
        """Tell whether nothing of the stream arrives, so that no change need be agreed on."""
        return self._giving(now) == "absent"

    def why_invited(self, now: int) -> str:
        """Return why the other machine offers its stream, as a sentence; empty where it has not
        said so.
        """
        heard = self._heard
        fault = heard.gives if heard is not None and now - self._heard_at < HEARD_FOR_NS else ""
        words = _WORDS.get(fault) if fault else None
        return f"It took over from the other machine: {words}." if words else ""

    def _giving(self, now: int) -> View:
        return self._gives if now - self._gives_since < GIVES_FOR_NS else "unknown"

    def _other(self, now: int) -> Sight:
        heard = self._heard
        if heard is None or now - self._heard_at >= HEARD_FOR_NS:
            return UNSEEN
        return Sight(heard.own, heard.other)

    def _note_change(self, now: int, *, was_sending: bool) -> None:
        """Note a change of the sender, where it came of what was seen."""
        by_sight = self._giving(now) in FAULTS if was_sending else bool(self.why_invited(now))
        if by_sight:
            self._moved_at = now
