"""Forms of the house: signing in, channels, broadcast machines and people."""

from datetime import timedelta

from wtforms import IntegerField, PasswordField, StringField
from wtforms.fields import HiddenField
from wtforms.validators import EqualTo, InputRequired, Length

from scheduler.domain.channel import ChannelDraft
from scheduler.domain.people import Role
from web.forms import NEEDED, DeskForm

SHORTEST_PASSWORD = 12
ROLE_WORDS = (
    (Role.VIEWER, "sees every page of the desk and changes nothing"),
    (
        Role.PRODUCER,
        "everything a viewer can do, plus proposing airings; adds and changes programs, media, "
        "filler and bulletins, which reach the air on every channel without a scheduler's yes",
    ),
    (Role.SCHEDULER, "everything a producer can do, plus changing the schedule"),
    (Role.OPERATOR, "everything a scheduler can do, plus running what is on air"),
    (Role.EMERGENCY, "everything a viewer can do, plus putting an emergency message on air"),
    (
        Role.ENGINEER,
        "everything an operator and the emergency role can do, "
        "plus setting up channels, sources and broadcast machines",
    ),
    (Role.ADMINISTRATOR, "everything an engineer can do, plus managing people"),
)
"""What each role may do, in words, as the people page says it."""


class LoginForm(DeskForm):
    """Name and password."""

    login = StringField("Sign-in name", validators=[InputRequired(NEEDED)])
    password = PasswordField("Password", validators=[InputRequired(NEEDED)])


class WelcomeForm(DeskForm):
    """What somebody with a one-time link chooses."""

    name = StringField("Your name, as colleagues read it", validators=[InputRequired(NEEDED)])
    login = StringField("Sign-in name", validators=[InputRequired(NEEDED)])
    password = PasswordField(
        "Password",
        validators=[
            InputRequired(NEEDED),
            Length(SHORTEST_PASSWORD, 200, "Use at least 12 letters; a sentence is good."),
        ],
    )
    again = PasswordField(
        "Password once more", validators=[EqualTo("password", "The two passwords differ.")]
    )


class PasswordForm(DeskForm):
    """A new password, chosen by its owner."""

    old = PasswordField("Password now", validators=[InputRequired(NEEDED)])
    password = PasswordField("New password", validators=[InputRequired(NEEDED)])
    again = PasswordField(
        "New password once more", validators=[EqualTo("password", "The two passwords differ.")]
    )


class ChannelForm(DeskForm):
    """What staff may set on a channel."""

    slug = StringField("Short name in addresses", validators=[InputRequired(NEEDED)])
    name = StringField("Name", validators=[InputRequired(NEEDED)])
    numbers = StringField("Where viewers tune")
    zone = StringField("Time zone", validators=[InputRequired(NEEDED)])
    format = StringField("House format", validators=[InputRequired(NEEDED)])
    station = StringField("Station name on slates")
    slate_text = StringField("Words of the slate")
    watch = StringField("Watch on the web")
    repeat_minutes = IntegerField("Minutes before filler repeats", default=60)
    version = HiddenField()

    def draft(self) -> ChannelDraft:
        """What was typed."""
        text = {
            name: (self[name].data or "").strip()
            for name in (
                "slug",
                "name",
                "numbers",
                "zone",
                "format",
                "station",
                "slate_text",
                "watch",
            )
        }
        again = timedelta(minutes=self.repeat_minutes.data or 0)
        return ChannelDraft(filler_no_repeat=again, **text)


class HostForm(DeskForm):
    """A broadcast machine."""

    name = StringField("Name of the machine", validators=[InputRequired(NEEDED)])
