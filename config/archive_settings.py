"""The settings of the second store, to which the server copies what it keeps for long."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from config.watch_settings import WatchSettings


class ArchiveSettings(WatchSettings):
    """Settings of the second store. `Settings` holds these fields among its own."""

    archive_folder: Path | None = None
    """Server: folder on another disk or a share, made by `gavel archive --init`; empty for none."""
    archive_after_days: Annotated[int, Field(ge=0, le=36_500)] = 30
    """Server: days after the last airing from which a file is copied there. What is kept for ever
    is copied at once."""
    archive_rest_days: Annotated[int, Field(ge=1, le=36_500)] = 180
    """Server: days after a file was needed last from which it rests in the archive alone, if a
    backup or a machine has a second copy: the server's disk gets its room back. 36500 for never."""
