"""BI tools read mart alone: the meaning of its codes is there too."""

from pathlib import Path

from sqlalchemy import text

from tests.support.forms import FORMS
from tests.support.pipeline import work
from tests.support.reports import PLAN
from warehouse.privacy.roles import create_roles


def test_targets_and_measures_are_named_for_bi(warehouse_url: str, tmp_path: Path) -> None:
    app = work(warehouse_url, tmp_path)
    create_roles(app.engine)
    with app.engine.connect() as connection:
        connection.execute(text("SET ROLE chitieu_bi"))
        targets = connection.execute(text("SELECT * FROM mart.target ORDER BY target_code")).mappings()
        measures = connection.execute(text("SELECT * FROM mart.measure")).mappings()
        named = [(t["target_code"], t["target_name"], t["at_least"], t["unit"]) for t in targets]
        kinds = {(m["form_name"], m["measure_name"]): m["is_additive_over_time"] for m in measures}
    app.engine.dispose()
    assert named == [(t.code, t.label_vi, t.at_least, t.unit) for t in PLAN.targets]
    assert set(kinds) == {(form.key, measure.key) for form in FORMS for measure in form.measures}
    assert kinds["enforcement", "cases_detected"]
    assert not kinds["hotspots", "closing"]
