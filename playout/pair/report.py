"""News of the peer link for the agent of this machine, and so for the server."""

from collections.abc import Iterable
from datetime import datetime

from config.clock import Clock
from playout.model.pair import PairNews, PairStatus
from playout.pair.seat import OwnState, Seat


class PairReport:
    """Keeps since when the machine is what it is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since: tuple[str, datetime] | None = None

    def news(
        self, seat: Seat, own: OwnState, now: int, sent: Iterable[tuple[int, int]], refused: str
    ) -> PairNews:
        """Return the news of this instant."""
        peer, state, hears = seat.peer, seat.state(own, now), seat.hears_peer(now)
        if self._since is None or self._since[0] != state:
            self._since = state, self._clock.utc()
        difference = seat.comparison.difference
        status = PairStatus(
            seat.member.machine, seat.member.preferred, state, seat.why, self._since[1],
            max(seat.holder.term, seat.holder.heard_term),
            peer=peer.machine if peer is not None else "",
            peer_state=peer.state if peer is not None and hears else "away",
            peer_heard=_seconds_since(seat.peer_at, now),
            witness_heard=_seconds_since(seat.witness_at, now),
            clock_difference=difference / 1e9 if difference is not None else None,
            clock_error=seat.comparison.error / 1e9,
            ready=own.ready, not_ready=own.not_ready,
        )  # fmt: skip
        follows = hears and peer is not None and peer.state == "sending" and state != "sending"
        return PairNews(
            status, follows,
            peer_has=peer.has_entries if peer is not None else 0,
            peer_has_of=peer.entries_of if peer is not None else "",
            peer_not_ready=peer.not_ready if peer is not None and not peer.ready else (),
            sent=tuple(sent), refused=refused,
        )  # fmt: skip


def _seconds_since(at: int, now: int) -> float:
    return (now - at) / 1e9 if at >= 0 else -1.0
