"""What a plan in a third language makes: forms, returned files and reminders without a word of another one."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest

from plans.languages.catalog import SHIPPED
from plans.model import Plan
from plans.reporting_calendar import due_at, period_from_code
from publishing.blank_forms.files import template_workbook
from publishing.reminders.messages import reminders
from publishing.returns.return_files import return_workbook
from publishing.returns.sheet_results import SheetResult
from schemas.form_set import read_form_set
from tests.support.languages import FORMS, FRENCH, LAO, PLAN, VIETNAMESE_LETTERS, fields, strings, texts_of
from tests.support.paths import DATA
from transforms.file_parser import read_file
from transforms.layout.parsed_sheet import SheetReading
from transforms.layout.sheet_parser import reading_context

BODY = "DS-T1"
CONTEXT = reading_context(PLAN, FORMS, date(2020, 6, 1))
ENGLISH = {
    text
    for part in ("findings", "forms")
    for text in strings(texts_of(SHIPPED / "en", part))
    if len(text) > 8 and not fields(text)
} - set(strings(texts_of(FRENCH / "languages" / "fr", "forms")))


def _template(code: str) -> openpyxl.Workbook:
    period = period_from_code(code, PLAN.calendar)
    return openpyxl.load_workbook(io.BytesIO(template_workbook(PLAN, BODY, period, form_set=FORMS)))


def _filled(book: openpyxl.Workbook, value: str | int) -> bytes:
    for sheet in book.worksheets:
        for row in sheet.iter_rows() if sheet.sheet_state == "visible" else ():
            for cell in row:
                if not cell.protection.locked and cell.value is None:
                    cell.value = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _read(content: bytes) -> SheetReading:
    [sheet] = read_file(content, "rapport.xlsx", BODY, CONTEXT).sheets
    return sheet


def _texts(book: openpyxl.Workbook) -> Iterator[str]:
    for sheet in book.worksheets:
        yield sheet.title
        yield from (
            rule.prompt + rule.error + rule.errorTitle for rule in sheet.data_validations.dataValidation
        )
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            yield from filter(
                None, (cell.value if isinstance(cell.value, str) else "", cell.comment and cell.comment.text)
            )


def _assert_french(texts: list[str]) -> None:
    assert [text for text in texts if VIETNAMESE_LETTERS & set(text.lower())] == []
    assert [text for text in texts if any(english in text for english in ENGLISH)] == []


@pytest.mark.parametrize("code", ["2020-M03", "2020-Q1"])
def test_a_blank_form_is_in_the_language_of_the_plan_and_is_read_back(code: str) -> None:
    book = _template(code)
    _assert_french(list(_texts(book)))
    assert "Mode d'emploi" in book.sheetnames
    reading = _read(_filled(book, 0 if code.endswith("M03") else 1))
    assert reading.period is not None
    assert (reading.period.code, [f.message_en for f in reading.findings]) == (code, [])
    assert len(reading.values) == (4 if code.endswith("M03") else 2)


def _rows_of(reading: SheetReading) -> list[dict[str, Any]]:
    return [dict(finding.as_row(PLAN.language)) for finding in reading.findings]


def test_findings_are_in_the_language_of_the_plan_and_in_english() -> None:
    reading = _read(_filled(_template("2020-Q1"), "peut-être"))
    rows = _rows_of(reading)
    assert {row["message_vi"] for row in rows if row["column_key"] == "has_fridge"} == {
        "La case “Réfrigérateur” contient “peut-être” ; il faut oui ou non (x, Oui, 1 / Non, 0)."
    }
    assert rows[0]["message_en"].endswith("it must be yes or no (x, Oui, 1 / Non, 0).")
    _assert_french([row["message_vi"] for row in rows])


def test_a_returned_file_is_in_the_language_and_can_be_sent_again() -> None:
    content = _filled(_template("2020-Q1"), "peut-être")
    rows = _rows_of(_read(content))
    results = [
        SheetResult("Formulaire V-02", "V-02", "Trimestre 1 2020", "rejected", len(rows), 0, date(2020, 4, 7))
    ]
    returned = return_workbook(content, "rapport.xlsx", rows, results, form_set=FORMS, language="fr")
    book = openpyxl.load_workbook(io.BytesIO(returned))
    assert book.sheetnames[0] == "Résultats"
    _assert_french(list(_texts(book)))
    assert _rows_of(_read(returned)) == rows
    again = return_workbook(returned, "rapport.xlsx", rows, results, form_set=FORMS, language="fr")
    assert openpyxl.load_workbook(io.BytesIO(again)).sheetnames == book.sheetnames


def test_a_reminder_is_in_the_language() -> None:
    period = period_from_code("2020-M03", PLAN.calendar)
    report = {"body_code": BODY, "form_code": "V-01", "period_code": "2020-M03", "status": "missing"}
    report["due_at"] = due_at(period, "departement", PLAN.calendar)  # type: ignore[assignment]
    [text] = reminders(PLAN, FORMS, [report], datetime(2020, 4, 20, tzinfo=UTC)).values()
    assert "EN RETARD" in text
    assert "- Formulaire V-01 (Vaccinations du mois), Mars 2020 : à remettre le" in text
    _assert_french([text])


@pytest.mark.parametrize("language", ["lo", "en", "de"])
def test_blank_forms_are_read_back_whichever_texts_a_language_has(language: str) -> None:
    """Lao has words for reading and periods, German those of CLDR; what they lack is English."""
    forms = read_form_set(DATA / "registry" / "set")
    plan = Plan.model_validate(LAO.model_dump() | {"language": language})
    context = reading_context(plan, forms, date(2026, 2, 1))
    for code, body in (("2025-M03-D2", "CIVIL"), ("2025-Y", "UBND-X1")):
        content = template_workbook(plan, body, period_from_code(code, plan.calendar), form_set=forms)
        filled = _filled(openpyxl.load_workbook(io.BytesIO(content)), 0)
        [sheet] = read_file(filled, "report.xlsx", body, context).sheets
        assert sheet.period is not None
        assert (sheet.period.code, [f.message_en for f in sheet.findings]) == (code, [])
