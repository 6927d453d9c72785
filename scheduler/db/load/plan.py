"""Channels, programs, files, series, airings and bulletins, between rows and values."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from config.names import AiringId, ChannelId
from config.webaddress import usable
from playout.model.plan import CaptionFile, Media, Outcome
from scheduler.db import load
from scheduler.db.load.airing_fields import (
    ALL_FIELDS,
    SHARED_FIELDS,
)
from scheduler.db.tables.plan import (
    AiringColumns,
    AiringRow,
    AssetRow,
    ChannelRow,
    JobRow,
    ProgramRow,
    SeriesRow,
    SlideColumns,
    SlideRow,
)
from scheduler.domain.library.cuts import Chapter, CutDraft, cut_media
from scheduler.domain.model.airing import Airing, AiringDraft
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.domain.model.captions import CAPTION_ENTRY, CaptionEntry
from scheduler.domain.model.channel import Channel, ChannelDraft
from scheduler.domain.model.ids import AssetId, JobId, ProgramId, SeriesId, SlideId
from scheduler.domain.model.job import Job, JobKind, JobState
from scheduler.domain.model.program import Program, ProgramDraft
from scheduler.domain.model.slide import Slide, SlideDraft
from scheduler.domain.model.text import clean, one_line
from scheduler.domain.series.episodes import Episodes
from scheduler.domain.series.recurrence import Series, SeriesDraft

_MEDIA = TypeAdapter(Media)


def channel(row: ChannelRow, plan_version: int = 0) -> Channel:
    """Return the channel. Its plan version comes from a table of its own."""
    return Channel(
        id=ChannelId(row.id),
        name=row.name,
        zone=row.zone,
        format=row.format,
        numbers=row.numbers,
        station=row.station,
        slate_text=row.slate_text,
        filler_no_repeat=row.filler_no_repeat,
        retired=row.retired,
        watch=row.watch,
        plan_version=plan_version,
        version=row.version,
    )


def fill_channel(row: ChannelRow, draft: ChannelDraft) -> None:
    """Write what staff set. The slug never changes."""
    row.name = one_line(draft.name)
    row.zone = draft.zone
    row.format = draft.format
    row.numbers = one_line(draft.numbers)
    row.station = one_line(draft.station)
    row.slate_text = one_line(draft.slate_text)
    row.filler_no_repeat = draft.filler_no_repeat
    row.watch = draft.watch


def media_json(media: Media) -> dict[str, Any]:
    """Return what airs, as JSON to store."""
    data: dict[str, Any] = _MEDIA.dump_python(media, mode="json")
    return data


def asset(row: AssetRow) -> Asset:
    """Return the file of the library; what airs of it names its captions."""
    media = _MEDIA.validate_python(row.media) if row.media else None
    entry, draft = _captions(row.caption_entry), _captions(row.caption_draft)
    if media is not None and entry is not None:
        media = replace(media, captions=CaptionFile(entry.key, entry.size))
    return Asset(
        id=AssetId(row.id),
        title=row.title,
        original_name=row.original_name,
        state=AssetState(row.state),
        summary=row.summary,
        problems=tuple(str(problem) for problem in row.problems),
        media=media,
        facts=dict(row.facts),
        captions=row.captions,
        has_thumbnail=row.has_thumbnail,
        uploaded=row.uploaded,
        uploaded_by=row.uploaded_by,
        archived=row.archived,
        version=row.version,
        caption_entry=entry,
        caption_draft=draft,
        cut_of=AssetId(row.cut_of) if row.cut_of else None,
        chapters=tuple(Chapter(int(frame), str(name)) for frame, name in row.chapters or ()),
    )


def fill_cut(row: AssetRow, draft: CutDraft, whole: Media) -> None:
    """Write what staff marked: which pieces of the whole file air, and the chapters."""
    row.title, row.key = draft.title, whole.key
    row.media = media_json(replace(cut_media(whole, draft.pieces), captions=None))
    row.chapters = [[chapter.frame, chapter.name] for chapter in draft.chapters]


def _captions(stored: dict[str, Any] | None) -> CaptionEntry | None:
    return CAPTION_ENTRY.validate_python(stored) if stored else None


def fill_caption_draft(row: AssetRow, draft: CaptionEntry | None) -> None:
    """Write the captions that wait for a person; None for none."""
    row.caption_draft = CAPTION_ENTRY.dump_python(draft, mode="json") if draft else None


def fill_captions(row: AssetRow, entry: CaptionEntry | None) -> None:
    """Write which captions air with the file; None for none."""
    row.captions_key = entry.key if entry else None
    row.caption_entry = CAPTION_ENTRY.dump_python(entry, mode="json") if entry else None


def job(row: JobRow, original_name: str = "") -> Job:
    """Return the job, with the name of the file it is about."""
    return Job(
        id=JobId(row.id),
        asset=AssetId(row.asset_id) if row.asset_id else None,
        upload=row.upload,
        original_name=row.name or original_name,
        state=JobState(row.state),
        progress=row.progress,
        step=row.step,
        kind=JobKind(row.kind),
        by_name=row.by_name,
        tries=row.tries,
        note=row.note,
        what=dict(row.what),
        created=row.created,
        started=row.started,
        finished=row.finished,
        not_before=row.not_before,
        cancelled_by=row.cancelled_by,
    )


def program(row: ProgramRow) -> Program:
    """Return the program."""
    return Program(
        id=ProgramId(row.id),
        title=row.title,
        summary=row.summary,
        category=row.category,
        body=row.body,
        link=row.link,
        asset=AssetId(row.asset_id) if row.asset_id else None,
        notes=row.notes,
        archived=row.archived,
        version=row.version,
    )


def fill_program(row: ProgramRow, draft: ProgramDraft) -> None:
    """Write what staff set."""
    row.title = one_line(draft.title)
    row.summary = clean(draft.summary)
    row.category = one_line(draft.category)
    row.body = one_line(draft.body)
    row.link = draft.link.strip()
    row.asset_id = draft.asset
    row.notes = clean(draft.notes)


def draft(row: AiringColumns, start: datetime, hard: datetime | None) -> AiringDraft:
    """Return what staff set, with the start and hard limit, which not every table has."""
    return AiringDraft(start=start, hard_limit=hard, **SHARED_FIELDS.read(row))


def fill_rules(row: AiringColumns, draft: AiringDraft) -> None:
    """Write the fields that an airing, a series and a proposal share."""
    SHARED_FIELDS.write(row, draft)


def airing(row: AiringRow) -> Airing:
    """Return the airing."""
    return Airing(
        id=AiringId(row.id),
        draft=AiringDraft(
            start=row.start,
            hard_limit=row.hard_limit,
            **ALL_FIELDS.read(row),
        ),
        series=SeriesId(row.series_id) if row.series_id else None,
        series_day=row.series_day,
        edited=row.edited,
        cancelled=row.cancelled,
        cancelled_at=row.cancelled_at,
        sequence=row.sequence,
        public_modified=row.public_modified,
        outcome=Outcome(row.outcome) if row.outcome else None,
        outcome_reason=row.outcome_reason,
        aired_start=row.aired_start,
        aired_end=row.aired_end,
        created=row.created,
        updated=row.updated,
        updated_by=row.updated_by,
        version=row.version,
        moved_from=row.moved_from,
        chosen=row.chosen,
    )


def fill_airing(row: AiringRow, draft: AiringDraft) -> None:
    """Write what staff set, and the planned end that follows from it."""
    ALL_FIELDS.write(row, draft)
    row.start = draft.start
    row.end = draft.start + draft.length
    row.hard_limit = draft.hard_limit


def series(row: SeriesRow) -> Series:
    """Return the series with its rule and the airing it makes."""
    rule = load.rule.rule(row)
    never = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    episodes = Episodes(tuple(AssetId(id) for id in row.episodes), row.begins_again)
    series_draft = SeriesDraft(row.name, rule, draft(row, never, None), episodes)
    return Series(SeriesId(row.id), series_draft, row.ended, row.version)


def fill_series(row: SeriesRow, draft: SeriesDraft) -> None:
    """Write what staff set."""
    fill_rules(row, draft.airing)
    row.name = one_line(draft.title)
    row.episodes = list(draft.episodes.files)
    row.begins_again = draft.episodes.begins_again
    load.rule.fill_rule(row, draft.rule)


def slide(row: SlideRow) -> Slide:
    """Return the bulletin."""
    return Slide(SlideId(row.id), slide_draft(row), row.position, row.version)


def slide_draft(row: SlideColumns) -> SlideDraft:
    """Return what a bulletin or a proposed one says."""
    return SlideDraft(
        heading=row.heading,
        body=row.body,
        channel=ChannelId(row.channel_id) if row.channel_id else None,
        shown_from=row.shown_from,
        shown_until=row.shown_until,
        seconds=row.seconds,
        style=row.style,
        layout=row.layout,
        second=row.second,
        link=row.link,
        picture=AssetId(row.picture_id) if row.picture_id else None,
    )


def fill_slide(row: SlideColumns, draft: SlideDraft) -> None:
    """Write what staff set."""
    row.channel_id = draft.channel
    row.heading = one_line(draft.heading)
    row.body = clean(draft.body)
    row.style = draft.style
    row.layout = draft.layout
    row.second = clean(draft.second)
    row.link = usable(draft.link.strip())
    row.picture_id = draft.picture
    row.seconds = draft.seconds
    row.shown_from = draft.shown_from
    row.shown_until = draft.shown_until
