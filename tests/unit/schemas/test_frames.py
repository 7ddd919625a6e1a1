"""Each row rule and each cell check of each form, on frames as the reading of sheets makes them."""

from typing import Any

import pandas as pd
import pandera.pandas as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.declaration import Dimension, Form, Measure, MeasureType, Rule, RuleScope
from schemas.pandera_schema import condition_holds, frame_schema
from tests.support.forms import BY_KEY, FORMS

Row = dict[str, Any]
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)

# For each row rule: figures that break it and no other, then figures at its very edge that do not.
BREAKING: dict[str, tuple[list[Row], list[Row]]] = {
    "ENF-01": (
        [{"offenders_total": 1}, {"offenders_other": 1}],
        [{"offenders_total": 3, "offenders_other": 3}],
    ),
    "ENF-02": (
        [{"sanctioned_total": 1, "fines_amount": 1}, {"sanctioned_buyers": 1}],
        [{"sanctioned_total": 2, "sanctioned_sellers": 1, "sanctioned_buyers": 1, "fines_amount": 1}],
    ),
    "ENF-04": (
        [{"sanctioned_total": 1, "sanctioned_other": 1}],
        [{"fines_amount": 5}, {"sanctioned_total": 1, "sanctioned_other": 1, "fines_amount": 1}],
    ),
    "HOT-01": (
        [{"closing": 1}, {"opening": 1}, {"identified": 1}, {"recurred": 1}, {"dismantled": 1}],
        [{"opening": 4, "identified": 2, "recurred": 1, "dismantled": 3, "closing": 4}],
    ),
    "INS-01": ([{"inspected": 2, "visits": 1}], [{"inspected": 2, "visits": 2}, {"visits": 3}]),
    "INS-02": ([{"rectified": 2, "reinspected": 1}], [{"rectified": 2, "reinspected": 2}]),
    "INS-03": ([{"violating": 2, "visits": 1}], [{"violating": 2, "visits": 2}]),
    "INS-05": ([{"fines_amount": 1}], [{"fines_amount": 1, "fined": 1}, {"fined": 1}]),
    "TRI-01": (
        [{"opening": 1}, {"accepted": 1}, {"closing": 1}, {"returned": 1}],
        [{"opening": 5, "accepted": 2, "tried": 3, "returned": 1, "closing": 3, "defendants": 3}],
    ),
    "TRI-02": (
        [{"tried_mobile": 1}, {"tried_model": 1}],
        [{"opening": 1, "tried": 1, "tried_mobile": 1, "tried_model": 1, "defendants": 1}],
    ),
    "TRI-03": ([{"opening": 1, "tried": 1}], [{"opening": 1, "tried": 1, "defendants": 1}]),
    "COM-02": (
        [{"free_of_prostitution": True, "hotspots": 1}],
        [{"free_of_prostitution": False, "hotspots": 1}, {"free_of_prostitution": True}],
    ),
    "COM-03": ([{"score": 100.5}, {"score": -0.5}], [{"score": 100}, {"score": 0}, {"score": 99.5}]),
    "COM-05": (
        [{"free_of_prostitution": True, "sanctioned": 1}],
        [{"free_of_prostitution": False, "sanctioned": 1}],
    ),
    "CMM-01": ([{"participants": 1}], [{"participants": 1, "events": 1}, {"events": 1}]),
    "TRN-01": (
        [{"courses": 1, "trainees": 1, "trainees_female": 2}],
        [{"courses": 1, "trainees": 2, "trainees_female": 2}],
    ),
    "TRN-02": ([{"trainees": 1}], [{"trainees": 1, "courses": 1}]),
    "SUP-01": ([{"persons": 1, "persons_female": 2}], [{"persons": 2, "persons_female": 2}]),
    "SUP-02": ([{"amount": 0.5}], [{"amount": 0.5, "persons": 1}]),
    "MOD-01": (
        [{"establishments": 1}, {"beneficiaries": 1}],
        [{"establishments": 1, "beneficiaries": 1, "models": 1}],
    ),
    "BOR-01": ([{"transferred": 1}], [{"transferred": 1, "cases": 1}]),
    "FLA-01": (
        [{"incident_date": pd.Timestamp("2020-02-14")}, {"incident_date": pd.Timestamp("2020-03-15")}],
        [{"incident_date": pd.Timestamp("2020-02-15")}, {"incident_date": pd.Timestamp("2020-03-14")}],
    ),
    "FLA-02": (
        [{"incident_kind": "MINOR"}],
        [{"incident_kind": "MINOR", "minors": 1}, {"incident_kind": "RING"}],
    ),
}
ROW_RULES = {rule.id: (form, rule) for form in FORMS for rule in form.rules_of(RuleScope.ROW)}


