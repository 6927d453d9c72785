"""The rule for what is kept, as a table; and media go only after the last snapshot of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.backups import BackedUp

from config.backup_settings import KeepSettings
from scheduler.backup.folder import BackupError, snapshot_name
from scheduler.backup.keeping import kept, remove_old

UTC_ZONE = ZoneInfo("UTC")
FIRST = datetime(2026, 1, 1, 3, 30, tzinfo=UTC)


def nightly(count: int) -> list[str]:
    """Return the names of so many nightly snapshots from the first of January on."""
    return [snapshot_name(FIRST + timedelta(days=n)) for n in range(count)]


@pytest.mark.parametrize(
    ("names", "rule", "days"),
    [
        ([], KeepSettings(), []),
        (nightly(1), KeepSettings(), ["0101"]),
        (nightly(3), KeepSettings(daily=2, weekly=1, monthly=1), ["0102", "0103"]),
        # Sundays end ISO weeks: 4, 11 and 18 January 2026.
        (nightly(20), KeepSettings(daily=1, weekly=3, monthly=1), ["0111", "0118", "0120"]),
        (nightly(60), KeepSettings(daily=1, weekly=1, monthly=12), ["0131", "0228", "0301"]),
        (nightly(400), KeepSettings(daily=1, weekly=1, monthly=2), ["0131", "0204"]),
        # A server that was off keeps as many days as before.
        (nightly(3) + nightly(90)[-1:], KeepSettings(daily=3, weekly=1, monthly=1),
         ["0102", "0103", "0331"]),
    ],
)  # fmt: skip
def test_what_is_kept(names: list[str], rule: KeepSettings, days: list[str]) -> None:
    assert sorted(name[4:8] for name in kept(names, rule, UTC_ZONE)) == sorted(days)


def test_of_two_snapshots_of_a_day_of_the_station_the_later_one_is_kept() -> None:
    evening = snapshot_name(datetime(2026, 1, 2, 4, 0, tzinfo=UTC))
    morning = snapshot_name(datetime(2026, 1, 1, 12, 0, tzinfo=UTC))
    rule = KeepSettings(daily=2, weekly=1, monthly=1)

    assert kept([morning, evening], rule, ZoneInfo("America/New_York")) == {evening}
    assert kept([morning, evening], rule, UTC_ZONE) == {morning, evening}


def test_a_year_of_nights_leaves_at_most_what_the_rule_says() -> None:
    left: frozenset[str] = frozenset()
    for name in nightly(366):
        left = kept(left | {name}, KeepSettings(), UTC_ZONE)
        assert name in left and len(left) <= 7 + 4 + 12
    assert {name[4:6] for name in left} == {f"{month:02}" for month in range(1, 13)}


def test_media_go_after_the_last_snapshot_that_needs_them(backed_up: BackedUp) -> None:
    old = backed_up.add_file(b"a council meeting")
    first = backed_up.back_up().made.name
    assert backed_up.folder.object(f"{old}.mp4").exists()
    stored: Path = backed_up.settings.media_root / old[:2] / f"{old}.mp4"
    stored.unlink()
    new = backed_up.add_file(b"a park board")
    last = backed_up.back_up()

    assert last.removed == (first,), "the earlier one of the same day"
    assert backed_up.folder.names() == [last.made.name]
    assert [one.name for one in backed_up.folder.objects.glob("??/*")] == [f"{new}.mp4"]


def test_media_stay_while_a_manifest_cannot_be_read(backed_up: BackedUp) -> None:
    digest = backed_up.add_file(b"a council meeting")
    name = backed_up.back_up().made.name
    (backed_up.folder.snapshots / name / "manifest.json").write_text("{")

    with pytest.raises(BackupError, match=f"Snapshot {name} cannot be used"):
        remove_old(backed_up.folder, KeepSettings(), UTC_ZONE)
    assert backed_up.folder.object(f"{digest}.mp4").exists()
