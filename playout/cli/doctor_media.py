"""Findings of the doctor about the files of a plan: which are here, and what does not fit."""

from datetime import datetime

from config.finding import MachineFinding
from config.settings import Settings
from config.times import when, written_in
from media.store import MediaStore
from playout.bulletins.automatic import hours_of, zone_of
from playout.host.eviction import Evictor
from playout.host.library import Library
from playout.host.shortage import ADVICE, shortage
from playout.model.plan import Plan
from playout.timing.media_need import Need, needs


def media_findings(settings: Settings, channel: str, now: datetime) -> list[MachineFinding]:
    """Say until when the channel airs without its server, and what its disk has no room for."""
    store = MediaStore(settings.media_root, cache=settings.media_is_cache)
    library = Library(settings.channel_dir(channel), store)
    plan = library.plan(channel)
    if plan is None:
        fix = "It arrives by itself once the server responds."
        return [MachineFinding("note", f"{channel} has no plan on this machine yet.", fix)]
    lost = [one for one in needs(plan, now) if not library.has(one.media)]
    with written_in(hours_of(plan)):
        if not lost:
            words = f"{channel}: every file is here that is needed until {_until(plan, now)}."
            return [MachineFinding("good", words)]
        files = "1 file is" if len(lost) == 1 else f"{len(lost)} files are"
        words = f"{channel}: {files} missing of those needed until {_until(plan, now)}"
        timed = [one.at for one in lost if one.need in (Need.NEXT_HOUR, Need.PLANNED)]
        first = f", the first for {when(min(timed), zone_of(plan), now)}" if timed else ""
    fix = "They are downloaded by themselves while the server responds."
    if not settings.media_is_cache:
        fix = f"Put them into {settings.media_root}, or set media_is_cache to fetch them."
    return [MachineFinding("wrong", f"{words}{first}.", fix), *_no_room(settings, plan, store, now)]


def _no_room(
    settings: Settings, plan: Plan, store: MediaStore, now: datetime
) -> list[MachineFinding]:
    """Return what does not fit on the disk of a machine that fetches; nothing if all does."""
    if not settings.media_is_cache:
        return []
    libraries = [(name, Library(settings.channel_dir(name), store)) for name in settings.channels]
    share = Evictor(store, tuple(libraries), lambda key: True).share(now)
    own = {one.media.key for one in needs(plan, now)}
    lacking = [
        one
        for one in (share.lacking if share else ())
        if one.media.key in own and not store.has(one.media.key, one.media.suffix)
    ]
    short = shortage(lacking, plan, now)
    return (
        [MachineFinding("wrong", f"{plan.channel}: {short.words}", ADVICE)] if short.fault else []
    )


def _until(plan: Plan, now: datetime) -> str:
    return when(plan.ends, zone_of(plan), now)
