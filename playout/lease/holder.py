"""The machine's side of a lease: until when it may send, from the answers of three voters.

It may send while two of the three have promised so. A promise begins when the voter answers, which
is after the machine asked. So a machine that counts the half second from its question, by its own
monotonic clock, stops before the voter can promise anything to another.

Worked example, in milliseconds. It asks all three at 0; its own vote is there at once, that of the
witness comes at 30. Two of three promised on questions of 0: it may send until 480. It asks again
at 100; the answer of the peer comes at 104 and with its own vote makes 580. The answers of the
witness stay away from then on, and nothing changes: the peer and its own vote are two of three.
"""

from playout.lease.messages import VoteAnswer, VoteRequest, Wish
from playout.lease.voter import LEASE_NS

MARGIN_NS = 20_000_000
"""Nanoseconds by which a machine stops earlier than its voters' promises end: clocks run at
different rates, and a datagram takes its time from the check to the wire."""
VOTERS = 3
MAJORITY = VOTERS // 2 + 1


class LeaseHolder:
    """One machine that holds the lease, or would like to."""

    def __init__(self, machine: str, term: int = 0) -> None:
        """`term` is the highest term that this machine has heard of."""
        self.machine = machine
        self.heard_term = term
        """The highest term that any voter named."""
        self.term = 0
        """The term in which it asks; 0 while it does not."""
        self._granted: dict[str, int] = {}
        self._asked: dict[str, dict[int, int]] = {}

    @property
    def wants(self) -> bool:
        """Tell whether it asks for promises."""
        return self.term > 0

    def begin(self) -> None:
        """Begin to ask, in a new term."""
        self.heard_term += 1
        self.term = self.heard_term
        self._granted.clear()
        self._asked.clear()

    def climb(self) -> None:
        """Go on in a newer term, because a voter knows of one. Promises to this machine hold on."""
        self.heard_term += 1
        self.term = self.heard_term

    def end(self) -> VoteRequest:
        """Stop asking; from now on nothing may be sent. Return the wish that frees the voters."""
        wish = VoteRequest(self.machine, self.term, "free")
        self.term = 0
        self._granted.clear()
        self._asked.clear()
        return wish

    def ask(self, voter: str, number: int, now: int) -> VoteRequest:
        """Return the request for a voter. `number` names it in the answer; numbers rise."""
        wish: Wish = "renew" if self.wants else "look"
        if self.wants:
            kept = self._asked.setdefault(voter, {})
            kept[number] = now
            for old in [one for one in kept if one <= number - 64]:
                del kept[old]
        return VoteRequest(self.machine, self.term or self.heard_term, wish)

    def take(self, voter: str, number: int, answer: VoteAnswer) -> None:
        """Take the answer to the request of this number; of any other it counts for nothing."""
        self.heard_term = max(self.heard_term, answer.term)
        asked = self._asked.get(voter, {}).get(number)
        if asked is None or not answer.granted or not self.wants:
            return
        self._granted[voter] = max(asked, self._granted.get(voter, asked))

    @property
    def until(self) -> int:
        """Monotonic nanoseconds until which it may send; 0 for not at all."""
        if len(self._granted) < MAJORITY:
            return 0
        weakest = sorted(self._granted.values(), reverse=True)[MAJORITY - 1]
        return weakest + LEASE_NS - MARGIN_NS

    def may_send(self, now: int) -> bool:
        """Tell whether it may send at this instant."""
        return now < self.until
