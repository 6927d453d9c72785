"""Every field of an airing is stored, and comes back from its row as it was."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from config.names import AiringId, ChannelId
from playout.model.plan import EndRule, MissedStart, StartRule
from scheduler.db import load
from scheduler.db.load.airing_fields import (
    ALL_FIELDS,
    SHARED_FIELDS,
    FieldColumn,
)
from scheduler.db.tables.desk import ProposalRow
from scheduler.db.tables.plan import AiringRow, SeriesRow
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.airing_graphics import AiringGraphic, AiringGraphicKind
from scheduler.domain.model.ids import AssetId, MeetingId, ProgramId

START = datetime(2026, 11, 22, 19, tzinfo=UTC)
FULL = AiringDraft(
    ChannelId("ch13"), "Parks", START, timedelta(hours=1), ProgramId("p1"), StartRule.WAIT,
    timedelta(minutes=5), EndRule.HOLD, START + timedelta(hours=2), MissedStart.SKIP,
    locked=True, asset=AssetId("a1"), in_point=timedelta(seconds=3), source="chamber",
    slate_text="Back at seven", replay=True, public=False, public_note="With captions",
    notes="Ask Ann", record=True, replay_of=AiringId("live"), substitute=AssetId("a2"),
    meeting=MeetingId("m1"), slot="weekly",
    graphics=(
        AiringGraphic("Ana Ruiz", "Chair", after=timedelta(seconds=90.5)),
        AiringGraphic("Call 311", kind=AiringGraphicKind.CRAWL, passes=3),
    ),
)  # fmt: skip
BARE = AiringDraft(ChannelId("ch13"), "Parks", START, timedelta(hours=1))


def test_each_field_of_a_draft_is_listed_once() -> None:
    listed = [field.name for field in ALL_FIELDS.fields] + ["start", "hard_limit"]

    assert sorted(listed) == sorted(field.name for field in fields(AiringDraft))


@pytest.mark.parametrize("field", ALL_FIELDS.fields, ids=lambda field: field.name)
def test_each_field_has_its_column(field: FieldColumn) -> None:
    tables = (AiringRow, SeriesRow, ProposalRow) if field in SHARED_FIELDS.fields else (AiringRow,)

    assert all(field.column in table.__table__.columns for table in tables)


@pytest.mark.parametrize("draft", [FULL, BARE])
def test_a_draft_comes_back_from_its_row(draft: AiringDraft) -> None:
    row = AiringRow()
    load.plan.fill_airing(row, draft)

    back = ALL_FIELDS.read(row)
    assert AiringDraft(start=row.start, hard_limit=row.hard_limit, **back) == draft
    assert row.end == draft.start + draft.length


def test_text_is_stored_clean_and_an_empty_source_as_none() -> None:
    row = AiringRow()
    draft = AiringDraft(
        ChannelId("ch13"), " City \n Council ", START, timedelta(hours=1), source="",
        slate_text="Back\nsoon", public_note=" two\r\nlines ", notes="\x07quiet",
    )  # fmt: skip
    SHARED_FIELDS.write(row, draft)

    assert (row.title, row.slate_text, row.source) == ("City Council", "Back soon", None)
    assert (row.public_note, row.notes) == ("two\nlines", "quiet")
