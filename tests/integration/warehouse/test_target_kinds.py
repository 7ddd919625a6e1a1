"""Every kind of target in a plan file, over real sheets of two years, against figures computed by hand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from plans.aggregation_functions import AGGREGATION_FUNCTIONS
from plans.model import Plan, Target
from plans.target_expressions import target_terms
from publishing.site.build import publish
from services.ingest import IngestContext, ingest
from tests.support.pipeline import work
from tests.support.postgres import shared_database
from tests.support.small_plans import plan_of, put_sheet, target
from warehouse.indicators.computed_figures import as_known_at
from warehouse.indicators.evaluation import EVERYTHING
from warehouse.indicators.lineage import recompute, trace
from warehouse.indicators.materialize import materialize
from warehouse.verification.database import verify_database

NOW = datetime(2020, 6, 16, tzinfo=UTC)
RECEIVED = [datetime(2020, 1, 16), datetime(2020, 2, 17), datetime(2020, 4, 1)]  # the last one is late
BIEN_HOA, LONG_KHANH = "Thành phố Biên Hòa", "Thành phố Long Khánh"
CASES = {  # by month and district
    2019: [(5, 1), (5, 1), (5, 1)],
    2020: [(4, 2), (6, 0), (1, 3)],
}
SCORES = {"Phường Trảng Dài": 90, "Phường Tân Phong": 70, "Phường Xuân Trung": 50, "Phường Xuân Thanh": 85}
PROSECUTED = "sum(enforcement.cases_prosecuted)"
SCORE = "average(commune_status.score)"
ALL = ["province", "district", "commune"]
TARGETS = [
    target("WEIGHTED", "0.5 * sum(enforcement.cases_detected) + 2 * sum(enforcement.cases_prosecuted)"),
    target("RATE", PROSECUTED, denominator="given(population)", per=10000, unit="vụ/10.000 dân", at_most=2),
    target("RATIO", SCORE, denominator=PROSECUTED, unit="điểm/vụ"),
    target("MONTH", "sum(enforcement.cases_prosecuted, over=period)", periods=["M", "Q"], at_least=6),
    target("CHANGE", f"{PROSECUTED} - sum(enforcement.cases_prosecuted, year=previous)", unit="percent",
           denominator="sum(enforcement.cases_prosecuted, year=previous)", at_most=-10),
    target("BASELINE", f"{PROSECUTED} - given(baseline)", denominator="given(baseline)", unit="percent", at_most=-10),
    target("MINUS", f"100 - {PROSECUTED}", at_least=90),
    target("RANGE", SCORE, section="I.1", at_least=60, at_most=75, unit="point"),
    target("STEPS", PROSECUTED, at_least=40, pace="stepwise",
           steps=[{"day": "2020-02-14", "threshold": 9}, {"day": "2020-06-14", "threshold": 20}]),
    target("SLOPE", PROSECUTED, at_least=40, pace="linear", steps=[{"day": "2020-03-14", "threshold": 20}],
           overrides=[{"areas": ["731"], "threshold": 30, "steps": [{"day": "2020-03-14", "threshold": 10}]}]),
    target("SCORED", SCORE, at_least=80, unit="point", reported_levels=ALL),
    target("NESTED", "reaching(SCORED, commune)", denominator="areas(commune)", unit="percent", at_least=80),
    target("INDEX", "0.4 * achievement(SCORED) + 0.6 * value(NESTED)", unit="point", at_least=70),
    target("RANK", "rank(SCORED)", at_most=1, unit="hạng", reported_levels=["district", "commune"]),
    target("ON-TIME", "on_time()", denominator="owed()", unit="percent", at_least=90),
    target("RECEIVED", "received(commune_status)", denominator="owed(commune_status)", unit="percent", at_least=90),
    target("DOCUMENT", "recorded(district_plan)", denominator="areas(district)", unit="percent", at_least=100,
           due="2020-03-01"),
    target("QUALITY", "assessed()", unit="đánh giá", assessments=[
        {"day": "2020-02-01", "status": "on_track", "reason": "Đang triển khai"},
        {"day": "2020-03-10", "status": "behind", "reason": "Thiếu kinh phí"},
        {"day": "2020-03-01", "area": "731", "status": "met", "reason": "Đã hoàn thành"},
    ]),
]  # fmt: skip
DATA: dict[str, Any] = {
    "area_figures": {
        "population": {"label_vi": "Dân số", "unit": "person", "values": {"731": 40000, "732": 10000}},
        "baseline": {"label_vi": "Số vụ 2019", "unit": "case", "values": {"75": 20, "731": 10, "732": 8}},
    },
    "records": {
        "district_plan": [
            {"area": "731", "day": "2020-02-20", "reference": "12/KH-UBND"},
            {"area": "732", "day": "2020-03-12", "reference": "7/KH-UBND"},
        ]
    },
}


@dataclass
class Kinds:
    engine: Engine
    plan: Plan

    def row(self, code: str, period: str = "2020-Q1", area: str = "75") -> Any:
        query = (
            "SELECT * FROM mart.target_indicator WHERE plan_code = 'P-2020'"
            " AND target_code = :code AND period_code = :period AND area_code = :area"
        )
        with self.engine.connect() as connection:
            values = {"code": code, "period": period, "area": area}
            return connection.execute(text(query), values).one_or_none()

    def value(self, code: str, period: str = "2020-Q1", area: str = "75") -> float | None:
        row = self.row(code, period, area)
        return None if row is None or row.value is None else round(row.value, 4)


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kinds]:
    folder = tmp_path_factory.mktemp("kinds")
    with shared_database("embedded") as url:
        for year, months in CASES.items():
            targets = TARGETS if year == 2020 else []
            data = DATA if year == 2020 else {}
            plan = plan_of(folder, code=f"P-{year}", year=year, targets=targets, **data)
            drive = folder / f"drive-{year}"
            for month, (one, other) in enumerate(months, 1):
                rows = {
                    name: {"cases_detected": 2 * count, "cases_prosecuted": count}
                    for name, count in ((BIEN_HOA, one), (LONG_KHANH, other))
                }
                put_sheet(
                    drive,
                    plan,
                    "01-PCMD",
                    "CAT",
                    f"Tháng {month} năm {year}",
                    rows,
                    received=RECEIVED[month - 1],
                )
            if year == 2020:
                for district in ("731", "732"):
                    communes = [a.name for a in plan.areas if a.parent == district]
                    rows = {name: {"score": SCORES[name]} for name in communes}
                    put_sheet(
                        drive,
                        plan,
                        "05-PCMD",
                        f"UBND-{district}",
                        "Quý I năm 2020",
                        rows,
                        received=datetime(2020, 3, 17),
                    )
            context = work(url, folder, plan)
            context = IngestContext(context.engine, plan, NOW, folder / "archive")
            result = ingest(context, [str(drive)])
            assert not result.submissions["rejected"], result
        yield Kinds(context.engine, plan)
        context.engine.dispose()


@pytest.mark.parametrize(
    ("code", "period", "area", "value"),
    [
        ("WEIGHTED", "2020-Q1", "75", 48), ("WEIGHTED", "2020-Q1", "732", 15),
        ("RATE", "2020-Q1", "731", 2.75), ("RATE", "2020-Q1", "732", 5), ("RATE", "2020-Q1", "75", 3.2),
        ("RATIO", "2020-Q1", "731", 7.2727),
        ("MONTH", "2020-M02", "731", 6), ("MONTH", "2020-M03", "75", 4), ("MONTH", "2020-Q1", "75", 16),
        ("CHANGE", "2020-M01", "75", 0), ("CHANGE", "2020-Q1", "75", -11.1111), ("CHANGE", "2020-Q1", "732", 66.6667),
        ("BASELINE", "2020-Q1", "75", -20), ("BASELINE", "2020-Q1", "732", -37.5),
        ("MINUS", "2020-Q1", "75", 84),
        ("RANGE", "2020-Q1", "75", 73.75), ("RANGE", "2020-Q1", "731", 80),
        ("NESTED", "2020-Q1", "75", 50), ("NESTED", "2020-Q1", "731", 50),
        ("INDEX", "2020-Q1", "75", 66.875),
        ("RANK", "2020-Q1", "731", 1), ("RANK", "2020-Q1", "732", 2),
        ("RANK", "2020-Q1", "25993", 1), ("RANK", "2020-Q1", "26071", 4),
        ("ON-TIME", "2020-Q1", "75", 80), ("ON-TIME", "2020-Q1", "731", 100),
        ("RECEIVED", "2020-Q1", "75", 100), ("RECEIVED", "2020-H1", "75", 50),
        ("DOCUMENT", "2020-M02", "75", 0), ("DOCUMENT", "2020-Q1", "75", 50), ("DOCUMENT", "2020-Q1", "732", 0),
        ("QUALITY", "2020-M02", "75", 0), ("QUALITY", "2020-Q1", "731", 1), ("QUALITY", "2020-Q1", "732", None),
    ],
)  # fmt: skip
def test_the_figure_of_each_kind(
    code: str, period: str, area: str, value: float | None, kinds: Kinds
) -> None:
    assert kinds.value(code, period, area) == value


def test_figures_are_computed_for_the_kinds_of_periods_that_a_target_names(kinds: Kinds) -> None:
    assert kinds.row("MONTH", "2020-H1") is None
    assert kinds.row("STEPS", "2020-H1") is not None


@pytest.mark.parametrize(
    ("code", "period", "area", "expected", "status"),
    [
        ("STEPS", "2020-M01", "75", 0, "on_track"),
        ("STEPS", "2020-M02", "75", 9, "on_track"),
        ("STEPS", "2020-M06", "75", 20, "behind"),
        ("SLOPE", "2020-Q1", "75", 20, "behind"),
        ("SLOPE", "2020-Q1", "731", 10, "on_track"),
        ("DOCUMENT", "2020-M02", "75", 0, "on_track"),
        ("DOCUMENT", "2020-Q1", "75", 100, "missed"),
        ("DOCUMENT", "2020-Q1", "731", 100, "met"),
        ("RANGE", "2020-Q1", "75", 60, "on_track"),
        ("RANGE", "2020-Q1", "731", 60, "behind"),
        ("QUALITY", "2020-M02", "75", 1, "on_track"),
        ("QUALITY", "2020-Q1", "75", 1, "behind"),
        ("QUALITY", "2020-Q1", "731", 1, "met"),
        ("QUALITY", "2020-Q1", "732", 1, "no_data"),
        ("BASELINE", "2020-Q1", "75", -10, "on_track"),
        ("CHANGE", "2020-Q1", "732", -10, "behind"),
    ],
)  # fmt: skip
def test_the_pace_and_the_status(
    code: str, period: str, area: str, expected: float, status: str, kinds: Kinds
) -> None:
    row = kinds.row(code, period, area)
    assert (row.expected_value, row.status) == (expected, status)


@pytest.mark.parametrize(
    ("code", "period", "least", "most", "verdict"),
    [
        ("MINUS", "2020-H1", None, 84, "not_met"),  # more cases can only lower it
        ("NESTED", "2020-Q1", 50, 50, "not_met"),  # all communes reported
        ("NESTED", "2020-H1", 0, 100, "undecided"),  # their averages may change with the missing reports
        ("CHANGE", "2020-H1", None, None, "undecided"),  # reports of April to June 2019 are missing as well
        ("RECEIVED", "2020-H1", 50, 100, "undecided"),
        ("ON-TIME", "2020-H1", 40, 70, "not_met"),  # three reports of June may still come in time
    ],
)
def test_bounds_over_what_missing_reports_may_state(
    code: str, period: str, least: float | None, most: float | None, verdict: str, kinds: Kinds
) -> None:
    row = kinds.row(code, period)
    shown = [None if bound is None else round(bound, 4) for bound in (row.value_min, row.value_max)]
    assert (*shown, row.verdict) == (least, most, verdict)


def test_a_rank_is_final_when_all_reports_are_in(kinds: Kinds) -> None:
    assert kinds.row("RANK", "2020-Q1", "731").is_final
    assert not kinds.row("RANK", "2020-H1", "731").is_final


@pytest.mark.parametrize("code", [stated["code"] for stated in TARGETS])
def test_the_sources_of_a_figure_give_it_again(code: str, kinds: Kinds) -> None:
    declared = kinds.plan.targets_by_code[code]
    period = "2020-Q1"
    for level in declared.reported_levels:
        for area in (area.code for area in kinds.plan.areas if area.level == level):
            row = kinds.row(code, period, area)
            if row.numerator is None:
                continue
            with kinds.engine.connect() as connection:
                cells = trace(connection, kinds.plan, code, period, area)
            numerator, denominator = recompute(cells, declared)
            assert float(numerator) == pytest.approx(float(row.numerator)), area
            if denominator is not None:
                assert float(denominator) == pytest.approx(float(row.denominator)), area


def test_the_cells_of_a_nested_share_lead_to_the_sheets(kinds: Kinds) -> None:
    with kinds.engine.connect() as connection:
        cells = trace(connection, kinds.plan, "NESTED", "2020-Q1", "75")
    areas = {cell["area_code"]: cell["value"] for cell in cells if cell["part"] == "numerator"}
    assert areas == {"25993": 1, "25996": 0, "26071": 0, "26074": 1}
    sources = [cell for cell in cells if cell["part"] == "source"]
    assert {cell["target"] for cell in sources} == {"SCORED"}
    assert sorted(cell["value"] for cell in sources) == [50, 70, 85, 90]
    assert all(cell["cell"] and cell["sha256"] for cell in sources)


def test_figures_as_of_a_moment_are_those_of_the_table(kinds: Kinds) -> None:
    query = "SELECT target_code, value FROM mart.target_indicator WHERE plan_code = 'P-2020'"
    with kinds.engine.connect() as connection:
        stored = sorted((row.target_code, row.value) for row in connection.execute(text(query)) if row.value)
        rows = as_known_at(connection, kinds.plan, NOW, EVERYTHING)
        known = "SELECT target_code, value FROM mart.target_indicator_as_of(:now) WHERE plan_code = 'P-2020'"
        asked = [(r.target_code, r.value) for r in connection.execute(text(known), {"now": NOW}) if r.value]
    assert sorted((row["target_code"], row["value"]) for row in rows if row["value"]) == stored
    assert sorted(asked) == stored


def test_a_late_report_changes_the_figures_of_other_areas_that_depend_on_it(kinds: Kinds) -> None:
    with kinds.engine.begin() as connection:
        assert materialize(connection, kinds.plan, NOW) == 0  # the ingest left nothing out


@pytest.fixture(scope="module")
def pages(kinds: Kinds, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published pages of the plan."""
    folder = tmp_path_factory.mktemp("pages")
    with kinds.engine.begin() as connection:
        publish(connection, kinds.plan, lambda _: None, folder, NOW)
    return folder


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("WEIGHTED", ["0,5 × Tổng “Số vụ phát hiện, triệt phá”, tính từ đầu năm kế hoạch", "+ 2 × Tổng"]),
        ("RATE", ["“Dân số” (số cho trước trong kế hoạch)", "vụ/10.000 dân"]),
        ("MONTH", ["chỉ trong kỳ"]),
        ("CHANGE", ["cùng kỳ năm trước", "nhiều nhất -10%"]),
        ("RANGE", ["từ 60 point đến 75 point"]),
        ("STEPS", ["14/02/2020: 9 vụ; 14/06/2020: 20 vụ"]),
        ("NESTED", ["Số địa bàn đạt chỉ tiêu SCORED (cấp xã)"]),
        ("RANK", ["Thứ hạng theo chỉ tiêu SCORED"]),
        ("ON-TIME", ["Số báo cáo nhận đúng hạn"]),
        ("DOCUMENT", ["12/KH-UBND", "01/03/2020"]),
        ("QUALITY", ["Thiếu kinh phí", "Thành phố Biên Hòa"]),
    ],
)
def test_the_page_of_a_target_states_its_formula_and_data(code: str, words: list[str], pages: Path) -> None:
    page = " ".join((pages / f"target-{code}.html").read_text("utf-8").split())
    plain = re.sub(r"<[^>]+>", "", page)
    for text_on_page in words:
        assert text_on_page in plain


def test_every_aggregation_function_of_the_language_is_tried() -> None:
    tried = {
        term.function
        for stated in TARGETS
        for part in target_terms(Target.model_validate(stated))
        for term in part
    }
    over_measures = {name for name, function in AGGREGATION_FUNCTIONS.items() if function.takes_measure}
    assert tried | over_measures == set(AGGREGATION_FUNCTIONS)


def test_the_verification_computes_every_kind_again(kinds: Kinds) -> None:
    with kinds.engine.connect() as connection:
        assert list(verify_database(connection)) == []
        connection.execute(text("UPDATE dw.target_indicator SET value = value + 1 WHERE value IS NOT NULL"))
        wrong = " ".join(verify_database(connection))
        connection.rollback()
    assert [t["code"] for t in TARGETS if f"dw.target_indicator: {t['code']} " not in wrong] == []
