"""Run the query of each imported chart through Superset's API; runs with the Python of Superset."""

import sys
from typing import Any

from superset.app import create_app

LOGIN = {"username": "admin", "password": "admin", "provider": "db", "refresh": False}
DATASETS, CHARTS = 40, 6  # at least

with create_app().test_client() as client:
    token = client.post("/api/v1/security/login", json=LOGIN).get_json()["access_token"]
    header = {"Authorization": f"Bearer {token}"}

    def _get(path: str) -> Any:
        answer = client.get(f"/api/v1/{path}", headers=header)
        return answer.get_json() if answer.status_code == 200 else {}

    charts = _get("chart/?q=(page_size:100)").get("result", [])
    datasets = _get("dataset/?q=(page_size:100)").get("count", 0)
    failures = 0
    for chart in charts:
        results = _get(f"chart/{chart['id']}/data/").get("result", [])
        rows = results[0]["rowcount"] if results else 0
        print(f"{chart['slice_name']}: {rows} rows")
        failures += not rows
    print(f"{datasets} datasets, {len(charts)} charts, {failures} without an answer")
    sys.exit(bool(failures) or datasets < DATASETS or len(charts) < CHARTS)
