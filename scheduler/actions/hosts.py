"""Actions of engineers on broadcast machines: give one a key, limit it, revoke it."""

from datetime import datetime

from config.names import ChannelId
from scheduler.changing.transaction import changing
from scheduler.db import find, load
from scheduler.db.store import Database
from scheduler.db.tables.house import HostRow
from scheduler.domain.model.hosts import Host
from scheduler.domain.model.ids import HostId
from scheduler.domain.model.people import Actor, Right
from scheduler.domain.model.text import one_line
from scheduler.ids import new_id, new_token, token_hash
from scheduler.refusals import Refused


def add_host(db: Database, actor: Actor, now: datetime, name: str) -> tuple[Host, str]:
    """Add a machine and return its key, which is shown this once and stored as a hash. Raises
    Refused.
    """
    name, key = one_line(name), new_token()
    with changing(db, actor, now, Right.EQUIP, "add") as work:
        if not name or len(name) > 120:
            raise Refused({"name": "Give the machine a name of up to 120 characters."})
        if any(row.name == name for row in find.machines.hosts(work.session)):
            raise Refused({"name": "There is already a machine with this name."})
        row = HostRow(id=new_id(), name=name, key_hash=token_hash(key), created=now)
        work.add(row)
        work.about("host", row.id, f"Added the broadcast machine {name}")
    return load.house.host(row), key


def renew_key(db: Database, actor: Actor, now: datetime, host: HostId) -> str:
    """Give a machine a new key. The old one stops at once; a revoked machine is admitted again."""
    key = new_token()
    with changing(db, actor, now, Right.EQUIP, "renew") as work:
        row = work.get(HostRow, host, "broadcast machine")
        row.key_hash, row.revoked = token_hash(key), None
        work.about("host", row.id, f"Renewed the key of {row.name}")
    return key


def revoke_host(db: Database, actor: Actor, now: datetime, host: HostId) -> None:
    """Revoke a machine's key."""
    with changing(db, actor, now, Right.EQUIP, "revoke") as work:
        row = work.get(HostRow, host, "broadcast machine")
        row.revoked = now
        work.about("host", row.id, f"Revoked the access of the broadcast machine {row.name}")


def set_channels(
    db: Database, actor: Actor, now: datetime, host: HostId, only: frozenset[ChannelId] | None
) -> Host:
    """Limit a machine's key to some channels. None allows all, future ones too."""
    with changing(db, actor, now, Right.EQUIP, "channels") as work:
        row = work.get(HostRow, host, "broadcast machine")
        row.channels = None if only is None else sorted(only)
        where = "every channel" if only is None else ", ".join(sorted(only)) or "no channel"
        work.about("host", row.id, f"The key of {row.name} now covers {where}")
    return load.house.host(row)


def host_by_key(db: Database, key: str) -> Host | None:
    """Return the machine that holds this key; None for an unknown or revoked one."""
    with db.read() as session:
        row = find.machines.host_by_hash(session, token_hash(key))
        return load.house.host(row) if row else None
