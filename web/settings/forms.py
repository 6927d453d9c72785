"""Forms of the house: signing in, channels, broadcast machines and people."""

from datetime import timedelta

from wtforms import PasswordField
from wtforms.fields import HiddenField
from wtforms.validators import EqualTo, InputRequired, Length

from scheduler.domain.model.channel import ChannelDraft
from scheduler.domain.model.people import Role
from web.kit.bounds import WholeField, line
from web.kit.forms import NEEDED, DeskForm

SHORTEST_PASSWORD = 12
TOO_LONG = "A password has up to 200 characters."
ROLE_WORDS = (
    (Role.VIEWER, "sees every staff page and changes nothing"),
    (
        Role.PRODUCER,
        "everything a viewer can do, plus adding and changing programs and media, and proposing "
        "airings, filler and bulletins, which air only once a scheduler approves them; viewers "
        "see a program's new title and text immediately",
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

    login = line("Sign-in name", 120, [InputRequired(NEEDED)])
    password = PasswordField(
        "Password", validators=[InputRequired(NEEDED), Length(max=200, message=TOO_LONG)]
    )


class WelcomeForm(DeskForm):
    """What somebody with a one-time link chooses."""

    name = line("Your name, as colleagues see it", 120, [InputRequired(NEEDED)])
    login = line("Sign-in name", 120, [InputRequired(NEEDED)])
    password = PasswordField(
        "Password",
        validators=[
            InputRequired(NEEDED),
            Length(
                SHORTEST_PASSWORD, 200, "Use at least 12 characters; a short sentence works well."
            ),
        ],
    )
    again = PasswordField(
        "Repeat the password", validators=[EqualTo("password", "The two passwords do not match.")]
    )


class PasswordForm(DeskForm):
    """A new password, chosen by its owner."""

    old = PasswordField(
        "Current password", validators=[InputRequired(NEEDED), Length(max=200, message=TOO_LONG)]
    )
    password = PasswordField(
        "New password", validators=[InputRequired(NEEDED), Length(max=200, message=TOO_LONG)]
    )
    again = PasswordField(
        "Repeat the new password",
        validators=[EqualTo("password", "The two passwords do not match.")],
    )


class ChannelForm(DeskForm):
    """What staff may set on a channel."""

    slug = line("Short name in addresses", 32, [InputRequired(NEEDED)])
    name = line("Name", 80, [InputRequired(NEEDED)])
    numbers = line("Channel numbers by provider", 200)
    zone = line("Time zone", 64, [InputRequired(NEEDED)])
    format = line("House format", 40, [InputRequired(NEEDED)])
    station = line("Station name on the slate", 80)
    slate_text = line("Slate text", 200)
    watch = line("Watch on the web", 400)
    repeat_minutes = WholeField("Minutes before filler repeats", default=60)
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

    name = line("Name of the machine", 120, [InputRequired(NEEDED)])
