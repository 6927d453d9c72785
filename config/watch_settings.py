"""The settings by which a machine is watched: its log and its metrics."""

from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings


class WatchSettings(BaseSettings):
    """Settings of log and metrics. `Settings` holds these fields among its own."""

    metrics_token: SecretStr = SecretStr("")
    """Server: the word that opens `/metrics`; the address is closed while there is none."""
    metrics_token_file: Path | None = None
    """Server: a file holding the word, read where metrics_token is empty."""
    log_json: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
