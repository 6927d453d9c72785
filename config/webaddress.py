"""A web address, such as staff give to viewers: one rule for every field that takes one."""

from typing import NewType
from urllib.parse import urlsplit

WebAddress = NewType("WebAddress", str)
"""An address that `read` took, or empty for none: it may stand in a page, a feed or a header."""
LONGEST_ADDRESS = 400
"""Letters the database has room for."""


class NotAnAddress(ValueError):
    """Its words say what is wrong, and what to do."""


def read(text: str) -> WebAddress:
    """The address as a type of its own; empty text is none. Raises NotAnAddress.

    Spaces, line breaks and what does not print are refused everywhere in it: one line break in an
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
    """What is wrong with it, in a sentence; empty when it may be kept."""
    try:
        read(text)
    except NotAnAddress as error:
        return str(error)
    return ""


def usable(text: str) -> WebAddress:
    """The address, or none where it is not one: what is wrong with one takes nothing else away."""
    return WebAddress("") if problem(text) else WebAddress(text)


def _has_host(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
