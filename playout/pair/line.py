"""The line between a channel's agent and its peer link, in both processes' terms."""

from collections.abc import Sequence

from pydantic import TypeAdapter, ValidationError

from playout.engine.links.port import Port
from playout.model.pair import PairNews
from playout.model.wire import JournalEntry

_NEWS = TypeAdapter(PairNews)
_ENTRIES = TypeAdapter(tuple[JournalEntry, ...])
MOST_WAITING = 1000
"""Entries of the other machine that wait for the agent at most."""


class AgentLine:
    """The agent's end. It never waits and never raises because the link is away."""

    def __init__(self, handle: int) -> None:
        self._port = Port(handle)
        self.news: PairNews | None = None
        """What the link told last."""
        self._entries: list[JournalEntry] = []
        self._of, self._has = "", 0

    def receive(self) -> None:
        """Take what the link has sent."""
        for message in self._port.receive():
            try:
                if "news" in message:
                    self.news = _NEWS.validate_python(message["news"], strict=False)
                elif "entries" in message and len(self._entries) < MOST_WAITING:
                    self._take(str(message["of"]), int(message["after"]), message["entries"])
            except (ValidationError, KeyError, ValueError, TypeError):
                continue

    def take_entries(self) -> Sequence[JournalEntry]:
        """Return entries of the other machine's journal, in order and once."""
        entries, self._entries = self._entries, []
        return entries

    def tell(self, not_ready: Sequence[str]) -> None:
        """Tell why this machine is not ready, and how far it has the other's journal."""
        self._port.send({"not_ready": [*not_ready], "of": self._of, "has": self._has})

    def offer(self, machine: str | None) -> None:
        """Ask for a move to the other machine."""
        self._port.send({"move": machine or ""})

    def give_entries(self, after: int, entries: Sequence[JournalEntry]) -> None:
        """Give entries of this machine's journal to the other one."""
        self._port.send({"entries": _ENTRIES.dump_python(tuple(entries), mode="json"),
                         "after": after})  # fmt: skip

    def close(self) -> None:
        """Close this end."""
        self._port.close()

    def _take(self, of: str, after: int, values: object) -> None:
        """Take entries that follow what is here already; anything else comes again."""
        entries = _ENTRIES.validate_python(values)
        if of != self._of:
            self._of, self._has = of, after
        for entry in entries:
            if after <= self._has < entry.number:
                self._entries.append(entry)
                self._has = entry.number
