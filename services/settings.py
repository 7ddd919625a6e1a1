"""The settings of a run: the one reader of the environment and of the file `.env`."""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from plans.errors import SettingsError
from plans.reading import DEFAULT_PLAN
from services.languages import SOURCE_LANGUAGE, languages
from services.setting_names import reject_misspelt

if TYPE_CHECKING:
    from drives.archive import Archive

__all__ = [
    "Settings",
    "SettingsError",
    "moment_of",
    "present",
    "read_settings",
    "variable_of",
    "with_secrets",
]

_PREFIX = "CHITIEU_"
# Fields whose text is split by their own validators, not read as JSON by pydantic-settings.
_Texts = Annotated[tuple[str, ...], NoDecode]
_Paths = Annotated[tuple[Path, ...], NoDecode]


class Settings(BaseSettings):
    """The settings as documented in `.env.example`: from the environment, else from `.env`, else defaults.

    `now` None means the clock. URLs may hold passwords: they are left out of the representation.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_by_name=True,
        hide_input_in_errors=True,
    )

    home: Path = Field(default=Path(".chitieu"), validate_default=True)
    archive_url: str | None = Field(default=None, validation_alias="CHITIEU_ARCHIVE", repr=False)
    database_url: str | None = Field(default=None, repr=False)
    sources: _Texts = Field(default=(), repr=False)
    plans: _Paths = Field(default=(DEFAULT_PLAN,), validation_alias="CHITIEU_PLAN")
    now: datetime | None = None
    pages_url: str | None = None
    log: Literal["text", "json"] = "text"
    lang: str = SOURCE_LANGUAGE
    smtp_url: str | None = Field(default=None, repr=False)
    dask: str | None = None
    heartbeat_url: str | None = Field(default=None, repr=False)
    metrics_file: Path | None = None
    otlp_endpoint: str | None = Field(
        default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT", repr=False
    )
    openlineage_url: str | None = Field(default=None, validation_alias="OPENLINEAGE_URL", repr=False)
    embedded_idle: float = Field(default=0, ge=0)  # minutes; 0: the server runs until chitieu stop
    signing_key: Path | None = None
    prefect_api_url: str | None = Field(default=None, validation_alias="PREFECT_API_URL")

    @field_validator("*", mode="before")
    @classmethod
    def _strip(cls, value: Any, info: ValidationInfo) -> Any:
        """Strip texts; a blank one is an unset setting."""
        if not isinstance(value, str):
            return value
        return value.strip() or cls.model_fields[str(info.field_name)].get_default()

    @field_validator("lang", mode="after")
    @classmethod
    def _known_language(cls, lang: str) -> str:
        if lang not in languages():
            raise ValueError(f"must be one of {', '.join(languages())}, not {lang!r}")
        return lang

    @field_validator("home", mode="after")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("database_url", mode="after")
    @classmethod
    def _postgresql(cls, url: str | None) -> str | None:
        if url is None:
            return None
        scheme, separator, rest = url.partition("://")
        if not separator or scheme.split("+")[0] not in ("postgresql", "postgres"):
            raise ValueError("must be a PostgreSQL URL such as postgresql://user:password@host:5432/name")
        # What follows the first @ would be shown as the server's name.
        if rest.partition("?")[0].count("@") > 1:
            raise ValueError("has a user or password with @: write it %40")
        return f"postgresql+psycopg://{rest}"  # psycopg 3 is the only driver installed

    @field_validator("sources", mode="before")
    @classmethod
    def _split_sources(cls, value: Any) -> Any:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("plans", mode="before")
    @classmethod
    def _split_plans(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        named = [Path(part.strip()).expanduser() for part in value.split(os.pathsep) if part.strip()]
        return tuple(file for path in named for file in _plan_files(path))

    @field_validator("now", mode="before")
    @classmethod
    def _moment(cls, value: Any) -> Any:
        return _parse_moment(value) if isinstance(value, str) else value

    @field_validator("log", mode="before")
    @classmethod
    def _known_log(cls, value: Any) -> Any:
        if value not in ("text", "json"):
            raise ValueError(f"must be text or json, not {value!r}")
        return value

    @field_validator("heartbeat_url", "otlp_endpoint", "openlineage_url", mode="after")
    @classmethod
    def _http_url(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError("must be a URL such as https://monitor.example.org/ping/chitieu")
        return url

    @field_validator("dask", mode="after")
    @classmethod
    def _cluster(cls, value: str | None) -> str | None:
        if value is None or (value.isascii() and value.isdigit() and int(value) > 0):
            return value
        address = urlsplit(value)
        try:
            if address.scheme in ("tcp", "tls") and address.hostname and address.port:
                return value
        except ValueError:  # a port that is no number
            pass
        raise ValueError(f"must be tcp://host:port, or a number of local workers from 1 on, not {value!r}")

    @field_validator("metrics_file", "signing_key", mode="after")
    @classmethod
    def _absolute_file(cls, file: Path | None) -> Path | None:
        return file.expanduser().absolute() if file else None

    @field_validator("pages_url", mode="after")
    @classmethod
    def _web_url(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://", "file://")):
            raise ValueError(f"must be a URL such as https://host/pages, not {url!r}")
        return url.rstrip("/") if url else None

    @property
    def archive(self) -> "Archive":
        """The archive: a folder, or any storage that fsspec has a protocol for. Raises SettingsError."""
        if self.archive_url is None:
            return self.home / "archive"
        scheme, separator, rest = self.archive_url.partition("://")
        if separator and scheme not in ("file", "local"):
            from drives.object_archive import ObjectArchive  # fsspec, which a folder does not need
            from drives.protocols import known_protocols

            if scheme.lower() not in known_protocols():
                raise SettingsError(f"CHITIEU_ARCHIVE: there is no storage with the protocol {scheme}://.")
            return ObjectArchive(self.archive_url.rstrip("/"))
        return Path(rest if separator else self.archive_url).expanduser().absolute()


def _plan_files(path: Path) -> list[Path]:
    """Return the plan files of a folder in order of name, or the path itself."""
    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml"))
    if not files:
        raise ValueError(f"names the folder {path}, which holds no .yaml file")
    return files


def read_settings() -> Settings:
    """Read the settings from the environment, and from `.env` in the working folder.

    Raises SettingsError: one sentence that names the variable and where it was read.
    """
    reject_misspelt(variable_of(field) for field in Settings.model_fields)
    try:
        return Settings()
    except OSError as error:  # of a relative path
        hint = "Change into a folder that is there."
        raise SettingsError(f"The working folder cannot be used: {error.strerror}.", hint) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        name = variable_of(str(first["loc"][0]))
        place = "the environment" if os.environ.get(name) else ".env"
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name} {reason} (read from {place}).") from None


def variable_of(location: str) -> str:
    """Return the environment variable of a field, which pydantic names by its alias or its own name."""
    if location in Settings.model_fields:
        alias = Settings.model_fields[location].validation_alias
        return alias if isinstance(alias, str) else f"{_PREFIX}{location.upper()}"
    return location.upper()


def with_secrets(
    settings: Settings, find_secret: Callable[[str], str | None], names: Iterable[str]
) -> Settings:
    """Return the settings with unset fields of these names read from a store of secrets.

    `find_secret` returns a secret by its name (`chitieu-database-url`); each call is a request to a server.
    """
    found: dict[str, str] = {}
    for name in names:
        if getattr(settings, name):
            continue
        secret = find_secret(f"chitieu-{name.replace('_', '-')}")
        if secret:
            found[name] = secret
    if not found:
        return settings
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    try:
        return Settings(**(values | found))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        secret = f"chitieu-{str(first['loc'][0]).replace('_', '-')}"
        raise SettingsError(f"The secret {secret} {first['msg'].removeprefix('Value error, ')}.") from None


def moment_of(text: str, name: str, zone: ZoneInfo | None = None) -> datetime:
    """Return an ISO timestamp as a moment; one without an offset is in the zone. Raises SettingsError."""
    try:
        moment = _parse_moment(text)
    except ValueError as error:
        raise SettingsError(f"{name} {error}.") from None
    return moment.replace(tzinfo=zone) if zone and not moment.tzinfo else moment


def _parse_moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"must be an ISO timestamp such as 2020-04-20T08:00:00+07:00, not {text!r}"
        ) from None


def today(settings: Settings) -> date:
    """Return the present day in Vietnam."""
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    return present(settings, zone.key).astimezone(zone).date()


def present(settings: Settings, timezone: str) -> datetime:
    """Return the present moment: CHITIEU_NOW or the clock; without an offset it is in the plan's timezone."""
    if settings.now is None:
        return datetime.now(UTC)
    return settings.now if settings.now.tzinfo else settings.now.replace(tzinfo=ZoneInfo(timezone))
