"""Forms for signing in and for passwords."""

from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from web.kit.bounds import line
from web.kit.forms import REQUIRED, DeskForm

SHORTEST_PASSWORD = 12


TOO_LONG = "A password has up to 200 characters."


class LoginForm(DeskForm):
    """Sign-in name and password."""

    login = line("Sign-in name", 120, [InputRequired(REQUIRED)])
    password = PasswordField(
        "Password", validators=[InputRequired(REQUIRED), Length(max=200, message=TOO_LONG)]
    )


class WelcomeForm(DeskForm):
    """The account that the owner of a one-time link creates."""

    name = line("Your name, as colleagues see it", 120, [InputRequired(REQUIRED)])
    login = line("Sign-in name", 120, [InputRequired(REQUIRED)])
    password = PasswordField(
        "Password",
        validators=[
            InputRequired(REQUIRED),
            Length(
                SHORTEST_PASSWORD, 200, "Use at least 12 characters; a short sentence works well."
            ),
        ],
    )
    again = PasswordField(
        "Repeat the password", validators=[EqualTo("password", "The two passwords do not match.")]
    )


class PasswordForm(DeskForm):
    """A new password for one's own account."""

    old = PasswordField(
        "Current password", validators=[InputRequired(REQUIRED), Length(max=200, message=TOO_LONG)]
    )
    password = PasswordField(
        "New password", validators=[InputRequired(REQUIRED), Length(max=200, message=TOO_LONG)]
    )
    again = PasswordField(
        "Repeat the new password",
        validators=[EqualTo("password", "The two passwords do not match.")],
    )
