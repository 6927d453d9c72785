"""The settings of watch folders: folders whose files are taken into the library."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.archive_settings import ArchiveSettings

Tag = Annotated[str, Field(min_length=1, max_length=40)]


class WatchFolder(BaseModel):
    """One folder of the server whose files are taken into the library."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path
    """Where it is, as the server sees it: a local folder or a mounted share."""
    name: Annotated[str, Field(max_length=80)] = ""
    """What pages call it, and who "uploaded" its files; empty for the folder's own name."""
    tags: Annotated[tuple[Tag, ...], Field(max_length=20)] = ()
    """Tags that each of its files gets."""
    program: Annotated[str, Field(max_length=200)] = ""
    """Title of the program that its files belong to; empty for none."""
    steady_seconds: Annotated[int, Field(ge=10, le=3600)] = 60
    """A file counts as complete when its size and time have not changed for this long."""

    @model_validator(mode="after")
    def _a_whole_path(self) -> Self:
        if not self.path.is_absolute() or self.path == Path("/"):
            raise ValueError(f"{str(self.path)!r} is not a folder; write it like /mnt/nas/incoming")
        return self

    @property
    def title(self) -> str:
        """The name that people read."""
        return self.name or self.path.name


class IntakeSettings(ArchiveSettings):
    """Settings of watch folders. `Settings` holds these fields among its own."""

    watch_folders: Annotated[tuple[WatchFolder, ...], Field(max_length=20)] = ()
    """Server: folders whose files are taken into the library, each for itself."""

    @model_validator(mode="after")
    def _folders_apart(self) -> Self:
        for folder in self.watch_folders:
            for other in self.watch_folders:
                if folder is not other and folder.path.is_relative_to(other.path):
                    raise ValueError(
                        f"watch folder {folder.path} lies in {other.path}; name folders apart"
                    )
        return self
