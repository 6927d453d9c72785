"""The rules of keeping, as the table of their module says."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from scheduler.domain.library.keeping import (
    STANDARD_CLASSES,
    FileUse,
    KeepingFacts,
    RetentionClass,
    RetentionRule,
    UseKind,
    deletion_refused,
    is_longer,
    judge,
    span_words,
)

ZONE = ZoneInfo("America/New_York")
TODAY = date(2027, 3, 1)
FOREVER, THREE_YEARS, ONE_YEAR, MONTH, REPLACED = STANDARD_CLASSES
RECORDED = RetentionClass("r", "1 year after it was recorded", RetentionRule.AFTER_RECORDING, 365)
PARADE = FileUse(UseKind.AIRING, "Parade", datetime(2027, 3, 5, 23, tzinfo=UTC))


def at(year: int, month: int, day: int, hour: int = 18) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def facts(
    kept: RetentionClass | None,
    came: datetime,
    aired: datetime | None = None,
    *,
    replaced: datetime | None = None,
    holds: tuple[str, ...] = (),
    uses: tuple[FileUse, ...] = (),
) -> KeepingFacts:
    return KeepingFacts(came, True, kept, aired, replaced, holds, uses)


CASES = {
    "due": (facts(THREE_YEARS, at(2024, 2, 10), at(2024, 2, 12)), date(2027, 2, 12), True),
    "a year after February 29 is March 1": (
        facts(ONE_YEAR, at(2024, 2, 29)), date(2025, 3, 1), True,
    ),
    "due today": (facts(MONTH, at(2027, 1, 1), at(2027, 1, 30)), date(2027, 3, 1), True),
    "due tomorrow": (facts(MONTH, at(2027, 1, 1), at(2027, 1, 31)), date(2027, 3, 2), False),
    "not yet": (facts(THREE_YEARS, at(2026, 3, 1), at(2026, 3, 3)), date(2029, 3, 3), False),
    "never aired counts from when it came": (
        facts(ONE_YEAR, at(2025, 6, 1)), date(2026, 6, 1), True,
    ),
    "aired late in the evening is of the local day": (
        facts(MONTH, at(2026, 12, 1), at(2027, 1, 30, 2)), date(2027, 2, 28), True,
    ),
    "held": (
        facts(THREE_YEARS, at(2024, 2, 1), holds=("Smith v. City",)), date(2027, 2, 1), False,
    ),
    "needed": (facts(RECORDED, at(2023, 5, 1), uses=(PARADE,)), date(2024, 5, 1), False),
    "for ever": (facts(FOREVER, at(1999, 1, 1)), None, False),
    "replaced": (
        facts(REPLACED, at(2026, 1, 1), replaced=at(2027, 2, 20)), date(2027, 2, 20), True,
    ),
    "not replaced": (facts(REPLACED, at(2026, 1, 1)), None, False),
    "no class": (facts(None, at(1999, 1, 1)), None, False),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_class_sets_its_day(case: str) -> None:
    given, day, is_due = CASES[case]
    verdict = judge(given, TODAY, ZONE)
    assert (verdict.day, verdict.is_due) == (day, is_due)


def test_the_words_say_what_keeps_a_file() -> None:
    given = facts(ONE_YEAR, at(2024, 2, 1), holds=("Smith v. City",), uses=(PARADE, PARADE))
    verdict = judge(given, TODAY, ZONE)
    assert verdict.class_words == "1 year after last airing: due since Saturday 1 February 2025."
    assert verdict.obstacles == (
        "It is on legal hold: Smith v. City.",
        "Parade airs it on Friday 5 March 2027.",
    )
    assert not verdict.is_due


@pytest.mark.parametrize("kind", UseKind)
def test_every_kind_of_need_has_words(kind: UseKind) -> None:
    words = FileUse(kind, "Council").in_words(ZONE)
    assert "Council" in words and words.endswith(".") and "{" not in words


def test_a_need_without_a_name_is_still_a_sentence() -> None:
    away, job = FileUse(UseKind.AWAY, ""), FileUse(UseKind.JOB, "")
    assert away.in_words(ZONE) == "It has not come home from the broadcast machine yet."
    assert job.in_words(ZONE) == "Work on it is not done: it waits for its turn."


def test_a_record_needs_its_class_and_a_signature_an_upload_only_freedom() -> None:
    upload = KeepingFacts(at(2026, 1, 1), False, None)
    record = facts(None, at(2026, 1, 1))
    due, held = facts(MONTH, at(2026, 1, 1)), facts(None, at(2026, 1, 1), holds=("Smith",))
    refused = {
        name: deletion_refused(one, judge(one, TODAY, ZONE), may_sign=may_sign)
        for name, one, may_sign in (
            ("upload", upload, False),
            ("record, producer", record, False),
            ("record, clerk", record, True),
            ("due, clerk", due, True),
            ("not due, clerk", facts(FOREVER, at(2026, 1, 1)), True),
            ("held, clerk", held, True),
        )
    }
    assert [name for name, why in refused.items() if not why] == [
        "upload", "record, clerk", "due, clerk",
    ]  # fmt: skip
    assert refused["held, clerk"] == "It is on legal hold: Smith."
    assert "Keep for ever" in refused["not due, clerk"]


def test_only_a_class_that_keeps_at_least_as_long_is_longer() -> None:
    assert is_longer(THREE_YEARS, ONE_YEAR) and not is_longer(ONE_YEAR, THREE_YEARS)
    assert is_longer(FOREVER, THREE_YEARS) and not is_longer(THREE_YEARS, FOREVER)
    assert is_longer(MONTH, None) and not is_longer(None, MONTH)
    assert not is_longer(REPLACED, MONTH) and not is_longer(MONTH, REPLACED)
    assert is_longer(ONE_YEAR, RECORDED), "the last airing is never before it came"
    assert not is_longer(RECORDED, ONE_YEAR)


def test_spans_read_as_people_say_them() -> None:
    assert [span_words(days) for days in (1, 30, 365, 1095, 400)] == [
        "1 day", "30 days", "1 year", "3 years", "400 days",
    ]  # fmt: skip
