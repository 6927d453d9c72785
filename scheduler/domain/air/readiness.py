"""The readiness of an airing: whether it can air as planned, as a light and a sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from config.names import AiringId, AssetKey
from config.times import civil, length, when
from playout.model.plan import ContentKind, EndRule, Item, StartRule
from playout.model.source import SourceReport
from scheduler.domain.library.resting import RETURNS_AHEAD
from scheduler.domain.library.returning import ReturnOutlook
from scheduler.domain.model.airing import Airing
from scheduler.domain.model.asset import Asset, AssetState
from scheduler.domain.model.ids import SeriesId

MINUTE = timedelta(minutes=1)
URGENT_WITHIN = timedelta(hours=24)
"""How long before its start an airing without a usable file turns red instead of amber."""
LENGTH_TOLERANCE = timedelta(seconds=2)
"""A file this much longer or shorter than its airing is no mistake: encoders round lengths."""
WARNING_MARKS = (timedelta(hours=24), timedelta(hours=1), timedelta(minutes=10))
"""Times before an airing at which a warning of a miss is sent, then repeated."""
MEDIA_NEEDED_WITHIN = timedelta(hours=1)
"""A file that the broadcast machine still lacks this long before its start turns the light red."""
FETCHED_WITHIN = timedelta(minutes=10)
"""Time that the broadcast machine is given to fetch a file which has come back from the archive."""
UTC_ZONE = ZoneInfo("UTC")
SIGNAL_NEEDED_WITHIN = timedelta(minutes=10)
"""A live source without a signal counts from this long before its start."""
SIGNAL_URGENT_WITHIN = timedelta(minutes=1)
"""How long before its start a live's source without a signal turns the light red."""
WAITING_FOR_RECORDING = "Waiting for the recording."
SOURCE_OPENS_WITHIN = timedelta(seconds=10)
"""Time that a source may take to be opened and reported."""


class Light(StrEnum):
    """The lights: ready, waiting, needs a person, will not air as it is."""

    READY = "ready"
    WAITS = "waits"
    """It waits for what cannot be there yet; nobody need do anything."""
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class AiringView:
    """An airing as pages show it."""

    airing: Airing
    readiness: Light
    why: str
    """Why the light is not green; when it is, what else is known, if anything."""
    program_title: str = ""
    asset: Asset | None = None
    series_words: str = ""
    series_id: SeriesId | None = None

    @property
    def id(self) -> AiringId:
        """The airing's id."""
        return self.airing.id


@dataclass(frozen=True)
class AiringFinding:
    """One entry of the to-do list: a sentence, its urgency, and the airings it is about."""

    light: Light
    sentence: str
    airing: AiringId
    at: datetime
    other: AiringId | None = None
    live: bool = False
    """Whether it is about a live, not about a file."""


@dataclass(frozen=True)
class ChannelFacts:
    """Facts about a channel beside its airings and their files."""

    sources: frozenset[str] = frozenset()
    """Sources that are set up, by id."""
    missing: frozenset[AssetKey] = frozenset()
    """Files the broadcast machine says it lacks; none while it is not heard."""
    resting: Mapping[AssetKey, ReturnOutlook] = field(default_factory=dict)
    """Files that rest in the archive, and when they will be back."""
    zone: ZoneInfo = UTC_ZONE
    """The channel's zone, for times in sentences."""
    open: Mapping[str, SourceReport] | None = None
    """What it says of each source it has open; None while it is not heard."""


def light(
    airing: Airing, asset: Asset | None, now: datetime, known: ChannelFacts
) -> tuple[Light, str]:
    """Return the readiness of one airing on its own, and the reason or another useful fact."""
    if airing.cancelled or airing.end <= now or airing.kind is ContentKind.SLATE:
        return Light.READY, ""
    if airing.kind is ContentKind.LIVE:
        return _live(airing, now, known)
    if airing.draft.replay_of is not None and asset is None:
        return Light.WAITS, WAITING_FOR_RECORDING
    urgent = Light.RED if airing.start - now < URGENT_WITHIN else Light.AMBER
    if asset is None:
        return urgent, "It has no file yet."
    if asset.state in (AssetState.WAITING, AssetState.CHECKING):
        return Light.AMBER, "Its file is still being checked."
    if not asset.fit:
        return urgent, f"Its file cannot go on air. {asset.summary}"
    misses = [*_place(airing, asset, now, known), *_length(airing, asset), *_measured(asset)]
    return min(misses, key=lambda miss: miss[0] is not Light.RED, default=_captions(asset))


def _live(airing: Airing, now: datetime, known: ChannelFacts) -> tuple[Light, str]:
    source, ahead = airing.draft.source or "", airing.start - now
    if source not in known.sources:
        return Light.RED, "Its source is not set up."
    seen = (known.open or {}).get(source)
    urgent = Light.RED if ahead <= SIGNAL_URGENT_WITHIN else Light.AMBER
    if seen is not None and seen.has_signal:
        return Light.READY, "Its source has a signal."
    if seen is not None and ahead <= SIGNAL_NEEDED_WITHIN:
        return urgent, f"Its source has no signal. {seen.reason}".rstrip()
    if seen is None and known.open is not None and must_be_open(airing.start, now):
        return urgent, "Its source is not open."
    if ahead <= Item.pre_roll:
        return Light.READY, ""
    return Light.READY, f"Its source opens {Item.pre_roll // MINUTE} minutes before."


def must_be_open(start: datetime, now: datetime) -> bool:
    """Return whether the source of a live that begins at `start` should be open by now."""
    return start - Item.pre_roll + SOURCE_OPENS_WITHIN <= now < start


