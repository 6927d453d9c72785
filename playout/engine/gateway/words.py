"""A source's faults in words for staff, which never repeat its address: it may hold a key."""

import av

from config.means import lack
from playout.engine.gateway.address import SourceOpening
from playout.engine.libsrt import SrtError


def fault_words(error: Exception, how: SourceOpening) -> str:
    """Say what is wrong, without the address."""
    if lacking := lack(error):
        return f"The source cannot be opened, because {lacking}."
    if isinstance(error, av.ExitError | TimeoutError):
        return "Nothing arrives from the source."
    if isinstance(error, ConnectionRefusedError):
        return "The source's machine refuses the connection."
    if isinstance(error, SrtError):
        return f"The SRT stream cannot be opened: {error}."
    if isinstance(error, OSError) and error.strerror:
        return f"The source cannot be opened: {error.strerror}."
    return f"What arrives over {how.scheme} is not a stream Gavel can read."
