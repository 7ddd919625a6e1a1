"""The drives that the generator makes: true to the forms, full of faults, readable, and the same each time."""

import json
from collections import defaultdict
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from zipfile import BadZipFile
from zoneinfo import ZoneInfo

import pytest
from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineError, CalamineWorkbook

from plans.model import Plan
from plans.plan_years import plan_periods
from plans.reading import DEFAULT_PLAN, read_plan
from plans.reporting_calendar import period_from_code
from sampledata.__main__ import main
from sampledata.clutter import NO_REPORTS
from sampledata.drawn_figures import Row
from sampledata.drive import make_drive
from sampledata.faults import faults_of
from sampledata.figures import year_of_rows
from sampledata.sheet import Entry, Sheet
from schemas import expressions
from schemas.declaration import Form, Measure, MeasureType, Rule, RuleScope, Severity
from schemas.form_set import shipped_form_set
from tests.support.forms import BY_CODE, FORM_SET, FORMS

PLAN = read_plan(DEFAULT_PLAN)
FAULTS = faults_of(FORM_SET)
FEW = ["CAT", "SLDTBXH", "STC", "TAND", "CHQ", "UBND-732", "UBND-735"]


def _plan_with(codes: set[str], **changes: object) -> Plan:
    """The plan of 2020 with some of its districts only."""
    declared = PLAN.model_dump(mode="json")
    areas = [a for a in declared["areas"] if codes & {a["code"], a["parent"]} or a["level"] == "province"]
    return Plan.model_validate(declared | {"areas": areas} | changes)


SMALL = _plan_with({"732", "735"})
Drive = tuple[Path, list[Entry]]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Drive:
    """A year of a few bodies in which every sheet has a fault."""
    folder = tmp_path_factory.mktemp("faulty")
    return folder, make_drive(folder, PLAN, seed=5, bodies=FEW, fault_share=1.0)


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Drive:
    """A year of two districts, and of two communes, without faults but with all the mess there is."""
    folder = tmp_path_factory.mktemp("messy")
    return folder, make_drive(folder, SMALL, seed=3, fault_share=0, mess=1, commune_bodies=2)


def test_same_seed_same_truth(tmp_path: Path) -> None:
    def truth(seed: int, folder: str) -> list[Entry]:
        return make_drive(tmp_path / folder, PLAN, seed=seed, bodies=["CAT", "CHQ"])

    first = truth(1, "a")
    assert truth(1, "b") == first
    assert truth(2, "c") != first


def test_figures_do_not_depend_on_the_part_asked_for(tmp_path: Path) -> None:
    year = make_drive(tmp_path / "a", PLAN, seed=1, bodies=["CAT"], fault_share=0)
    part = make_drive(
        tmp_path / "b", PLAN, seed=1, bodies=["CAT", "TAND"], periods=["2020-M07"], fault_share=0
    )
    in_year = {(e["form"], e["period"]): e["rows"] for e in year}  # a revision comes last
    corrected = {(e["form"], e["period"]): e["rows"] for e in part if e["body"] == "CAT"}
    assert {form for form, _ in corrected} == {"01-PCMD", "02-PCMD"}
    assert {key: in_year[key] for key in corrected} == corrected


def test_every_kind_of_fault_appears(faulty: Drive) -> None:
    _folder, truth = faulty
    assert {fault.code for fault in FAULTS} - {e["code"] for e in truth} == set()


def test_every_rule_that_refuses_has_a_fault() -> None:
    rules = {r.id for form in FORMS for r in form.rules if r.severity is Severity.ERROR}
    assert rules - {fault.code for fault in FAULTS} == set()


def test_everything_owed_is_sent(messy: Drive) -> None:
    _folder, truth = messy
    sent = {(e["body"], e["form"]) for e in truth}
    owed = {key for key, o in SMALL.cadences.items() if not o.optional and o.frequency != "A"}
    assert owed - sent == set()
    assert {body for body, form in sent if form == "12-PCMD"} <= {
        b for (b, f) in PLAN.cadences if f == "12-PCMD"
    }
    communes = {body for body, _form in sent if PLAN.bodies_by_code[body].level == "commune"}
    assert len(communes) == 2
    periods = {(e["form"], e["period"]) for e in truth if e["body"] == "UBND-732"}
    assert {p for f, p in periods if f == "02-PCMD"} == {f"2020-M{m:02}" for m in range(1, 13)}
    assert {p for f, p in periods if f == "05-PCMD"} == {f"2020-Q{q}" for q in range(1, 5)}
    assert {p for f, p in periods if f == "09-PCMD"} == {"2020-H1", "2020-H2"}


