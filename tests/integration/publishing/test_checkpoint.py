"""Great Expectations before publishing: a warehouse as it must be passes, each kind of damage is named and stops."""

from pathlib import Path

import pytest
from lxml import html
from sqlalchemy import text

from publishing.site.data_docs import offline
from schemas.declaration import RuleScope
from services.context import AppContext
from services.publish import publish_to
from services.settings import Settings
from tests.support.forms import FORM_SET, FORMS
from tests.support.pages import broken_links
from tests.support.pipeline import NOW, PLAN, sample_work
from warehouse.integrity.verification import published_head
from warehouse.quality.checkpoint import CheckpointError, run_checkpoint
from warehouse.quality.checkpoint_state import checkpoint_state
from warehouse.quality.expectations import suites

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
# By a superuser, past all triggers and constraints; beside each the expectation that must see it.
DAMAGE = {
    "target_indicator.numerator": "UPDATE dw.target_indicator SET numerator = numerator + 1"
    " WHERE target_code = 'T1' AND period_code = '2020-M03' AND area_code = '75'",
    "target_indicator.verdict": "UPDATE dw.target_indicator SET verdict = 'met'"
    " WHERE target_code = 'T1' AND period_code = '2020-M03' AND area_code = '75'",
    "target_indicator.value_min": "UPDATE dw.target_indicator SET value_min = 1"
    " WHERE target_code = 'T1' AND period_code = '2020-M03' AND area_code = '75'",
    "enforcement.submission": "UPDATE dw.fact_enforcement SET submission_id = (SELECT min(submission_id)"
    " FROM audit.submission WHERE status = 'rejected') WHERE fact_id = (SELECT min(fact_id) FROM dw.fact_enforcement)",
    "border_control.cases.range": "ALTER TABLE dw.fact_border_control DROP CONSTRAINT fact_border_control_cases_check;"
    " ALTER TABLE dw.fact_border_control DROP CONSTRAINT fact_border_control_bor_01_check;"
    " UPDATE dw.fact_border_control SET cases = -1 WHERE superseded_at IS NULL",
    "hotspots.place_kind.codes": "ALTER TABLE dw.fact_hotspots DROP CONSTRAINT fact_hotspots_place_kind_fkey;"
    " UPDATE dw.fact_hotspots SET place_kind = 'NOWHERE' WHERE fact_id = (SELECT min(fact_id) FROM dw.fact_hotspots)",
    "submission.revisions": "UPDATE audit.submission SET revision = 7 WHERE submission_id ="
    " (SELECT max(submission_id) FROM audit.submission WHERE revision = 0)",
    "submission.findings": "DELETE FROM audit.finding WHERE (submission_id, finding_no) ="
    " (SELECT submission_id, finding_no FROM audit.finding LIMIT 1)",
    "hotspots.HOT-02": "UPDATE dw.fact_hotspots f SET opening = opening + 3, closing = closing + 3 FROM dw.dim_period p"
    " WHERE p.period_key = f.period_key AND p.period_code = '2020-M03'",
    "trials.submission": f"UPDATE dw.dim_body SET body_code = '{HOSTILE}' WHERE body_code = 'TAND'",
    "inspections.key": "DROP INDEX dw.fact_inspections_in_force_idx;"
    " CREATE TEMPORARY TABLE twice AS SELECT * FROM dw.fact_inspections WHERE superseded_at IS NULL LIMIT 1;"
    " UPDATE twice SET fact_id = -1;"
    " INSERT INTO dw.fact_inspections OVERRIDING SYSTEM VALUE SELECT * FROM twice",
}


@pytest.fixture
def app(sample_url: str, tmp_path: Path) -> AppContext:
    made = sample_work(sample_url, tmp_path)
    settings = Settings(home=tmp_path, database_url=sample_url, sources=(str(tmp_path / "drive"),))
    return AppContext(settings, PLAN, NOW, made.engine)


def damage(app: AppContext) -> None:
    with app.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in DAMAGE.values():
            connection.exec_driver_sql(statement)


@pytest.mark.long
def test_a_sound_warehouse_is_published_with_its_checks(app: AppContext, tmp_path: Path) -> None:
    out = tmp_path / "published"
    publish_to(app, out)
    start = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="checks.html"' in start
    assert broken_links(out) == []
    with app.engine.connect() as connection:
        head = published_head(connection)
    assert head
    assert head in start
    docs = sorted(path.stem for path in (out / "data_docs").iterdir())
    assert docs == sorted(suite.relation for suite in suites(PLAN, FORM_SET))
    for path in (out / "data_docs").iterdir():
        document = html.document_fromstring(path.read_bytes())
        actual = document.text_content()
        assert "Succeeded" in actual
        assert head in actual
        assert "Unsuccessful Expectations" in actual
        links = [link for _, _, link, _ in document.iterlinks()]
        assert all(link.startswith(("#", "../")) for link in links), links
        assert not document.xpath("//script | //img | //iframe")
    assert publish_to(app, out).changed == []


