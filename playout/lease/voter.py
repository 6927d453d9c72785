"""A voter: it promises one machine at a time that no other gets its vote for half a second.

The promise counts by the voter's own monotonic clock, so no two clocks need to agree.

Worked example, in milliseconds on the voter's clock. At 1000 A asks for term 4 and has the promise
until 1500. At 1100 A asks again: until 1600. A dies. At 1400 B asks for term 5 and is refused, 200
are left. At 1600 B asks again and has the promise until 2100. At 1700 a request of A arrives that
the network held back; it is of term 4, which is over, and is refused.
"""

from playout.lease.messages import VoteAnswer, VoteRequest

LEASE_NS = 500_000_000
"""Nanoseconds that a promise lasts."""
_MS = 1_000_000


class Voter:
    """One voter for one channel. Time is an argument: monotonic nanoseconds of one machine."""

    def __init__(self, started: int, term: int = 0) -> None:
        """Make a voter that remembers no promise, so it makes none for as long as one may last.
        `term` is the highest term that it knows to be over.
        """
        self._until = started + LEASE_NS
        self._holder = ""
        self._last = ""
        """The machine of the present term, also once its promise has run out."""
        self._term = term

    def answer(self, request: VoteRequest, now: int) -> VoteAnswer:
        """Answer a wish that arrived at `now`."""
        if now >= self._until:
            self._holder = ""
        if request.wants == "free":
            return self._told(self._free(request, now), now)
        is_granted = request.wants == "renew" and self._may_have(request, now)
        if is_granted:
            self._term, self._last = request.term, request.machine
            self._holder, self._until = request.machine, now + LEASE_NS
        return self._told(is_granted, now)

    def _may_have(self, request: VoteRequest, now: int) -> bool:
        if now < self._until and self._holder != request.machine:
            return False
        if request.term == self._term:
            return self._last == request.machine
        return request.term > self._term

    def _free(self, request: VoteRequest, now: int) -> bool:
        """End a promise. Its term is over for its machine too: a copy of this wish that arrives
        late must not end a promise made afterwards.
        """
        if request.machine != self._last or request.term != self._term:
            return False
        self._last = ""
        if self._holder:
            self._holder, self._until = "", now
        return True

    def _told(self, is_granted: bool, now: int) -> VoteAnswer:
        left = max(0, -(-(self._until - now) // _MS))
        return VoteAnswer(is_granted, self._term, self._holder, left)
