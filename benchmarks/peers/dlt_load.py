"""Runs in the peers' environment: dlt loads a folder of Parquet files, dbt builds the models over them.

`dlt_load.py FOLDER DBT_PROJECT SCHEMA`, the database in PEER_DATABASE_URL. Prints the seconds of each as a
line of JSON.
"""

import contextlib
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

os.environ |= {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "ERROR",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
}
import dlt  # type: ignore[import-not-found]
import pyarrow.parquet
from dbt.cli.main import dbtRunner  # type: ignore[import-not-found]


def main() -> None:
    """Load, build, and print how long each took."""
    folder, project, schema = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    url = os.environ["PEER_DATABASE_URL"]
    with contextlib.redirect_stdout(sys.stderr):
        started = time.monotonic()
        _load(folder, url)
        loaded = time.monotonic()
        _build(folder, project, schema, url)
        built = time.monotonic()
    print(json.dumps({"dlt": loaded - started, "dbt": built - loaded}))


def _load(folder: Path, url: str) -> None:
    """Each file into the table of its name; schema `raw` is replaced."""
    pipeline = dlt.pipeline(
        "peer",
        destination=dlt.destinations.postgres(url),
        dataset_name="raw",
        pipelines_dir=str(folder / "pipelines"),
    )
    resources = [
        dlt.resource(pyarrow.parquet.read_table(file), name=file.stem, write_disposition="replace")
        for file in sorted(folder.glob("*.parquet"))
    ]
    pipeline.run(resources).raise_on_failed_jobs()


def _build(folder: Path, project: str, schema: str, url: str) -> None:
    address = urlsplit(url)
    os.environ |= {
        "PEER_HOST": address.hostname or "",
        "PEER_PORT": str(address.port or 5432),
        "PEER_USER": unquote(address.username or ""),
        "DBT_ENV_SECRET_PEER_PASSWORD": unquote(address.password or ""),
        "PEER_DATABASE": address.path.lstrip("/"),
        "PEER_SCHEMA": schema,
    }
    places = ["--project-dir", project, "--profiles-dir", project]
    places += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    done = dbtRunner().invoke(["--quiet", "--no-version-check", "run", *places])
    if not done.success:
        raise SystemExit(f"dbt did not build its models: {done.exception or done.result}")


if __name__ == "__main__":
    main()
