"""Random ids and secrets. Nothing else in the scheduler draws random numbers."""

import hashlib
import secrets
import uuid


def new_id() -> str:
    """Return a random id of 32 hexadecimal digits."""
    return uuid.uuid4().hex


def new_token() -> str:
    """Return a secret of 256 bits, safe to put into a web address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return the SHA-256 hash of a secret, which is all that the database stores of it."""
    return hashlib.sha256(token.encode()).hexdigest()
