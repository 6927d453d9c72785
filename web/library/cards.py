"""Programs, series and files as the templates show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from mimetypes import guess_type

from config.names import ChannelId
from scheduler.domain.air.readiness import AiringView
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.job import Job, JobKind
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.program import Program
from scheduler.domain.model.proposal import FillerProposal
from scheduler.domain.series.recurrence import Series
from scheduler.queries.library import LibraryEntry
from scheduler.queries.programs import ProgramCard, SeriesCard
from web.kit import words
from web.library import caption_words

Channels = Mapping[ChannelId, Channel]


@dataclass(frozen=True)
class ProgramEntry:
    """One program of the page."""

    program: Program
    picture: str
    length: timedelta | None
    last: str
    next: str
    readiness: str
    why: str


@dataclass(frozen=True)
class SeriesEntry:
    """One series of the page."""

    series: Series
    words: str
    channel: str
    next: str


@dataclass(frozen=True)
class FillerUse:
    """The use of a file as filler of a channel, and what the reader may do about it."""

    channel: Channel
    used: bool
    may_air: bool
    """False where the reader can only propose it."""
    asked: str = ""
    """Who proposed to change `used` and waits for an answer; empty where no one did."""


@dataclass(frozen=True)
class FileLine:
    """One file of the library."""

    id: str
    title: str
    version: int
    working: bool
    step: str
    progress: float
    state: str
    word: str
    summary: str
    problems: tuple[str, ...]
    facts: tuple[str, ...]
    length: timedelta | None
    has_thumbnail: bool
    sound_only: bool
    fit: bool
    pools: tuple[FillerUse, ...]
    uploaded: str
    uploaded_by: str
    captions: str
    """Its captions in a few words; empty for a still, and for what cannot air."""
    captions_note: str
    """The reading of its captions, or why that failed; empty where neither is."""


def media_type(suffix: str) -> str:
    """Return the content type of a file's suffix: `video/mp4`; never that of a page or script."""
    guessed = guess_type(f"file{suffix}")[0] or ""
    return (
        guessed
        if guessed.startswith(("video/", "audio/", "image/"))
        else "application/octet-stream"
    )


def program_card(card: ProgramCard, channels: Channels, now: datetime) -> ProgramEntry:
    """Return what the page shows of one program."""
    asset = card.asset
    if asset is None:
        state, why = "amber", "no file yet"
    else:
        state, why = ("ready", "") if asset.fit else ("amber", asset.summary)
    return ProgramEntry(
        program=card.program,
        picture=asset.id if asset is not None and asset.has_thumbnail else "",
        length=asset.length if asset else None,
        last=_where(card.last, channels, now),
        next=_where(card.next, channels, now),
        readiness=state,
        why=why,
    )


def series_line(card: SeriesCard, channels: Channels, now: datetime) -> SeriesEntry:
    """Return what the page shows of one series."""
    channel = channels.get(card.series.channel)
    tz = channel.tz if channel else None
    following = words.when(card.dates[0].start, tz, now) if card.dates and tz else ""
    return SeriesEntry(card.series, card.words, channel.name if channel else "", following)


def file_line(
    entry: LibraryEntry,
    channels: Sequence[Channel],
    now: datetime,
    actor: Actor,
    waiting: Iterable[FillerProposal] = (),
) -> FileLine:
    """Return what `actor` sees of one file, with the filler proposals that wait for approval."""
    asset, job = entry.asset, entry.job
    working = asset.state in (AssetState.WAITING, AssetState.CHECKING)
    state, word = ("ready", "ready to air") if asset.fit else ("red", "cannot air")
    if asset.fit and asset.problems:
        state, word = "amber", "can air, check it"
    facts = asset.facts
    age = words.about(now - asset.uploaded)
    return FileLine(
        id=asset.id,
        title=asset.title,
        version=asset.version,
        working=working,
        step=job.step if job else "",
        progress=job.progress if job else 0.0,
        state=state,
        word=word,
        summary="" if state == "ready" else asset.summary,
        problems=asset.problems,
        facts=_facts(asset),
        length=asset.length,
        has_thumbnail=asset.has_thumbnail,
        sound_only=bool(facts) and not facts.get("has_picture", True),
        fit=asset.fit,
        pools=tuple(_pool(entry, channel, actor, waiting) for channel in channels),
        uploaded=age if age == "just now" else f"{age} ago",
        uploaded_by=asset.uploaded_by,
        captions=caption_words.in_short(asset) if asset.fit and asset.length else "",
        captions_note=_captions_note(entry.caption_job),
    )


def _captions_note(job: Job | None) -> str:
    """Return what the reading of captions does; a draft that failed is of no interest here."""
    if job is not None and job.kind is JobKind.CAPTION_DRAFT and job.state == "failed":
        return ""
    return caption_words.reading(job)


def _pool(
    entry: LibraryEntry, channel: Channel, actor: Actor, waiting: Iterable[FillerProposal]
) -> FillerUse:
    used = channel.id in entry.fills
    asked = [
        one.by_name
        for one in waiting
        if (one.asset, one.channel) == (entry.asset.id, channel.id) and one.used is not used
    ]
    return FillerUse(channel, used, actor.may(Right.PLAN, channel.id), asked[0] if asked else "")


def _facts(asset: Asset) -> tuple[str, ...]:
    """Return what an engineer reads first: picture size, codecs, loudness, file size."""
    facts = asset.facts
    if not facts:
        return ()
    parts = []
    if facts.get("width"):
        lines = "i" if facts.get("interlaced") else ""
        parts.append(f"{facts['width']} × {facts['height']}{lines}")
    if facts.get("video_codec") or facts.get("audio_codec"):
        codecs = [facts.get("video_codec"), facts.get("audio_codec")]
        parts.append(", ".join(str(codec) for codec in codecs if codec))
    parts.append(words.loudness(facts.get("loudness")))
    parts.append(words.size(int(facts.get("size", 0))))
    return tuple(parts)


def _where(view: AiringView | None, channels: Channels, now: datetime) -> str:
    channel = channels.get(view.airing.channel) if view else None
    if view is None or channel is None:
        return ""
    return f"{words.when(view.airing.start, channel.tz, now)}, {channel.name}"
