"""A program of dlt and dbt: the product reads and validates, dlt loads, dbt models compute the targets.

Reading and validating are the product's own, in as many processes, so that what is compared is what comes
after. dlt and dbt run in an environment of their own; rows travel there as Parquet. Their starts, some
seconds, are not counted.
"""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
PEERS = Path(os.environ.get("CHITIEU_PEERS") or HERE.parents[1] / ".peers")
"""The environment that has dlt and dbt."""


def main() -> None:
    """Read a drive, load and model it in the peers' environment, print one line of JSON."""
    # Imported here because every reading process imports this module.
    from benchmarks.peers.common import SCHEMA, arguments, engine_of, plan_asked, print_result
    from benchmarks.peers.dlt_rows import read_drive, write_plan, write_rows
    from services.reader_pool import prepare_readers

    parser = arguments(__doc__, "python -m benchmarks.peers.dlt_peer")
    parser.add_argument("--peers", type=Path, default=PEERS, help="the environment that has dlt and dbt")
    asked = parser.parse_args()
    prepare_readers()
    started = time.monotonic()
    plan = plan_asked()
    with tempfile.TemporaryDirectory(prefix="chitieu-peers-") as name:
        folder = Path(name)
        write_rows(read_drive(asked.drive, plan), folder)
        write_plan(plan, folder)
        parts = {"parse": time.monotonic() - started}
        parts |= _load_and_build(asked.peers, folder, SCHEMA, asked.database_url)
    print_result(engine_of(asked.database_url), plan, parts)


def _load_and_build(peers: Path, folder: Path, schema: str, url: str) -> dict[str, float]:
    """What dlt and dbt took, in seconds; they find the database in their environment, out of sight."""
    paths = (peers / "bin" / "python", HERE / "dlt_load.py", folder, HERE / "dbt")
    command = [*map(str, paths), schema]
    environment = {**os.environ, "PEER_DATABASE_URL": f"postgresql://{url.partition('://')[2]}"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    seconds: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return seconds


if __name__ == "__main__":
    main()
