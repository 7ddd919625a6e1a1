"""The settings of a run, from the environment and a `.env` file: the one place that reads either."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dotenv import dotenv_values

from plans.reading import DEFAULT_PLAN


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and says what to write."""


@dataclass(frozen=True)
class Settings:
    """What `docs` and the README call the settings; `now` None means the clock.

    The URLs may carry passwords: they are not part of what is shown of the settings.
    """

    home: Path
    database_url: str | None = field(repr=False)
    sources: tuple[str, ...] = field(repr=False)
    plan_file: Path
    now: datetime | None
    smtp_url: str | None = field(default=None, repr=False)
    dask: str | None = None

    @property
    def archive(self) -> Path:
        """The folder of the landing archive."""
        return self.home / "archive"


def read_settings(folder: Path | None = None) -> Settings:
    """Read the settings from the environment, and from `.env` in the folder where the environment is silent.

    Raises SettingsError in one sentence.
    """
    written = {k: v for k, v in dotenv_values((folder or Path.cwd()) / ".env").items() if v}
    values = written | {key: value for key, value in os.environ.items() if value.strip()}
    url = values.get("CHITIEU_DATABASE_URL", "").strip() or None
    return Settings(
        home=Path(values.get("CHITIEU_HOME", ".chitieu")).expanduser().absolute(),
        database_url=_postgresql(url) if url else None,
        sources=tuple(values.get("CHITIEU_SOURCES", "").split()),
        plan_file=Path(values.get("CHITIEU_PLAN") or DEFAULT_PLAN).expanduser(),
        now=moment_of(values["CHITIEU_NOW"], "CHITIEU_NOW") if values.get("CHITIEU_NOW") else None,
        smtp_url=values.get("CHITIEU_SMTP_URL", "").strip() or None,
        dask=values.get("CHITIEU_DASK", "").strip() or None,
    )


def with_secrets(settings: Settings, find: Callable[[str], str | None], wanted: Iterable[str]) -> Settings:
    """Fill in the wanted fields that the settings do not say from a store of secrets.

    `find` gives a secret by its name, and is asked for no other: each question goes to a server.
    """
    silent = [name for name in wanted if not getattr(settings, name)]
    found = {name: secret for name in silent if (secret := find(f"chitieu-{name.replace('_', '-')}"))}
    return replace(settings, **{name: _READ[name](secret) for name, secret in found.items()})


def _postgresql(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in ("postgresql", "postgres"):
        raise SettingsError(
            "CHITIEU_DATABASE_URL must be a PostgreSQL URL such as postgresql://user:password@host:5432/name."
        )
    return f"postgresql+psycopg://{rest}"  # whatever driver is named, psycopg 3 is the one that is here


# The settings that may be secrets, and how each is read.
_READ: Mapping[str, Callable[[str], Any]] = {
    "database_url": lambda text: _postgresql(text.strip()),
    "sources": lambda text: tuple(text.split()),
    "smtp_url": str.strip,
}


def moment_of(text: str, name: str, zone: ZoneInfo | None = None) -> datetime:
    """An ISO timestamp as a moment; one without an offset is meant in the zone. Raises SettingsError."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise SettingsError(
            f"{name} must be an ISO timestamp such as 2020-04-20T08:00:00+07:00, not {text!r}."
        ) from None
    return moment.replace(tzinfo=zone) if zone and not moment.tzinfo else moment


def present(settings: Settings, timezone: str) -> datetime:
    """The present moment: CHITIEU_NOW or the clock; one without an offset is meant in the plan's timezone."""
    if settings.now is None:
        return datetime.now(UTC)
    return settings.now if settings.now.tzinfo else settings.now.replace(tzinfo=ZoneInfo(timezone))
