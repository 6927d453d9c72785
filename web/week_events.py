"""The events of a week grid in floating wall-clock time: airings, what is proposed, and blocks."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from config.names import ChannelId
from scheduler.domain.channel import Channel
from scheduler.domain.proposal import Proposal
from scheduler.domain.readiness import AiringView
from scheduler.queries.grid import Week


def week_events(
    week: Week, channels: Sequence[Channel], waiting: Iterable[Proposal], now: datetime
) -> dict[str, Any]:
    """Events and resource columns for the grid; times are floating wall-clock strings."""
    first = [view for view in week.airings if view.airing.start > now - timedelta(hours=2)]
    scroll = week.local(first[0].airing.start, first[0].airing.channel).hour - 1 if first else 8
    return {
        "today": now.astimezone(ZoneInfo(week.zone)).date().isoformat(),
        "scroll": f"{max(0, min(scroll, 18)):02d}:00:00",
        "channels": [{"id": channel.id, "title": channel.name} for channel in channels],
        "events": [
            *(_event(view, week, now) for view in week.airings),
            *(_proposed(one, week) for one in waiting if _within(one, week)),
            *_backgrounds(week),
        ],
    }


def _event(view: AiringView, week: Week, now: datetime) -> dict[str, Any]:
    airing = view.airing
    past = airing.end <= now
    mark = {"ready": "", "waits": "", "amber": "▲ ", "red": "■ "}[view.readiness.value]
    return {
        "id": airing.id,
        "resourceIds": [airing.channel],
        "title": f"{mark}{airing.title}",
        **_span(week, airing.start, airing.end, airing.channel),
        "editable": not past,
        "backgroundColor": "#5a6572" if past else "#1a4480",
        "extendedProps": {
            "version": airing.version,
            "show": url_for("airings.show", airing=airing.id),
            "move": url_for("airings.shift", airing=airing.id),
            "copy": url_for("airings.copy", airing=airing.id),
        },
    }


def _span(week: Week, start: datetime, end: datetime, channel: ChannelId) -> dict[str, str]:
    return {
        "start": week.local(start, channel).isoformat(timespec="seconds"),
        "end": week.local_end(start, end, channel).isoformat(timespec="seconds"),
    }


def _proposed(one: Proposal, week: Week) -> dict[str, Any]:
    """Dashed, and nobody drags it: it stands on no schedule yet."""
    return {
        "id": f"proposal-{one.id}",
        "resourceIds": [one.channel],
        "title": f"proposed: {one.title}",
        **_span(week, one.start, one.end, one.channel),
        "editable": False,
        "classNames": ["proposed"],
        "backgroundColor": "var(--surface)",
        "textColor": "var(--bs-body-color)",
        "extendedProps": {"show": url_for("proposals.show", proposal=one.id)},
    }


def _within(one: Proposal, week: Week) -> bool:
    return one.start < week.days[-1].ends and one.end > week.days[0].starts


def _backgrounds(week: Week) -> list[dict[str, Any]]:
    """Blocks as shaded stretches behind the airings."""
    return [
        {
            "id": f"block-{one.block.id}-{one.day}",
            "resourceIds": [one.block.draft.channel],
            "title": one.block.draft.name,
            "display": "background",
            "backgroundColor": "var(--accent-soft)",
            "textColor": "var(--quiet)",
            **_span(week, one.start, one.end, one.block.draft.channel),
            "extendedProps": {},
        }
        for one in week.stretches
    ]
