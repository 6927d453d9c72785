"""The watcher's report: a file for the agent, and memory that outlives the watcher."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from playout.engine.links.port import SharedState
from playout.engine.watching.judge import Finding
from playout.engine.watching.places import WatchedPlace
from playout.engine.watching.remedy import Remedies, Remedy
from playout.engine.watching.words import finding_words, remedy_words
from playout.model.leaving import MOST_RESTARTS, Leaving, LeavingFault, LeavingPlace, Restart

_REPORT, _PAST = TypeAdapter(Leaving), TypeAdapter(Remedies)
_RESTARTS = TypeAdapter(tuple[Restart, ...])


@dataclass(frozen=True)
class SeenPlace:
    """A place and what was found there."""

    place: WatchedPlace
    findings: tuple[Finding, ...]


class RemedyMemory:
    """The restarts so far, in memory that the supervisor keeps."""

    def __init__(self, handle: int) -> None:
        self._state = SharedState(handle)
        self.past, self.restarts = self._loaded()

    def save(self, past: Remedies, *restarts: Restart) -> None:
        """Keep what was done, and these restarts besides those before."""
        self.past, self.restarts = past, (*self.restarts, *restarts)[-MOST_RESTARTS:]
        kept = {
            "past": _PAST.dump_python(past, mode="json"),
            "restarts": _RESTARTS.dump_python(self.restarts, mode="json"),
        }
        self._state.save(kept)

    def _loaded(self) -> tuple[Remedies, tuple[Restart, ...]]:
        """Return what the watcher before this one left; nothing where that cannot be read."""
        kept = self._state.load() or {}
        try:
            past = _PAST.validate_python(kept.get("past", {}))
            return past, _RESTARTS.validate_json(json.dumps(kept.get("restarts", [])))
        except ValueError:
            return Remedies(), ()


def report(at: datetime, seen: Sequence[SeenPlace], restarts: Sequence[Restart]) -> bytes:
    """Return the report as JSON."""
    places = tuple(map(_place, seen))
    return _REPORT.dump_json(Leaving(at, places, tuple(restarts)))


def words_at(finding: Finding, place: WatchedPlace) -> str:
    """Return what is wrong at a place, as one sentence."""
    return finding_words(finding, place.where, is_others=place.is_others)


def restart_of(remedy: Remedy, where: str, at: datetime) -> Restart:
    """Return a restart as the agent journals it."""
    return Restart(f"restart:{at.isoformat()}", at, remedy.thing.value, remedy_words(remedy, where))


def _place(seen: SeenPlace) -> LeavingPlace:
    watcher = seen.place.watcher
    history: Sequence[Any] = watcher.history if watcher is not None else ()
    delays = [one.delay for one in history if one.delay is not None]
    faults = tuple(
        LeavingFault(finding.fault.value, words_at(finding, seen.place))
        for finding in seen.findings
    )
    return LeavingPlace(
        where=seen.place.where,
        faults=faults,
        reason=seen.place.reason[:200],
        compared=any(one.picture.value != "unknown" for one in list(history)[-5:]),
        delay=round(sorted(delays)[len(delays) // 2], 2) if delays else None,
        gaps=sum(one.second.errors for one in history if not one.second.missed),
    )
