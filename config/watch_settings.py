"""The settings by which a machine is watched, and watches others: log, metrics, witness."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

ADDRESS = r"^(|([0-9.]+|\[[0-9a-fA-F:.]+\]):[1-9][0-9]{0,4})$"
"""An address of this machine with a port, or nothing."""


class WatchSettings(BaseSettings):
    """Settings of log, metrics and witness. `Settings` holds these fields among its own."""

    metrics_token: SecretStr = SecretStr("")
    """Server: the word that opens `/metrics`; the address is closed while there is none."""
    metrics_token_file: Path | None = None
    """Server: a file holding the word, read where metrics_token is empty."""
    metrics_address: Annotated[str, Field(pattern=ADDRESS, max_length=80)] = "127.0.0.1:9464"
    """Broadcast machine: where its first channel shows its metrics, each further channel one port
    higher; empty for nowhere. Whoever reaches it may read them."""
    log_json: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_file: Path | None = None
    """File of the log; empty for standard error. All processes of the machine share it."""
    log_file_megabytes: Annotated[int, Field(ge=1, le=4096)] = 20
    """Size at which a new file begins."""
    log_files_kept: Annotated[int, Field(ge=1, le=100)] = 5
    """How many full files stay beside the present one."""
    witness: bool | None = None
    """Server: whether it votes on which of a channel's two machines may send. Of several servers
    that share a database only one may, or two machines could send at once. Unsaid, a server on
    SQLite votes, since it is alone, and one on PostgreSQL does not (`web.kit.witness.votes`)."""
