"""The doctor's comparison of a channel's two machines, from what each has reported."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from config.finding import MachineFinding
from config.names import AssetKey, ChannelId
from config.settings import Settings
from config.sizes import bytes_words
from config.times import length
from playout.model.plan import Plan
from playout.model.wire import Status, WireError, decode
from playout.timing.media_need import Need, needs
from scheduler.db import find
from scheduler.db.store import Database, Session
from scheduler.domain.air.pairs import PairMachine
from scheduler.process.doctor_reading import ask_database
from scheduler.reading.channels import channels_in_use
from scheduler.reading.machines import pair_machines

PEER_SILENT_AFTER_SECONDS = 3.0
CLOCKS_APART_SECONDS = 0.02
"""The machines' own bound, unless their settings say otherwise: from there a change is seen."""
MEDIA_WITHIN = timedelta(days=1)
SCARCE_BYTES = 100 * 10**9
"""Free bytes from which on a difference between two disks is no matter."""
FILES_NAMED = 3


def pair_findings(settings: Settings, now: datetime) -> list[MachineFinding]:
    """Compare the two machines of each channel that has two, at `now` (UTC); change nothing.

    A database that is away, missing or of another version is a finding of its own, and none here.
    """

    def ask(database: Database) -> list[MachineFinding]:
        with database.read() as session:
            return list(_of_station(session, now))

    return ask_database(settings, ask) or []


def _of_station(session: Session, now: datetime) -> Iterator[MachineFinding]:
    for channel in channels_in_use(session):
        both = pair_machines(session, channel.id)
        if not both:
            continue
        wrong = list(compared(channel.id, both, _titles_soon(session, channel.id, now), now))
        names = f"{both[0].name} and {both[1].name}"
        good = MachineFinding("good", f"{channel.id}: {names} are alike and hear each other.")
        yield from wrong or [good]


def compared(
    channel: ChannelId,
    both: Sequence[PairMachine],
    soon: dict[AssetKey, str],
    now: datetime,
) -> Iterator[MachineFinding]:
    """Yield what differs between two machines, or is wrong with one; nothing where all is well.

    `soon` has the title of each file that airs within a day.
    """
    silent = [one for one in both if one.machine is None or one.machine.is_silent(now)]
    for one in silent:
        yield _silent(channel, one, now)
    for one in both:
        if one not in silent:
            yield from _of_one(channel, one, soon)
    first, second = (one.status for one in both)
    if not silent and first is not None and second is not None:
        yield from _of_setups(channel, both, first, second)
        yield from _of_clocks(channel, both)
        yield from _of_disks(channel, both, first, second)


def _silent(channel: ChannelId, one: PairMachine, now: datetime) -> MachineFinding:
    since = f"for {length(now - one.machine.at)}" if one.machine is not None else "yet"
    return MachineFinding(
        "wrong",
        f"{channel}: {one.name} has not reported {since}.",
        f"On it: systemctl start gavel-playout@{channel}, then gavel-playout doctor",
    )


def _of_one(
    channel: ChannelId, one: PairMachine, soon: dict[AssetKey, str]
) -> Iterator[MachineFinding]:
    """Yield what is wrong with a machine that reports."""
    if one.pair is None:
        text = f"{channel}: {one.name} does not know that the channel has two machines."
        fix = f"Name the other one in its gavel.toml: [channels.{channel}.pair]. Then restart it."
        yield MachineFinding("wrong", text, fix)
    elif not 0 <= one.pair.peer_heard < PEER_SILENT_AFTER_SECONDS:
        text = f"{channel}: {one.name} does not hear the other machine."
        fix = (
            f"Compare listen, peer and key under [channels.{channel}.pair] of both, and open that "
            "UDP port in both directions."
        )
        yield MachineFinding("wrong", text, fix)
    if not one.has_plan:
        text = f"{channel}: {one.name} does not have the newest schedule."
        fix = "It arrives within seconds. If not, look at server_url and the disk of that machine."
        yield MachineFinding("wrong", text, fix)
    lacking = [soon[key] for key in one.status.missing if key in soon] if one.status else []
    if lacking:
        more = f" and {len(lacking) - FILES_NAMED} more" if len(lacking) > FILES_NAMED else ""
        named = ", ".join(lacking[:FILES_NAMED])
        text = f"{channel}: {one.name} lacks files of the next day: {named}{more}."
        fix = "Put them into its media folder, or set media_is_cache there to fetch them."
        yield MachineFinding("wrong", text, fix)
    if one.sends and one.status is not None and one.status.setup is not None:
        for target in one.status.setup.targets:
            if not target.up:
                text = f"{channel}: {one.name} does not reach {target.shown}."
                fix = "Check the other side and the network. On that machine: gavel-playout doctor"
                yield MachineFinding("wrong", text, fix)


