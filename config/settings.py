"""The settings of a machine: defaults, then gavel.toml, then the environment."""

import os
import re
import tomllib
from datetime import time
from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeInt,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from config import webaddress
from config.alert_settings import AlertSettings
from config.backup_settings import KeepSettings
from config.intake_settings import IntakeSettings
from config.names import AUDIO_KBPS, HouseFormat, broadcast_shape
from config.pair_settings import PairSettings

CONFIG_FILE = "GAVEL_CONFIG"
SOURCE_NETWORKS = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
    "127.0.0.0/8",
    "224.0.0.0/4",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
    "ff00::/8",
)
"""Private networks, this machine, and multicast."""


class SettingsError(Exception):
    """Settings that cannot be used; the text names each key and what to write instead."""


class ChannelSettings(BaseModel):
    """One channel that this broadcast machine airs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = "1280x720@30000/1001"
    """House format, WIDTHxHEIGHT@RATE."""
    outputs: tuple[str, ...] = Field((), repr=False)
    """Targets as `config.targetgrammar` reads them. They may hold passphrases and stream keys."""
    video_kbps: int = 4000
    audio_kbps: int = 192
    preset: str = "superfast"
    """x264 preset of the one encode: ultrafast where processors are few."""
    video: Literal["h264", "mpeg2"] = "h264"
    """Codec of the picture."""
    scan: Literal["progressive", "interlaced"] = "progressive"
    """Interlaced for headends that ask for 1080i or 480i: of two pictures of a house at 50, 59.94
    or 60, the upper field first; a house at 25, 29.97 or 30 sends each picture in two fields."""
    coded_width: Literal[0, 704, 720] = 0
    """Columns of the coded picture, for headends of 480i; 0 for those of the house."""
    audio: Literal["mp2", "ac3"] = "mp2"
    """Codec of the sound: MPEG layer 2, or AC-3 as American headends want it."""
    stream_kbps: NonNegativeInt = 0
    """Rate of the stream, null packets included; 0 for what picture and sound need."""
    service_name: str = Field("", max_length=50)
    """Name of the channel in the stream's tables; empty for its short name."""
    service_provider: str = Field("", max_length=50)
    """Name of its provider there; empty for the station's."""
    language: str = "eng"
    """Language of sound and captions there: three letters of ISO 639-2."""
    psip: bool = False
    """Whether the stream has the tables of ATSC (MGT, TVCT, STT) too."""
    channel_number: str = "1.1"
    """Number of the channel in those tables, like `13.1`."""
    display: str = ""
    """X display for `screen`; empty for that of the session."""
    open_captions: bool = False
    """Whether captions are drawn into the picture of `screen`, which has no other way for them."""
    second_recording: Path | None = None
    """Folder, on another disk, for a second copy of every recording; empty for none."""
    pair: PairSettings | None = None
    """The channel's other machine; empty where it has one."""
    watch_output: bool = True  # Read back what leaves and compare it (docs/design/watching.md).
    music: Path | None = None
    """Folder of licensed music that plays under bulletins and slates; empty for silence."""
    music_in_recess: bool = False
    """Whether it also plays while a live is in recess."""

    @field_validator("format")
    @classmethod
    def _known_format(cls, text: str) -> str:
        return str(HouseFormat.parse(text))

    @field_validator("language")
    @classmethod
    def _three_letters(cls, text: str) -> str:
        if not re.fullmatch("[a-z]{3}", text):
            raise ValueError(f"{text!r} is not a language; write three letters, like eng or spa")
        return text

    @field_validator("channel_number")
    @classmethod
    def _two_numbers(cls, text: str) -> str:
        if not re.fullmatch(r"[1-9][0-9]{0,2}[.-][0-9]{1,3}", text):
            raise ValueError(f"{text!r} is not a channel number; write it like 13.1")
        return text

    @model_validator(mode="after")
    def _rates_that_codecs_have(self) -> Self:
        known = AUDIO_KBPS[self.audio]
        if self.audio_kbps not in known:
            rates = ", ".join(map(str, known))
            raise ValueError(f"audio_kbps for {self.audio} is one of {rates}")
        return self

    @model_validator(mode="after")
    def _fields_that_frames_have(self) -> Self:
        whole = round(self.house.rate)
        if self.scan == "interlaced" and (whole not in (25, 30, 50, 60) or self.house.height % 4):
            raise ValueError(
                f"{self.format} has no fields; interlaced needs a rate of 25, 29.97, 50 or 59.94 "
                "and a height that divides by four, like 1920x1080@60000/1001"
            )
        return self

    @model_validator(mode="after")
    def _columns_of_a_known_shape(self) -> Self:
        if self.coded_width:
            broadcast_shape(self.house)
        return self

    @property
    def house(self) -> HouseFormat:
        """The house format as a value."""
        return HouseFormat.parse(self.format)


