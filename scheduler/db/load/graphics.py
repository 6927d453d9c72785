"""Uploaded pictures and standing graphics of channels, between rows and values."""

from pydantic import TypeAdapter

from config.names import ChannelId
from playout.model.graphics import Corner
from playout.model.plan import Media
from scheduler.db.store import Session
from scheduler.db.tables.graphics import ChannelGraphicsRow, CrawlRow, PictureRow
from scheduler.domain.model.graphics import ChannelGraphics, GraphicsDraft, Picture
from scheduler.domain.model.ids import CrawlId, PictureId
from scheduler.domain.model.text import one_line
from scheduler.domain.series.crawls import ChannelCrawl, CrawlDraft
from scheduler.domain.series.hours import WeeklyHours, from_json

_MEDIA = TypeAdapter(Media)
_SAME = (
    "bug_on", "bug_text", "bug_opacity", "says_live", "says_replay", "over_slides",
    "clock_on", "clock_over_programs",
    "next_on", "next_before", "next_for", "countdown_on", "countdown_most", "caption_lives",
    "names_for",
)  # fmt: skip
"""Columns that hold the field of the same name as it is."""


def picture(row: PictureRow) -> Picture:
    """Return the picture."""
    return Picture(
        id=PictureId(row.id),
        title=row.title,
        media=_MEDIA.validate_python(row.media),
        width=row.width,
        height=row.height,
        uploaded=row.uploaded,
        uploaded_by=row.uploaded_by,
    )


def channel_graphics(session: Session, channel: str) -> ChannelGraphics:
    """Return the standing graphics of a channel, with its logo; all off where nobody set any."""
    row = session.get(ChannelGraphicsRow, channel)
    return ChannelGraphics() if row is None else graphics(session, row)


def graphics(session: Session, row: ChannelGraphicsRow) -> ChannelGraphics:
    """Return the standing graphics that the row keeps, with the logo that it names."""
    logo = session.get(PictureRow, row.logo_id) if row.logo_id else None
    draft = GraphicsDraft(
        logo=PictureId(row.logo_id) if row.logo_id else None,
        bug_corner=Corner(row.bug_corner),
        clock_corner=Corner(row.clock_corner),
        **{name: getattr(row, name) for name in _SAME},
    )
    return ChannelGraphics(
        draft, picture(logo) if logo else None, row.version or 0, from_json(row.clock_hours or ())
    )


def fill_graphics(row: ChannelGraphicsRow, draft: GraphicsDraft) -> None:
    """Write what staff set."""
    for name in _SAME:
        setattr(row, name, getattr(draft, name))
    row.bug_text = one_line(draft.bug_text)
    row.logo_id = draft.logo
    row.bug_corner, row.clock_corner = draft.bug_corner.value, draft.clock_corner.value


def crawl(row: CrawlRow) -> ChannelCrawl:
    """Return the crawl."""
    weekdays = frozenset(int(day) for day in row.weekdays)
    draft = CrawlDraft(
        channel=ChannelId(row.channel_id),
        text=row.text,
        hours=WeeklyHours(weekdays, row.at, row.until),
        first=row.first,
        last=row.last,
        every=row.every,
        speed=row.speed,
    )
    return ChannelCrawl(CrawlId(row.id), draft, row.archived, row.version)


def fill_crawl(row: CrawlRow, draft: CrawlDraft) -> None:
    """Write what staff set."""
    row.channel_id = draft.channel
    row.text = one_line(draft.text)
    row.weekdays = "".join(str(day) for day in sorted(draft.hours.weekdays))
    row.at, row.until = draft.hours.at, draft.hours.until
    row.first, row.last = draft.first, draft.last
    row.every, row.speed = draft.every, draft.speed
