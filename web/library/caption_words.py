"""The captions of a file in words."""

from datetime import timedelta

from config import times
from media.captions.facts import CaptionFacts, CaptionOrigin
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.captions import CaptionEntry
from scheduler.domain.model.job import Job, JobKind

NONE = "no captions"
_ORIGINS = {
    CaptionOrigin.EMBEDDED_608: "embedded (608)",
    CaptionOrigin.EMBEDDED_708: "embedded (708)",
    CaptionOrigin.TRACK_608: "a 608 track of the file",
    CaptionOrigin.AUTOMATIC: "automatic, not made by people",
}


def origin(facts: CaptionFacts) -> str:
    """Write where captions come from: `embedded (608)`, `SRT`."""
    if facts.origin is CaptionOrigin.EMBEDDED_608 and "708" in facts.services:
        return "embedded (608 and 708)"
    return _ORIGINS.get(facts.origin, facts.origin.value)


def mark(entry: CaptionEntry) -> str:
    """Write where captions come from, and what people did with them.

    Example: `automatic, gone through by Ana, corrected`.
    """
    read = f", gone through by {entry.checked_by}" if entry.checked else ""
    told = "automatic" if entry.facts.origin is CaptionOrigin.AUTOMATIC and read else ""
    return f"{told or origin(entry.facts)}{read}{', corrected' if entry.corrected else ''}"


def source(facts: CaptionFacts) -> str:
    """Write where captions without a caption file come from."""
    automatic = facts.origin is CaptionOrigin.AUTOMATIC
    return "written by a machine" if automatic else "found inside the file"


def in_short(asset: Asset) -> str:
    """Write in a few words which captions air with a file."""
    entry = asset.caption_entry
    if entry is not None:
        return f"captions: {mark(entry)}"
    if asset.caption_draft is not None:
        return "no captions on air; a draft waits"
    return "captions in the file, not on air" if asset.captions else NONE


def in_full(entry: CaptionEntry, length: timedelta) -> str:
    """Write what captions are and what they cover.

    Example: `Captions: embedded (608), 143 captions, covers 92 %`.
    """
    facts = entry.facts
    count = "1 caption" if facts.count == 1 else f"{facts.count:,} captions"
    share = round(100 * facts.share(length))
    covers = f"{share} %" if share else "less than 1 %"
    return f"Captions: {mark(entry)}, {count}, covers {covers}"


def at(microseconds: int) -> str:
    """Write a place in a file to the tenth of a second: `1:07:30.5`."""
    tenths = round(microseconds / 100_000)
    span = timedelta(seconds=tenths // 10)
    return f"{times.timecode(span)}.{tenths % 10}"


def _drafting(job: Job) -> str:
    if job.state == "failed":
        return f"No draft captions were written. {job.step}"
    share = f", {100 * job.progress:.0f} % heard" if job.state == "working" else ", waiting"
    return f"Writing draft captions{share}"


def reading(job: Job | None) -> str:
    """Write what the reading of captions does, or why it failed; empty where there is none."""
    if job is None:
        return ""
    if job.kind is JobKind.CAPTION_DRAFT:
        return _drafting(job)
    what = f"captions of {job.original_name}" if job.kind is JobKind.CAPTION_FILE else "captions"
    if job.state == "failed":
        return f"The {what} were not taken. {job.step}"
    return f"Reading the {what}"