def _of_setups(
    channel: ChannelId, both: Sequence[PairMachine], one: Status, other: Status
) -> Iterator[MachineFinding]:
    names = both[0].name, both[1].name
    if one.setup is None or other.setup is None:
        if one.setup is not other.setup:
            older = names[0] if one.setup is None else names[1]
            text = f"{channel}: {older} runs an older version than the other machine."
            fix = "While it stands by, on it: install.sh --host --restart"
            yield MachineFinding("note", text, fix)
        return
    if one.setup.version != other.setup.version:
        text = (
            f"{channel}: {names[0]} runs Gavel {one.setup.version}, "
            f"{names[1]} {other.setup.version}."
        )
        fix = "Upgrade the older one while it stands by: install.sh --host --restart"
        yield MachineFinding("note", text, fix)
    if one.setup.stream != other.setup.stream:
        text = (
            f"{channel}: the machines send different streams. {names[0]}: {one.setup.stream}. "
            f"{names[1]}: {other.setup.stream}."
        )
        fix = f"Write the same format and rates under [channels.{channel}] on both, and restart."
        yield MachineFinding("wrong", text, fix)
    mine = {target.shown for target in one.setup.targets}
    theirs = {target.shown for target in other.setup.targets}
    for name, lacks in ((names[0], theirs - mine), (names[1], mine - theirs)):
        for target in sorted(lacks):
            text = f"{channel}: {name} does not send to {target}, and the other machine does."
            fix = f"Write the same outputs under [channels.{channel}] on both, and restart."
            yield MachineFinding("wrong", text, fix)


def _of_clocks(channel: ChannelId, both: Sequence[PairMachine]) -> Iterator[MachineFinding]:
    known = [one.pair for one in both if one.pair is not None]
    apart = [
        abs(one.clock_difference) - one.clock_error
        for one in known
        if one.clock_difference is not None
    ]
    if apart and max(apart) > CLOCKS_APART_SECONDS:
        text = f"{channel}: the clocks of the machines are {1000 * max(apart):.0f} ms apart."
        fix = "Let both follow the same time servers: apt install chrony, then: chronyc tracking"
        yield MachineFinding("wrong", text, fix)
    if len(known) == len(both) and known[0].preferred == known[1].preferred:
        which = "both machines are" if known[0].preferred else "neither machine is"
        text = f"{channel}: {which} preferred."
        fix = f"Write preferred = true under [channels.{channel}.pair] on one of them."
        yield MachineFinding("wrong", text, fix)


def _of_disks(
    channel: ChannelId, both: Sequence[PairMachine], one: Status, other: Status
) -> Iterator[MachineFinding]:
    less, more = sorted((one.disk_free, other.disk_free))
    if 0 < less < SCARCE_BYTES and more > 2 * less:
        name = both[0].name if one.disk_free == less else both[1].name
        text = (
            f"{channel}: {name} has {bytes_words(less)} free, the other machine "
            f"{bytes_words(more)}."
        )
        fix = "Remove files there or add a disk, so that it can keep what the other one keeps."
        yield MachineFinding("note", text, fix)


def _titles_soon(session: Session, channel: ChannelId, now: datetime) -> dict[AssetKey, str]:
    """Return the title of each file that the newest plan needs within a day, filler included."""
    row = find.house.published(session, channel)
    try:
        found = needs(decode(Plan, row.body), now) if row is not None else ()
    except WireError:
        return {}
    titles = dict[AssetKey, str]()
    for one in found:
        if one.need <= Need.FILLER or (one.need is Need.PLANNED and one.at < now + MEDIA_WITHIN):
            file = find.plan.asset_by_key(session, one.media.key)
            titles[one.media.key] = file.title if file is not None else one.media.key[:8]
    return titles
