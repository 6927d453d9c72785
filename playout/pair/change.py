"""The planned change: at which picture one machine ends, and where the other goes on.

The cut is the stamp of a key picture of the machine that takes over, far enough ahead that neither
has sent anything of it (`playout/engine/relay/doorway.py`).
"""

from playout.engine.format.ticks import NS
from playout.engine.links.gate import Gate
from playout.engine.transport import STAMPS_A_SECOND
from playout.pair.messages import Beat

CUT_AHEAD = round(1.2 * STAMPS_A_SECOND)
"""Least time from now to the cut: a picture is dated 0.8 s ahead, and both machines must have heard
of the cut before they get its picture."""
LATEST_BEFORE_CUT = round(0.25 * STAMPS_A_SECOND)
"""Time before the cut at which the sender gives over, whatever is left to send."""
FORGOTTEN_AFTER_CUT = round(0.5 * STAMPS_A_SECOND)


class PlannedChange:
    """One machine's part in a change. It sets the cut in its gate, and says when to give over."""

    def __init__(self, gate: Gate, common_start: int) -> None:
        self._gate, self._start = gate, common_start

    def stamp(self, now: int) -> int:
        """Return the stream's time at a monotonic instant, in units of 90 kHz."""
        return (now - self._start) * STAMPS_A_SECOND // NS

    def may_give(self, peer: Beat | None, has_pictures: bool, now: int) -> bool:
        """Return whether to give over now; agree on a cut first, where both have pictures."""
        if peer is None or not peer.key or not peer.group or not has_pictures:
            return True
        cut = self._gate.cut
        if not cut:
            self._gate.cut_at(self._next_cut(peer, now))
            return False
        return self._gate.is_drained or self.stamp(now) > cut - LATEST_BEFORE_CUT

    def follow(self, peer: Beat | None, now: int) -> None:
        """Hold pictures back from the cut that the sender names, and note where it ended."""
        gate, now_stamp = self._gate, self.stamp(now)
        if peer is not None and peer.gave and gate.cut:
            gate.go_on_from(peer.sent, bytes.fromhex(peer.counters))
        elif peer is not None and peer.offers and peer.cut > now_stamp:
            if gate.cut != peer.cut:
                gate.cut_at(peer.cut)
        elif gate.cut and now_stamp > gate.cut + FORGOTTEN_AFTER_CUT:
            self.forget()

    def forget(self) -> None:
        """Forget the cut: what was held back goes on."""
        if self._gate.cut:
            self._gate.cut_at(0)
            self._gate.go_on_from(0, b"")

    def _next_cut(self, peer: Beat, now: int) -> int:
        least = self.stamp(now) + CUT_AHEAD
        return peer.key + -(-max(0, least - peer.key) // peer.group) * peer.group
