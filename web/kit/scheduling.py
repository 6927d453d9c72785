"""The way from a file of the library to the drawer that puts it on the schedule."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from config.names import ChannelId
from scheduler.domain.model.channel import Channel
from scheduler.domain.model.people import Right
from web.kit.context import actor


@dataclass(frozen=True)
class Scheduling:
    """The step by which a reader airs a file: to add an airing, or to propose one."""

    endpoint: str
    words: str
    """What the button says."""
    channel: ChannelId

    def url(self, asset: str) -> str:
        """Return the address of the drawer in which the file is chosen already."""
        return url_for(self.endpoint, channel=self.channel, asset=asset)


def scheduling(channels: Iterable[Channel]) -> Scheduling | None:
    """Return what the reader may do to air a file; None where they may do nothing.

    A right may hold for some channels only, so the drawer opens with the first one that it covers.
    """
    known = tuple(channels)
    for right, endpoint, words in (
        (Right.PLAN, "airings.new", "Schedule it"),
        (Right.PROPOSE, "proposals.new", "Propose an airing"),
    ):
        for channel in known:
            if actor().may(right, channel.id):
                return Scheduling(endpoint, words, channel.id)
    return None
