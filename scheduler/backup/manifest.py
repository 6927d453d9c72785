"""The manifest of a snapshot: what is in it, in sizes and hashes. It is written last."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from config.names import AssetKey
from media.store import MediaStore
from scheduler.db.copies import HistoryPlace

FORMAT = 1
"""Raised when a snapshot changes its meaning. A Gavel refuses a format it does not know."""
DATABASE_FILE = "gavel.db"
LARGEST_BYTES = 256 << 20
"""Most bytes of a manifest that are read. A library of a million files takes 120 MB."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$")]
OBJECT_NAME = r"[0-9a-f]{64}(\.[A-Za-z0-9]{1,7})?"
ObjectName = Annotated[str, Field(pattern=f"^{OBJECT_NAME}$")]
"""A file of the media store: the SHA-256 of its bytes, and its ending."""
Size = Annotated[int, Field(ge=0, le=1 << 60)]


@dataclass(frozen=True)
class FileRecord:
    """One file of a snapshot."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: FileName
    size: Size
    sha256: Digest


@dataclass(frozen=True)
class SettingsRecord:
    """A settings file, or a file of a key that the settings name."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    file: FileRecord
    was: str
    """Its path on the machine that was backed up."""


@dataclass(frozen=True)
class ObjectRecord:
    """One file of the media store."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    name: ObjectName
    size: Size


@dataclass(frozen=True)
class ChannelHistory:
    """The place of one channel in the history of its database, by names and not by numbers.

    A restored server that meets a broadcast machine which has a later name asks for the rest.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    entry: str
    """Id of the newest journal entry; empty before the first."""
    command: str
    """Id of the last command; empty before the first."""
    plan: str
    """Digest of the plan that was published last; empty before the first."""


def stored_file(store: Path, name: str) -> Path:
    """Return where the media store under `store` keeps, or would keep, the file of this name."""
    return MediaStore(store).path(AssetKey(name[:64]), name[64:])


def histories(places: Mapping[str, HistoryPlace]) -> dict[str, ChannelHistory]:
    """Return as a manifest writes it where each channel is in its history."""
    return {channel: ChannelHistory(**asdict(place)) for channel, place in places.items()}


@dataclass(frozen=True)
class DatabaseRecord:
    """The copy of the database."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    kind: Literal["sqlite", "postgresql"]
    """The server's. The file is one of SQLite for both, which a restore can put into either."""
    file: FileRecord
    step: str
    """The migration it stands on."""
    rows: dict[str, int]
    """Rows of each table."""
    history: dict[str, ChannelHistory]


@dataclass(frozen=True)
class Manifest:
    """Everything in one snapshot. Instants are in UTC."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    format: int
    gavel: str
    """The version of Gavel that made it."""
    began: datetime
    ended: datetime
    database: DatabaseRecord
    settings: tuple[SettingsRecord, ...]
    objects: tuple[ObjectRecord, ...]
    damaged: tuple[str, ...]
    """Files of the media store whose bytes did not match their name, or could not be read."""
    lacking: tuple[Digest, ...]
    """Media that rows name and that are not in this snapshot: damaged, gone, or a recording that
    has not come from its broadcast machine."""


_ADAPTER = TypeAdapter(Manifest)


def write(manifest: Manifest) -> bytes:
    """Return the manifest as JSON."""
    return _ADAPTER.dump_json(manifest, indent=1)


def read(content: bytes) -> Manifest:
    """Return a manifest. Raises ValueError that says where it is wrong."""
    try:
        manifest = _ADAPTER.validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise ValueError(f"{place}: {first['msg']}") from None
    if manifest.format != FORMAT:
        raise ValueError(f"it has format {manifest.format}, and this Gavel reads {FORMAT}")
    return manifest
