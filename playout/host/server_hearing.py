"""Messages of the server to the agent: a plan, and how far its journal has arrived."""

import logging
from datetime import datetime

from playout.host.channel_state import ChannelState
from playout.host.journal import Journal
from playout.host.mailbox import Mailbox

log = logging.getLogger(__name__)


class ServerHearing:
    """Takes what the server left in the mailbox, and remembers what it refused."""

    def __init__(self) -> None:
        self.aside = ""
        """The journal entry that the server refused last, in words."""

    def hear(self, state: ChannelState, mailbox: Mailbox, now: datetime) -> None:
        """Offer the plan that arrived, and note what the server has of the journal."""
        arrived, journal = mailbox.take_plan(), state.journal
        if arrived is not None:
            plan, tag = arrived
            if refusal := state.offer(plan, now, tag):
                log.info("A plan was not accepted: %s.", refusal)
        self._set_aside(mailbox.take_refused(), journal, now)
        ack = mailbox.take_ack()
        if ack is not None and ack.resume_after is not None:
            log.warning("The server lacks journal entries it had acknowledged; they go again.")
            journal.resume(ack.resume_after)
        elif ack is not None:
            journal.acknowledge(ack.acknowledged)

    def _set_aside(self, refused: tuple[str, str] | None, journal: Journal, now: datetime) -> None:
        """Go on without a journal entry that the server refuses for good, and tell staff."""
        if refused is not None and journal.set_aside(refused[0]):
            words = f"The server permanently refuses a line of the record: {refused[1]}"
            self.aside = f"{words} It is kept on this machine only."
            log.warning("%s Its id is %s.", words, refused[0])
            journal.alarm(now, self.aside, f"aside:{refused[0]}"[:80])
