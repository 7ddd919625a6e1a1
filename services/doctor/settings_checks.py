"""Examine the settings and the plan file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values

from drives.urls import public_url
from plans.model import Plan
from services.doctor.report import Line
from services.setting_names import unknown_names, unreadable_lines
from services.settings import Settings, variable_of
from transforms.privacy.names import COUNTRIES

_OF_COMPOSE = ("DATABASE_PASSWORD",)  # docker-compose.yml reads it, with our prefix, from the same file


def setting_lines(settings: Settings) -> list[Line]:
    """Return one line per setting: its value without secrets, and where it was read."""
    in_file = dotenv_values(".env")
    lines = []
    for name in Settings.model_fields:
        variable = variable_of(name)
        lines.append(
            Line("settings", "ok", f"{variable}={_shown(settings, name)} ({_place(variable, in_file)})")
        )
    lines += _name_lines()
    if settings.now is not None:
        lines.append(
            Line(
                "settings",
                "warning",
                f"CHITIEU_NOW replaces the clock by {settings.now.isoformat()}",
                "Remove it on a server that works with real reports.",
            )
        )
    if not settings.sources:
        remedy = "Set it, or give the drives as arguments of chitieu ingest."
        lines.append(Line("settings", "warning", "CHITIEU_SOURCES names no drive", remedy))
    return lines


def _name_lines() -> list[Line]:
    """What is written in `.env` or the environment and is no setting."""
    lines = []
    for number in unreadable_lines():
        remedy = "Write NAME=VALUE; a comment begins with #."
        lines.append(Line("settings", "fault", f"Line {number} of .env is no setting and is ignored", remedy))
    known = [variable_of(name) for name in Settings.model_fields]
    for name, place, _meant in unknown_names([*known, *(f"CHITIEU_{name}" for name in _OF_COMPOSE)]):
        remedy = "Remove it, or correct its name; .env.example lists all settings."
        lines.append(Line("settings", "warning", f"There is no setting {name} ({place})", remedy))
    return lines


def plan_lines(plan: Plan, file: Path) -> list[Line]:
    """Return what a plan file holds, and whether persons' names of its country are recognised."""
    found = f"{file}: {plan.code}, {len(plan.targets)} targets, {len(plan.all_bodies)} bodies"
    country = plan.calendar.country
    if country in COUNTRIES:
        names = Line("plan", "ok", f"Names of persons of the country {country} are recognised in reports")
    else:
        named = (
            f"There are no names of persons of the country {country}"
            if country
            else "The plan has no country"
        )
        names = Line(
            "plan",
            "warning",
            f"{named}: persons' names are not recognised in its reports",
            "Do not rely on the search for personal data: check the reports before they are ingested.",
        )
    return [Line("plan", "ok", found), names]


def _place(variable: str, in_file: Mapping[str, str | None]) -> str:
    if os.environ.get(variable):
        return "environment"
    return ".env" if in_file.get(variable) else "default"


def _shown(settings: Settings, name: str) -> str:
    """Return the value without passwords, tokens and the paths of URLs that are secret as a whole."""
    value: Any = getattr(settings, name)
    if value is None or value == ():
        return "(unset)"
    values = value if isinstance(value, tuple) else (value,)
    if name == "heartbeat_url":
        parts = urlsplit(str(value))
        return f"{parts.scheme}://{parts.hostname}/…"
    return " ".join(public_url(str(one)) for one in values)
