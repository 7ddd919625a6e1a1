"""Dockerfile, .dockerignore, docker-compose.yml and the files for Kubernetes agree with each other and with the settings.

There is neither a Docker daemon nor a cluster here: the files are read, and what the image gets is run in a plain folder.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.settings import Settings, variable_of
from tests.support.paths import ROOT
from tests.support.repository import text_of, tracked_files

COMPOSE: dict[str, Any] = yaml.safe_load(text_of("docker-compose.yml"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
STAGES = re.split(r"^FROM ", text_of("Dockerfile"), flags=re.MULTILINE)[1:]
# The keys of the Compose specification that we use.
SERVICE_KEYS = {
    "build", "command", "depends_on", "environment", "healthcheck", "image", "ports", "restart", "volumes",
}  # fmt: skip
HEALTH_KEYS = {"test", "interval", "timeout", "retries", "start_period", "disable"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


def test_the_image_has_the_runtime_lock_and_no_developers_tools() -> None:
    build, image = STAGES
    assert "--require-hashes -r requirements.lock" in build
    assert "requirements-dev.lock" not in text_of("Dockerfile")
    assert "COPY --from=build /app /app" in image


def test_the_image_runs_as_an_ordinary_user_and_is_checked() -> None:
    users = re.findall(r"^USER (\S+)", STAGES[-1], re.MULTILINE)
    assert users
    assert users[-1].isdigit()
    assert int(users[-1]) > 0
    assert "HEALTHCHECK" in STAGES[-1]
    assert "--with-healthcheck" in STAGES[-1]  # what the check asks
    assert not re.search(r"^COPY .*--chown", STAGES[-1], re.MULTILINE)  # the program is not the user's


def test_passwords_histories_and_data_stay_out_of_the_image() -> None:
    ignored = set(text_of(".dockerignore").splitlines())
    assert {".git", ".env", ".venv", ".chitieu", "tests"} <= ignored


def _is_ignored(path: str, patterns: list[str]) -> bool:
    folders = Path(path).parts
    heads = ["/".join(folders[: depth + 1]) for depth in range(len(folders))]
    names = [(head, pattern) for head in heads for pattern in patterns]
    return any(fnmatch(head, pattern.removeprefix("**/")) for head, pattern in names)


@pytest.fixture
def image_folder(tmp_path: Path) -> Path:
    """A folder with the files that `COPY . .` copies."""
    patterns = [line for line in text_of(".dockerignore").splitlines() if line and not line.startswith("#")]
    copied = [path for path in tracked_files() if not _is_ignored(path, patterns)]
    assert len(copied) > 100
    for path in copied:
        (tmp_path / "app" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / "app" / path)
    return tmp_path / "app"


@pytest.mark.long
def test_what_the_image_gets_is_enough_to_run(image_folder: Path, tmp_path: Path) -> None:
    program = (
        "import cli.main, flows.prefect_flows, services.doctor.examination, publishing.site.build;"
        "from warehouse.migrations.upgrade import _everything;"
        "from schemas.form_catalog import default_catalog; _everything(default_catalog());"
        "from plans.reading import DEFAULT_PLAN, read_plan; read_plan(DEFAULT_PLAN); print(cli.main.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=image_folder,
        env=os.environ | {"PYTHONPATH": str(image_folder), "CHITIEU_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == str(image_folder / "cli" / "main.py")
    assert (image_folder / "prefect.yaml").exists()
    assert (image_folder / "README.md").exists()  # pyproject.toml names it


def test_compose_has_the_database_prefect_and_a_worker() -> None:
    assert {"database", "prefect", "worker"} <= set(SERVICES)
    assert {key for key in COMPOSE if not key.startswith("x-")} == {"name", "services", "volumes"}
    for name, service in SERVICES.items():
        assert set(service) <= SERVICE_KEYS, name
        assert set(service.get("healthcheck", {})) <= HEALTH_KEYS, name
        assert ("build" in service) == (service["image"] == "chitieu"), name
        assert service["restart"] in ("unless-stopped", "on-failure"), name


def test_services_start_when_what_they_need_is_ready() -> None:
    for name, service in SERVICES.items():
        for other, needed in service.get("depends_on", {}).items():
            assert needed["condition"] in CONDITIONS
            if needed["condition"] == "service_healthy":
                assert "test" in SERVICES[other]["healthcheck"], name
    assert SERVICES["worker"]["depends_on"] == {"setup": {"condition": "service_completed_successfully"}}


def test_volumes_are_declared_and_used() -> None:
    mounts = [volume for service in SERVICES.values() for volume in service.get("volumes", [])]
    named = {mount.partition(":")[0] for mount in mounts if not mount.startswith(("/", "$", "."))}
    assert named == set(COMPOSE["volumes"])


def test_settings_of_the_containers_exist_and_nothing_is_open_to_the_network() -> None:
    known = {variable_of(name) for name in Settings.model_fields}
    for service in SERVICES.values():
        given = {name for name in service.get("environment", {}) if name.startswith("CHITIEU_")}
        assert given <= known
        assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", []))
    # Compose stops where a password is missing; none is written down here.
    passwords = re.findall(r"\$\{CHITIEU_DATABASE_PASSWORD[^}]*\}", text_of("docker-compose.yml"))
    assert len(passwords) == 2
    assert all(":?" in password for password in passwords)


JOB_TEMPLATE: dict[str, Any] = json.loads(text_of("kubernetes/base-job-template.json"))
MANIFESTS: dict[str, dict[str, Any]] = {
    f"{part['kind']}/{part['metadata']['name']}": part
    for part in yaml.safe_load_all(text_of("kubernetes/chitieu.yaml"))
}


def test_each_variable_of_the_job_template_is_declared_and_used() -> None:
    used = set(re.findall(r"\{\{ (\w+) \}\}", json.dumps(JOB_TEMPLATE["job_configuration"])))
    assert used == set(JOB_TEMPLATE["variables"]["properties"])
    # What the worker sets for each flow run.
    assert {"command", "env", "labels", "name", "namespace"} <= set(JOB_TEMPLATE["job_configuration"])


def test_the_jobs_of_kubernetes_use_what_the_manifests_declare() -> None:
    setup = MANIFESTS["Job/chitieu-setup"]["spec"]["template"]["spec"]
    job = JOB_TEMPLATE["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]
    image = JOB_TEMPLATE["variables"]["properties"]["image"]["default"]
    assert setup["containers"][0]["image"] == image
    user = int(re.findall(r"^USER (\d+)", STAGES[-1], re.MULTILINE)[-1])
    home = re.search(r"CHITIEU_HOME=(\S+)", STAGES[-1])
    assert home
    for pod in (setup, job):
        assert pod["securityContext"] == {"runAsNonRoot": True, "runAsUser": user, "fsGroup": user}
        assert pod["containers"][0]["volumeMounts"] == [{"name": "home", "mountPath": home[1]}]
        claim = pod["volumes"][0]["persistentVolumeClaim"]["claimName"]
        assert f"PersistentVolumeClaim/{claim}" in MANIFESTS
        assert pod["containers"][0]["envFrom"] == [{"secretRef": {"name": "chitieu"}}]
    template = re.search(r"--base-job-template (\S+)", setup["containers"][0]["command"][-1])
    assert template
    assert template[1] in tracked_files()
    worker = MANIFESTS["Deployment/chitieu-worker"]["spec"]["template"]["spec"]
    assert f"ServiceAccount/{worker['serviceAccountName']}" in MANIFESTS
    namespaces = {part["metadata"]["namespace"] for part in MANIFESTS.values()}
    assert namespaces == {JOB_TEMPLATE["variables"]["properties"]["namespace"]["default"]}
