"""The numbers of one channel's air, for Prometheus."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from config.metrics import Metric, Numbers
from playout.model.engine import Observation
from playout.model.engine_numbers import EngineNumbers
from playout.model.plan import Plan
from playout.model.wire import Status
from playout.timing.media_need import MediaNeed, Need


@dataclass(frozen=True)
class PictureCounts:
    """Pictures since the agent started, as the air log has them."""

    aired: int = 0
    held: int = 0
    """Repeated, because no new one had come."""
    dropped: int = 0
    """Skipped to catch up with the clock."""


@dataclass(frozen=True)
class AirNumbers:
    """All that is told of a channel, read at one instant."""

    channel: str
    now: datetime
    status: Status | None
    seen: Observation | None
    pictures: PictureCounts
    unsent: int
    """Entries of the journal that the server does not have."""
    since_contact: float | None
    """Seconds since the server last answered; None before it ever did."""
    media_until: datetime | None
    """Until when every planned item has its file here; None without a plan."""
    clock_kept: bool | None
    """Whether a time service keeps the machine's clock; None if unknown."""


def media_until(plan: Plan, missing: Sequence[MediaNeed]) -> datetime:
    """Return the start of the first planned item whose file is not here; the plan's end if none."""
    planned = (one.at for one in missing if one.need in (Need.NEXT_HOUR, Need.PLANNED))
    return min(planned, default=plan.ends)


def air_metrics(of: AirNumbers) -> Iterator[Metric]:
    """Yield every metric of the channel. What is not known is not told."""
    yield from _single(of)
    seen = of.seen.numbers if of.seen is not None else EngineNumbers()
    decks = of.seen.decks if of.seen is not None else ()
    leads = {str(number): float(deck.lead) for number, deck in enumerate(decks, 1)}
    yield _metric(of, "deck_lead_frames", "Pictures waiting in a deck's ring.", "deck", leads)
    yield _metric(
        of, "process_restarts", "How often a process was started again.", "process",
        {name: float(count) for name, count in seen.restarts.items()}, counts=True,
    )  # fmt: skip
    for name, words, counts in STREAM_METRICS:
        number: Numbers = {(of.channel,): seen.stream.get(name)}
        yield Metric(f"gavel_air_stream_{name}", words, ("channel",), number, counts)
    for place, (name, words, counts) in enumerate(TARGET_METRICS):
        each = {shown: float(one[place]) for shown, one in seen.targets.items()}
        yield _metric(of, f"target_{name}", words, "target", each, counts=counts)


def _metric(
    of: AirNumbers,
    name: str,
    words: str,
    label: str,
    each: Mapping[str, float],
    *,
    counts: bool = False,
) -> Metric:
    numbers: Numbers = {(of.channel, key): number for key, number in each.items()}
    return Metric(f"gavel_air_{name}", words, ("channel", label), numbers, counts)


def _single(of: AirNumbers) -> Iterator[Metric]:
    for name, words, value in CHANNEL_NUMBERS:
        counts = name in COUNTERS
        yield Metric(f"gavel_air_{name}", words, ("channel",), {(of.channel,): value(of)}, counts)


def _of_status(read: Callable[[Status], float]) -> Callable[[AirNumbers], float | None]:
    return lambda of: read(of.status) if of.status is not None else None


COUNTERS = frozenset({"ticks", "late_ticks", "pictures_aired", "pictures_held", "pictures_dropped"})
CHANNEL_NUMBERS: tuple[tuple[str, str, Callable[[AirNumbers], float | None]], ...] = (
    ("ticks", "Ticks of the house clock.", _of_status(lambda one: one.tick)),
    ("late_ticks", "Ticks that the bus began late.", _of_status(lambda one: one.late_ticks)),
    ("pictures_aired", "Pictures on air.", lambda of: of.pictures.aired),
    ("pictures_held", "Pictures repeated for lack of a new one.", lambda of: of.pictures.held),
    ("pictures_dropped", "Pictures skipped to catch up.", lambda of: of.pictures.dropped),
    ("outputs", "Outputs that send.", _of_status(lambda one: one.outputs)),
    (
        "problems",
        "Problems in the channel's status.",
        _of_status(lambda one: len(one.problems)),
    ),
    (
        "status_age_seconds",
        "Seconds since the agent's last status.",
        lambda of: (of.now - of.status.at).total_seconds() if of.status is not None else None,
    ),
    ("disk_free_bytes", "Bytes free for media.", _of_status(lambda one: one.disk_free)),
    ("media_missing_files", "Files still to fetch.", _of_status(lambda one: len(one.missing))),
    (
        "media_ahead_seconds",
        "Seconds for which every planned item has its file here.",
        lambda of: (of.media_until - of.now).total_seconds() if of.media_until else None,
    ),
    (
        "clock_step_seconds",
        "Seconds by which the machine's clock was set since the engine started.",
        _of_status(lambda one: one.clock_step),
    ),
    ("clock_kept", "1 while a time service keeps the clock.", lambda of: of.clock_kept),
    ("journal_unsent_entries", "Entries that the server does not have.", lambda of: of.unsent),
    (
        "server_seconds_since_contact",
        "Seconds since the server last answered.",
        lambda of: of.since_contact,
    ),
)
"""Name, words and number of each metric that a channel has once."""
STREAM_METRICS = (
    ("rate", "Bits a second of the stream.", False),
    ("lead", "Seconds by which the encoder is ahead of the relay.", False),
    ("waiting", "Seconds of pictures that wait in the relay.", False),
    ("since_picture", "Seconds since the last new picture in the stream.", False),
    ("packets", "Packets sent.", True),
    ("late", "Packets that left late.", True),
    ("dropped", "Pictures dropped, because the encoder makes more than the rate.", True),
    ("lost", "Packets lost between encoder and relay.", True),
    ("skipped", "Slots skipped, because the machine stood still.", True),
)
"""Numbers of the relay's report, by their names there; the counts begin with the relay."""
TARGET_METRICS = (
    ("sent_bytes", "Bytes sent to a target.", True),
    ("dropped_bytes", "Bytes that a target did not take.", True),
    ("up", "1 while a target takes the stream.", False),
)
