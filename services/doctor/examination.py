"""Examine an installation: each part on its own, so that a fault in one does not hide the others."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from plans.model import Plan
from plans.reading import PlanError
from schemas.form_set import FormSetError
from services.context import read_plans
from services.doctor.database_checks import database_lines
from services.doctor.drive_checks import drive_lines
from services.doctor.machine_checks import disk_lines, embedded_lines, version_lines
from services.doctor.report import Line
from services.doctor.settings_checks import plan_lines, setting_lines
from services.settings import Settings, SettingsError, read_settings

_SECONDS = 5.0  # to wait for Prefect's server


def examine() -> Iterator[Line]:
    """Yield what is found, as it is found; changes nothing, and never raises for what it examines."""
    try:
        settings = read_settings()
    except SettingsError as error:
        remedy = error.hint or "Correct the setting; .env.example lists all of them."
        yield Line("settings", "fault", str(error), remedy)
        yield from version_lines()
        return
    yield from setting_lines(settings)
    plans: dict[Path, Plan] = {}
    try:
        plans = read_plans(settings)
    except (PlanError, FormSetError, SettingsError) as error:
        yield Line("plan", "fault", str(error), "Correct the plan file or CHITIEU_PLAN.")
    for file, plan in plans.items():
        yield from plan_lines(plan, file)
    for topic, part in _parts(settings, plans):
        yield from _guarded(topic, part)


def _parts(settings: Settings, plans: Mapping[Path, Plan]) -> list[tuple[str, Callable[[], list[Line]]]]:
    return [
        ("drives", lambda: drive_lines(settings.sources, list(plans.values()))),
        ("database", lambda: database_lines(settings, plans)),
        ("disk", lambda: disk_lines(settings)),
        ("prefect", lambda: _prefect_lines(settings)),
        ("versions", version_lines),
        ("embedded", lambda: embedded_lines(settings.home)),
    ]


def _guarded(topic: str, part: Callable[[], list[Line]]) -> list[Line]:
    """Return the lines of a part; its failure is a fault, and the next parts are examined."""
    try:
        return part()
    except Exception as error:
        reason = (str(error).strip().splitlines() or [""])[0]
        message = f"This could not be examined: {type(error).__name__}: {reason}"
        return [Line(topic, "fault", message, "Correct this first; if it seems to be a bug, report it.")]


def _prefect_lines(settings: Settings) -> list[Line]:
    url = settings.prefect_api_url
    if url is None:
        return [Line("prefect", "ok", "PREFECT_API_URL is not set: commands run without Prefect")]
    if not url.startswith(("http://", "https://")):
        return [Line("prefect", "fault", "PREFECT_API_URL is no http URL", "Correct it.")]
    try:
        with urlopen(f"{url.rstrip('/')}/health", timeout=_SECONDS):  # noqa: S310 - http or https, see above
            return [Line("prefect", "ok", "Prefect's server answers")]
    except (URLError, OSError) as error:
        remedy = "Start it (prefect server start), or unset PREFECT_API_URL."
        return [Line("prefect", "fault", f"Prefect's server does not answer: {error}", remedy)]
