"""Adoption of a new plan, which changes nothing that is cued or on air."""

from dataclasses import replace
from datetime import datetime, timedelta

from playout.model.cue_ids import Origin
from playout.model.events import On
from playout.model.plan import ContentKind, Plan
from playout.model.rundown import Rundown
from playout.state.air_state import AirState

COMMITTED_WITHIN = timedelta(seconds=5)
"""A cue that starts sooner than this is committed: a later edit does not change this airing."""


def replacement_refused(current: Plan | None, offered: Plan, channel: str) -> str | None:
    """Return why the offered plan is refused, in words; None when it is to be adopted.

    The server's last word counts, whatever its revision: a server restored from a backup counts on
    from an older one, and the plan it published last is the one on its pages.
    """
    if offered.channel != channel:
        return f"the plan is for {offered.channel}, this is {channel}"
    if offered == current:
        return "it is the plan already in force"
    return None


def carry_over(current: Plan, offered: Plan, happened: AirState, now: datetime) -> Plan:
    """Return the offered plan plus any live in session that it no longer has.

    A meeting taken off the schedule during its course stays on air, recorded, until it is adjourned
    or reaches its limit; so does its source. The next plan is asked the same again.
    """
    on = [cue for cue in happened.pinned if cue.end > now] or happened.pinned[-1:]
    session = happened.interrupted | {cue.item for cue in on if cue.item is not None}
    listed = {item.id for item in offered.items}
    items = tuple(
        item
        for item in current.items
        if item.kind is ContentKind.LIVE
        and item.id in session - listed
        and item.id not in happened.over
    )
    known = {source.id for source in offered.sources}
    used = {item.source for item in items} | {cue.source for cue in on}
    sources = tuple(source for source in current.sources if source.id in used - known)
    return replace(offered, items=(*offered.items, *items), sources=(*offered.sources, *sources))


def next_to_commit(rundown: Rundown, happened: AirState, now: datetime) -> On | None:
    """Return the next cue to commit: it starts within five seconds, or has started.

    Call again until None: each commit changes the state, and with it the next answer.
    """
    known = {cue.id: cue for cue in happened.pinned}
    for cue in rundown.cues:
        if cue.start > now + COMMITTED_WITHIN:
            return None
        if cue.id not in known and (cue.end > now or cue.origin is Origin.OFF_AIR):
            return On(cue)
    return None


def commit_observed(
    rundown: Rundown | None, happened: AirState, on_air: str | None, now: datetime
) -> On | None:
    """Return a cue of the last rundown that the engine airs although it was never committed.

    While the agent was down the engine moved on by itself; its cue is committed now.
    """
    if rundown is None or on_air is None or any(cue.id == on_air for cue in happened.pinned):
        return None
    for cue in rundown.cues:
        if cue.id == on_air and cue.start <= now + COMMITTED_WITHIN:
            return On(cue)
    return None
