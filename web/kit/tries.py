"""Waits after failed sign-ins, counted by account and by network address: in memory, or in rows
that several web servers share.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol

from config.clock import Clock
from scheduler.db import passing
from scheduler.db.store import Database
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


class Numbers(Protocol):
    """A number and an instant in seconds under each key."""

    def get(self, key: str) -> tuple[float, float] | None:
        """Return both; None for a key that is forgotten."""

    def put(self, key: str, value: tuple[float, float]) -> None:
        """Store both."""

    def pop(self, key: str) -> None:
        """Forget the key."""


@dataclass(frozen=True)
class NumbersInRows:
    """Numbers that all web servers of a database share; instants are seconds since the epoch."""

    db: Database
    kind: str

    def get(self, key: str) -> tuple[float, float] | None:
        """Return both; None for a key that is forgotten."""
        found = passing.failed_tries(self.db, f"{self.kind} {key}")
        return (found[0], found[1].timestamp()) if found else None

    def put(self, key: str, value: tuple[float, float]) -> None:
        """Store both."""
        at = datetime.fromtimestamp(value[1], UTC)
        passing.put_failed_tries(self.db, f"{self.kind} {key}", value[0], at)

    def pop(self, key: str) -> None:
        """Forget the key."""
        passing.forget_failed_tries(self.db, f"{self.kind} {key}")


def _few() -> Numbers:
    return BoundedMap(NAMES_REMEMBERED)


@dataclass
class Tries:
    """Failed sign-ins of the last hours. Good sign-ins never count.

    After ten failures of an account, or of an address, each address waits before it may try that
    account again, twice as long each time. The wait belongs to the pair of address and account. So
    nobody can lock an account's owner out from elsewhere, or lock out colleagues by mistyping
    behind the same address.
    """

    seconds: Callable[[], float]
    _of_account: Numbers = field(default_factory=_few)
    _of_address: Numbers = field(default_factory=_few)
    _of_all: Numbers = field(default_factory=_few)
    _of_both: Numbers = field(default_factory=_few)
    """The number of failures of each pair, and until when it rests."""
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
            return max(0.0, pair[1] - now)

    def failed(self, account: str, address: str) -> None:
        """Count a failure of this account from this address."""
        now, account = self.seconds(), _named(account)
        with self._lock:
            self._add(self._of_account, account, now, FAILURE_FORGIVEN_AFTER)
            self._add(self._of_address, address, now, FAILURE_FORGIVEN_AFTER)
            self._add(self._of_all, address, now, ADDRESS_TRY_EVERY)
            both = f"{account} {address}"
            pair = self._of_both.get(both)
            before = pair[0] if pair and now - pair[1] < LONGEST_WAIT_SECONDS else 0.0
            rest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(before, 10.0))
            self._of_both.put(both, (before + 1, now + rest))

    def succeeded(self, account: str, address: str) -> None:
        """Clear the pair: whoever knows the password need not wait for earlier mistakes."""
        with self._lock:
            self._of_both.pop(f"{_named(account)} {address}")

    def _level(self, of: Numbers, key: str, now: float, forgiven: float) -> float:
        """Return what is left of a count of failures, which leaks away with time."""
        count, at = of.get(key) or (0.0, now)
        return max(0.0, count - (now - at) / forgiven)

    def _add(self, of: Numbers, key: str, now: float, forgiven: float) -> None:
        of.put(key, (self._level(of, key, now, forgiven) + 1, now))


def tries_of(db: Database, clock: Clock) -> Tries:
    """Return the tries of this web process on SQLite, and of all web servers on PostgreSQL."""
    if db.is_sqlite:
        return Tries(lambda: clock.monotonic() / 1e9)
    return Tries(
        lambda: clock.utc().timestamp(),
        NumbersInRows(db, "account"),
        NumbersInRows(db, "address"),
        NumbersInRows(db, "all"),
        NumbersInRows(db, "both"),
    )


def _named(account: str) -> str:
    """Return a key of fixed length, so that a long typed name takes no more memory."""
    return sha256(account.strip().casefold().encode()).hexdigest()