class Settings(IntakeSettings):
    """All settings of a process. Data of the station is in the database, not here."""

    model_config = SettingsConfigDict(
        env_prefix="GAVEL_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    data_dir: Path = Path("/var/lib/gavel")
    """Folder Gavel owns: database, media, uploads, state of each channel."""
    database_url: str = ""
    """SQLAlchemy address; empty for SQLite in data_dir."""
    bind: str = "127.0.0.1:8080"
    """Address and port the web server listens on."""
    base_url: str = "http://127.0.0.1:8080"
    """How browsers and calendar clients reach this server."""
    trusted_proxies: NonNegativeInt = 0
    """Number of proxies before the web server, each of which adds its caller to X-Forwarded-For.
    Sign-in attempts are counted, and refusals logged, by the address found that way."""
    domain: str = "gavel.invalid"
    """Domain in calendar UIDs; set once, never change."""
    station: str = "City Channel"
    """Name of the station on slates and pages."""
    server_url: str = "http://127.0.0.1:8080"
    """Broadcast machine: where it pulls its plan from."""
    host_key: SecretStr = SecretStr("")
    """Broadcast machine: its key, as the Hosts page showed it once."""
    host_key_file: Path | None = None
    """Broadcast machine: a file holding the key, read where host_key is empty."""
    media_dir: Path | None = None
    """Broadcast machine: its store of media; empty for data_dir/media (a single box shares it)."""
    media_is_cache: bool = False
    """True on a broadcast machine of its own: the store fetches what it lacks and may evict."""
    fetch_megabits: int = Field(default=200, ge=0, le=100_000)
    """Broadcast machine: most megabits a second for files needed after an hour; 0 for no limit."""
    source_networks: tuple[str, ...] = SOURCE_NETWORKS
    """Broadcast machine: networks a live source may be on; any other address is refused."""
    speech_model: Path | None = None
    """Folder of a Whisper model in CTranslate2's form, for automatic captions; empty for none."""
    backup_folder: Path | None = None
    """Folder of backups, on another disk, made by `gavel backup --init`; empty for none."""
    backup_at: time = time(3, 30)
    backup_keep: KeepSettings = KeepSettings()
    alerts: AlertSettings = AlertSettings()
    """Mail, webhooks and heartbeats, on the server and on each broadcast machine."""
    channels: dict[str, ChannelSettings] = {}
    """Channels this machine airs, by slug."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, os.environ.get(CONFIG_FILE))
        return init_settings, _WithoutConfigName(env_settings), toml

    @field_validator("source_networks")
    @classmethod
    def _networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        for network in networks:
            try:
                ip_network(network)
            except ValueError as error:
                raise ValueError(
                    f"{network!r} is not a network; write it like 10.0.0.0/8"
                ) from error
        return networks

    @field_validator("base_url", "server_url")
    @classmethod
    def _an_address(cls, text: str) -> str:
        if not text or webaddress.problem(text):
            raise ValueError(f"{text!r} is not an address; write it like https://tv.example.gov")
        return text.rstrip("/")

    @property
    def database(self) -> str:
        """The database's address, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'gavel.db'}"

    @property
    def media_root(self) -> Path:
        """The folder of the content-addressed store."""
        return self.media_dir or self.data_dir / "media"

    @property
    def uploads(self) -> Path:
        """The folder where uploads wait for ingest."""
        return self.data_dir / "uploads"

    def channel_dir(self, channel: str) -> Path:
        """Return the folder of one channel's state on the broadcast machine."""
        return self.data_dir / "air" / channel

    def key(self) -> str:
        """Return the host key. Raises SettingsError when the file that should hold it cannot be
        read.
        """
        if self.host_key.get_secret_value() or self.host_key_file is None:
            return self.host_key.get_secret_value()
        try:
            return self.host_key_file.read_text().strip()
        except OSError as error:
            raise SettingsError(f"host_key_file: cannot read the host key: {error}") from error


class _WithoutConfigName(PydanticBaseSettingsSource):
    """The environment without the one variable that names the settings file."""

    def __init__(self, inner: PydanticBaseSettingsSource) -> None:
        super().__init__(inner.settings_cls)
        self._inner = inner

    def get_field_value(self, field: object, field_name: str) -> tuple[object, str, bool]:
        raise NotImplementedError  # pydantic asks __call__ for the whole mapping

    def __call__(self) -> dict[str, object]:
        return {key: value for key, value in self._inner().items() if key != "config"}


def settings_file() -> Path | None:
    """Return the file this process reads its settings from; None where it reads only the
    environment.
    """
    named = os.environ.get(CONFIG_FILE)
    return Path(named) if named else None


def load_settings() -> Settings:
    """Load this process's settings. Raises SettingsError that names every wrong key at once."""
    named = settings_file()
    if named and not named.is_file():
        raise SettingsError(f"{CONFIG_FILE} names {named}, which is not a file")
    try:
        return Settings()
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{named} cannot be read: {error}") from error
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {_in_words(e)}" for e in error.errors()]
        raise SettingsError("these settings need fixing:\n  " + "\n  ".join(lines)) from error


def _in_words(error: ErrorDetails) -> str:
    plain = {
        "extra_forbidden": "there is no such setting; is it misspelled?",
        "tuple_type": 'write a list, like ["udp://239.1.1.1:5000"]',
    }
    return plain.get(error["type"], error["msg"].removeprefix("Value error, "))
