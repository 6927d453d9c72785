"""The settings of backups: how many snapshots are kept, and when the nightly one is made."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=1, le=1000)]


class KeepSettings(BaseModel):
    """The rule for what is kept: of each of the last days, weeks and months the newest snapshot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    daily: Count = 7
    weekly: Count = 4
    monthly: Count = 12
