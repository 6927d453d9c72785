"""Roles, the rights each carries, and the actor named in every change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from config.names import ChannelId
from scheduler.domain.model.ids import PersonId


class Role(StrEnum):
    """A person's role at the station; a person may hold several, and their rights add up."""

    VIEWER = "viewer"
    PRODUCER = "producer"
    SCHEDULER = "scheduler"
    OPERATOR = "operator"
    EMERGENCY = "emergency"
    RECORDS = "records"
    ENGINEER = "engineer"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """The right to one kind of action."""

    VIEW = "see the staff pages"
    PREPARE = "prepare programs, media and bulletins"
    PROPOSE = "propose airings"
    PLAN = "change the schedule"
    OPERATE = "run what is on air"
    OVERRIDE = "put an emergency on air"
    DISPOSE = "lift legal holds and sign disposals"
    EQUIP = "set up channels and broadcast machines"
    ADMINISTER = "manage people"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.VIEW}),
    Role.PRODUCER: frozenset({Right.VIEW, Right.PREPARE, Right.PROPOSE}),
    Role.SCHEDULER: frozenset({Right.VIEW, Right.PREPARE, Right.PROPOSE, Right.PLAN}),
    Role.OPERATOR: frozenset({Right.VIEW, Right.PREPARE, Right.PROPOSE, Right.PLAN, Right.OPERATE}),
    Role.EMERGENCY: frozenset({Right.VIEW, Right.OVERRIDE}),
    Role.RECORDS: frozenset({Right.VIEW, Right.PREPARE, Right.DISPOSE}),
    Role.ENGINEER: frozenset(set(Right) - {Right.ADMINISTER, Right.DISPOSE}),
    Role.ADMINISTRATOR: frozenset(Right),
}


def rights(roles: Iterable[Role]) -> frozenset[Right]:
    """Return all rights that these roles carry together; none for no role."""
    return frozenset().union(*(RIGHTS[role] for role in roles))


def named(roles: Iterable[Role]) -> str:
    """Return the roles in words, always in the same order: `operator, emergency`."""
    held = frozenset(roles)
    return ", ".join(role.value for role in Role if role in held)


CHANNEL_RIGHTS = frozenset({Right.PROPOSE, Right.PLAN, Right.OPERATE, Right.OVERRIDE})
"""Rights that can be kept to some channels; media and programs belong to the house."""


@dataclass(frozen=True)
class Actor:
    """The one who makes a change: a person at the desk, or the scheduler process."""

    id: str
    name: str
    roles: frozenset[Role]
    only: frozenset[ChannelId] | None = None
    """Channels whose schedule and air the actor may touch; None for every one there is."""

    def may(self, right: Right, channel: ChannelId | None = None) -> bool:
        """Return whether one of the actor's roles carries `right`, on `channel` where one is
        named."""
        return right in rights(self.roles) and (channel is None or self.reaches(channel, right))

    def reaches(self, channel: ChannelId, right: Right) -> bool:
        """Return False for a channel outside the actor's own, where the right is one of
        channels."""
        return self.only is None or right not in CHANNEL_RIGHTS or channel in self.only


SYSTEM_ACTOR = Actor("house", "Gavel", frozenset({Role.ADMINISTRATOR}))
"""The scheduler process itself, as it stands in the audit trail."""


@dataclass(frozen=True)
class Person:
    """A member of staff, as pages show them; it never carries a password."""

    id: PersonId
    login: str
    name: str
    roles: frozenset[Role]
    active: bool
    created: datetime
    only: frozenset[ChannelId] | None = None
    """The channels they may change; None for all."""

    @property
    def actor(self) -> Actor:
        """The person as the actor of a change."""
        return Actor(self.id, self.name, self.roles, self.only)


@dataclass(frozen=True)
class OpenSession:
    """One signed-in browser of a person."""

    id: str
    person: PersonId
    created: datetime
    last_seen: datetime
    expires: datetime
    client: str


@dataclass(frozen=True)
class OpenLink:
    """A one-time link that can still be redeemed."""

    id: str
    roles: frozenset[Role]
    person: PersonId | None
    """Whose password it renews; None where it makes an account."""
    name: str
    """Of that person; empty for somebody new."""
    made_by: str
    """Name of who made it; empty for who runs the machine."""
    expires: datetime