def _place(
    airing: Airing, asset: Asset, now: datetime, known: ChannelFacts
) -> Iterator[tuple[Light, str]]:
    key = asset.media.key if asset.media is not None else None
    if key is not None and key in known.resting:
        yield return_light(known.resting[key], airing.start, now, known.zone)
    elif key in known.missing:
        colour = Light.RED if airing.start - now <= MEDIA_NEEDED_WITHIN else Light.AMBER
        yield colour, "Its file is not on the broadcast machine yet."


def return_light(
    outlook: ReturnOutlook, start: datetime, now: datetime, zone: ZoneInfo
) -> tuple[Light, str]:
    """Return the light of an airing at `start` whose file rests in the archive, and why.

    Red from a day before where the file will not be there in time, or does not come at all. Where
    that is further away somebody has time to look, so it is amber.
    """
    ahead = start - now
    if ahead > RETURNS_AHEAD:
        days = RETURNS_AHEAD.days
        return Light.READY, f"Its file is in the archive, and comes back {days} days before."
    urgent = Light.RED if ahead < URGENT_WITHIN else Light.AMBER
    if outlook.hindrance:
        return urgent, f"Its file does not come back from the archive. {outlook.hindrance}"
    same_day = outlook.ready.astimezone(zone).date() == now.astimezone(zone).date()
    at = civil(outlook.ready, zone) if same_day else when(outlook.ready, zone, now)
    words = f"Its file is in the archive, coming back, ready about {at}"
    if outlook.ready + FETCHED_WITHIN > start:
        return urgent, f"{words}: too late for its start."
    return Light.AMBER, f"{words}."


def _length(airing: Airing, asset: Asset) -> Iterator[tuple[Light, str]]:
    if not asset.length:
        return
    rest = asset.length - airing.draft.in_point
    spare = airing.draft.length - rest
    if rest <= timedelta(0):
        yield Light.RED, "It begins after the end of the file."
    elif spare > LENGTH_TOLERANCE:
        yield Light.AMBER, f"The file ends {length(spare)} before the airing does; filler follows."
    elif -spare > LENGTH_TOLERANCE and airing.draft.end_rule is EndRule.CUT:
        yield Light.AMBER, f"The last {length(-spare)} of the file will not be seen."


def _measured(asset: Asset) -> Iterator[tuple[Light, str]]:
    """Yield what the check of the file found; a house copy always decodes in time."""
    facts, copied = asset.facts, asset.media and asset.media.key != asset.facts.get("key")
    if not facts:
        return
    if facts.get("has_picture") and asset.length and not copied:
        speed = facts.get("decode_speed")
        if speed is None:
            yield Light.AMBER, "Its decoding speed was not measured."
        elif speed < 1:
            yield Light.RED, "It decodes too slowly to play."
    if facts.get("has_sound") and facts.get("loudness") is None:
        yield Light.AMBER, "Its loudness is not known; it airs unchanged."


def _captions(asset: Asset) -> tuple[Light, str]:
    if not asset.facts:
        return Light.READY, ""
    if asset.media is not None and asset.media.captions is not None:
        return Light.READY, "Captioned."
    words = "The captions inside it do not air." if asset.captions else "No captions."
    return Light.READY, words


def findings(views: Sequence[AiringView], now: datetime) -> tuple[AiringFinding, ...]:
    """Return what a person should look at among one channel's airings, in order of time."""
    stand = [view for view in views if not view.airing.cancelled and view.airing.end > now]
    ahead = sorted(stand, key=lambda view: view.airing.start)
    to_do = [
        AiringFinding(
            view.readiness,
            f"{view.airing.title}: {view.why}",
            view.id,
            view.airing.start,
            live=view.airing.kind is ContentKind.LIVE,
        )
        for view in ahead
        if view.readiness not in (Light.READY, Light.WAITS)
    ]
    to_do += _overlaps([view.airing for view in ahead])
    return tuple(sorted(to_do, key=lambda f: (f.at, f.airing)))


def _overlaps(airings: Sequence[Airing]) -> list[AiringFinding]:
    overlaps = []
    reaching: Airing | None = None
    for airing in airings:
        if reaching is not None and reaching.end > airing.start:
            overlaps.append(_overlap(reaching, airing))
        if reaching is None or airing.end > reaching.end:
            reaching = airing
    return overlaps


def _overlap(first: Airing, second: Airing) -> AiringFinding:
    shared = length(min(first.end, second.end) - second.start)
    if second.draft.start_rule is StartRule.HARD and first.draft.end_rule is not EndRule.HOLD:
        left = length(first.end - second.start)
        sentence = f"{second.title} starts {left} before {first.title} ends, and cuts into it."
        return AiringFinding(Light.AMBER, sentence, second.id, second.start, first.id)
    late = second.draft.start_rule is StartRule.FOLLOW or (
        second.draft.start_rule is StartRule.WAIT
        and second.draft.wait_limit >= first.end - second.start
    )
    if late:
        sentence = f"{second.title} will start up to {shared} late, after {first.title}."
        return AiringFinding(Light.AMBER, sentence, second.id, second.start, first.id)
    sentence = f"{first.title} is planned {shared} into {second.title}, which may be displaced."
    return AiringFinding(Light.RED, sentence, second.id, second.start, first.id)


def mark(at: datetime, now: datetime) -> timedelta | None:
    """Return the last warning mark that has passed; None before the first, and once it began."""
    passed = [span for span in WARNING_MARKS if timedelta(0) < at - now <= span]
    return min(passed, default=None)


def mark_words(span: timedelta) -> str:
    """Return `within 24 hours`, `within the hour` or `within 10 minutes`."""
    if span >= timedelta(hours=2):
        return f"within {span // timedelta(hours=1)} hours"
    return "within the hour" if span >= timedelta(hours=1) else "within 10 minutes"
