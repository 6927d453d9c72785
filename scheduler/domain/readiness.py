"""Whether an airing can go on air as planned, said as a light and a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from config.names import AiringId
from playout.rundown import End, Kind, Start
from scheduler.domain.airing import Airing
from scheduler.domain.asset import Asset, AssetState
from scheduler.domain.meeting import Meeting
from scheduler.domain.names import AssetId, SeriesId

URGENT = timedelta(hours=24)
FINE = timedelta(seconds=2)
MARKS = (timedelta(hours=24), timedelta(hours=1), timedelta(minutes=10))
"""How long ahead a miss is said, and said again."""


class Light(StrEnum):
    """Ready, needs a person, or will not air as it is."""

    READY = "ready"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class AiringView:
    """An airing as pages show it."""

    airing: Airing
    readiness: Light
    why: str
    """Why the light is not green; empty when it is."""
    program_title: str = ""
    asset: Asset | None = None
    series_words: str = ""
    series_id: SeriesId | None = None

    @property
    def id(self) -> AiringId:
        """The airing's id."""
        return self.airing.id


@dataclass(frozen=True)
class Finding:
    """One thing for the to-do list: a sentence, how urgent, and the airings it is about."""

    light: Light
    sentence: str
    airing: AiringId
    at: datetime
    other: AiringId | None = None


def light(airing: Airing, asset: Asset | None, now: datetime) -> tuple[Light, str]:
    """The readiness of one airing by itself, and why it is not green."""
    if airing.cancelled or airing.end <= now or airing.kind is not Kind.FILE:
        return Light.READY, ""
    if airing.draft.replay_of is not None and asset is None:
        return Light.READY, ""
    urgent = Light.RED if airing.start - now < URGENT else Light.AMBER
    if asset is None:
        return urgent, "It has no file yet."
    if asset.state in (AssetState.WAITING, AssetState.CHECKING):
        return Light.AMBER, "Its file is still being checked."
    if not asset.fit:
        return urgent, f"Its file cannot go on air. {asset.summary}"
    return _length(airing, asset)


def replay_light(airing: Airing, meeting: Meeting) -> tuple[Light, str] | None:
    """The readiness of a replay whose meeting's recording failed; None for any other."""
    lost = meeting.recording is not None and not meeting.recording.ok
    if airing.draft.replay_of is None or not lost:
        return None
    if airing.draft.substitute is None:
        return Light.RED, "The recording of the meeting failed, and nothing stands in for it."
    return Light.AMBER, "The recording of the meeting failed; its substitute airs."


def _length(airing: Airing, asset: Asset) -> tuple[Light, str]:
    if not asset.length:
        return Light.READY, ""
    rest = asset.length - airing.draft.in_point
    if rest <= timedelta(0):
        return Light.RED, "Its first moment lies past the end of the file."
    spare = airing.draft.length - rest
    if spare > FINE:
        return Light.AMBER, f"The file ends {words(spare)} before the airing does; filler follows."
    if -spare > FINE and airing.draft.end_rule is End.CUT:
        return Light.AMBER, f"The last {words(-spare)} of the file will not be seen."
    return Light.READY, ""


def findings(
    airings: Sequence[Airing], assets: Mapping[AssetId, Asset], now: datetime
) -> tuple[Finding, ...]:
    """What a person should look at among one channel's airings, in order of time."""
    ahead = sorted((a for a in airings if not a.cancelled and a.end > now), key=lambda a: a.start)
    found = []
    for airing in ahead:
        colour, why = light(airing, _asset(airing, assets), now)
        if colour is not Light.READY:
            found.append(Finding(colour, f"{airing.title}: {why}", airing.id, airing.start))
    found += _overlaps(ahead)
    return tuple(sorted(found, key=lambda f: (f.at, f.airing)))


def _asset(airing: Airing, assets: Mapping[AssetId, Asset]) -> Asset | None:
    return assets.get(airing.draft.asset) if airing.draft.asset else None


def _overlaps(airings: Sequence[Airing]) -> list[Finding]:
    found = []
    reaching: Airing | None = None
    for airing in airings:
        if reaching is not None and reaching.end > airing.start:
            found.append(_overlap(reaching, airing))
        if reaching is None or airing.end > reaching.end:
            reaching = airing
    return found


def _overlap(first: Airing, second: Airing) -> Finding:
    shared = words(min(first.end, second.end) - second.start)
    if second.draft.start_rule is Start.HARD and first.draft.end_rule is not End.HOLD:
        left = words(first.end - second.start)
        sentence = f"{second.title} starts {left} before {first.title} ends, and cuts into it."
        return Finding(Light.AMBER, sentence, second.id, second.start, first.id)
    late = second.draft.start_rule is Start.FOLLOW or (
        second.draft.start_rule is Start.WAIT
        and second.draft.wait_limit >= first.end - second.start
    )
    if late:
        sentence = f"{second.title} will start up to {shared} late, after {first.title}."
        return Finding(Light.AMBER, sentence, second.id, second.start, first.id)
    sentence = f"{first.title} is planned {shared} into {second.title}, which may be displaced."
    return Finding(Light.RED, sentence, second.id, second.start, first.id)


def mark(at: datetime, now: datetime) -> timedelta | None:
    """The last of the marks that has passed; None before the first, and once it began."""
    passed = [span for span in MARKS if timedelta(0) < at - now <= span]
    return min(passed, default=None)


def mark_words(span: timedelta) -> str:
    """`within 24 hours`, `within the hour`, `within 10 minutes`."""
    if span >= timedelta(hours=2):
        return f"within {span // timedelta(hours=1)} hours"
    return "within the hour" if span >= timedelta(hours=1) else "within 10 minutes"


def words(length: timedelta) -> str:
    """A length as pages write it: `1:07:30`, `3:20`, `0:05`."""
    seconds = round(length.total_seconds())
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
