"""Building the demo city: a made-up station with media, programs and slides, for `make run`."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from config.clock import Clock
from config.names import ChannelId, HouseFormat
from config.private import keep_private
from config.settings import Settings
from config.steps import last_step
from config.wholefile import write_whole
from media.demo import make_demo_media
from media.probe import ConfinedProber
from media.store import MediaStore
from scheduler.actions import airings, channels, filler, hosts, media, programs, series
from scheduler.db.migrate import upgrade
from scheduler.db.store import Database
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.asset import Asset
from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.ids import AssetId, ProgramId
from scheduler.domain.model.people import SYSTEM_ACTOR
from scheduler.domain.model.program import ProgramDraft
from scheduler.domain.series.patterns import Weekly
from scheduler.domain.series.recurrence import Rule, SeriesDraft
from scheduler.process.handlers import check_worker
from scheduler.process.publish import publish_all
from scheduler.queries import grid, library
from scheduler.queries.programs import program_cards, series_cards
from web.demo import bulletins, captions, city, desk, graphics, meetings
from web.demo.reel import lengthen

Say = Callable[[str], object]
SMALL, LARGE = "640x360@30000/1001", "1280x720@30000/1001"
PORTS = {"ch13": 5013, "ch14": 5014}
FILLED_AHEAD = timedelta(hours=26)
SLOT_STEP = timedelta(minutes=15)


@dataclass
class DemoBuild:
    """The state that the build steps share."""

    db: Database
    settings: Settings
    clock: Clock
    format: HouseFormat
    say: Say
    assets: dict[str, AssetId]
    programs: dict[str, ProgramId]


def make_demo(state: Path, clock: Clock, say: Say) -> None:
    """Build the city in `state`; for a city built earlier, put something on air now."""
    keep_private(state)
    house = HouseFormat.parse(SMALL if _cores() < 4 else LARGE)
    settings = Settings(data_dir=state, station=city.STATION)
    db = Database(settings.database)
    try:
        upgrade(db)
        build = DemoBuild(db, settings, clock, house, say, {}, {})
        if not (state / "gavel.toml").exists():
            _build_city(build)
        graphics.switch_on(db, clock.utc(), MediaStore(settings.media_root))
        meetings.announce(db, clock.utc())
        meetings.meet_now(db, clock.utc())
        _fill_around_now(build)
        publish_all(db, clock.utc())
    finally:
        db.close()


def toml(state: Path, house: HouseFormat, key: str) -> str:
    """Return the settings file of a single box that serves the pages and airs both channels."""
    lean = house.height < 720
    lines = [
        f'data_dir = "{state}"',
        'bind = "127.0.0.1:8080"',
        'base_url = "http://127.0.0.1:8080"',
        'server_url = "http://127.0.0.1:8080"',
        f'station = "{city.STATION}"',
        'domain = "three-rivers.example"',
        f'host_key = "{key}"',
    ]
    for slug, _, _ in city.CHANNELS:
        lines += [
            "",
            f"[channels.{slug}]",
            f'format = "{house}"',
            f'outputs = ["udp://127.0.0.1:{PORTS[slug]}"]',
            f"video_kbps = {1500 if lean else 4000}",
            f'preset = "{"ultrafast" if lean else "superfast"}"',
        ]
    return "\n".join(lines) + "\n"


def _build_city(build: DemoBuild) -> None:
    build.say(f"Making {city.STATION}, a city that does not exist, in {build.settings.data_dir}.")
    _open_channels(build)
    _take_in_media(build)
    _write_programs(build)
    _fill_pool_and_board(build)
    _plan_weeks(build)
    desk.furnish(build.db, build.clock.utc(), [build.assets[p.key] for p in city.PROGRAMS])
    now = build.clock.utc()
    _, key = hosts.add_host(build.db, SYSTEM_ACTOR, now, f"playout {now:%b %-d %H:%M:%S}")
    path = build.settings.data_dir / "gavel.toml"
    write_whole(path, toml(build.settings.data_dir, build.format, key).encode())
    path.chmod(0o600)


def _open_channels(build: DemoBuild) -> None:
    existing = {channel.id for channel in grid.channels(build.db)}
    for slug, name, numbers in city.CHANNELS:
        if slug not in existing:
            draft = ChannelDraft(
                slug=slug,
                name=name,
                zone=city.ZONE,
                format=str(build.format),
                numbers=numbers,
                station=city.STATION,
            )
            channels.add(build.db, SYSTEM_ACTOR, build.clock.utc(), draft)


def _take_in_media(build: DemoBuild) -> None:
    """Draw the clips, lengthen them to their programs, and ingest them as uploads are."""
    existing = {entry.asset.title: entry.asset for entry in library.library(build.db)}
    folder = build.settings.data_dir / "demo-clips"
    build.say("Drawing the demo's pictures and sound; this takes a minute or two.")
    drawn = make_demo_media(folder, build.format, progress=_progress(build))
    clips = {clip.path.stem: clip for clip in drawn}
    files = [(one.key, one.title, clips[one.clip].path, one.length) for one in city.PROGRAMS]
    files += [
        (key, clips[key].title, clips[key].path, timedelta(seconds=clips[key].seconds))
        for key in city.FILLERS
    ]
    build.settings.uploads.mkdir(parents=True, exist_ok=True)
    new: list[tuple[str, timedelta]] = []
    for key, title, clip, length in files:
        if title in existing:
            build.assets[key] = existing[title].id
            continue
        upload = build.settings.uploads / f"demo-{key}.mp4"
        lengthen(clip, upload, length)
        now = build.clock.utc()
        build.assets[key] = media.register(
            build.db, SYSTEM_ACTOR, now, upload.name, upload.name, title
        ).id
        new.append((key, length))
    build.assets["park picture"] = bulletins.take_in_park(
        build.db, build.settings.uploads, build.clock.utc(), existing
    )
    _check_media(build, new)


def _check_media(build: DemoBuild, new: Sequence[tuple[str, timedelta]]) -> None:
    """Check every new file, and read the captions of those that have some."""
    worker = check_worker(
        build.db,
        MediaStore(build.settings.media_root),
        ConfinedProber(),
        build.settings.uploads,
        build.clock,
    )
    count = 0
    while worker.one():
        count += 1
        build.say(f"Checked {count} of {len(build.assets)} files, as every upload is checked.")
    captions.take_in_captions(build.db, build.settings.uploads, build.clock, new)
    while worker.one():
        pass


def _write_programs(build: DemoBuild) -> None:
    now = build.clock.utc()
    existing = {card.program.title: card.program for card in program_cards(build.db, now)}
    for program in city.PROGRAMS:
        if program.title in existing:
            build.programs[program.key] = existing[program.title].id
            continue
        draft = ProgramDraft(
            title=program.title,
            summary=program.summary,
            category=program.category,
            body=program.body,
            asset=build.assets[program.key],
        )
        build.programs[program.key] = programs.add(build.db, SYSTEM_ACTOR, now, draft).id


def _fill_pool_and_board(build: DemoBuild) -> None:
    now = build.clock.utc()
    for slug, _, _ in city.CHANNELS:
        for key in city.FILLERS:
            filler.set_filler(build.db, SYSTEM_ACTOR, now, ChannelId(slug), build.assets[key], True)
    bulletins.fill_board(build.db, now, build.assets["park picture"])


def _plan_weeks(build: DemoBuild) -> None:
    """Add the programs as weekly series from today; each creates its coming airings."""
    now = build.clock.utc()
    today = now.astimezone(ZoneInfo(city.ZONE)).date()
    by_key = {one.key: one for one in city.PROGRAMS}
    drafts = [card.series.draft for card in series_cards(build.db, now)]
    running = {(one.airing.channel, one.title, one.rule.at) for one in drafts}
    for rule in city.RULES:
        program = by_key[rule.program]
        reel = build.assets[program.key]
        length = library.entry(build.db, reel).asset.length
        airing = AiringDraft(
            channel=ChannelId(rule.channel),
            title=program.title,
            start=now,
            length=length or program.length,
            program=build.programs[program.key],
            asset=reel,
            replay=rule.replay,
        )
        weekly = Rule(
            zone=city.ZONE,
            at=time.fromisoformat(rule.at),
            pattern=Weekly(frozenset(int(day) for day in rule.days)),
            first=today,
        )
        title = f"{program.title}{' (replay)' if rule.replay else ''}"
        if (airing.channel, title, weekly.at) not in running:
            series.add(build.db, SYSTEM_ACTOR, now, SeriesDraft(title, weekly, airing))


def _fill_around_now(build: DemoBuild) -> None:
    """Fill the next day's free time with programs in turn; the first is on air at once."""
    now = build.clock.utc().replace(microsecond=0)
    files = {entry.asset.title: entry.asset for entry in library.library(build.db)}
    titles = {one.key: one.title for one in city.PROGRAMS}
    for keys, (slug, _, _) in zip(city.AROUND_NOW, city.CHANNELS, strict=True):
        shown = [files[titles[key]] for key in keys if titles[key] in files]
        _fill_channel(build, ChannelId(slug), [one for one in shown if one.length], now)


