"""Small counts about persons, as somebody sees them who connects as a BI tool and wants to know."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, MetaData, func, select, text
from sqlalchemy.exc import DBAPIError

from plans.model import Plan
from plans.reporting_calendar import period_from_code
from plans.target_expressions import target_terms
from schemas.declaration import Form, Measure
from schemas.expressions import names
from schemas.linked_measures import SMALLEST_SHOWN, linked_measures
from services.ingest import IngestContext, ingest
from tests.support.database_roles import as_role, drop, new_database
from tests.support.forms import BY_KEY, FORMS
from tests.support.reports import PLAN, default_rows, district_rows, workbook
from warehouse.database import connect
from warehouse.dimensions.seeds import load_reference
from warehouse.history.snapshots import close
from warehouse.indicators.materialize import materialize
from warehouse.migrations.upgrade import migrate
from warehouse.privacy.roles import create_roles

NOW = datetime(2020, 4, 20, tzinfo=UTC)
SMALL = range(1, SMALLEST_SHOWN)
COUNTS = {form.key: [m.key for m in form.measures if m.unit.counts_persons] for form in FORMS}

AMOUNTS = {"enforcement": {"fines_amount"}, "social_support": {"amount"}}


@pytest.fixture(scope="module")
def owner(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("suppression")
    url = new_database(server)
    engine = connect(url)
    migrate(engine)
    assert create_roles(engine) == []
    with engine.begin() as connection:
        load_reference(connection, PLAN)
    put(folder, "CAT", "01-PCMD", "Tháng 3 năm 2020", enforcement_rows())
    support = default_rows("08-PCMD")
    assert len(support) >= 1
    support[0] |= {"persons": 30, "persons_female": 3, "amount": 12}
    put(folder, "SYT", "08-PCMD", "Quý I năm 2020", support)
    done = ingest(IngestContext(engine, PLAN, NOW, folder / "archive"), [str(folder / "drive")])
    assert done.submissions["accepted"] + done.submissions["accepted_with_warnings"] == 2, done
    yield engine
    engine.dispose()
    drop(server, url)


def enforcement_rows() -> list[dict[str, Any]]:
    rows = district_rows("01-PCMD")
    for i, row in enumerate(rows):
        row |= {"cases_detected": 5, "cases_prosecuted": 1, "fines_amount": 10**6}
        row |= {
            "offenders_harbouring": i,
            "offenders_brokering": 10,
            "offenders_other": 0,
            "offenders_total": 10 + i,
        }
        row |= {"sanctioned_sellers": 20, "sanctioned_buyers": 10 * i, "sanctioned_other": 7}
        row["sanctioned_total"] = 27 + 10 * i
    return rows


def put(folder: Path, body: str, form: str, period: str, rows: list[dict[str, Any]]) -> None:
    file = folder / "drive" / body / f"{form}.xlsx"
    file.parent.mkdir(parents=True)
    file.write_bytes(workbook(form, body, period, rows))


@pytest.fixture
def bi(owner: Engine) -> Iterator[Engine]:
    engine = as_role(owner, "chitieu_bi")
    yield engine
    engine.dispose()


def rows_of(engine: Engine, form: str) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text(f"SELECT * FROM mart.{form} ORDER BY body_code, period_code, area_code")
        )
        return [dict(row) for row in rows.mappings()]


def test_no_small_count_is_shown_and_auditors_see_all(owner: Engine, bi: Engine) -> None:
    auditor = as_role(owner, "chitieu_auditor")
    for form in ("enforcement", "social_support"):
        shown, true = rows_of(bi, form), rows_of(auditor, form)
        assert len(shown) == len(true)
        assert any(row["is_suppressed"] for row in shown)
        assert form != "enforcement" or not all(row["is_suppressed"] for row in shown)
        assert not any(row["is_suppressed"] for row in true)
        for seen, real in zip(shown, true, strict=True):
            for key in COUNTS[form]:
                assert seen[key] not in SMALL
                assert seen[key] in (None, real[key])
            amounts = AMOUNTS[form]
            assert all(seen[key] in (None, real[key]) for key in amounts)
            others = set(seen) - {*COUNTS[form], *amounts, "is_suppressed"}
            assert all(seen[key] == real[key] for key in others)
    auditor.dispose()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_no_rule_of_a_row_gives_a_withheld_count_away(form: Form) -> None:
    """Whatever a rule ties together is shown together or withheld together."""
    groups = [{measure.key for measure in group} for group in linked_measures(form)]
    assert sorted(key for group in groups for key in group) == sorted(COUNTS[form.key])
    for rule in form.rules:
        if rule.scope == "row":
            visible = {key for key in names(rule.expression) if key in COUNTS[form.key]}
            assert not visible or any(visible <= group for group in groups), rule.id


def test_subtracting_gives_nothing(bi: Engine) -> None:
    """The total less the parts that are shown: never one unknown alone."""
    for row in rows_of(bi, "enforcement"):
        visible = [row[f"offenders_{part}"] for part in ("total", "harbouring", "brokering", "other")]
        assert visible.count(None) in (0, 4)
        visible = [row[f"sanctioned_{part}"] for part in ("total", "sellers", "buyers", "other")]
        assert visible.count(None) in (0, 4)
    for row in rows_of(bi, "social_support"):
        assert (row["persons"] is None) == (row["persons_female"] is None)


@pytest.mark.parametrize(
    ("form", "amount", "count"),
    [("enforcement", "fines_amount", "sanctioned_total"), ("social_support", "amount", "persons")],
)
@pytest.mark.parametrize("view", ["", "_by_area_today"])
def test_an_amount_is_withheld_with_its_count(
    form: str, amount: str, count: str, view: str, bi: Engine, owner: Engine
) -> None:
    query = text(f"SELECT {amount}, {count} FROM mart.{form}{view}")
    with bi.connect() as connection:
        seen = list(connection.execute(query))
    with owner.connect() as connection:
        assert all(one is not None for row in connection.execute(query) for one in row)
    assert form == "enforcement" or any(row[1] is None for row in seen)
    assert all((row[0] is None) == (row[1] is None) for row in seen)


def test_functions_and_faults_of_the_readers_own_see_nothing(owner: Engine, bi: Engine) -> None:
    heard: list[str] = []
    with owner.begin() as connection:  # where an office gives its readers temporary objects again
        connection.execute(text(f"GRANT TEMPORARY ON DATABASE {owner.url.database} TO chitieu_bi"))
    with psycopg.connect(bi.url.render_as_string(hide_password=False).replace("+psycopg", "")) as connection:
        connection.add_notice_handler(lambda notice: heard.append(str(notice.message_primary)))
        connection.execute(
            "CREATE FUNCTION pg_temp.hear(key text, n bigint) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
            " $$ BEGIN RAISE NOTICE '%', n; RETURN true; END $$"
        )
        for form, keys in COUNTS.items():
            for key in keys:
                connection.execute(f"SELECT * FROM mart.{form} WHERE pg_temp.hear('{key}', {key}::bigint)")
                for guess in SMALL:
                    found = connection.execute(f"SELECT * FROM mart.{form} WHERE 1 / ({key} - {guess}) > 5")
                    assert found.fetchall() == []
                    found = connection.execute(f"SELECT 1 FROM mart.{form} WHERE {key} = {guess}")
                    assert found.fetchall() == []
    assert heard
    assert not {str(n) for n in SMALL} & set(heard)


@pytest.mark.parametrize(
    "attempt",
    [
        "SELECT * FROM dw.fact_enforcement",
        "SELECT * FROM dw.current_enforcement",
        "SET ROLE chitieu_auditor",
        "SET ROLE chitieu_writer",
        "CREATE VIEW mart.mine AS SELECT 1",
        "CREATE OR REPLACE VIEW mart.enforcement AS SELECT 1",
        "ALTER VIEW mart.enforcement SET (security_barrier = false)",
        "GRANT USAGE ON SCHEMA dw TO chitieu_bi",
        "SELECT * FROM audit.finding",
        "COPY dw.fact_enforcement TO STDOUT",
    ],
)
def test_what_lies_behind_is_out_of_reach(bi: Engine, attempt: str) -> None:
    with bi.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.execute(text(attempt))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege), attempt


def test_statistics_tell_nothing(owner: Engine, bi: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("ANALYZE"))
    with bi.connect() as connection:
        assert (
            connection.scalar(text("SELECT count(*) FROM pg_stats WHERE schemaname IN ('dw', 'audit')")) == 0
        )


def test_the_withheld_share_is_shown(owner: Engine, bi: Engine) -> None:
    with bi.connect() as connection:
        rows = connection.execute(text("SELECT form_code, counts, withheld FROM mart.suppression")).all()
    visible = {row[0]: (row[1], row[2]) for row in rows}
    seen = rows_of(bi, "enforcement")
    nulls = sum(row[key] is None for row in seen for key in COUNTS["enforcement"])
    assert visible["01-PCMD"] == (len(seen) * len(COUNTS["enforcement"]), nulls)
    assert nulls > 0


def test_a_client_that_reflects_finds_every_view(bi: Engine) -> None:
    reflected = MetaData()
    reflected.reflect(bi, schema="mart", views=True)
    assert {f"mart.{form.key}" for form in FORMS} <= set(reflected.tables)
    enforcement = reflected.tables["mart.enforcement"]
    assert enforcement.c.cases_prosecuted.comment
    with bi.connect() as connection:
        total = connection.scalar(select(func.sum(enforcement.c.cases_detected)))
        assert total == 5 * len(rows_of(bi, "enforcement"))


def test_bi_tools_may_ask_for_any_moment(bi: Engine) -> None:
    with bi.connect() as connection:
        visible = connection.scalar(text("SELECT count(*) FROM mart.target_indicator_as_of(:m)"), {"m": NOW})
        assert visible == connection.scalar(text("SELECT count(*) FROM mart.target_indicator"))
    with bi.connect() as connection:
        connection.execute(text("SET TRANSACTION READ ONLY"))
        again = connection.scalar(text("SELECT count(*) FROM mart.target_indicator_as_of(:m)"), {"m": NOW})
        assert visible == again > 0


def test_the_plans_targets_count_no_persons() -> None:
    """The target tables are shown as they are: a plan whose targets count persons needs more than this."""
    for target in PLAN.targets:
        for terms in target_terms(target):
            for term in terms:
                measure = BY_KEY[term.form].columns[term.measure] if term.form and term.measure else None
                assert not isinstance(measure, Measure) or not measure.unit.counts_persons, target.code


@pytest.mark.parametrize("view", ["commune_status", "commune_status_by_area_today"])
def test_no_commune_shows_its_persons(view: str, owner: Engine, bi: Engine, tmp_path: Path) -> None:
    """The police report the same persons for the district: all communes but one would give that one away."""
    district = "734" if view == "commune_status" else "736"
    names = [area.name for area in PLAN.areas if area.parent == district]
    rows = default_rows("05-PCMD", names)
    for row, count in zip(rows, [12, 30], strict=False):
        row |= {"sanctioned": count}
    put(tmp_path, f"UBND-{district}", "05-PCMD", "Quý I năm 2020", rows)
    done = ingest(IngestContext(owner, PLAN, NOW, tmp_path / "archive"), [str(tmp_path / "drive")])
    assert done.submissions["accepted"] + done.submissions["accepted_with_warnings"] == 1, done
    query = text(f"SELECT DISTINCT sanctioned, is_suppressed FROM mart.{view} WHERE period_code = '2020-Q1'")
    with bi.connect() as connection:
        assert {tuple(row) for row in connection.execute(query)} == {(None, True)}
    with owner.connect() as connection:
        assert {(12, False), (30, False)} <= {tuple(row) for row in connection.execute(query)}


def test_a_figure_below_a_withheld_count_does_not_give_it_away(
    owner: Engine, bi: Engine, tmp_path: Path
) -> None:
    """Defendants are at least the cases tried: four cases and a withheld count would else be four defendants."""
    pairs = [(4, 4), (4, 7), (4, 8), (3, 3), (3, 6), (3, 7), (1, 4), (1, 5), (0, 4), (0, 5), (5, 5)]
    rows = district_rows("04-PCMD")
    for row, (tried, defendants) in zip(rows, pairs, strict=True):
        row |= {"accepted": tried, "tried": tried, "defendants": defendants}
    put(tmp_path, "TAND", "04-PCMD", "Quý I năm 2020", rows)
    done = ingest(IngestContext(owner, PLAN, NOW, tmp_path / "archive"), [str(tmp_path / "drive")])
    assert done.rows_loaded == len(pairs), done
    for view in ("trials", "trials_by_area_today"):
        with bi.connect() as connection:
            seen = set(map(tuple, connection.execute(text(f"SELECT tried, defendants FROM mart.{view}"))))
        assert seen == {
            *((4, None), (4, 8), (3, None), (3, 7), (1, None), (1, 5), (0, None), (0, 5), (5, 5))
        }, view
        for tried, defendants in seen:
            possible = [d for d in range(max(1, tried), 9) if (tried, d) not in seen]
            assert defendants is not None or len(possible) >= len(SMALL)


def test_of_a_target_that_counts_persons_nothing_is_seen(owner: Engine) -> None:
    """Even the province's year gives a count away that is the only one withheld, and one that comes late."""
    document = PLAN.model_dump()
    document["code"] = "DN-PERSONS"
    counted: dict[str, Any] = {
        "code": "P",
        "label_vi": "Người bị xử lý",
        "numerator": "sum(enforcement.offenders_total, bodies=[CAT])",
    }
    counted |= {
        "at_least": 1,
        "unit": "person",
        "reported_levels": ("province", "district"),
        "breakdown_levels": ("commune",),
    }
    document["targets"] = (*document["targets"], counted)
    plan = Plan.model_validate(document)
    with owner.begin() as connection:
        load_reference(connection, plan)
        materialize(connection, plan, datetime(2021, 3, 1, tzinfo=UTC))
        close(
            connection,
            plan,
            period_from_code("2020-M03", plan.calendar),
            datetime(2021, 3, 1, tzinfo=UTC),
            "no reports",
        )
        create = "SELECT count(*) FROM mart.target_indicator WHERE target_code = 'P'"
        assert connection.scalar(text(create)) == 12 * 19
        connection.execute(text("UPDATE dw.target_indicator SET computed_at = computed_at + interval '1 h'"))
    assert create_roles(owner) == []
    tables: tuple[str, ...] = (
        "target_indicator",
        "target_breakdown",
        "target_snapshot",
        "target_indicator_as_of(now())",
    )
    tables += ("target_indicator_history", "target_breakdown_history", "target_indicator_as_of('2021-03-01')")
    tables += (
        "snapshot_difference",
        "year_on_year",
        "forecast",
        "revision_log",
        "target_indicator_by_area_today",
    )
    with as_role(owner, "chitieu_bi").connect() as connection:
        for table in tables:
            seen = connection.execute(
                text(f"SELECT DISTINCT area_code, period_code FROM mart.{table} WHERE target_code = 'P'")
            )
            assert not seen.all(), table
            others = "SELECT count(*) FROM mart.{} WHERE target_code = 'T1'"
            assert (
                "target_" not in table
                or table in ("target_snapshot", "target_breakdown_history")
                or connection.scalar(text(others.format(table)))
            )
    with as_role(owner, "chitieu_auditor").connect() as connection:
        assert connection.scalar(text(create)) == 12 * 19
