"""A live input as engineers set it up: its name, sound, and address."""

import re
from dataclasses import dataclass

from config import sourceaddress
from config.sourceaddress import NotASource, SourceAddress
from playout.model.source import SoundMap
from scheduler.domain.model.ids import SourceId

_EXPECTS = re.compile(r"\d{2,5}x\d{2,5}@\d{1,6}(/\d{1,5})?")
GAIN_LIMIT = 24.0
DOUBLED = "an option is written twice, and its last value counts: enter the address again"
"""What pages say of an address that a version before this one took."""


@dataclass(frozen=True)
class SourceDraft:
    """The fields of a source that engineers may set."""

    name: str
    address: str = ""
    """Where it comes from, keys included; empty keeps the address it has."""
    gain_db: float = 0.0
    sound: SoundMap = SoundMap.STEREO
    limiter: bool = True
    expects: str = ""
    starts_on_signal: bool = False
    ends_on_silence: bool = False


@dataclass(frozen=True)
class KnownSource:
    """A source as pages may show it: without its address."""

    id: SourceId
    draft: SourceDraft
    """Its `address` is always empty."""
    shown: str
    """`srt://10.0.0.5:9000 · key set`."""
    retired: bool
    version: int

    @property
    def name(self) -> str:
        """Its name."""
        return self.draft.name


def shown(address: str) -> str:
    """Return the part of an address that people may read: its target, and whether it holds a key.

    Keys hide in user names, paths and queries alike, so none of those is ever repeated.
    """
    try:
        parts = sourceaddress.read_stored(address)
    except NotASource:
        return "an address that cannot be read"
    said = _target(parts)
    return f"{said} · {DOUBLED}" if parts.is_doubled else said


def _target(parts: SourceAddress) -> str:
    if parts.scheme == "test":
        return "built-in test picture"
    if parts.scheme == "v4l2":
        return "a capture device of the broadcast machine"
    host = f"[{parts.host}]" if ":" in parts.host else parts.host
    where = f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}"
    secret = parts.user or "?" in parts.tail or len(parts.path) > 1
    return f"{where} · key set" if secret else where


def problems(draft: SourceDraft, *, is_new: bool) -> dict[str, str]:
    """Return a sentence for each field that is wrong; empty when the draft may be saved.

    No sentence repeats any part of the address.
    """
    errors: dict[str, str] = {}
    if not draft.name.strip() or len(draft.name) > 80:
        errors["name"] = "Give the source a name of up to 80 characters, such as Council Chamber."
    if draft.address or is_new:
        wrong = _address_problem(draft.address)
        if wrong:
            errors["address"] = wrong
    if not abs(draft.gain_db) <= GAIN_LIMIT:
        errors["gain_db"] = "Use a gain between −24 and +24 dB."
    if draft.expects and not _EXPECTS.fullmatch(draft.expects):
        errors["expects"] = "Write the format like 1920x1080@30000/1001, or leave it empty."
    return errors


def _address_problem(address: str) -> str:
    if not address:
        return "Enter its address, such as srt://10.0.0.5:9000."
    try:
        sourceaddress.read(address)
    except NotASource as wrong:
        return str(wrong)
    return ""
