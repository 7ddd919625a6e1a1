"""Sheets of plans in other languages: their labels, periods, days, yes and no, and numbers, from data alone."""

import pickle
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from plans.errors import ChitieuError
from plans.languages import catalog
from plans.model import Plan
from plans.period_names import month_names
from plans.reading import PlanError, read_plan
from plans.reporting_calendar import period_from_code
from tests.support.grids import Grid, xlsx
from tests.support.languages import FORMS, FRENCH, PLAN
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.sheet_parser import reading_context
from transforms.text.reading_words import in_readers_words

HEADER: list[object] = ["N°", "Commune", "Âge", "Doses administrées", "Dont filles"]
ROWS: Grid = [
    [1, "Saly Portudal", "Moins d'un an", "1 234", 600],
    [2, "Saly Portudal", "Un an et plus", 50, 20],
    [3, "Ngaparou", "Moins d'un an", 10, "néant"],
    [4, "NGAPAROU", "1 an et plus", 7, 3],
    ["Total", None, None, 1301, 623],
]
FOOTER: Grid = [[], ["Fait à Mbour, le 3 avril 2020"], ["Le chef de district"]]
EQUIPMENT: list[object] = ["N°", "Commune", "Réfrigérateur", "Agents", "Mois de stock"]


def _read(lines: list[str], table: Grid, *, plan: Plan = PLAN, name: str = "rapport.xlsx") -> SheetReading:
    context = reading_context(plan, FORMS, date(2020, 6, 1))
    head: Grid = [[line] for line in lines]
    grid: Grid = [["District sanitaire de Mbour"], *head, [], *table]
    [sheet] = read_file(xlsx(grid), name, "DS-T1", context).sheets
    return sheet


@pytest.mark.parametrize(
    "head",
    [
        ["Formulaire n° : V-01", "Période : mars 2020", "Du 1er mars 2020 au 31 mars 2020"],
        ["FORMULAIRE V-01", "PÉRIODE DE RAPPORT : MARS 2020"],
        ["Fiche V-01", "Rapport du mois de mars 2020"],
        ["Formulaire : v-01", "Année 2020", "Période : Mars"],
        ["Formulaire V-01", "Période : 03/2020"],
    ],
    ids=lambda head: head[-1],
)
def test_a_french_sheet_is_read(head: list[str]) -> None:
    reading = _read(head, [HEADER, *ROWS, *FOOTER])
    assert reading.period is not None
    assert (reading.period.code, reading.period.name_vi) == ("2020-M03", "Mars 2020")
    assert [values[2:] for values in reading.values] == [[1234, 600], [50, 20], [10, 0], [7, 3]]
    assert reading.totals[0].sums == {"given": 1301, "girls": 623}
    assert reading.findings == []


@pytest.mark.parametrize(
    "period",
    ["Période : T1 2020", "1er trimestre 2020", "Trimestre I de 2020", "T1/2020", "Premier trimestre 2020"],
)
def test_yes_and_no_and_a_quarter_in_french(period: str) -> None:
    table: Grid = [EQUIPMENT, [1, "Saly Portudal", "Oui", 3, "2,5"], [2, "Ngaparou", "non", 1, "1 000,5"]]
    reading = _read(["Formulaire V-02", period], table, name="V-02 T1 2020.xlsx")
    assert reading.period is not None
    assert reading.period.code == "2020-Q1"
    assert [values[1:] for values in reading.values] == [[True, 3, 2.5], [False, 1, 1000.5]]
    assert reading.findings == []


def test_findings_show_what_was_typed() -> None:
    reading = _read(["Formulaire V-01", "Période : T1 2020"], [HEADER, *ROWS])
    [finding] = reading.findings
    assert (finding.code, finding.value_shown) == ("PERIOD-INVALID", "Période : T1 2020")


def test_the_name_of_a_file_is_read_in_the_language() -> None:
    table: Grid = [EQUIPMENT, [1, "Saly Portudal", "Oui", 3, 2], [2, "Ngaparou", "Non", 1, 1]]
    reading = _read(["Formulaire V-02", "Période : T1 2020"], table, name="V-02 T2 2020.xlsx")
    assert [finding.code for finding in reading.findings] == ["PERIOD-INVALID"]


def test_a_report_of_nothing() -> None:
    reading = _read(["Formulaire V-01", "Période : mars 2020"], [HEADER, ["Néant"]])
    assert (reading.is_nil, [values[2:] for values in reading.values]) == (True, [[0, 0]] * 4)


