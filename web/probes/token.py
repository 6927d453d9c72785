"""The token that opens `/metrics`, as the settings give it."""

from config.settings import Settings, SettingsError

SHORTEST_TOKEN = 16
MAKE_TOKEN = "make one with: openssl rand -hex 24"


def metrics_token(settings: Settings) -> str:
    """Return the token; empty while the address is closed.

    Raises SettingsError when the file that should hold it cannot be read, and for a token too short
    to keep anybody out. No error repeats the token.
    """
    given, file = settings.metrics_token.get_secret_value(), settings.metrics_token_file
    if given or file is None:
        return _long_enough("metrics_token", given)
    try:
        text = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        # The error of a decoder repeats what it read.
        why = error.strerror if isinstance(error, OSError) else "it is not plain ASCII"
        raise SettingsError(f"metrics_token_file: cannot read {file}: {why}") from None
    if not text:
        raise SettingsError(f"metrics_token_file: {file} is empty; {MAKE_TOKEN}")
    return _long_enough("metrics_token_file", text)


def _long_enough(key: str, token: str) -> str:
    if token and (len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable()):
        raise SettingsError(
            f"{key}: the token needs {SHORTEST_TOKEN} characters or more, in plain ASCII; "
            f"{MAKE_TOKEN}"
        )
    return token
