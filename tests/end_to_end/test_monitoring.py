"""Heartbeat and metrics of an ingest arrive where they are configured, and fail without harm."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from cli.main import main
from services.context import open_context
from services.ingest import IngestSummary
from services.metrics import record_ingest, record_publication
from services.monitoring import after_ingest, after_publication
from services.settings import read_settings
from tests.support.paths import SAMPLE
from tests.support.web_server import web_server
from warehouse.database import connect

DEAD = "sftp://user:geheim@127.0.0.1:9/nowhere"

FEW: IngestSummary = {
    "plans": ["DN-2020"],
    "files": 2,
    "submissions": {"accepted": 1},
    "rows_loaded": 3,
    "seconds": 0.5,
    "unchanged": 0,
    "indicators_changed": 4,
    "problems": [],
    "drives": [],
    "skipped": [],
    "loads": [],
}


@pytest.fixture
def monitor() -> Iterator[tuple[str, list[str]]]:
    """A web server that keeps the paths that are requested."""
    requested: list[str] = []
    with web_server(lambda path, _: requested.append(path)) as url:
        yield url, requested


@pytest.fixture
def collector() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """A web server that keeps what is posted to it, by path."""
    posted: list[tuple[str, bytes]] = []
    with web_server(lambda path, body: posted.append((path, body))) as url:
        yield url, posted


@pytest.fixture
def metrics(warehouse_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CHITIEU_DATABASE_URL", warehouse_url)
    monkeypatch.setenv("CHITIEU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CHITIEU_METRICS_FILE", str(tmp_path / "metrics" / "chitieu.prom"))
    return tmp_path / "metrics" / "chitieu.prom"


def values(file: Path) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(file.read_text(encoding="utf-8"))
    return {(s.name, "".join(s.labels.values())): s.value for family in families for s in family.samples}


def test_an_ingest_sends_a_heartbeat_and_writes_metrics(
    metrics: Path,
    monitor: tuple[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, requested = monitor
    drive = str(SAMPLE / "drive")
    monkeypatch.setenv("CHITIEU_HEARTBEAT_URL", f"{url}/ping")
    started = datetime.now(UTC).timestamp()
    assert main(["ingest", drive, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert requested == ["/ping"]
    first = values(metrics)
    assert first["chitieu_files_total", ""] == 38
    assert first["chitieu_submissions_total", "accepted"] == 42
    assert first["chitieu_submissions_total", "rejected"] == result["submissions"]["rejected"] > 0
    assert first["chitieu_rows_loaded_total", ""] == 372
    assert first["chitieu_figures_changed_total", ""] == result["indicators_changed"]
    assert first["chitieu_ingest_duration_seconds", ""] == result["seconds"]
    assert started <= first["chitieu_ingest_last_success_timestamp_seconds", ""] < started + 300
    assert first["chitieu_drive_files", drive] == 38
    assert first["chitieu_drive_newest_file_timestamp_seconds", drive] > 0

    monkeypatch.setenv("CHITIEU_HEARTBEAT_URL", f"{url}/broken/geheim")
    assert main(["ingest", drive]) == 0  # a monitor's failure is no failure of the ingest
    err = capsys.readouterr().err
    assert "The heartbeat could not be sent to 127.0.0.1" in err
    assert "geheim" not in err
    second = values(metrics)
    assert second["chitieu_files_total", ""] == 38  # nothing was new
    listed = ("chitieu_drive_last_listed_timestamp_seconds", drive)
    assert second[listed] > first[listed]

    assert main(["ingest", drive, DEAD]) == 1
    third = values(metrics)
    assert requested == ["/ping", "/broken/geheim"]  # no heartbeat: a drive could not be listed
    assert third["chitieu_drive_up", drive] == 1
    assert third["chitieu_drive_up", "sftp://127.0.0.1:9/nowhere"] == 0
    assert "geheim" not in metrics.read_text(encoding="utf-8")


def test_a_drive_that_is_away_keeps_the_moment_when_it_was_listed(tmp_path: Path) -> None:
    file = tmp_path / "chitieu.prom"
    moment = datetime(2026, 3, 1, tzinfo=UTC)

    def record(listed: bool, day: int) -> None:
        record_ingest(
            file,
            {**FEW, "drives": [{"drive": "smb://a", "listed": listed, "files": 2, "newest": None}]},
            moment.replace(day=day),
        )

    record(True, 1)
    record_publication(file, 7, moment)
    record(False, 2)
    kept = values(file)
    assert kept["chitieu_drive_last_listed_timestamp_seconds", "smb://a"] == moment.timestamp()
    assert kept["chitieu_drive_up", "smb://a"] == 0
    assert kept["chitieu_files_total", ""] == 4
    assert kept["chitieu_published_files_total", ""] == 7
    file.write_text("damaged {", encoding="utf-8")
    record(True, 3)
    assert values(file)["chitieu_files_total", ""] == 2


@pytest.mark.usefixtures("metrics")
def test_metrics_that_cannot_be_written_are_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("CHITIEU_METRICS_FILE", str(tmp_path / "file" / "chitieu.prom"))
    monkeypatch.setenv("CHITIEU_HEARTBEAT_URL", "http://127.0.0.1:9/geheim")
    after_publication(read_settings(), 1)
    assert "The metrics could not be written" in caplog.text
    assert "The heartbeat could not be sent" in caplog.text
    assert "geheim" not in caplog.text


def span_names(body: bytes) -> list[str]:
    """The names of the spans of a request to a collector, in the order of their ends."""
    (resource,) = ExportTraceServiceRequest.FromString(body).resource_spans
    return [span.name for span in resource.scope_spans[0].spans]


def spoil_a_fact(url: str) -> None:
    """Change a loaded figure, so that a backfill loads the report again."""
    with connect(url).begin() as connection:
        connection.execute(text("ALTER TABLE dw.fact_enforcement DISABLE TRIGGER ALL"))
        change = text(
            "UPDATE dw.fact_enforcement SET cases_detected = cases_detected + 1 WHERE period_key = :key"
        )
        key = text("SELECT period_key FROM dw.dim_period WHERE period_code = '2020-M01'")
        connection.execute(change, {"key": connection.scalar(key)})
        connection.execute(text("ALTER TABLE dw.fact_enforcement ENABLE TRIGGER ALL"))


@pytest.mark.usefixtures("metrics")
def test_a_trace_of_an_ingest_arrives(
    collector: tuple[str, list[tuple[str, bytes]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, posted = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"{url}/")
    drive = str(SAMPLE / "drive")
    assert main(["ingest", drive]) == 0
    ((path, body),) = posted
    assert path == "/v1/traces"
    (resource,) = ExportTraceServiceRequest.FromString(body).resource_spans
    assert {a.key: a.value.string_value for a in resource.resource.attributes}["service.name"] == "chitieu"
    spans = {span.name: span for span in resource.scope_spans[0].spans}
    assert list(spans) == ["list drive", "ingest batch", "ingest"]  # in the order of their ends
    root = spans.pop("ingest")
    assert all(span.parent_span_id == root.span_id for span in spans.values())
    steps = [span.attributes[0].value.string_value for span in spans.values()]
    assert steps == [f"drive {drive}", "batch 1 of 1, 38 files"]
    assert root.end_time_unix_nano > root.start_time_unix_nano

    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"{url}/broken")
    capsys.readouterr()
    assert main(["ingest", drive]) == 0  # a collector's failure is no failure of the ingest
    assert capsys.readouterr().err.count("The trace could not be sent") == 1


@pytest.mark.usefixtures("metrics")
def test_the_lineage_of_loads_arrives(
    warehouse_url: str,
    collector: tuple[str, list[tuple[str, bytes]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, posted = collector
    drive = str(SAMPLE / "drive")
    monkeypatch.setenv("OPENLINEAGE_URL", url)
    assert main(["ingest", drive, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["loads"]) == 1
    assert [path for path, _ in posted] == ["/api/v1/lineage"] * 2
    start, complete = (json.loads(body) for _, body in posted)
    assert (start["eventType"], complete["eventType"]) == ("START", "COMPLETE")
    assert start["eventTime"] < complete["eventTime"]
    assert start["run"]["runId"] == complete["run"]["runId"]
    assert complete["job"] == {**complete["job"], "namespace": "chitieu", "name": "ingest.DN-2020"}
    assert [(d["namespace"], d["name"]) for d in complete["inputs"]] == [("file", drive)]
    rows = {d["name"]: d["outputFacets"]["outputStatistics"]["rowCount"] for d in complete["outputs"]}
    assert sum(rows.values()) == 372
    database = warehouse_url.rpartition("/")[2].partition("?")[0]
    assert f"{database}.dw.fact_enforcement" in rows

    assert main(["ingest", drive]) == 0
    assert len(posted) == 2  # nothing was loaded

    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)
    posted.clear()
    spoil_a_fact(warehouse_url)
    assert main(["backfill", "--from", "2020-M01", "--to", "2020-M01"]) == 0
    trace, start, complete = posted
    assert span_names(trace[1]) == ["read archive", "compute", "backfill"]
    assert [json.loads(body)["eventType"] for _, body in (start, complete)] == ["START", "COMPLETE"]
    event = json.loads(complete[1])
    assert event["job"]["name"] == "backfill.DN-2020"
    assert event["inputs"][0]["name"] == str(tmp_path / "home" / "archive")
    assert event["outputs"][0]["outputFacets"]["outputStatistics"]["rowCount"] > 0

    posted.clear()
    monkeypatch.setenv("CHITIEU_HEARTBEAT_URL", f"{url}/ping")
    assert main(["publish"]) == 0
    monkeypatch.delenv("CHITIEU_HEARTBEAT_URL")
    posted.remove(("/ping", b""))
    trace, start, complete = posted
    assert span_names(trace[1]) == ["write site", "deliver files", "publish"]
    event = json.loads(complete[1])
    assert (event["eventType"], event["job"]["name"]) == ("COMPLETE", "publish.DN-2020")
    assert event["outputs"][0]["name"] == str(tmp_path / "home" / "published")
    assert f"{database}.dw.target_indicator" in [d["name"] for d in event["inputs"]]
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT")

    monkeypatch.setenv("OPENLINEAGE_URL", "http://user:geheim@127.0.0.1:9")
    after_ingest(open_context(), {**FEW, "loads": [1]})
    err = capsys.readouterr().err
    assert "The lineage could not be sent" in err
    assert "geheim" not in err
