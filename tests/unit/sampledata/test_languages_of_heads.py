"""Sample reports of a plan are in the language of the plan, and are read as meant."""

import unicodedata
from pathlib import Path
from random import Random

from python_calamine import CalamineWorkbook

from plans.model import Plan
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import intended_sheets, make_drive
from sampledata.faults import FAULTS
from schemas.form_set import read_form_set, shipped_form_set

FRENCH = Path(__file__).parents[2] / "data" / "french"
STARTER_PLAN = read_plan(DEFAULT_PLAN.with_name("starter.yaml"))
OF_HEADS = (
    "CỘNG HÒA",
    "Độc lập",
    "Kỳ báo cáo",
    "Biểu số",
    "Số liệu từ",
    "Tổng cộng",
    "Người lập",
    "UBND",
    "THỦ TRƯỞNG",
)


def test_the_heads_of_an_english_plan_are_english(tmp_path: Path) -> None:
    declared = STARTER_PLAN.model_dump(mode="json")
    plan = Plan.model_validate(declared | {"targets": [], "language": "en"})
    form_set = shipped_form_set("starter")
    truth = make_drive(tmp_path, plan, seed=1, fault_share=0, mess=1, form_set=form_set)
    months = {}
    for entry in truth:
        if entry["path"].endswith(".csv") or entry["form"] != "01-TH":
            continue
        book = CalamineWorkbook.from_path(tmp_path / entry["path"])
        cells = [cell for row in book.get_sheet_by_name(entry["sheet"]).to_python() for cell in row]
        texts = [cell for cell in cells if isinstance(cell, str)]
        assert "Form number: 01-TH" in texts
        assert not [text for text in texts for words in OF_HEADS if text.startswith(words)]
        months[entry["period"]] = [text for text in texts if text.startswith("Reporting period: ")]
    assert months["2021-M03"] == ["Reporting period: March 2021"]


def test_files_and_faults_of_an_english_plan_are_english(tmp_path: Path) -> None:
    declared = STARTER_PLAN.model_dump(mode="json")
    plan = Plan.model_validate(declared | {"targets": [], "language": "en"})
    form_set = shipped_form_set("starter")
    truth = make_drive(tmp_path, plan, seed=3, fault_share=0.9, mess=1, form_set=form_set)
    names = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")]
    reports = [name for name in names if any(entry["path"] == name for entry in truth)]
    assert reports
    for name in reports:
        assert name.isascii(), name
        assert not any(word in name for word in ("thang", "bao cao", "so lieu", "BC ")), name
    sheets = {entry["sheet"] for entry in truth if entry["sheet"]}
    assert sheets <= {"01-TH", "02-TH"} | {f"{code} ({n})" for code in ("01-TH", "02-TH") for n in (2, 3)}


def test_a_period_that_is_still_to_come_is_named_in_the_language_of_the_plan() -> None:
    declared = STARTER_PLAN.model_dump(mode="json")
    plan = Plan.model_validate(declared | {"targets": [], "language": "en"})
    form_set = shipped_form_set("starter")
    (sheet, *_) = intended_sheets(plan, 1, ["2021-M03"], ["SNV"], 0, Random(1), form_set)
    fault = next(fault for fault in FAULTS if fault.code == "PERIOD-INVALID")
    fault.put(sheet, Random(1))
    assert sheet.words["period"] == "March 2036"
    window = next(fault for fault in FAULTS if fault.code == "PERIOD-WINDOW")
    window.put(sheet, Random(1))
    assert sheet.words["window"].startswith("Figures from ")


def test_no_sheet_of_another_language_is_typed_in_a_vietnamese_font(tmp_path: Path) -> None:
    plan = read_plan(FRENCH / "plan.yaml")
    form_set = read_form_set(FRENCH / "set")
    for seed in range(3):
        folder = tmp_path / str(seed)
        for entry in make_drive(folder, plan, seed=seed, fault_share=0, mess=1, form_set=form_set):
            if entry["path"].endswith(".csv"):
                continue
            book = CalamineWorkbook.from_path(folder / entry["path"])
            cells = [str(cell) for row in book.get_sheet_by_name(entry["sheet"]).to_python() for cell in row]
            assert any(unicodedata.normalize("NFC", cell).startswith("Période : ") for cell in cells), cells


def test_a_wrong_window_is_not_that_of_a_calendar_month() -> None:
    declared = STARTER_PLAN.model_dump(mode="json")
    calendar = declared["calendar"] | {"closing_day": 31}
    plan = Plan.model_validate(declared | {"targets": [], "language": "en", "calendar": calendar})
    (sheet, *_) = intended_sheets(plan, 1, ["2021-M03"], ["SNV"], 0, Random(1), shipped_form_set("starter"))
    window = next(fault for fault in FAULTS if fault.code == "PERIOD-WINDOW")
    for seed in range(20):
        window.put(sheet, Random(seed))
        assert sheet.words["window"] != "Figures from 01/03/2021 to 31/03/2021"
