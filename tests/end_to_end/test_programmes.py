"""Plans of other levels and calendars, each a file, driven with real sheets through every step."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import text

from drives import archive
from plans.model import Plan
from plans.reporting_calendar import Period, period_from_code
from publishing.blank_forms.files import template_files
from publishing.site.build import publish
from publishing.site.site_data import period_names
from services.audit_checks import verify
from services.context import AppContext
from services.ingest import IngestContext, IngestResult, ingest
from services.settings import Settings
from tests.support.forms import FORM_SET
from tests.support.pages import broken_links
from tests.support.pipeline import work
from tests.support.postgres import shared_database
from tests.support.small_plans import plan_of, put_sheet, target
from warehouse.indicators.lineage import recompute, trace

PROSECUTED = "sum(enforcement.cases_prosecuted)"


@dataclass
class Programme:
    """A plan whose reports were ingested."""

    plan: Plan
    context: IngestContext
    folder: Path
    result: IngestResult

    def value(self, target_code: str, period: str, area: str) -> float | None:
        query = (
            "SELECT value FROM mart.target_indicator WHERE plan_code = :plan"
            " AND target_code = :target AND period_code = :period AND area_code = :area"
        )
        values = {"plan": self.plan.code, "target": target_code, "period": period, "area": area}
        with self.context.engine.connect() as connection:
            found: float | None = connection.scalar(text(query), values)
            return found

    def traced(self, target_code: str, period: str, area: str) -> float:
        """The figure again, from its source cells."""
        declared = self.plan.targets_by_code[target_code]
        with self.context.engine.connect() as connection:
            cells = trace(connection, self.plan, target_code, period, area)
        numerator, denominator = recompute(cells, declared)
        return float(numerator) * declared.factor / float(denominator or 1)

    def pages(self) -> Path:
        """The published pages, whose links all lead somewhere."""
        out = self.folder / f"pages-{self.plan.code}"
        with self.context.engine.connect() as connection:
            publish(connection, self.plan, self._load, out, self.context.now)
        assert broken_links(out) == []
        return out

    def _load(self, sha256: str) -> bytes | None:
        return archive.load(self.context.archive, sha256)

    def verify(self) -> list[str]:
        """What `chitieu audit verify` finds wrong."""
        settings = Settings(home=self.folder, archive_url=str(self.context.archive))
        return verify(AppContext(settings, self.plan, self.context.now, self.context.engine))

    def ingested_template(self, body: str, period: str) -> IngestResult:
        """Fill the blank forms of a body with zeros, and ingest them."""
        found = period_from_code(period, self.plan.calendar)
        drive = self.folder / f"forms-{self.plan.code}-{body}-{period}"
        for name, content in template_files(self.plan, [body], found, form_set=FORM_SET):
            path = drive / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(_filled(content))
        return ingest(self.context, [str(drive)])


def _filled(content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book:
        for row in sheet.iter_rows() if sheet.sheet_state == "visible" else ():
            for cell in row:
                if not cell.protection.locked and cell.value is None:
                    cell.value = 0
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Programme]]:
    """Ingest the sheets of a plan into the warehouse that all plans of this module share."""
    folder = tmp_path_factory.mktemp("programmes")
    engines = []
    with shared_database("embedded") as url:

        def begin(plan: Plan, now: datetime, drive: Path) -> Programme:
            engine = work(url, folder, plan).engine
            engines.append(engine)
            context = IngestContext(engine, plan, now, folder / "archive")
            return Programme(plan, context, folder, ingest(context, [str(drive)]))

        yield begin
        for engine in engines:
            engine.dispose()


def areas(*rows: tuple[str, str, str, str]) -> list[dict[str, str]]:
    """Areas by code, name, level and parent; the first one has none."""
    return [
        {"code": code, "name": name, "level": level} | ({"parent": parent} if parent else {})
        for code, name, level, parent in rows
    ]


def counts(**by_area: int) -> dict[str, dict[str, int]]:
    """Rows of form 01: cases by the name of the area."""
    return {
        name.replace("_", " "): {"cases_detected": n, "cases_prosecuted": n} for name, n in by_area.items()
    }


FOUR_LEVELS: dict[str, Any] = {
    "code": "VN-2020",
    "area": "VN",
    "levels": [
        {"key": "nation", "label_vi": "cả nước", "label_en": "nation", "heading_vi": "Cả nước"},
        {
            "key": "province",
            "label_vi": "cấp tỉnh",
            "label_en": "provinces",
            "heading_vi": "Tỉnh, thành phố",
            "heading_en": "Province",
            "local_body_prefix": "T-",
        },
        {
            "key": "district",
            "label_vi": "cấp huyện",
            "label_en": "districts",
            "heading_vi": "Quận, huyện",
            "aliases": ["Quận, huyện, thị xã"],
        },
        {"key": "commune", "label_vi": "cấp xã", "label_en": "communes", "heading_vi": "Xã, phường"},
    ],
    "areas": areas(
        ("VN", "Việt Nam", "nation", ""),
        ("75", "Tỉnh Đồng Nai", "province", "VN"),
        ("79", "Thành phố Hồ Chí Minh", "province", "VN"),
        ("731", "Thành phố Biên Hòa", "district", "75"),
        ("732", "Thành phố Long Khánh", "district", "75"),
        ("760", "Quận 1", "district", "79"),
        ("26740", "Phường Bến Nghé", "commune", "760"),
        ("25993", "Phường Trảng Dài", "commune", "731"),
    ),
    "calendar": {
        "closing_day": 14,
        "due_working_days": {"nation": 6, "province": 4, "district": 3, "commune": 2},
        "close_working_days": 6,
    },
    "bodies": [{"code": "BCA", "name": "Bộ Công an", "level": "nation", "area": "VN"}],
    "obligations": [{"form": "01-PCMD", "bodies": ["province"], "frequency": "M"}],
    "targets": [
        target("A", PROSECUTED, reported_levels=["nation", "province", "district"]),
        target(
            "B",
            "reaching(A, province)",
            denominator="areas(province)",
            unit="percent",
            at_least=50,
            reported_levels=["nation"],
        ),
    ],
}


@pytest.fixture(scope="module")
def four(start: Callable[..., Programme], tmp_path_factory: pytest.TempPathFactory) -> Programme:
    folder = tmp_path_factory.mktemp("four")
    plan = plan_of(folder, **FOUR_LEVELS)
    rows = counts(Thành_phố_Biên_Hòa=3, Thành_phố_Long_Khánh=2)
    put_sheet(folder / "drive", plan, "01-PCMD", "T-75", "Tháng 1 năm 2020", rows, heading="Quận, huyện")
    rows = counts(Quận_1=7)
    heading = "Quận, huyện, thị xã"
    put_sheet(folder / "drive", plan, "01-PCMD", "T-79", "Tháng 1 năm 2020", rows, heading=heading)
    return start(plan, datetime(2020, 2, 1, tzinfo=UTC), folder / "drive")


def test_four_levels_are_ingested_and_added_up(four: Programme) -> None:
    assert (four.result.submissions["accepted"], four.result.submissions["rejected"]) == (2, 0)
    expected = {"VN": 12, "75": 5, "79": 7, "731": 3, "760": 7}
    for area, value in expected.items():
        assert four.value("A", "2020-M01", area) == four.traced("A", "2020-M01", area) == value
    assert four.value("B", "2020-M01", "VN") == four.traced("B", "2020-M01", "VN") == 100


def test_four_levels_have_pages_and_templates_in_their_own_words(four: Programme) -> None:
    page = (four.pages() / "target-A.html").read_text("utf-8")
    assert "Theo tỉnh, thành phố" in page
    assert "Theo quận, huyện" in page
    result = four.ingested_template("T-75", "2020-M02")
    assert (result.submissions["accepted"], result.submissions["rejected"]) == (1, 0)
    assert four.verify() == []


TWO_LEVELS: dict[str, Any] = {
    "code": "P-2026",
    "year": 2026,
    "levels": [
        {
            "key": "province",
            "label_vi": "cấp tỉnh",
            "label_en": "province",
            "heading_vi": "Tỉnh, thành phố",
        },
        {
            "key": "commune",
            "label_vi": "cấp xã",
            "label_en": "communes",
            "heading_vi": "Xã, phường, đặc khu",
            "heading_en": "Commune",
        },
    ],
    "calendar": {
        "closing_day": 14,
        "due_working_days": {"commune": 2, "province": 4},
        "close_working_days": 6,
    },
    "areas": areas(
        ("75", "Tỉnh Đồng Nai", "province", ""),
        ("26068", "Phường Trảng Dài", "commune", "75"),
        ("26209", "Xã Phú Lý", "commune", "75"),
        ("26999", "Đặc khu Phú Quý", "commune", "75"),
    ),
    "obligations": [
        {"form": "01-PCMD", "bodies": ["CAT"], "frequency": "M"},
        {"form": "03-PCMD", "bodies": ["commune"], "frequency": "M"},
    ],
    "targets": [target("A", PROSECUTED, reported_levels=["province", "commune"])],
}


@pytest.fixture(scope="module")
def two(start: Callable[..., Programme], tmp_path_factory: pytest.TempPathFactory) -> Programme:
    folder = tmp_path_factory.mktemp("two")
    plan = plan_of(folder, **TWO_LEVELS)
    rows = counts(Phường_Trảng_Dài=3, Xã_Phú_Lý=2, Đặc_khu_Phú_Quý=1)
    heading = "Xã, phường, đặc khu"
    put_sheet(folder / "drive", plan, "01-PCMD", "CAT", "Tháng 1 năm 2026", rows, heading=heading)
    return start(plan, datetime(2026, 2, 1, tzinfo=UTC), folder / "drive")


def test_two_levels_read_and_show_their_own_words(two: Programme) -> None:
    assert two.result.submissions["accepted"] == 1, two.result
    assert two.value("A", "2026-M01", "75") == two.traced("A", "2026-M01", "75") == 6
    assert two.value("A", "2026-M01", "26999") == 1
    assert "Theo xã, phường, đặc khu" in (two.pages() / "target-A.html").read_text("utf-8")
    template = next(
        content
        for _, content in template_files(two.plan, ["CAT"], _period(two, "2026-M02"), form_set=FORM_SET)
    )
    cells = (cell for sheet in openpyxl.load_workbook(io.BytesIO(template)) for row in sheet for cell in row)
    assert "Xã, phường, đặc khu" in {cell.value for cell in cells}
    assert two.ingested_template("CAT", "2026-M02").submissions["accepted"] == 1
    assert two.verify() == []


def _period(programme: Programme, code: str) -> Period:
    return period_from_code(code, programme.plan.calendar)


def calendar(**fields: Any) -> dict[str, Any]:
    return {
        "due_working_days": {"commune": 2, "district": 4, "province": 4},
        "close_working_days": 6,
        **fields,
    }


def monthly_cases(**fields: Any) -> dict[str, Any]:
    """A plan of cases that the police report, at the cadence and in the calendar that a test needs."""
    targets = [target("A", PROSECUTED), target("P", PROSECUTED.replace(")", ", over=period)"))]
    return {
        "obligations": [{"form": "01-PCMD", "bodies": ["CAT"], "frequency": fields.pop("frequency", "M")}],
        "targets": targets,
        **fields,
    }


# Plan, the periods that sheets name with their windows and cases, the present, and figures to expect.
CALENDARS: dict[str, Any] = {
    "a province of 2017 whose windows close on the 25th": (
        monthly_cases(code="P-2017", year=2017, calendar=calendar(closing_day=25)),
        [
            ("Tháng 1 năm 2017", "từ ngày 26/12/2016 đến ngày 25/01/2017", 2),
            ("Tháng 2/2017", "từ ngày 26/01/2017 đến ngày 25/02/2017", 3),
        ],
        datetime(2017, 3, 1, tzinfo=UTC),
        {("A", "2017-M01"): 2, ("A", "2017-M02"): 5, ("P", "2017-M02"): 3},
        "2017-M03",
    ),
    "calendar months": (
        monthly_cases(code="P-2018", year=2018, calendar=calendar(closing_day=31)),
        [
            ("Tháng 1 năm 2018", "từ ngày 01/01/2018 đến ngày 31/01/2018", 2),
            ("Tháng 2 năm 2018", "từ ngày 01/02/2018 đến ngày 28/02/2018", 3),
            ("Tháng 3 năm 2018", "", 4),
        ],
        datetime(2018, 4, 2, tzinfo=UTC),
        {("A", "2018-M02"): 5, ("A", "2018-Q1"): 9, ("P", "2018-M03"): 4},
        "2018-M04",
    ),
    "a school year": (
        monthly_cases(
            code="P-SCHOOL",
            year=2022,
            frequency="Q",
            calendar=calendar(closing_day=31, year_starts_in=9, year_prefix="SY"),
        ),
        [
            ("Quý I năm học 2022-2023", "từ ngày 01/9/2022 đến ngày 30/11/2022", 5),
            ("Quý II năm học 2022-2023", "", 1),
        ],
        datetime(2023, 3, 2, tzinfo=UTC),
        {("A", "SY2022-Q1"): 5, ("A", "SY2022-H1"): 6, ("P", "SY2022-Q2"): 1},
        "SY2022-Q3",
    ),
    "a fiscal year that is named by its end": (
        monthly_cases(
            code="P-FISCAL",
            year=2016,
            calendar=calendar(closing_day=31, year_starts_in=10, year_named_by="end", country=""),
        ),
        [("Tháng 10 năm 2015", "", 5), ("Tháng 11 năm 2015", "", 1), ("Tháng 12 năm 2015", "", 1)],
        datetime(2016, 1, 3, tzinfo=UTC),
        {("A", "2015-M11"): 6, ("A", "FY2016-Q1"): 7, ("P", "2015-M12"): 1},
        "2016-M01",
    ),
    "weeks": (
        monthly_cases(code="P-WEEKS", year=2019, frequency="W", calendar=calendar(closing_day=31)),
        [
            ("Tuần 1 năm 2019", "từ ngày 31/12/2018 đến ngày 06/01/2019", 1),
            ("Tuần 2 năm 2019", "từ ngày 07/01/2019 đến ngày 13/01/2019", 2),
        ],
        datetime(2019, 1, 16, tzinfo=UTC),
        {("A", "2019-W01"): 1, ("A", "2019-W02"): 3, ("P", "2019-W02"): 2},
        "2019-W03",
    ),
    "ten days": (
        monthly_cases(code="P-THIRDS", year=2014, frequency="D", calendar=calendar(closing_day=31)),
        [
            ("10 ngày đầu tháng 3 năm 2014", "từ ngày 01/3/2014 đến ngày 10/3/2014", 1),
            ("10 ngày cuối tháng 3 năm 2014", "từ ngày 21/3/2014 đến ngày 31/3/2014", 2),
        ],
        datetime(2014, 4, 2, tzinfo=UTC),
        {("A", "2014-M03-D1"): 1, ("A", "2014-M03-D2"): 1, ("P", "2014-M03-D3"): 2, ("A", "2014-M03"): 3},
        "2014-M04-D1",
    ),
}


_QUICK = ("weeks", "a school year")  # the others are among the long tests


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in _QUICK else pytest.mark.long) for name in CALENDARS]
)
def test_a_calendar_works_from_the_sheet_to_the_page(
    name: str, start: Callable[..., Programme], tmp_path: Path
) -> None:
    document, sheets, now, figures, next_period = CALENDARS[name]
    plan = plan_of(tmp_path, **document)
    for words, window, cases in sheets:
        rows = counts(Thành_phố_Biên_Hòa=cases, Thành_phố_Long_Khánh=0)
        put_sheet(tmp_path / "drive", plan, "01-PCMD", "CAT", words, rows, window)
    programme = start(plan, now, tmp_path / "drive")
    accepted = programme.result.submissions
    assert (accepted["accepted"], accepted["rejected"]) == (len(sheets), 0), programme.result
    for (target_code, period), value in figures.items():
        assert programme.value(target_code, period, "75") == value, (target_code, period)
        assert programme.traced(target_code, period, "75") == value
    page = (programme.pages() / "target-A.html").read_text("utf-8")
    names = [
        period_names(period_from_code(period, plan.calendar))[0] for code, period in figures if code == "A"
    ]
    assert all(name.lower() in page.lower() for name in names)
    assert programme.ingested_template("CAT", next_period).submissions["rejected"] == 0
    assert programme.verify() == []


@pytest.mark.parametrize(
    "words", ["10 ngày đầu tháng 3 năm 2018", "Tuần 2 tháng 3 năm 2018", "Tuần 2 năm 2018"]
)
def test_a_part_of_a_month_is_never_taken_for_the_month(
    words: str, start: Callable[..., Programme], tmp_path: Path
) -> None:
    document = CALENDARS["calendar months"][0]
    plan = plan_of(tmp_path, **document)
    put_sheet(tmp_path / "drive", plan, "01-PCMD", "CAT", words, counts(Thành_phố_Biên_Hòa=1))
    programme = start(plan, datetime(2018, 4, 2, tzinfo=UTC), tmp_path / "drive")
    assert programme.result.submissions["rejected"] == 1


def test_a_plan_of_several_years_has_yearly_milestones(
    start: Callable[..., Programme], tmp_path: Path
) -> None:
    milestones = [
        {"valid_from": f"{year}-01-01", "last_day": f"{year}-12-31", "threshold": threshold}
        for year, threshold in ((2011, 5), (2012, 8))
    ]
    targets = [
        target("A", PROSECUTED, at_least=10, pace="linear", overrides=milestones),
        target(
            "ALL",
            PROSECUTED.replace(")", ", over=plan)"),
            at_least=30,
            pace="stepwise",
            steps=[{"day": "2011-12-31", "threshold": 6}, {"day": "2012-12-31", "threshold": 15}],
        ),
    ]
    document = monthly_cases(
        code="P-2011-2013", year=2011, last_year=2013, frequency="Q", calendar=calendar(closing_day=31)
    )
    plan = plan_of(tmp_path, **{**document, "targets": targets})
    for words, cases in (("Quý I năm 2011", 4), ("Quý IV năm 2011", 3), ("Quý I năm 2012", 2)):
        rows = counts(Thành_phố_Biên_Hòa=cases, Thành_phố_Long_Khánh=0)
        put_sheet(tmp_path / "drive", plan, "01-PCMD", "CAT", words, rows)
    programme = start(plan, datetime(2012, 7, 20, tzinfo=UTC), tmp_path / "drive")
    assert programme.result.submissions["accepted"] == 3, programme.result
    expected = {
        ("A", "2011-Q1"): (4, 5, "on_track"),
        ("A", "2011-Y"): (7, 5, "met"),
        ("A", "2012-Q1"): (2, 8, "on_track"),
        ("ALL", "2011-Y"): (7, 30, "on_track"),
        ("ALL", "2012-Q1"): (9, 30, "on_track"),
    }
    query = (
        "SELECT value, target_value, status FROM mart.target_indicator WHERE plan_code = 'P-2011-2013'"
        " AND area_code = '75' AND target_code = :target AND period_code = :period"
    )
    with programme.context.engine.connect() as connection:
        for (code, period), figures in expected.items():
            row = connection.execute(text(query), {"target": code, "period": period}).one()
            assert tuple(row) == figures, (code, period)
            assert programme.traced(code, period, "75") == figures[0]
        earlier = (
            "SELECT value_before FROM mart.year_on_year WHERE plan_code = 'P-2011-2013'"
            " AND target_code = 'A' AND area_code = '75' AND period_code = '2012-Q1'"
        )
        assert connection.scalars(text(earlier)).all() == [4]
        forecasts = (
            "SELECT period_code, forecast FROM mart.forecast WHERE plan_code = 'P-2011-2013'"
            " AND target_code = 'A' AND area_code = '75' AND period_code IN ('2011-M06', '2012-M06')"
            " ORDER BY period_code"
        )
        # The four months with figures gave 4 and 2 cases; each year is projected by itself.
        assert [(code, value) for code, value in connection.execute(text(forecasts))] == [
            ("2011-M06", pytest.approx(10)),
            ("2012-M06", pytest.approx(5)),
        ]
        known = "SELECT count(*) FROM mart.target_indicator_as_of(:now) WHERE plan_code = 'P-2011-2013'"
        stored = "SELECT count(*) FROM mart.target_indicator WHERE plan_code = 'P-2011-2013'"
        now = {"now": programme.context.now}
        assert connection.scalar(text(known), now) == connection.scalar(text(stored)) > 0
    page = (programme.pages() / "target-ALL.html").read_text("utf-8")
    assert "tính từ đầu kế hoạch" in page
    assert programme.ingested_template("CAT", "2012-Q2").submissions["rejected"] == 0
    assert programme.verify() == []
