"""Several airings placed on a channel at once; where some overlap, staff are first asked what to
do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from flask import Response, render_template, request

from config.names import AiringId
from scheduler.domain.clashes.one import WayOut
from scheduler.domain.model.airing import AiringDraft
from scheduler.domain.model.channel import Channel
from scheduler.queries import conflicts
from scheduler.queries.conflicts import WeighedGroup
from scheduler.refusals import Conflict
from web.clashes.one import PLAN_CHANGED, SHEET_FIELDS, WEIGHED_AT_MOST
from web.clashes.words import all_buttons, chosen_way, collisions
from web.kit.context import database, now

Key = TypeVar("Key")


@dataclass(frozen=True)
class AiringsToPlace(Generic[Key]):
    """Airings to place on one channel, each with the key its caller knows it by."""

    channel: Channel
    """Read before everything else, so that the rest is no older than its plan version."""
    title: str
    asked: str
    wanted: Mapping[AiringId, tuple[Key, AiringDraft | None]]


Act = Callable[[AiringsToPlace[Key], Mapping[Key, datetime | None]], Response]
"""Carries the group out. The mapping gives the airings that start at another time than planned, and
None for those that are skipped.

Raises Conflict without a current version if the channel's plan changed since it was read.
"""


def place_together(
    read: Callable[[], AiringsToPlace[Key]], act: Act[Key]
) -> Response | tuple[str, int]:
    """Call `act` where nothing overlaps; otherwise apply the way out that was chosen, or ask.

    If somebody else changes the plan in between, everything is read and weighed again. Raises what
    `act` raises.
    """
    for _ in range(WEIGHED_AT_MOST):
        many = read()
        edits = {id: draft for id, (_, draft) in many.wanted.items()}
        weighed = conflicts.weigh_all(database(), many.channel.id, edits, now())
        if weighed.ways and weighed.channel_version != many.channel.plan_version:
            # Somebody changed the plan after it was read: what overlaps may be their copy of it.
            continue
        choice = chosen_way(weighed.ways, request.form.get("way"))
        version = str(weighed.channel_version)
        if weighed.ways and (choice is None or request.form.get("seen", version) != version):
            return _sheet(many, weighed, PLAN_CHANGED if request.form.get("way") else ""), 422
        try:
            return act(many, _changed_starts(many, choice) if choice else {})
        except Conflict as conflict:
            if conflict.current is not None:
                raise
    raise Conflict(None, PLAN_CHANGED)


def conflict_note(changed: Mapping[Key, datetime | None]) -> str:
    """Return how overlapping airings were handled, as an ending: `, skipping 1 that conflicted`."""
    left = sum(1 for start in changed.values() if start is None)
    moved = len(changed) - left
    words = [f"moving {moved}"] * bool(moved) + [f"skipping {left}"] * bool(left)
    return f", {' and '.join(words)} that conflicted" if words else ""


def _changed_starts(many: AiringsToPlace[Key], choice: WayOut) -> dict[Key, datetime | None]:
    changed: dict[Key, datetime | None] = {}
    for id, (known, wanted) in many.wanted.items():
        draft = choice.edits[id]
        if wanted is not None and (draft is None or draft.start != wanted.start):
            changed[known] = draft.start if draft else None
    return changed


def _sheet(many: AiringsToPlace[Key], weighed: WeighedGroup, wrong: str) -> str:
    zone, at = many.channel.tz, now()
    coming = sum(1 for _, draft in many.wanted.values() if draft)
    clashing = len(weighed.clashes)
    would = "would overlap what is planned."
    return render_template(
        "clashes/choices.html",
        title=many.title,
        asked=many.asked,
        clash=f"{clashing} of {coming} airings {would}" if coming > 1 else f"It {would}",
        met=collisions(weighed.clashes, zone, at),
        buttons=all_buttons(weighed.ways, clashing, zone, at),
        action=request.full_path.rstrip("?"),
        typed=[pair for pair in request.form.items(multi=True) if pair[0] not in SHEET_FIELDS],
        seen=weighed.channel_version,
        wrong=wrong,
    )
