"""The reading of a channel's numbers from the parts of its agent, at each scrape."""

from datetime import datetime

from config.metrics import metrics_text
from playout.host.metrics import AirNumbers, air_metrics, media_until
from playout.host.parts import AgentParts
from playout.timing.media_need import needs

NS = 1_000_000_000


def air_text(parts: AgentParts) -> bytes:
    """Return the text of one scrape."""
    return metrics_text(air_metrics(read_numbers(parts)))


def read_numbers(parts: AgentParts) -> AirNumbers:
    """Return the channel's numbers now. It reads the disk, so no turn of the agent waits for it."""
    mailbox, now = parts.mailbox, parts.clock.utc()
    with mailbox.lock:
        status, seen, pictures = mailbox.status, mailbox.seen, mailbox.pictures
        contact = mailbox.contact
    age = None if contact is None else (parts.clock.monotonic() - contact) / NS
    return AirNumbers(
        channel=parts.channel,
        now=now,
        status=status,
        seen=seen,
        pictures=pictures,
        unsent=parts.journal.last_number - parts.journal.acknowledged,
        since_contact=age,
        media_until=_media_until(parts, now),
        clock_kept=parts.clock.synchronized(),
    )


def _media_until(parts: AgentParts, now: datetime) -> datetime | None:
    plan = parts.library.plan(parts.channel)
    if plan is None:
        return None
    return media_until(plan, [one for one in needs(plan, now) if not parts.library.has(one.media)])