def sound(column: Dimension | Measure) -> Any:
    if column.code_list is not None:
        return column.code_list.codes[0].code
    if isinstance(column, Measure):
        return False if column.kind is MeasureType.FLAG else 0
    return "731" if column.level else pd.Timestamp("2020-03-01")


def frame_of(form: Form, *rows: Row) -> pd.DataFrame:
    """Sound rows (every figure 0) with the changes given, one submission each, typed as the reading does."""
    records = [
        {
            "submission": number,
            "body": "UBND-731",
            "period": "2020-M03",
            "window_start": pd.Timestamp("2020-02-15"),
            "window_end": pd.Timestamp("2020-03-14"),
            "row": 9 + number,
            **{key: sound(column) for key, column in form.columns.items()},
            **changes,
        }
        for number, changes in enumerate(rows)
    ]
    frame = pd.DataFrame.from_records(records)
    types = {
        key: "float64" if isinstance(column, Measure) and column.is_number else "object"
        for key, column in form.columns.items()
        if key != "incident_date"
    }
    return frame.astype(types)


def faults(form: Form, *rows: Row) -> list[tuple[str, int]]:
    """(finding code, submission) of all that the schema finds in one call."""
    try:
        frame_schema(form).validate(frame_of(form, *rows), lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        return sorted(
            {(str(check), int(index)) for check, index in zip(cases["check"], cases["index"], strict=True)}
        )
    return []


def test_every_row_rule_is_tried_here() -> None:
    assert set(BREAKING) == set(ROW_RULES)


@pytest.mark.parametrize("rule_id", BREAKING)
def test_a_rule_fails_where_it_is_broken_and_nowhere_else(rule_id: str) -> None:
    form, _rule = ROW_RULES[rule_id]
    broken, kept = BREAKING[rule_id]
    assert faults(form, {}, *kept) == []
    for row in broken:
        assert faults(form, row) == [(rule_id, 0)]
    assert faults(form, {}, *broken, *kept) == [(rule_id, n) for n in range(1, 1 + len(broken))]


@pytest.mark.parametrize("rule_id", BREAKING)
def test_a_broken_rule_is_found_beside_a_fault_in_another_column(rule_id: str) -> None:
    """A null elsewhere in the row (a cell already found faulty) must not hide it."""
    form, rule = ROW_RULES[rule_id]
    named = f"{rule.expression} {rule.condition}"
    others = [key for key in form.columns if key not in named]
    rows = [{**row, key: None} for row in BREAKING[rule_id][0] for key in (*others, "period")]
    actual = faults(form, *rows)
    assert [number for code, number in actual if code == rule_id] == list(range(len(rows)))


@each_form
def test_a_row_without_fault_passes_and_so_does_an_empty_frame(form: Form) -> None:
    assert faults(form, {}, {}, {}) == []
    assert len(frame_schema(form).validate(frame_of(form, {}).iloc[:0], lazy=True)) == 0


@each_form
def test_what_was_found_faulty_before_is_passed_by(form: Form) -> None:
    nothing = dict.fromkeys(form.columns)
    assert faults(form, nothing, {}, nothing) == []


@each_form
def test_each_cell_check(form: Form) -> None:
    for column in form.columns.values():
        found = (
            {code for code, _n in faults(form, {column.key: "NO SUCH CODE"})} if column.code_list else set()
        )
        assert ("VALUE-CODE" in found) == (column.code_list is not None), column.key
        if not isinstance(column, Measure) or not column.is_number or column.key == "score":
            continue
        largest, half = column.unit.max_value, [("VALUE-RANGE", 4)] if column.unit.whole else []
        figures = (-1, 0, largest, largest + 1, 0.5, float("inf"))
        actual = faults(form, *({column.key: figure} for figure in figures))
        assert [fault for fault in actual if fault[0].startswith("VALUE")] == [
            ("VALUE-NEGATIVE", 0),
            ("VALUE-RANGE", 3),
            *half,
            ("VALUE-RANGE", 5),
        ], column.key


@each_form
def test_every_code_of_a_list_passes(form: Form) -> None:
    for column in form.columns.values():
        rows = [{column.key: code.code} for code in column.code_list.codes] if column.code_list else []
        assert not rows or not [c for c, _n in faults(form, *rows) if c == "VALUE-CODE"]


def test_a_score_out_of_range_is_the_rule_s_finding_alone() -> None:
    assert faults(BY_KEY["commune_status"], {"score": 140}, {"score": -1}) == [("COM-03", 0), ("COM-03", 1)]


def test_one_call_gives_all_findings_of_many_submissions() -> None:
    form = BY_KEY["inspections"]
    found = faults(
        form,
        {},
        {"inspected": 5, "visits": 1, "rectified": 1},
        {"visits": -1},
        {},
        {"team_level": "TEAM 814", "fines_amount": 10},
    )
    assert found == sorted(
        [
            ("INS-01", 1),
            ("INS-02", 1),
            ("INS-01", 2),
            ("INS-03", 2),
            ("VALUE-NEGATIVE", 2),
            ("VALUE-CODE", 4),
            ("INS-05", 4),
        ]
    )


def test_a_check_points_to_the_cell_it_is_about() -> None:
    with pytest.raises(pa.errors.SchemaErrors) as caught:
        frame_schema(BY_KEY["training"]).validate(
            frame_of(BY_KEY["training"], {}, {"courses": 0.5, "trainees": 1}), lazy=True
        )
    cases = caught.value.failure_cases
    half = cases[cases["check"] == "VALUE-RANGE"]
    assert half[["column", "index", "failure_case"]].to_numpy().tolist() == [["courses", 1, 0.5]]


def test_a_column_that_is_missing_from_the_frame_is_no_silent_pass() -> None:
    form = BY_KEY["border_control"]
    with pytest.raises(pa.errors.SchemaErrors, match="transferred"):
        frame_schema(form).validate(frame_of(form, {}).drop(columns="transferred"), lazy=True)


@given(
    st.lists(
        st.tuples(*[st.none() | st.integers(0, 5) for _ in range(4)]),
        min_size=1,
        max_size=8,
    )
)
def test_a_rule_holds_row_by_row_and_is_silent_where_a_figure_is_missing(
    table: list[tuple[int | None, int | None, int | None, int | None]],
) -> None:
    rule = next(r for r in BY_KEY["training"].rules if r.id == "TRN-02")
    frame = pd.DataFrame(table, columns=["courses", "trainees", "trainees_female", "row"]).astype("float64")
    frame.index = pd.Index(range(100, 100 + len(table)))
    expected = [c is None or t is None or c != 0 or t == 0 for c, t, _f, _r in table]
    held = condition_holds(rule.expression, rule.condition, frame)
    assert held.tolist() == expected
    assert held.index.equals(frame.index)
    assert held.dtype == bool


@given(st.lists(st.tuples(st.sampled_from([True, False, None]), st.sampled_from([0, 1, None])), max_size=8))
def test_a_flag_limits_the_rows_of_a_rule(table: list[tuple[bool | None, int | None]]) -> None:
    rule: Rule = ROW_RULES["COM-02"][1]
    frame = pd.DataFrame(table, columns=["free_of_prostitution", "hotspots"], dtype="object")
    frame["hotspots"] = frame["hotspots"].astype("float64")
    assert condition_holds(rule.expression, rule.condition, frame).tolist() == [
        free is not True or spots != 1 for free, spots in table
    ]