@pytest.mark.parametrize(
    ("language", "typed", "read"),
    [
        ("lo", "ເດືອນ 3 2020", "tháng 3 năm 2020"),
        ("lo", "ໄລຍະລາຍງານ: ເດືອນ ມີນາ 2020", "Kỳ báo cáo: tháng 3 năm 2020"),
        ("lo", "ໄຕມາດ 1 ປີ 2020", "quý 1 năm 2020"),
        ("lo", "ລວມທັງໝົດ", "Tổng cộng"),
        ("en", "Reporting period: March 2020", "Kỳ báo cáo: tháng 3 năm 2020"),
        ("en", "Q2/2020", "quý 2 năm 2020"),
        ("en", "Fiscal year 2020-21", "năm 2020 2021"),
        ("en", "First ten days of March 2020", "10 ngày đầu tháng 3 năm 2020"),
        ("en", "Form of assistance", "Form of assistance"),
        ("de", "März 2020", "tháng 3 năm 2020"),  # CLDR alone
        ("fr", "S'il reste des doses en mai", "S'il reste des doses en mai"),
        ("fr", "Reporting period: March 2020", "Kỳ báo cáo: tháng 3 năm 2020"),  # as texts that French lacks
        ("en", "No.", "TT"),
        ("en", "No", "No"),
        ("vi", "T1 2020", "T1 2020"),
    ],
)
def test_words_of_other_languages(language: str, typed: str, read: str) -> None:
    assert in_readers_words(typed, language) == read


@pytest.mark.parametrize(("language", "number"), [("en", 1.125), ("fr", None)])
def test_the_decimal_sign_of_a_language_decides(language: str, number: float | None) -> None:
    plan = Plan.model_validate(PLAN.model_dump() | {"language": language})
    labels = ("yes", "no") if language == "en" else ("oui", "non")
    table: Grid = [
        EQUIPMENT,
        [1, "Saly Portudal", labels[0], 3, "1.125"],
        [2, "Ngaparou", labels[1], 1, "2.375"],
    ]
    head = ["Form V-02", "Q1 2020"] if language == "en" else ["Formulaire V-02", "T1 2020"]
    reading = _read(head, table, plan=plan)
    assert reading.values[0][1:] == [True, 3, number]
    assert reading.values[1][1] is False


@pytest.mark.parametrize(
    ("language", "code", "name"),
    [
        ("fr", "2020-M03", "Mars 2020"),
        ("fr", "2020-H2", "Second semestre 2020"),
        ("lo", "2020-Q1", "ໄຕມາດ 1 ປີ 2020"),
        ("en", "2020-M03", "March 2020"),
        ("de", "2020-M03", "März 2020"),
    ],
)
def test_periods_are_named_in_the_language_of_the_plan(language: str, code: str, name: str) -> None:
    plan = Plan.model_validate(PLAN.model_dump() | {"language": language})
    period = period_from_code(code, plan.calendar)
    assert (period.name_vi, period.code) == (name, code)
    assert period.name_en == period_from_code(code, read_plan(FRENCH / "plan.yaml").calendar).name_en


def test_months_of_a_language_without_a_file_are_those_of_cldr() -> None:
    assert month_names("fr")[:2] == ("janvier", "février")


def test_an_unknown_language_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match="the language 'qq' is not known; known ones with texts: en, fr, lo, vi"
    ):
        Plan.model_validate(PLAN.model_dump() | {"language": "qq"})
    with pytest.raises(PlanError, match="language"):
        read_plan(_with_language(tmp_path, "Français"))


def _with_language(folder: Path, language: str) -> Path:
    file = folder / "plan.yaml"
    file.write_text(
        (FRENCH / "plan.yaml").read_text("utf-8").replace("language: fr", f"language: {language}")
    )
    return file


def test_the_default_language_is_not_stored() -> None:
    stored = PLAN.model_dump() | {"language": catalog.DEFAULT}
    document = Plan.model_validate(stored).model_dump(mode="json")
    assert "language" not in document
    assert "language" not in document["calendar"]
    assert Plan.model_validate(PLAN.model_dump(mode="json")).language == "fr"


def test_a_plan_takes_its_texts_to_another_process() -> None:
    read = (
        "import pickle, sys; plan = pickle.load(sys.stdin.buffer);"
        "from transforms.text.reading_words import in_readers_words;"
        "print(in_readers_words('Formulaire n° : V-01', plan.language))"
    )
    done = subprocess.run(
        [sys.executable, "-c", read], input=pickle.dumps(PLAN), capture_output=True, check=True
    )
    assert done.stdout.decode() == "Biểu số: V-01\n"


def test_texts_that_are_no_mapping_are_rejected(tmp_path: Path) -> None:
    folder = tmp_path / "languages" / "zz"
    folder.mkdir(parents=True)
    (folder / "periods.yaml").write_text("- one")
    catalog.add_folder(folder.parent)
    with pytest.raises(ChitieuError, match=r"periods\.yaml hold no mapping of keys"):
        catalog.own_texts("zz", "periods")
    catalog._own.remove(folder.parent)
    catalog.texts.cache_clear()
