"""Warnings of misses in the scheduler's log: a day, an hour and ten minutes ahead, each once."""

import logging
from datetime import datetime, timedelta

from config.names import AiringId
from scheduler.db.store import Database
from scheduler.domain.air.readiness import mark_words
from scheduler.queries.readiness import soon

log = logging.getLogger(__name__)
WARNING_REMEMBERED_FOR = timedelta(days=3)
"""Longer than the time from the first mark to its airing."""


class Warnings:
    """The warnings given since the process started. After a restart they are given again."""

    def __init__(self) -> None:
        self._said: dict[tuple[AiringId, timedelta], datetime] = {}

    def say(self, db: Database, now: datetime) -> list[str]:
        """Log every miss that has passed another mark; return the sentences."""
        sentences = []
        for one in soon(db, now):
            key = (one.finding.airing, one.mark)
            if key not in self._said:
                self._said[key] = now
                sentences.append(
                    f"{one.channel.name}: {mark_words(one.mark)}, {one.finding.sentence}"
                )
        self._said = {
            key: at for key, at in self._said.items() if now - at < WARNING_REMEMBERED_FOR
        }
        for sentence in sentences:
            log.warning("%s", sentence)
        return sentences
