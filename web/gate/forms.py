"""The forms of signing in and of passwords."""

from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from web.kit.bounds import line
from web.kit.forms import REQUIRED, DeskForm

SHORTEST_PASSWORD = 12


TOO_LONG = "A password has up to 200 characters."


class LoginForm(DeskForm):
    """Name and password."""

    login = line("Sign-in name", 120, [InputRequired(REQUIRED)])
    password = PasswordField(
        "Password", validators=[InputRequired(REQUIRED), Length(max=200, message=TOO_LONG)]
    )


class WelcomeForm(DeskForm):
    """What somebody with a one-time link chooses."""

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
    """A new password, chosen by its owner."""

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
