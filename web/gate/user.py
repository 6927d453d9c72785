"""The signed-in person, as Flask-Login and the templates need it."""

from config.names import ChannelId
from scheduler.domain.model.people import Actor, Person, Right, named


class User:
    """A signed-in person with the session they are using."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, person: Person, token: str) -> None:
        self._token = token
        self.person = person
        self.id = person.id
        self.name = person.name
        self.role = named(person.roles)
        self.actor: Actor = person.actor

    def get_id(self) -> str:
        """Return the session's secret, not the person's id: ending the session then signs the
        person out.
        """
        return self._token

    def may(self, right: str, channel: str = "") -> bool:
        """Tell whether the person has a right; templates call `current_user.may('PLAN',
        channel.id)`.
        """
        return self.actor.may(Right[right], ChannelId(channel) if channel else None)
