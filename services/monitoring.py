"""Inform the monitors of an office of what succeeded: a heartbeat and metrics, each where it is configured.

A monitor that cannot be reached is logged; the work that succeeded stays a success.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from services.context import AppContext
from services.ingest import IngestSummary
from services.settings import Settings

_LOGGER = logging.getLogger("chitieu")
_SECONDS = 5.0  # to wait for the monitor's answer


def after_ingest(context: AppContext, result: IngestSummary) -> None:
    """Record an ingest; the heartbeat is sent only if all drives could be listed."""
    from services.metrics import record_ingest

    settings = context.settings
    _record(settings.metrics_file, lambda file: record_ingest(file, result, datetime.now(UTC)))
    if settings.openlineage_url and result["loads"]:
        from services.lineage import emit_loads

        emit_loads(settings.openlineage_url, context.engine, result)
    if all(drive["listed"] for drive in result["drives"]):
        _send_heartbeat(settings.heartbeat_url)


def after_publication(settings: Settings, changed: int) -> None:
    """Record a publication that changed so many files, and send the heartbeat."""
    from services.metrics import record_publication

    _record(settings.metrics_file, lambda file: record_publication(file, changed, datetime.now(UTC)))
    _send_heartbeat(settings.heartbeat_url)


def _record(file: Path | None, record: Callable[[Path], None]) -> None:
    if file is None:
        return
    try:
        record(file)
    except ImportError:
        _LOGGER.warning("CHITIEU_METRICS_FILE needs the package prometheus-client: no metrics were written")
    except OSError as error:
        _LOGGER.warning("The metrics could not be written to %s: %s", file, error.strerror or error)


def _send_heartbeat(url: str | None) -> None:
    """Request the URL. Only its host is logged: the path of such a URL is its password."""
    if url is None:
        return
    try:
        with urlopen(url, timeout=_SECONDS):  # noqa: S310 - the settings accept http and https only
            return
    except (OSError, HTTPException, ValueError) as error:
        reason = type(error).__name__ if url in str(error) else str(error)
        _LOGGER.warning("The heartbeat could not be sent to %s: %s", urlsplit(url).hostname, reason)