@pytest.mark.long
def test_each_kind_of_damage_is_named_and_nothing_is_published(app: AppContext, tmp_path: Path) -> None:
    out = tmp_path / "published"
    publish_to(app, out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    damage(app)
    checked = run_checkpoint(app.engine, PLAN, NOW)
    broken = {o.expectation.id: o for o in checked.outcomes if not o.holds}
    assert set(DAMAGE) <= set(broken)
    assert all(o.problem is None for o in checked.outcomes)
    assert all(o.wrong and o.rows for o in broken.values())
    assert not broken["hotspots.HOT-02"].stops
    page = offline(checked.data_docs["dw.current_trials"](), "x", "../", "foot").decode()
    assert "Failed" in page
    assert "onerror" not in page.replace("onerror=alert(1)&gt;", "")
    assert "<script" not in page
    with pytest.raises(CheckpointError, match="Nothing was published and the last good pages stay"):
        publish_to(app, out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    with app.engine.connect() as connection:
        runs = connection.execute(
            text(
                "SELECT count(*), count(*) FILTER (WHERE outcome = 'failed' AND wrong_rows > 0)"
                " FROM mart.check_result WHERE plan_code = 'DN-2020' GROUP BY checked_at ORDER BY checked_at"
            )
        ).all()
    assert runs == [(len(checked.outcomes), 0), (len(checked.outcomes), len(broken))]


def test_a_warning_does_not_stop_publishing_and_is_on_the_page(app: AppContext, tmp_path: Path) -> None:
    """Police and district tell otherwise of the same places: both sheets are sound, but they do not agree."""
    actual = "SELECT c.period_code, c.area_code FROM dw.current_hotspots c WHERE c.body_code = 'CAT' LIMIT 1"
    with app.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        period, area = connection.execute(text(actual)).one()
        connection.execute(
            text(
                "INSERT INTO dw.fact_hotspots (submission_id, load_id, body_key, period_key, area_key, place_kind, opening,"
                " identified, recurred, dismantled, closing, source_sheet, source_row, recorded_at)"
                " SELECT s.submission_id, f.load_id, b.body_key, f.period_key, f.area_key, f.place_kind, 50, 0, 0, 0, 50, 'x', 1, now()"
                " FROM dw.current_hotspots f JOIN dw.dim_body b ON b.body_code = 'UBND-' || f.area_code"
                " CROSS JOIN LATERAL (SELECT max(submission_id) AS submission_id FROM audit.submission) s"
                " WHERE f.body_code = 'CAT' AND f.period_code = :period AND f.area_code = :area"
            ),
            {"period": period, "area": area},
        )
    outcomes = run_checkpoint(app.engine, PLAN, NOW).outcomes
    disagreeing = next(o for o in outcomes if o.expectation.id == "hotspots.agreement")
    assert not disagreeing.holds
    assert not disagreeing.stops
    assert disagreeing.rows[0]["other_opening"] == 50 or disagreeing.rows[0]["opening"] == 50


def test_every_rule_across_periods_has_its_expectation_and_no_rule_of_a_row_has() -> None:
    ids = {e.id.rpartition(".")[2] for suite in suites(PLAN, FORM_SET) for e in suite.expectations}
    for form in FORMS:
        assert {r.id for r in form.rules_of(RuleScope.PREVIOUS_PERIOD, RuleScope.YEAR_TO_DATE)} <= ids
        assert not {r.id for r in form.rules_of(RuleScope.ROW)} & ids


@pytest.mark.long
def test_the_checkpoint_runs_where_something_changed_and_only_there(app: AppContext, tmp_path: Path) -> None:
    out = tmp_path / "published"
    pages = ("checks.html", "en/checks.html", "data_docs/dw.current_trials.html")

    def runs() -> object:
        with app.engine.connect() as connection:
            return connection.scalar(text("SELECT count(DISTINCT checked_at) FROM audit.check_result"))

    publish_to(app, out)
    publish_to(app, out)
    assert runs() == 1
    (out / pages[0]).unlink()
    assert publish_to(app, out).changed == [pages[0]]
    assert runs() == 2
    with app.engine.begin() as connection:  # nothing but this one warning changes
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.exec_driver_sql(DAMAGE["hotspots.HOT-02"])
    publish_to(app, out)
    assert runs() == 3
    assert "HOT-02" in (out / pages[0]).read_text(encoding="utf-8")
    assert all((out / page).is_file() for page in pages)


def test_each_kind_of_damage_changes_the_state_of_the_checkpoint(app: AppContext) -> None:
    with app.engine.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        states = [checkpoint_state(connection, PLAN, NOW)]
        assert checkpoint_state(connection, PLAN, NOW) == states[0]
        for statement in DAMAGE.values():
            with connection.begin_nested() as damage:
                connection.exec_driver_sql(statement)
                states.append(checkpoint_state(connection, PLAN, NOW))
                damage.rollback()
    assert len(set(states)) == len(DAMAGE) + 1