def _fill_channel(build: DemoBuild, channel: ChannelId, files: list[Asset], now: datetime) -> None:
    taken = _taken(build.db, channel, now)
    programs_of = {card.program.asset: card.program.id for card in program_cards(build.db, now)}
    start, turn = now - timedelta(seconds=5), 0
    while start < now + FILLED_AHEAD:
        order = files[turn % max(1, len(files)) :] + files[: turn % max(1, len(files))]
        asset = next((one for one in order if _fits(start, one, taken)), None)
        if asset is not None and asset.length is not None:
            draft = AiringDraft(
                channel=channel,
                title=asset.title,
                start=start,
                length=asset.length,
                program=programs_of.get(asset.id),
                asset=asset.id,
                replay=True,
            )
            airings.add(build.db, SYSTEM_ACTOR, now, draft)
            start, turn = start + asset.length, turn + 1
        start = _next_quarter(start)


def _fits(start: datetime, asset: Asset, taken: list[tuple[datetime, datetime]]) -> bool:
    end = start + (asset.length or SLOT_STEP)
    return not any(begin < end and start < over for begin, over in taken)


def _next_quarter(at: datetime) -> datetime:
    return last_step(at, SLOT_STEP) + SLOT_STEP


def _taken(db: Database, channel: ChannelId, now: datetime) -> list[tuple[datetime, datetime]]:
    monday: date = (now - timedelta(days=(now.weekday() + 1))).date()
    weeks = [monday + timedelta(days=7 * turn) for turn in range(3)]
    return [
        (view.airing.start, view.airing.end)
        for one in weeks
        for view in grid.week(db, [channel], one, now).airings
    ]


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _progress(build: DemoBuild) -> Callable[[float], None]:
    last = [-1]

    def progress(share: float) -> None:
        if int(share * 10) > last[0]:
            last[0] = int(share * 10)
            build.say(f"  {round(share * 100)} %")

    return progress
