"""The metrics of ingests and publications as a text file for Prometheus.

node_exporter's textfile collector reads the file. Totals go on from the values in the file, so that they
survive the end of a process; so do the moments of drives that could not be listed this time.
"""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from services.ingest import IngestSummary

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

_Sample = tuple[str, str]  # name, value of its label or ""
_Values = dict[_Sample, float]


class _Declared(NamedTuple):
    kind: Literal["gauge", "counter"]
    label: str
    help: str


_METRICS: Mapping[str, _Declared] = {
    "chitieu_ingest_last_success_timestamp_seconds": _Declared("gauge", "", "When the last ingest ended."),
    "chitieu_ingest_duration_seconds": _Declared("gauge", "", "How long the last ingest took."),
    "chitieu_ingest_problems": _Declared("gauge", "", "What could not be read at the last ingest."),
    "chitieu_files_total": _Declared("counter", "", "New files that were ingested."),
    "chitieu_submissions_total": _Declared("counter", "status", "Submissions by status."),
    "chitieu_rows_loaded_total": _Declared("counter", "", "Rows of facts that were loaded."),
    "chitieu_figures_changed_total": _Declared("counter", "", "Target figures that ingests changed."),
    "chitieu_drive_up": _Declared("gauge", "drive", "1 if the drive could be listed at the last ingest."),
    "chitieu_drive_files": _Declared("gauge", "drive", "Files in the bodies' folders of the drive."),
    "chitieu_drive_last_listed_timestamp_seconds": _Declared(
        "gauge", "drive", "When the drive could last be listed."
    ),
    "chitieu_drive_newest_file_timestamp_seconds": _Declared(
        "gauge", "drive", "When the newest file of the drive was modified."
    ),
    "chitieu_publish_last_success_timestamp_seconds": _Declared(
        "gauge", "", "When the last publication ended."
    ),
    "chitieu_published_files_total": _Declared("counter", "", "Published files that were new or changed."),
}


def record_ingest(file: Path, result: IngestSummary, now: datetime) -> None:
    """Add the result of an ingest to the file. Raises OSError."""
    moment = now.timestamp()
    with _updating(file) as values:
        values["chitieu_ingest_last_success_timestamp_seconds", ""] = moment
        values["chitieu_ingest_duration_seconds", ""] = result["seconds"]
        values["chitieu_ingest_problems", ""] = len(result["problems"])
        _add(values, "chitieu_files_total", result["files"])
        _add(values, "chitieu_rows_loaded_total", result["rows_loaded"])
        _add(values, "chitieu_figures_changed_total", result["indicators_changed"])
        for status, count in result["submissions"].items():
            _add(values, "chitieu_submissions_total", count, status)
        for state in result["drives"]:
            drive = state["drive"]
            values["chitieu_drive_up", drive] = int(state["listed"])
            if not state["listed"]:
                continue
            values["chitieu_drive_files", drive] = state["files"]
            values["chitieu_drive_last_listed_timestamp_seconds", drive] = moment
            if state["newest"] is not None:
                newest = state["newest"].timestamp()
                values["chitieu_drive_newest_file_timestamp_seconds", drive] = newest


def record_publication(file: Path, changed: int, now: datetime) -> None:
    """Add a publication of `changed` files to the file. Raises OSError."""
    with _updating(file) as values:
        values["chitieu_publish_last_success_timestamp_seconds", ""] = now.timestamp()
        _add(values, "chitieu_published_files_total", changed)


def _add(values: _Values, name: str, count: float, label: str = "") -> None:
    values[name, label] = values.get((name, label), 0) + count


@contextmanager
def _updating(file: Path) -> Iterator[_Values]:
    """Read the values of the file, and write them back; one process at a time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.with_name(f".{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        values = _read(file)
        yield values
        _write(file, values)


def _read(file: Path) -> _Values:
    """Return the values in the file that are ours; none if it is missing or damaged."""
    from prometheus_client.parser import text_string_to_metric_families

    try:
        families = list(text_string_to_metric_families(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return {}
    values: _Values = {}
    for sample in (sample for family in families for sample in family.samples):
        declared = _METRICS.get(sample.name)
        if declared is not None:
            values[sample.name, sample.labels.get(declared.label, "")] = sample.value
    return values


def _write(file: Path, values: _Values) -> None:
    """Replace the file by one with these values."""
    from prometheus_client import CollectorRegistry, write_to_textfile

    registry = CollectorRegistry()
    registry.register(_Collector(values))
    write_to_textfile(str(file), registry)  # through a temporary file


class _Collector:
    """The values in the form that prometheus-client asks for."""

    def __init__(self, values: _Values) -> None:
        self.values = values

    def collect(self) -> "Iterator[Metric]":
        """Yield the metrics that have values."""
        from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily

        families = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily}
        for name, declared in _METRICS.items():
            labels = [declared.label] if declared.label else []
            family = families[declared.kind](name, declared.help, labels=labels)
            samples = [(label, value) for (named, label), value in self.values.items() if named == name]
            for label, value in samples:
                family.add_metric([label] if labels else [], value)
            if samples:
                yield family
