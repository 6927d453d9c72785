"""Waits after failed sign-ins, counted by account and by network address."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from web.kit.bounded_map import BoundedMap

FREE_FAILURES = 10
"""Failures of an account, or of an address, before anybody has to wait."""
FAILURE_FORGIVEN_AFTER = 30.0
"""Seconds after which one failure is forgiven."""
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 30.0, 900.0
"""Seconds a pair of account and address waits: after its first failure, and at most."""
ADDRESS_FAILURES = 60
ADDRESS_TRY_EVERY = 2.0
"""After `ADDRESS_FAILURES` failures an address gets one try in this many seconds, whatever account
it names, because checking a password costs a tenth of a second of processor time."""
NAMES_REMEMBERED = 10_000


@dataclass(frozen=True)
class _Level:
    """A count of failures that leaks away with time."""

    count: float
    at: float

    def left(self, now: float, forgiven: float) -> float:
        return max(0.0, self.count - (now - self.at) / forgiven)


@dataclass(frozen=True)
class _Pair:
    """The failures of one address with one account."""

    failures: int
    rests_until: float


def _few() -> BoundedMap[str, _Level]:
    return BoundedMap(NAMES_REMEMBERED)


@dataclass
class Tries:
    """Failed sign-ins of the last hours, in memory. Good sign-ins never count.

    After ten failures of an account, or of an address, each address waits before it may try that
    account again, twice as long each time. The wait belongs to the pair of address and account. So
    nobody can lock an account's owner out from elsewhere, or lock out colleagues by mistyping
    behind the same address.
    """

    seconds: Callable[[], float]
    _of_account: BoundedMap[str, _Level] = field(default_factory=_few)
    _of_address: BoundedMap[str, _Level] = field(default_factory=_few)
    _of_all: BoundedMap[str, _Level] = field(default_factory=_few)
    _of_both: BoundedMap[str, _Pair] = field(default_factory=lambda: BoundedMap(NAMES_REMEMBERED))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, account: str, address: str) -> float:
        """Return the seconds until this address may try this account; 0 when it may now."""
        now, account = self.seconds(), _named(account)
        with self._lock:
            over = self._level(self._of_all, address, now, ADDRESS_TRY_EVERY) - (
                ADDRESS_FAILURES - 1
            )
            if over > 0:
                return over * ADDRESS_TRY_EVERY
            pair = self._of_both.get(f"{account} {address}")
            if (
                pair is None
                or max(
                    self._level(self._of_account, account, now, FAILURE_FORGIVEN_AFTER),
                    self._level(self._of_address, address, now, FAILURE_FORGIVEN_AFTER),
                )
                < FREE_FAILURES
            ):
                return 0.0
            return max(0.0, pair.rests_until - now)

    def failed(self, account: str, address: str) -> None:
        """Count a failure of this account from this address."""
        now, account = self.seconds(), _named(account)
        with self._lock:
            self._add(self._of_account, account, now, FAILURE_FORGIVEN_AFTER)
            self._add(self._of_address, address, now, FAILURE_FORGIVEN_AFTER)
            self._add(self._of_all, address, now, ADDRESS_TRY_EVERY)
            both = f"{account} {address}"
            pair = self._of_both.get(both)
            before = pair.failures if pair and now - pair.rests_until < LONGEST_WAIT_SECONDS else 0
            rest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(before, 10))
            self._of_both.put(both, _Pair(before + 1, now + rest))

    def succeeded(self, account: str, address: str) -> None:
        """Clear the pair: whoever knows the password need not wait for earlier mistakes."""
        with self._lock:
            self._of_both.pop(f"{_named(account)} {address}")

    def _level(self, of: BoundedMap[str, _Level], key: str, now: float, forgiven: float) -> float:
        level = of.get(key)
        return level.left(now, forgiven) if level else 0.0

    def _add(self, of: BoundedMap[str, _Level], key: str, now: float, forgiven: float) -> None:
        of.put(key, _Level(self._level(of, key, now, forgiven) + 1, now))


def _named(account: str) -> str:
    """Return a key of fixed length, so that a long typed name takes no more memory."""
    return sha256(account.strip().casefold().encode()).hexdigest()