def _holds(rule: Rule, row: dict[str, object]) -> bool:
    return (rule.condition and not expressions.evaluate(rule.condition, row)) or bool(
        expressions.evaluate(rule.expression, row)
    )


def test_rows_keep_the_rules(messy: Drive) -> None:
    _folder, truth = messy
    for entry in truth:
        form = BY_CODE[entry["form"]]
        keys = [tuple(row[d.key] for d in form.dimensions) for row in entry["rows"]]
        assert keys, entry
        assert len(set(keys)) == len(keys)
        for row in entry["rows"]:
            assert list(row) == list(form.columns)
            assert all(0 <= row[m.key] <= m.unit.max_value for m in form.measures if m.is_number)
            day = {}
            if form.key == "flash":
                ad_hoc = datetime.strptime(entry["period"], "%Y-A-%m%d").date().isoformat()
                day = {"window_start": ad_hoc, "window_end": ad_hoc}
            broken = [
                r.id for r in form.rules_of(RuleScope.ROW) if not _holds(r, row | day) and r.id != "COM-05"
            ]
            assert broken == [], row


def _series(truth: list[Entry]) -> dict[tuple[str, ...], list[dict[str, object]]]:
    """The rows in force by body, form and keys, in the order of the periods."""
    in_force = {(e["body"], e["form"], e["period"]): e["rows"] for e in truth if e["expect"] == "accepted"}
    series = defaultdict(list)
    for (body, code, _period), rows in sorted(in_force.items()):
        for row in rows:
            series[(body, code, *(str(row[d.key]) for d in BY_CODE[code].dimensions))].append(row)
    return series


def _year_to_date(form: Form, rows: list[dict[str, Any]]) -> dict[str, Any]:
    flows = {m.key for m in form.measures if m.kind is MeasureType.FLOW}
    return rows[-1] | {key: sum(row[key] for row in rows) for key in flows}


def _assert_year_to_date(truth: list[Entry], severities: set[Severity]) -> None:
    for (_body, code, *_keys), rows in _series(truth).items():
        rules = [r for r in BY_CODE[code].rules_of(RuleScope.YEAR_TO_DATE) if r.severity in severities]
        for i in range(1, len(rows) + 1):
            total = _year_to_date(BY_CODE[code], rows[:i])
            assert all(_holds(rule, total) for rule in rules), total


def test_years_keep_the_rules_over_time(messy: Drive) -> None:
    _folder, truth = messy
    _assert_year_to_date(truth, set(Severity))
    # A first version, revised later, may be in force when the next period comes.
    _assert_year_to_date([e for e in truth if "revision" not in e], {Severity.ERROR})
    for (_body, code, *_keys), rows in _series(truth).items():
        for before, after in pairwise(rows):
            both = after | {f"previous.{key}": value for key, value in before.items()}
            assert all(_holds(r, both) for r in BY_CODE[code].rules_of(RuleScope.PREVIOUS_PERIOD)), both
    assert max(map(len, _series(truth).values())) == 12


def _open(folder: Path, entry: Entry) -> CalamineWorkbook:
    return CalamineWorkbook.from_path(folder / entry["path"])


def test_workbooks_are_readable(messy: Drive) -> None:
    folder, truth = messy
    kinds = {Path(e["path"]).suffix for e in truth}
    assert kinds == {".xlsx", ".xls", ".ods", ".csv"}
    for entry in truth:
        if entry["path"].endswith(".csv"):
            assert entry["sheet"] is None
            assert (folder / entry["path"]).stat().st_size > 200
        else:
            rows = _open(folder, entry).get_sheet_by_name(entry["sheet"]).to_python()
            assert len(rows) > len(entry["rows"])


def test_nothing_else_lies_in_the_drive(messy: Drive) -> None:
    folder, truth = messy
    files = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    clutter = {f for f in files if Path(f).name in dict(NO_REPORTS)}
    assert clutter
    assert files - clutter == {e["path"] for e in truth}
    assert {f.split("/")[0] for f in files} <= set(PLAN.bodies_by_code)


def test_damaged_files_are_unreadable(faulty: Drive) -> None:
    folder, truth = faulty
    damaged = [e for e in truth if e["code"] == "FILE-UNREADABLE"]
    for entry in damaged:
        with pytest.raises(CalamineError):
            _open(folder, entry)
    assert damaged


