"""Retention classes, holds and disposals, between rows and values."""

from scheduler.db.tables.keeping import HoldRow, RetentionClassRow
from scheduler.domain.library.keeping import GivenTo, RetentionClass, RetentionRule
from scheduler.domain.library.letting_go import Hold
from scheduler.domain.model.ids import AssetId


def retention_class(row: RetentionClassRow) -> RetentionClass:
    """Return the class."""
    return RetentionClass(
        row.id,
        row.name,
        RetentionRule(row.rule),
        row.days,
        GivenTo(row.given_to),
        row.archived,
        row.version,
    )


def fill_retention_class(row: RetentionClassRow, kept: RetentionClass) -> None:
    """Write what staff set."""
    row.name, row.rule, row.days = kept.name, kept.rule.value, kept.days
    row.given_to = kept.given_to.value


def hold(row: HoldRow) -> Hold:
    """Return the hold."""
    return Hold(
        row.id,
        AssetId(row.asset_id),
        row.reason,
        row.placed,
        row.placed_by,
        row.lifted,
        row.lifted_by,
        row.lifted_reason,
    )
