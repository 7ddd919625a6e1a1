"""Every finding has a message in both languages, which shows the value seen."""

import re
import string
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from schemas.declaration import Severity
from schemas.findings import TEXTS as GENERAL
from schemas.findings import Finding
from tests.support.forms import FORM_SET, FORMS
from tests.support.paths import DATA

AGREED_RULES = {
    rule["id"]: rule["severity"]
    for form in yaml.safe_load((DATA / "forms.yaml").read_text(encoding="utf-8"))["forms"]
    for rule in form["rules"]
}
AGREED_GENERAL = re.findall(
    r"\S+",
    """
    FILE-UNREADABLE FILE-TOO-LARGE FILE-MACRO FORM-UNKNOWN FORM-NOT-OWED BODY-MISMATCH
    PERIOD-MISSING PERIOD-INVALID PERIOD-WINDOW COLUMN-MISSING COLUMN-DUPLICATE COLUMN-UNKNOWN
    VALUE-BLANK VALUE-MISSING VALUE-TYPE VALUE-NEGATIVE VALUE-RANGE VALUE-CODE
    AREA-UNKNOWN AREA-OUTSIDE AREA-AMBIGUOUS ROW-DUPLICATE ROW-MISSING TOTAL-MISMATCH
    PII-SUSPECTED OUTLIER REVISION-CLOSED REVISION-LOSES-ROWS UNIT-MISMATCH FORMULA-UNCALCULATED
    CELL-UNACCOUNTED CELL-HIDDEN CELL-MERGED NUMBER-AMBIGUOUS FORM-SECOND REPORT-UNRECOGNISED
    DATABASE-REJECTED SHARE-ABOVE-100
    """,
)
WARNINGS = {
    "COLUMN-UNKNOWN",
    "VALUE-BLANK",
    "OUTLIER",
    "REVISION-CLOSED",
    "REVISION-LOSES-ROWS",
    "REPORT-UNRECOGNISED",
    "SHARE-ABOVE-100",
}
RULES = FORM_SET.rule_texts
TEXTS = GENERAL | RULES
each_code = pytest.mark.parametrize("code", sorted(TEXTS))


def finding_of(code: str, **more: Any) -> Finding:
    """A finding as validation makes it: with the texts of its rule, if it is one."""
    return Finding(code, wording=RULES.get(code), **more)


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_every_code_agreed_has_its_texts_and_no_other_has() -> None:
    assert set(TEXTS) == {*AGREED_GENERAL, *AGREED_RULES}


def test_severities_are_those_agreed() -> None:
    severities = {code: text.severity for code, text in TEXTS.items()}
    assert severities == {
        **{c: Severity.WARNING if c in WARNINGS else Severity.ERROR for c in AGREED_GENERAL},
        **{rule_id: Severity(severity) for rule_id, severity in AGREED_RULES.items()},
    }
    assert all(finding_of(code).severity is severity for code, severity in severities.items())


def test_no_rule_s_text_hides_a_general_one() -> None:
    assert not set(GENERAL) & set(RULES)
    assert set(RULES) == {rule.id for form in FORMS for rule in form.rules}


@each_code
def test_a_finding_has_a_text_without_details(code: str) -> None:
    finding = finding_of(code)
    for message in (finding.message_vi, finding.message_en):
        assert len(message) > 10
        assert "{" not in message
        assert message.endswith(".") or "…" in message


@each_code
def test_the_two_languages_use_the_same_details(code: str) -> None:
    def common(text: str) -> set[str]:
        return {re.sub(r"_(vi|en)$", "", name) for name in fields(text)}

    text = TEXTS[code]
    assert text.label_vi != text.label_en
    assert common(text.label_vi) == common(text.label_en)
    assert not any(name.endswith("_en") for name in fields(text.label_vi))
    assert not any(name.endswith("_vi") for name in fields(text.label_en))


@each_code
def test_every_given_detail_is_in_the_text(code: str) -> None:
    text = TEXTS[code]
    names = fields(text.label_vi) | fields(text.label_en)
    details = {name: f"<{name}>" for name in names - {"value", "cell"}}
    finding = finding_of(
        code, sheet_name="Sheet1", cell="C7", column_key="visits", value_shown="<value>", details=details
    )
    for message, template in ((finding.message_vi, text.label_vi), (finding.message_en, text.label_en)):
        assert "…" not in message
        assert all(f"<{name}>" in message for name in fields(template) - {"cell"})


@given(
    st.sampled_from(sorted(TEXTS)),
    st.text(),
    st.dictionaries(
        st.sampled_from(["label", "missing", "sum", "value", "cell", "example", "odd one"]), st.text()
    ),
)
def test_whatever_was_seen_is_repeated_as_it_was(code: str, seen: str, details: dict[str, str]) -> None:
    finding = finding_of(code, value_shown=seen, cell="B2", details=details)
    for message, template in (
        (finding.message_vi, TEXTS[code].label_vi),
        (finding.message_en, TEXTS[code].label_en),
    ):
        assert "{value}" not in template or seen in message


def test_braces_in_a_cell_are_no_place_holders() -> None:
    finding = Finding("VALUE-TYPE", value_shown="{label.__class__}", details={"label": "Số vụ {0}"})
    assert "“{label.__class__}”" in finding.message_en
    assert "“Số vụ {0}”" in finding.message_en


def test_how_a_rule_reads() -> None:
    finding = finding_of("INS-01", cell="E9", column_key="visits", value_shown="3")
    assert finding.message_en == "Visits must be at least the establishments inspected (the cell holds 3)."
    assert finding.message_vi == ("Số lượt kiểm tra phải lớn hơn hoặc bằng số cơ sở được kiểm tra (ô ghi 3).")


def test_personal_data_is_never_repeated() -> None:
    finding = Finding("PII-SUSPECTED", value_shown="0912345678", details={"kind_vi": "số điện thoại"})
    assert "0912345678" not in finding.message_vi + finding.message_en


def test_rules_state_their_limits_as_sentences() -> None:
    for code, text in TEXTS.items():
        for message_text in (text.label_vi, text.label_en):
            is_name = message_text.startswith("{body}")  # names have capitals
            assert is_name or message_text[0].isupper() or message_text[0] in "“", code
            assert message_text.count("“") == message_text.count("”"), code


def test_a_value_does_not_repeat_the_word_before_it() -> None:
    named = Finding("FORM-NOT-OWED", details={"body": "Clinic", "form": "Form 3 {x}"})
    assert "does not owe form 3 {x}." in named.message_en
    assert (
        "Sở Y tế không phải nộp biểu 3."
        in Finding("FORM-NOT-OWED", details={"body": "Sở Y tế", "form": "Biểu 3"}).message_vi
    )
    assert "owe form Formal." in Finding("FORM-NOT-OWED", details={"body": "A", "form": "Formal"}).message_en