def _value(folder: Path, entry: Entry, cell: str) -> object:
    row, column = coordinate_to_tuple(cell)
    grid = _open(folder, entry).get_sheet_by_name(entry["sheet"]).to_python(skip_empty_area=False)
    return grid[row - 1][column - 1]


FAULTY_VALUES = {
    "AREA-UNKNOWN": lambda value: "Không Có" in value,
    "VALUE-NEGATIVE": lambda value: float(value) < 0,
    "VALUE-RANGE": lambda value: value == "1,5" or value in (1.5, 2.25, 10.0**13),
    "VALUE-TYPE": lambda value: isinstance(value, str) and not value.isdigit(),
    "COM-03": lambda value: not 0 <= value <= 100,
    "PII-SUSPECTED": lambda value: any(c.isdigit() for c in value),
}


def test_cells_of_faults_hold_them(tmp_path: Path) -> None:
    truth = make_drive(tmp_path, PLAN, seed=8, bodies=FEW, fault_share=1, mess=0)
    checked = set()
    for entry in truth:
        if entry["cell"] and entry["sheet"] and entry["code"] in FAULTY_VALUES:
            value = _value(tmp_path, entry, entry["cell"])
            assert FAULTY_VALUES[entry["code"]](value), (entry, value)
            checked.add(entry["code"])
    assert checked == set(FAULTY_VALUES)


def test_tidy_sheets_are_read_as_meant(tmp_path: Path) -> None:
    """Without mess the printed numbers are the intended ones, in the order of the form."""
    periods = ["2020-M03", "2020-Q1", "2020-M06", "2020-Q2", "2020-H1", "2020-A-0305"]
    truth = make_drive(tmp_path, PLAN, seed=4, bodies=FEW, periods=periods, mess=0, fault_share=0.4)
    assert {e["period"] for e in truth} - {None} == set(periods)
    seen = set()
    for entry in truth:
        if entry["expect"] != "accepted" or entry["path"].endswith(".csv"):
            continue
        form = BY_CODE[entry["form"]]
        grid = _open(tmp_path, entry).get_sheet_by_name(entry["sheet"]).to_python(skip_empty_area=False)
        numbers = [c.key for c in form.columns.values() if isinstance(c, Measure) and c.is_number]
        at = [1 + list(form.columns).index(key) for key in numbers]
        printed = [tuple(row[i] for i in at) for row in grid if isinstance(row[0], int | float)]
        assert printed == [tuple(row[key] for key in numbers) for row in entry["rows"]]
        seen.add(form.code)
    assert len(seen) > 8


def test_times_of_receipt(messy: Drive) -> None:
    folder, truth = messy
    zone = ZoneInfo(PLAN.calendar.timezone)
    ends = {f"2020-M{m:02}": date(2020, m, 14) for m in range(1, 13)}
    ends |= {f"2020-Q{q}": date(2020, 3 * q, 14) for q in range(1, 5)}
    received: dict[tuple[str, ...], list[tuple[datetime, Entry]]] = defaultdict(list)
    for entry in truth:
        at = datetime.fromtimestamp((folder / entry["path"]).stat().st_mtime, zone)
        received[entry["body"], entry["form"], entry["period"]].append((at, entry))
        if end := ends.get(entry["period"]):
            assert at.time() == time(12)
            late = at.date() - end
            assert timedelta(days=1) <= late <= timedelta(days=12 if "revision" in entry else 7)
    several = [sorted(got, key=lambda g: g[0]) for got in received.values() if len(got) > 1]
    assert {e["expect"] for got in several for _at, e in got[1:]} == {"accepted", "duplicate"}
    for got in several:
        earlier = [got[0][1]["rows"]]
        assert got[0][1]["expect"] == "accepted"
        for _at, later in got[1:]:
            assert (later["expect"] == "duplicate") == (later["rows"] in earlier)
            assert later["expect"] == "duplicate" or later["revision"] == 1
            earlier.append(later["rows"])


def test_one_person_named_refuses_the_whole_file(faulty: Drive) -> None:
    _folder, truth = faulty
    by_file = defaultdict(set)
    for entry in truth:
        by_file[entry["path"]].add(entry["code"])
    assert {"PII-SUSPECTED"} in by_file.values()
    assert all(codes == {"PII-SUSPECTED"} for codes in by_file.values() if "PII-SUSPECTED" in codes)


