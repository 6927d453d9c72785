"""Contacts as engineers set them up, and the bounds of what a report of a fault may hold."""

import re
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

from playout.alerts.conditions import Severity
from playout.alerts.routing import EVERY_DAY
from playout.alerts.tracking import Observation
from playout.model.wire import HostTold
from scheduler.domain.model.text import one_line

LONGEST_NAME = 80
LONGEST_WAIT = timedelta(hours=24)
SHORTEST_REMINDER = timedelta(minutes=5)
_MAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,180}")
_NAME_IN_SETTINGS = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class FaultList:
    """All that one reporter sees wrong on some channels; what it does not list is well."""

    reporter: str
    channels: frozenset[str] | None
    """None where the list speaks of the whole station."""
    holding: tuple[Observation, ...]
    host: str = ""
    """Name of the broadcast machine that reports, if one does."""
    told: tuple[HostTold, ...] = ()
    """Those of them that the machine told people of by itself."""


class Way(StrEnum):
    """The ways in which a contact is told."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    SERVICE = "service"
    """Any service that Apprise knows: a pager, a chat, a text message."""


@dataclass(frozen=True)
class ContactDraft:
    """The fields of a contact that engineers may set."""

    name: str
    way: Way = Way.MAIL
    target: str = ""
    """A mail address; or the name under which the settings file holds a secret address."""
    channels: frozenset[str] | None = None
    least: Severity = Severity.IMPORTANT
    after: timedelta = timedelta(0)
    remind: timedelta | None = None
    days: frozenset[int] = EVERY_DAY
    starts: time = time(0)
    until: time = time(0)
    urgent_any_time: bool = True


@dataclass(frozen=True)
class KnownContact:
    """A contact as pages show it."""

    id: str
    draft: ContactDraft
    archived: bool
    version: int

    @property
    def name(self) -> str:
        """Its name."""
        return self.draft.name


def problems(draft: ContactDraft) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved."""
    errors: dict[str, str] = {}
    if not one_line(draft.name) or len(draft.name) > LONGEST_NAME:
        errors["name"] = f"Give a name of up to {LONGEST_NAME} characters, such as Night operator."
    target = draft.target.strip()
    if draft.way is Way.MAIL and not _MAIL.fullmatch(target):
        errors["target"] = "Enter one mail address, such as tv@example.gov."
    elif draft.way is not Way.MAIL and not _NAME_IN_SETTINGS.fullmatch(target):
        errors["target"] = (
            "Enter the name that the settings file gives the address, such as pager: "
            "lowercase letters, digits and dashes."
        )
    if not timedelta(0) <= draft.after <= LONGEST_WAIT:
        errors["after"] = "Enter 0 to 1440 minutes."
    if draft.remind is not None and not SHORTEST_REMINDER <= draft.remind <= LONGEST_WAIT:
        errors["remind"] = "Enter 5 to 1440 minutes, or leave it empty for no reminders."
    if not draft.days or not draft.days <= EVERY_DAY:
        errors["days"] = "Choose at least one day."
    return errors
