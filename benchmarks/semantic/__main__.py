"""Read mart with another program, through a login of BI tools.

A warehouse of the sample drive is made in a temporary folder. The programs are not among the product's
dependencies: each has an environment of its own, which the Makefile makes.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import yaml
from sqlalchemy.engine import URL, make_url

from benchmarks.harness import CHITIEU, environment_of, scratch_folder

HERE = Path(__file__).parent
SAMPLE = HERE.parents[1] / "tests" / "data" / "sample" / "drive"
PRESENT = "2020-04-20T08:00:00+07:00"


def main() -> int:
    """Make the warehouse and run the program; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.semantic", description=__doc__)
    parser.add_argument("program", choices=sorted(PROGRAMS))
    parser.add_argument("--environment", type=Path, required=True, help="its environment")
    asked = parser.parse_args()
    with scratch_folder() as folder:
        environment = environment_of(folder / "home") | {"CHITIEU_NOW": PRESENT}
        try:
            _chitieu(environment, "init")
            _chitieu(environment, "ingest", SAMPLE.as_uri())
            url = make_url(_chitieu(environment, "database-url", "--as", "bi").strip())
            return PROGRAMS[asked.program](asked.environment / "bin", folder, url, environment)
        finally:
            _chitieu(environment, "stop")


def _chitieu(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [CHITIEU, *arguments], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def _superset(programs: Path, folder: Path, url: URL, environment: dict[str, str]) -> int:
    """Import the export into an empty Superset, and run the query of each chart through its API."""
    config = folder / "superset_config.py"
    config.write_text(
        'SECRET_KEY = "of a Superset that lives for a minute, long enough"\n'
        f'SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"\n'
        "TALISMAN_ENABLED = False\nWTF_CSRF_ENABLED = False\n"
    )
    _chitieu(environment, "export", "--format", "superset", "--out", str(folder / "superset"))
    superset = {**os.environ, "SUPERSET_CONFIG_PATH": str(config), "FLASK_APP": "superset"}
    address = url.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)
    account = ("--username", "admin", "--firstname", "A", "--lastname", "B", "--email", "a@example.org")
    archive = ("-m", "zipfile", "-c", "superset.zip", "superset")
    subprocess.run([sys.executable, *archive], cwd=folder, check=True)
    for arguments in (
        ("db", "upgrade"),
        ("fab", "create-admin", *account, "--password", "admin"),
        ("init",),
        ("import-dashboards", "-p", "superset.zip", "-u", "admin"),
        ("set-database-uri", "-d", "Chi Tieu", "-u", address),
    ):
        command = [str(programs / "superset"), *arguments]
        subprocess.run(command, cwd=folder, env=superset, stderr=subprocess.DEVNULL, check=True)
    command = [str(programs / "python"), str(HERE / "superset_charts.py")]
    return subprocess.run(command, cwd=folder, env=superset, check=False).returncode


def _dbt(programs: Path, folder: Path, url: URL, environment: dict[str, str]) -> int:
    """Run the tests of the exported package."""
    package = folder / "chitieu_dbt"
    _chitieu(environment, "export", "--format", "dbt", "--out", str(package))
    output = {
        "type": "postgres",
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        "schema": "mart",
        "threads": 2,
    }
    profile = {"chitieu": {"target": "mart", "outputs": {"mart": output}}}
    (package / "profiles.yml").write_text(yaml.safe_dump(profile))
    command = [str(programs / "dbt"), "test", "--profiles-dir", ".", "--no-send-anonymous-usage-stats"]
    return subprocess.run(command, cwd=package, check=False).returncode


def _ibis(programs: Path, folder: Path, url: URL, _environment: dict[str, str]) -> int:
    """Read every relation."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [str(programs / "python"), str(HERE / "ibis_relations.py"), address]
    return subprocess.run(command, cwd=folder, check=False).returncode


PROGRAMS: dict[str, Callable[[Path, Path, URL, dict[str, str]], int]] = {
    "superset": _superset,
    "dbt": _dbt,
    "ibis": _ibis,
}

if __name__ == "__main__":
    sys.exit(main())
