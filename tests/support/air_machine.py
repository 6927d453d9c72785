"""A broadcast machine that talks with the site over its door, as far as the server can see it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from support.desk import CH13, NOW
from support.website import Site

from config.names import AssetKey, CueId, ItemId, Revision
from playout.model.commands import Verb
from playout.model.identity import MACHINE_HEADER
from playout.model.pair import PairStatus
from playout.model.plan import ContentKind, Rank
from playout.model.rundown import Cue, Rundown
from playout.model.wire import Ack, Commands, JournalEntry, Report, Status, decode, encode

DOOR = "/api/v1/host/ch13"
DISK = "d" * 32


def status(**over: Any) -> Status:
    told: dict[str, Any] = {
        "channel": CH13,
        "host": "playout-1",
        "at": NOW,
        "tick": 1,
        "layer": "deck",
        "cue": None,
        "item": None,
        "title": "",
        "started": None,
        "ends": None,
        "offset": 0.0,
        "revision": None,
        "serial": 1,
        "outputs": 1,
        "late_ticks": 0,
        "clock_step": 0.0,
        "disk_free": 10**11,
    }
    return Status(**{**told, **over})


@dataclass
class Air:
    """A broadcast machine that talks with the site."""

    site: Site
    key: dict[str, str]
    name: str = "playout-1"
    disk: str = DISK
    run: int = 1
    address: str = "10.0.0.5"
    acknowledged: str = ""
    pair: PairStatus | None = None
    missing: tuple[AssetKey, ...] = ()

    @property
    def _headers(self) -> dict[str, str]:
        return {**self.key, MACHINE_HEADER: f"{self.disk}.{self.run:016x}"}

    def report(self, *entries: JournalEntry, expected: Rundown | None = None) -> Ack:
        said = status(
            host=self.name, at=self.site.clock.utc(), title=self.name, pair=self.pair,
            missing=self.missing,
        )  # fmt: skip
        sent = Report(said, expected, entries)
        answer = self.site.visitor().post(
            f"{DOOR}/report",
            query_string={"acknowledged": self.acknowledged},
            data=encode(sent),
            headers=self._headers,
            environ_base={"REMOTE_ADDR": self.address},
        )
        ack = decode(Ack, answer.data)
        stored = [one.id for one in entries if one.number <= ack.acknowledged]
        self.acknowledged = stored[-1] if stored else self.acknowledged
        return ack

    def commands(self) -> list[Verb]:
        answer = self.site.visitor().get(f"{DOOR}/commands?after=0", headers=self._headers)
        return [one.verb for one in decode(Commands, answer.data).commands]

    def report_with_boundary(self) -> Ack:
        """Report a rundown in which an item has just begun."""
        at = self.site.clock.utc()
        cue = Cue(
            CueId(f"i@{at:%H%M%S}"), ItemId("i"), ContentKind.FILE, "Film", at,
            at + timedelta(hours=1), Rank.HARD,
        )  # fmt: skip
        return self.report(expected=Rundown(CH13, Revision(1), (cue,)))
