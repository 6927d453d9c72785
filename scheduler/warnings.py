"""Says misses a day, an hour and ten minutes ahead, each once, in the scheduler's log."""

import logging
from datetime import datetime, timedelta

from config.names import AiringId
from scheduler.db.store import Database
from scheduler.domain.readiness import mark_words
from scheduler.queries.readiness import soon

log = logging.getLogger(__name__)


class Warnings:
    """Remembers what it said since the process began; after a restart it says it again."""

    def __init__(self) -> None:
        self._said: set[tuple[AiringId, timedelta]] = set()

    def say(self, db: Database, now: datetime) -> list[str]:
        """Say what has passed one more mark; returns the sentences."""
        said = []
        for one in soon(db, now):
            key = (one.finding.airing, one.mark)
            if key not in self._said:
                self._said.add(key)
                said.append(f"{one.channel.name}: {mark_words(one.mark)}, {one.finding.sentence}")
        for sentence in said:
            log.warning("%s", sentence)
        return said
