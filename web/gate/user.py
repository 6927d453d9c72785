"""A signed-in person as Flask-Login and the templates want one."""

from config.names import ChannelId
from scheduler.domain.model.people import Actor, Person, Right, named


class User:
    """A signed-in person as Flask-Login wants one."""

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
        """The session's secret, not the person's id: a session that is ended ends here too."""
        return self._token

    def may(self, right: str, channel: str = "") -> bool:
        """For templates: `current_user.may('PLAN', channel.id)`."""
        return self.actor.may(Right[right], ChannelId(channel) if channel else None)
