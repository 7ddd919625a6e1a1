"""Sample reports of a plan are in the language of the plan, and are read as meant."""

from pathlib import Path

from python_calamine import CalamineWorkbook

from plans.model import Plan
from plans.reading import DEFAULT_PLAN, read_plan
from sampledata.drive import make_drive
from schemas.form_set import shipped_form_set

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
