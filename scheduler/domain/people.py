"""Who may do what: roles, the rights each carries, and the actor named in every change."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from scheduler.domain.names import PersonId


class Role(StrEnum):
    """What a person is to the station; one role each."""

    VIEWER = "viewer"
    PRODUCER = "producer"
    SCHEDULER = "scheduler"
    OPERATOR = "operator"
    EMERGENCY = "emergency"
    ENGINEER = "engineer"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """One kind of act."""

    VIEW = "see the desk"
    PREPARE = "prepare programs, media and slides"
    PLAN = "change the schedule"
    OPERATE = "run what is on air"
    OVERRIDE = "put an emergency on air"
    EQUIP = "set up channels and broadcast machines"
    ADMINISTER = "manage people"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.VIEW}),
    Role.PRODUCER: frozenset({Right.VIEW, Right.PREPARE}),
    Role.SCHEDULER: frozenset({Right.VIEW, Right.PREPARE, Right.PLAN}),
    Role.OPERATOR: frozenset({Right.VIEW, Right.PREPARE, Right.PLAN, Right.OPERATE}),
    Role.EMERGENCY: frozenset({Right.VIEW, Right.OVERRIDE}),
    Role.ENGINEER: frozenset(set(Right) - {Right.ADMINISTER}),
    Role.ADMINISTRATOR: frozenset(Right),
}


@dataclass(frozen=True)
class Actor:
    """Who does something: a person at the desk, or the house itself."""

    id: str
    name: str
    role: Role

    def may(self, right: Right) -> bool:
        """True when the actor's role carries `right`."""
        return right in RIGHTS[self.role]


HOUSE = Actor("house", "Gavel", Role.ADMINISTRATOR)
"""The scheduler process itself, as it stands in the audit trail."""


@dataclass(frozen=True)
class Person:
    """A member of staff, as pages show them; never carries a password."""

    id: PersonId
    login: str
    name: str
    role: Role
    active: bool
    created: datetime

    @property
    def actor(self) -> Actor:
        """The person as the one who does something."""
        return Actor(self.id, self.name, self.role)


@dataclass(frozen=True)
class OpenSession:
    """One signed-in browser of a person."""

    id: str
    person: PersonId
    created: datetime
    last_seen: datetime
    expires: datetime
    client: str
