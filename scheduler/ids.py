"""Random ids and secrets; the only place of the plan that draws from chance."""

import hashlib
import secrets
import uuid


def new_id() -> str:
    """A random id of 32 hex letters."""
    return uuid.uuid4().hex


def new_token() -> str:
    """A secret of 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a secret; it cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
