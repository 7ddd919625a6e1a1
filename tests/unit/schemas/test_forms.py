"""The forms as declared are the forms as agreed: tests/data/forms.yaml is the agreement, word for word."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
import yaml

from schemas.declaration import Dimension, Form, Measure, MeasureType, Rule, RuleScope, Severity
from schemas.linked_measures import is_below_district
from tests.support.forms import BY_CODE, BY_KEY, CODE_LISTS, FORM_SET, FORMS
from tests.support.paths import DATA

AGREED: dict[str, Any] = yaml.safe_load((DATA / "forms.yaml").read_text(encoding="utf-8"))
AGREED_FORMS: dict[str, dict[str, Any]] = {form["code"]: form for form in AGREED["forms"]}
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)


def test_the_same_forms_in_the_same_order() -> None:
    assert [form.code for form in FORMS] == list(AGREED_FORMS)
    assert list(BY_CODE.values()) == list(BY_KEY.values()) == list(FORMS)
    assert [(code, form.key) for code, form in BY_CODE.items()] == [
        (code, form["key"]) for code, form in AGREED_FORMS.items()
    ]


@each_form
def test_title_and_sensitivity(form: Form) -> None:
    agreed = AGREED_FORMS[form.code]
    assert (form.key, form.title, form.sensitive) == (
        agreed["key"],
        agreed["title"],
        agreed.get("sensitive", False),
    )


@each_form
def test_key_columns(form: Form) -> None:
    agreed = {key: AGREED["dim_columns"][key] for key in AGREED_FORMS[form.code]["dims"]}
    assert [(d.key, d.label_vi, list(d.aliases)) for d in form.dimensions] == [
        (key, column["vi"], column["aliases"]) for key, column in agreed.items()
    ]


@each_form
def test_a_key_column_is_a_place_a_code_or_a_date(form: Form) -> None:
    for dimension in form.dimensions:
        if dimension.key in ("district", "commune"):
            assert (dimension.level, dimension.code_list) == (dimension.key, None)
        elif dimension.key == "incident_date":
            assert (dimension.level, dimension.code_list) == (None, None)
        else:
            assert dimension.level is None
            assert dimension.code_list is not None
            assert dimension.code_list.key == dimension.key
    assert form.area_dimension is next((d for d in form.dimensions if d.key in ("district", "commune")), None)


@each_form
def test_measures(form: Form) -> None:
    declared = [
        {
            "key": m.key,
            "vi": m.label_vi,
            "unit": m.unit.key,
            "kind": m.kind.value.removesuffix("ing_stock"),
            "group": m.group,
            "aliases": list(m.aliases),
        }
        for m in form.measures
    ]
    assert declared == [{"group": "", "aliases": [], **m} for m in AGREED_FORMS[form.code]["measures"]]


@each_form
def test_a_measure_has_a_code_list_where_its_unit_is_a_code(form: Form) -> None:
    for measure in form.measures:
        assert (measure.code_list is not None) == (measure.unit.key == "code")
        if measure.code_list is not None:
            assert measure.code_list.key == measure.key


@each_form
def test_rules_and_their_severity(form: Form) -> None:
    declared = {rule.id: rule.severity.value for rule in form.rules}
    if form.rows_expected and form.rows_expected[1] != "ROW-MISSING":
        declared[form.rows_expected[1]] = "error"  # the rule about rows left out
    agreed = {rule["id"]: rule["severity"] for rule in AGREED_FORMS[form.code]["rules"]}
    assert declared == agreed
    assert len(form.rules) == len({rule.id for rule in form.rules})


# Rules as agreed in words, and in the row language.
IN_WORDS = {
    "HOT-02": ("opening == previous.closing", "", RuleScope.PREVIOUS_PERIOD),
    "TRI-04": ("opening == previous.closing", "", RuleScope.PREVIOUS_PERIOD),
    "INS-06": (
        "abs(managed - previous.managed) <= 0.2 * previous.managed",
        "",
        RuleScope.PREVIOUS_PERIOD,
    ),
    "COM-02": ("hotspots == 0", "free_of_prostitution", RuleScope.ROW),
    "COM-03": ("(score >= 0) & (score <= 100)", "", RuleScope.ROW),
    "COM-05": ("sanctioned == 0", "free_of_prostitution", RuleScope.ROW),
    "FLA-01": ("(incident_date >= window_start) & (incident_date <= window_end)", "", RuleScope.ROW),
}


def from_agreement(rule_id: str, text: str) -> tuple[str, str, RuleScope]:
    """An agreed rule as (holds, where, scope): "=" compares, "and" joins, "where" limits."""
    if rule_id in IN_WORDS:
        return IN_WORDS[rule_id]
    scope = RuleScope.YEAR_TO_DATE if text.startswith("year to date: ") else RuleScope.ROW
    holds, _, where = text.removeprefix("year to date: ").partition(" where ")

    def compare(part: str) -> str:
        return re.sub(r"(?<![<>])=", "==", re.sub(r"= ([A-Z]+)$", r"= '\1'", part))

    parts = [compare(part) for part in holds.split(" and ")]
    joined = parts[0] if len(parts) == 1 else " & ".join(f"({part})" for part in parts)
    return joined, compare(where), scope


@each_form
def test_the_rules_are_as_declared(form: Form) -> None:
    agreed = {rule["id"]: rule["expr"] for rule in AGREED_FORMS[form.code]["rules"]}
    for rule in form.rules:
        assert (rule.expression, rule.condition, rule.scope) == from_agreement(rule.id, agreed[rule.id]), (
            rule.id
        )


def test_the_rule_that_replaces_a_general_code() -> None:
    replacing = {rule.id: rule.replaces_check for form in FORMS for rule in form.rules if rule.replaces_check}
    assert replacing == {"COM-03": "VALUE-RANGE"}


def test_rows_are_expected_where_a_provincial_body_reports_by_place() -> None:
    assert {form.code: form.rows_expected for form in FORMS if form.rows_expected} == {
        "01-PCMD": ("district", "ROW-MISSING"),
        "02-PCMD": ("district", "ROW-MISSING"),
        "04-PCMD": ("district", "ROW-MISSING"),
        "05-PCMD": ("commune", "COM-01"),
    }


def test_code_lists() -> None:
    declared = {
        code_list.key: {
            code.code: {"vi": code.label_vi, "aliases": list(code.aliases)} for code in code_list.codes
        }
        for code_list in CODE_LISTS
    }
    assert declared == {
        key: {code: {"aliases": [], **entry} for code, entry in entries.items()}
        for key, entries in AGREED["code_lists"].items()
    }


def test_every_code_list_in_use_is_among_the_code_lists() -> None:
    used = {id(c.code_list): c.code_list for form in FORMS for c in form.columns.values() if c.code_list}
    assert {c.key for c in used.values()} == {c.key for c in CODE_LISTS}
    assert set(used) == {id(c) for c in CODE_LISTS}


def test_units() -> None:
    declared = {unit.key: unit.label_vi for unit in FORM_SET.units.values()}
    declared = {key: vi for key, vi in declared.items() if key not in ("flag", "code")}
    assert declared == AGREED["units"]


def test_only_millions_and_scores_have_fractions() -> None:
    fractional = {m.unit.key for form in FORMS for m in form.measures if not m.unit.whole}
    assert fractional == {"million_vnd", "score"}
    assert {m.unit.key for form in FORMS for m in form.measures if m.unit.money} == {"vnd", "million_vnd"}


@each_form
def test_no_label_fits_two_columns(form: Form) -> None:
    labels = Counter(
        (group, label.casefold())
        for column in form.columns.values()
        for group in [column.group if isinstance(column, Measure) else ""]
        for label in {column.label_vi, *column.aliases}
    )
    assert [label for label, times in labels.items() if times > 1] == []


def test_no_wording_fits_two_codes_of_a_list() -> None:
    for code_list in CODE_LISTS:
        wordings = Counter(w.casefold() for code in code_list.codes for w in {code.label_vi, *code.aliases})
        assert max(wordings.values()) == 1, code_list.key


@each_form
def test_columns_are_the_dimensions_and_then_the_measures(form: Form) -> None:
    assert list(form.columns.values()) == [*form.dimensions, *form.measures]
    assert all(key == column.key for key, column in form.columns.items())
    assert all(re.fullmatch(r"[a-z][a-z_]*", key) for key in form.columns)


@each_form
def test_rules_by_scope(form: Form) -> None:
    assert [*form.rules_of(*RuleScope)] == [*form.rules]
    for scope in RuleScope:
        assert all(rule.scope is scope for rule in form.rules_of(scope))
    assert sum(len(form.rules_of(scope)) for scope in RuleScope) == len(form.rules)


def test_what_adds_up_and_what_is_a_number() -> None:
    def measure(kind: MeasureType, **more: Any) -> Measure:
        return Measure("m", "M", FORM_SET.units["case"], kind, **more)

    assert [kind for kind in MeasureType if measure(kind).is_additive] == [
        MeasureType.FLOW,
        MeasureType.STOCK,
        MeasureType.OPENING_STOCK,
    ]
    assert [kind for kind in MeasureType if not measure(kind).is_number] == [MeasureType.FLAG]
    assert not measure(MeasureType.SCORE, code_list=CODE_LISTS[0]).is_number


def test_forms_and_columns_are_compared_by_identity() -> None:
    twins: Iterable[tuple[object, object]] = (
        (Dimension("d", "D"), Dimension("d", "D")),
        (
            Measure("m", "M", FORM_SET.units["case"], MeasureType.FLOW),
            Measure("m", "M", FORM_SET.units["case"], MeasureType.FLOW),
        ),
    )
    for one, other in twins:
        assert one != other
        assert len({one, other}) == 2
    rule = ("R-01", Severity.ERROR, "a == b", "a", "x", "y")
    assert Rule(*rule) == Rule(*rule)


def test_amounts_are_of_a_count_of_persons() -> None:
    amounts = {
        (form.key, measure.key): form.columns[measure.amount_of]
        for form in FORMS
        for measure in form.measures
        if measure.amount_of
    }
    assert set(amounts) == {("enforcement", "fines_amount"), ("social_support", "amount")}
    assert all(isinstance(count, Measure) and count.unit.counts_persons for count in amounts.values())


@pytest.mark.parametrize(
    ("level", "is_below"),
    [("province", False), ("district", False), ("commune", True), ("facility", True), ("borough", True)],
)
def test_forms_below_districts_are_known_by_their_level(level: str, is_below: bool) -> None:
    dimensions = (replace(BY_KEY["commune_status"].dimensions[0], level=level),)
    assert is_below_district(replace(BY_KEY["commune_status"], dimensions=dimensions)) is is_below
