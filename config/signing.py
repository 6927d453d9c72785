"""The server's secret key: it signs sessions, and links in messages."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


class SecretError(Exception):
    """The key that signs sessions is too short to use."""


def secret_key(folder: Path) -> bytes:
    """Return the server's secret key; at first start, create it readable by its owner only.

    Raises SecretError when the file is too short to be a key.
    """
    path = folder / "secret.key"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        raise SecretError(f"{path} is shorter than {KEY_BYTES} bytes: delete it and start again")
    return key


def signature(key: bytes, purpose: str, text: str) -> str:
    """Return what proves that we wrote `text` for this purpose: 32 hexadecimal digits."""
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()[:32]


def is_signed(key: bytes, purpose: str, text: str, given: str) -> bool:
    """Return whether `given` is our signature of `text` for this purpose."""
    return hmac.compare_digest(signature(key, purpose, text).encode(), given.encode())
