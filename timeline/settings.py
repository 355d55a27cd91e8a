"""Every setting, read once at the doors and passed down as plain arguments."""

from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from timeline.errors import UsageError

MIB = 1024 * 1024


class Settings(BaseSettings):
    """`TIMELINE_*` environment variables; each is documented in README.md."""

    model_config = SettingsConfigDict(env_prefix="TIMELINE_", extra="ignore")

    inbox: Path = Field(Path("inbox"), description="folder that is watched; never written to but by `add` and uploads")
    data: Path = Field(Path("data"), description="store, pages and logs")
    site: Path | None = Field(None, description="where pages are written; default DATA/site")
    redis_url: str | None = Field(None, description="a shared Redis; without it `up` starts a private one")
    open_redis: bool = Field(False, description="let a Redis elsewhere do without password and TLS")
    database_url: str | None = Field(None, description="PostgreSQL instead of DATA/timeline.db")
    host: str = "127.0.0.1"
    port: int = Field(8400, ge=0, le=65535, description="0 takes a free port")
    workers: int | None = Field(None, ge=1, description="worker processes; default: the number of processors")
    language: str | None = Field(None, description="language of all documents; default: told from each text")
    date_order: Literal["DMY", "MDY", "YMD"] | None = Field(None, description="for 03/04/2025 when nothing decides")
    time_zone: str | None = Field(None, description="of the inbox: where moments told in UTC become days")
    max_document_bytes: int = Field(100 * MIB, gt=0, description="a larger file fails with its reason")
    max_text_chars: int = Field(20_000_000, gt=0, description="a longer text is cut, and says so")
    soft_time_limit: int = Field(120, gt=0, description="seconds a document may take")
    hard_time_limit: int = Field(180, gt=0, description="seconds after which its process is killed")
    child_memory_bytes: int = Field(2048 * MIB, gt=0, description="RLIMIT_AS of a worker's child")
    queue_window: int = Field(2000, gt=0, description="tasks on the queue at once")
    bytes_in_flight: int = Field(256 * MIB, gt=0, description="document bytes in Redis at once")
    scan_interval: float = Field(60.0, gt=0, description="seconds between full scans of the inbox")
    polling: bool = Field(False, description="poll instead of file system events (network shares)")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    token: str | None = Field(None, description="demanded of every reader and writer; required off 127.0.0.1")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError("no such time zone: name it as Europe/Kyiv or America/New_York")
        return zone

    @property
    def site_dir(self) -> Path:
        """Where pages are written."""
        return self.site or self.data / "site"


@cache
def settings() -> Settings:
    """The settings of this process. Raises UsageError naming the variable that makes no sense."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "TIMELINE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise UsageError(f"{name}={first['input']!r}: {first['msg'].lower()}") from error
