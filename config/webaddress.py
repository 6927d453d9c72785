"""A web address that staff give to viewers: one rule for every field that takes one."""

from typing import NewType
from urllib.parse import urlsplit

WebAddress = NewType("WebAddress", str)
"""An address that `read` accepted, or empty for none; safe in a page, a feed or a header."""
LONGEST_ADDRESS = 400
"""Most characters, as the database column has them."""


class NotAnAddress(ValueError):
    """A text that is no web address; the message says what is wrong and what to do."""


def read(text: str) -> WebAddress:
    """Return the address as a type of its own; empty text is no address. Raises NotAnAddress.

    Spaces, line breaks and unprintable characters are refused everywhere in it: a line break in an
    address once took a channel's feeds off the web.
    """
    if not text:
        return WebAddress("")
    if not text.isprintable() or " " in text:
        raise NotAnAddress("An address has no spaces and no line breaks: type it again.")
    if len(text) > LONGEST_ADDRESS:
        raise NotAnAddress(f"An address has up to {LONGEST_ADDRESS} characters; use a shorter one.")
    if not text.lower().startswith(("https://", "http://")):
        raise NotAnAddress("An address starts with https://")
    if not _has_host(text):
        raise NotAnAddress("Enter the site: the part after https://")
    return WebAddress(text)


def problem(text: str) -> str:
    """Say what is wrong with an address, in a sentence; empty when it may be kept."""
    try:
        read(text)
    except NotAnAddress as error:
        return str(error)
    return ""


def usable(text: str) -> WebAddress:
    """Return the address, or an empty one where the text is no address: a bad one must not stop a
    page.
    """
    return WebAddress("") if problem(text) else WebAddress(text)


def _has_host(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
