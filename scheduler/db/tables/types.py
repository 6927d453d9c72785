"""Column types that keep values valid in both databases: instants, durations, web addresses."""

import logging
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, DateTime, String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from config import bounded, webaddress
from config.bounded import FOREVER

log = logging.getLogger(__name__)
EARLIEST = datetime(bounded.FIRST_YEAR, 1, 1, tzinfo=UTC)
LATEST = datetime(bounded.LAST_YEAR + 1, 1, 1, tzinfo=UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC.

    Writing refuses naive values and years outside the range we use. Reading returns an aware value,
    clipped to that range so that every time zone can show it: an older version stored what a
    damaged host sent, such as the year 1.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return bounded.instant(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        at = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return max(at, EARLIEST) if at <= LATEST else FOREVER


class Duration(TypeDecorator[timedelta]):
    """A length of time, stored as whole microseconds so that both databases agree on it."""

    impl = BigInteger
    cache_ok = True

    @property
    def python_type(self) -> type[timedelta]:
        return timedelta

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        return None if value is None else value // timedelta(microseconds=1)

    def process_result_value(self, value: Any, dialect: Dialect) -> timedelta | None:
        return None if value is None else timedelta(microseconds=int(value))


Span = Duration
"""The name that migrations import; their code never changes."""


class Address(TypeDecorator[str]):
    """A web address. Writing refuses anything else.

    An older version stored some that are none. They read as empty, and stay in the database until
    somebody types another.
    """

    impl = String(webaddress.LONGEST_ADDRESS)
    cache_ok = True

    @property
    def python_type(self) -> type[str]:
        return str

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else webaddress.read(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        wrong = webaddress.problem(value)
        if wrong:
            _say_once(value, wrong)
        return webaddress.usable(value)


@cache
def _say_once(value: str, wrong: str) -> None:
    """Log a bad address the first time only, since rows are read many times a second."""
    log.warning("the address %r is left out of pages and feeds: %s", value[:80], wrong)