def test_another_plan(tmp_path: Path) -> None:
    """A province of two levels, in another year."""
    declared = PLAN.model_dump(mode="json")
    communes = [a | {"parent": "75"} for a in declared["areas"] if a["parent"] == "732"]
    obligations = [
        {"form": "03-PCMD", "bodies": ["SLDTBXH", "SVHTTDL", "commune"], "frequency": "Q"},
        {"form": "05-PCMD", "bodies": ["SLDTBXH"], "frequency": "Y"},
        {"form": "01-PCMD", "bodies": ["CAT"], "frequency": "M"},
    ]
    plan = _plan_with(set(), year=2026, areas=[declared["areas"][0], *communes], obligations=obligations)
    truth = make_drive(tmp_path, plan, seed=1, fault_share=0)
    assert {e["form"] for e in truth} == {"01-PCMD", "03-PCMD", "05-PCMD"}
    by_district = [e["rows"] for e in truth if e["form"] == "01-PCMD"]  # by commune: there are no districts
    assert {row["district"] for rows in by_district for row in rows} == {a["code"] for a in communes}
    assert {e["period"][:4] for e in truth} == {"2026"}
    assert {len(e["rows"]) for e in truth if e["form"] == "05-PCMD"} == {len(communes)}
    with pytest.raises(ValueError, match="2020-M01"):
        make_drive(tmp_path, plan, seed=1, periods=["2020-M01"])


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--seed", "2", "--periods", "2020-A-0305"]) == 0
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    assert {e["form"] for e in truth} <= {"12-PCMD", None}
    assert all((tmp_path / "drive" / e["path"]).is_file() for e in truth)
    assert main([str(tmp_path)]) == 2
    assert main([str(tmp_path / "other"), "--periods", "2020-M13"]) == 2
    assert "2020-M13" in capsys.readouterr().err


def test_reports_of_another_programme_are_named_in_its_words(tmp_path: Path) -> None:
    plan = read_plan(DEFAULT_PLAN.with_name("health_2024.yaml"))
    forms = shipped_form_set("health")
    truth = make_drive(
        tmp_path, plan, seed=1, periods=["2024-M01", "2024-Q1"], fault_share=0.5, form_set=forms
    )
    names = {entry["path"] for entry in truth} | {entry["sheet"] for entry in truth if entry["sheet"]}
    assert any("Báo cáo HEALTH" in name for name in names)
    assert {name for name in names if name.startswith("YT-0")}
    assert not [name for name in names if "PCMD" in name.upper()]
    for path in tmp_path.rglob("*.xlsx"):
        with suppress(CalamineError, BadZipFile):  # a damaged file
            book = CalamineWorkbook.from_path(path)
            rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]
            assert not [cell for row in rows for cell in row if "PCMD" in str(cell)]
    fault = next(fault for fault in FAULTS if fault.code == "FORM-UNKNOWN")
    period = period_from_code("2024-M01", plan.calendar)
    sheet = Sheet(plan, plan.all_bodies[0], forms.by_code["YT-02"], period, [])
    written = set()
    for seed in range(20):
        fault.put(sheet, Random(seed))
        written.add(sheet.words["form"])
    assert written == {"Biểu số: YT-99", "Biểu YT-13", "Biểu số: ......", "Biểu 03-XYZ"}


@pytest.mark.parametrize("plan_name", ["dong_nai_2020.yaml", "health_2024.yaml"])
def test_bodies_that_report_on_the_same_area_report_the_same_figures(plan_name: str) -> None:
    """District and police figures come from the same events, as the warehouse expects them to agree."""
    plan = read_plan(DEFAULT_PLAN.with_name(plan_name))
    compared = 0
    form_set = shipped_form_set(plan.form_set)
    for form in (form for form in form_set.forms if form.rows_expected):
        place, keys = form.area_dimension, [dimension.key for dimension in form.dimensions]
        assert place is not None
        figures: dict[tuple[object, ...], Row] = {}
        for body in plan.bodies:
            months = [period for period in plan_periods(plan) if period.kind == "M"]
            years = year_of_rows(plan, body, form, months, seed=4, sample=form_set.sample)
            for period, row in ((period, row) for period, rows in years.items() for row in rows):
                known = figures.setdefault((period, *(row[key] for key in keys)), row)
                compared += known is not row
                assert known == row
    assert compared or plan_name != "dong_nai_2020.yaml"
