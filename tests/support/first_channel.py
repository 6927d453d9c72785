"""Makes a channel and the key of a broadcast machine, as staff do in the browser under Settings.

It runs on the installed machine, by Gavel's own Python as the user gavel, and prints the key.
"""

import sys
from datetime import UTC, datetime

from config.settings import load_settings
from scheduler.actions import channels, hosts
from scheduler.db.store import Database
from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.people import SYSTEM_ACTOR


def main(channel: str, form: str) -> None:
    """Make both, and print the key."""
    database, now = Database(load_settings().database), datetime.now(UTC)
    draft = ChannelDraft(channel, "City Channel 13", "America/New_York", form)
    channels.add(database, SYSTEM_ACTOR, now, draft)
    print(hosts.add_host(database, SYSTEM_ACTOR, now, "rack-1")[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
