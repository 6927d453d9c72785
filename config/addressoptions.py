"""The options of an address, after its question mark: one rule for sources and targets.

Worked example: `mode=listener&passphrase=a%26b+c` is a mode, and a passphrase of `a&b+c`. A plus is
a plus: passphrases hold it, and only forms of the web write a space that way. A name that stands
twice is refused, because two readers would take another of the two.
"""

from urllib.parse import unquote


class WrittenTwiceError(ValueError):
    """An option that stands twice. The message holds no part of the address."""


def last_options_of(text: str) -> dict[str, str]:
    """Return the options by name as versions before this one read them: of a name that stands
    twice, the last value that is not empty. What they stored opens as it did.
    """
    pairs = (part.partition("=") for part in text.split("&") if part)
    return {unquote(name): unquote(value) for name, _, value in pairs if value}


def options_of(text: str) -> dict[str, str]:
    """Return the options by name, decoded; one without a value has an empty one.

    Raises WrittenTwiceError where a name stands twice, however it is encoded.
    """
    found: dict[str, str] = {}
    for part in text.split("&"):
        name, _, value = part.partition("=")
        if not part:
            continue
        if unquote(name) in found:
            raise WrittenTwiceError("Write each option of an address once.")
        found[unquote(name)] = unquote(value)
    return found
