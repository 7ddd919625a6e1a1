"""Expectations on the warehouse and between reports, derived from the plan and the forms.

Rules inside a sheet are not among them: its schema and the check constraints of the tables enforce those.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from plans.model import Plan
from schemas.declaration import Form, MeasureType, Rule, RuleScope
from schemas.expressions import names, to_sql
from schemas.form_set import FormSet
from warehouse.models.tables import STATUSES
from warehouse.models.target_tables import FIGURE_KEY
from warehouse.sql_templates import render

# The columns of the target table that are computed again from the facts, with their labels.
RECOMPUTED = {
    "numerator": ("tử số", "numerator"),
    "denominator": ("mẫu số", "denominator"),
    "value": ("giá trị", "value"),
    "target_value": ("chỉ tiêu năm", "figure to reach"),
    "status": ("đánh giá", "status"),
    "verdict": ("kết luận", "verdict"),
    "value_min": ("giá trị thấp nhất khi đủ báo cáo", "lower bound"),
    "value_max": ("giá trị cao nhất khi đủ báo cáo", "upper bound"),
    "completeness_pct": ("tỷ lệ báo cáo đã nhận", "completeness"),
    "is_final": ("tính chất cuối cùng", "finality"),
}
_MAX_ROWS = 1000  # that violate one expectation
_BATCH = "{batch}"  # which Great Expectations replaces by the relation
_PREVIOUS = re.compile(r"\bprevious\.")


@dataclass(frozen=True)
class Expectation:
    """A condition that a relation must (critical) or should (warning) satisfy.

    `kind` is the name of an expectation of Great Expectations and `asked` are its arguments; the kind
    UnexpectedRowsExpectation takes a query for the violating rows, where {batch} is the relation.
    """

    id: str
    severity: Literal["critical", "warning"]
    kind: str
    label_vi: str
    label_en: str
    asked: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Suite:
    """The expectations of one relation ("schema.name"); `title` is what people call it."""

    relation: str
    title: str
    expectations: tuple[Expectation, ...]


def suites(plan: Plan, forms: FormSet) -> tuple[Suite, ...]:
    """All suites of a plan: one per form, one for the submissions, one for the target table."""
    of_forms = (
        Suite(f"dw.current_{form.key}", f"{form.code} {form.title}", tuple(_of_form(form, plan)))
        for form in forms.forms
    )
    return (*of_forms, _submissions(plan), _targets())


def _of_form(form: Form, plan: Plan) -> Iterator[Expectation]:
    yield Expectation(
        f"{form.key}.key",
        "critical",
        "ExpectCompoundColumnsToBeUnique",
        "Mỗi cơ quan, kỳ, địa bàn và mã chỉ có một dòng có hiệu lực",
        "One row in force for each body, period, area and code",
        {"column_list": ["body_key", "period_key", "area_key", *_row_keys(form)]},
    )
    yield from _of_columns(form)
    yield _rows(
        f"{form.key}.submission",
        "critical",
        "Mỗi dòng có hiệu lực thuộc lần nộp được chấp nhận mới nhất của đúng cơ quan và kỳ",
        "Each row in force belongs to the last accepted submission of its body and period",
        render("quality/expectations/not_latest_submission", batch=_BATCH, form_code=form.code),
    )
    for rule in form.rules_of(RuleScope.PREVIOUS_PERIOD, RuleScope.YEAR_TO_DATE):
        compile_rule = _against_previous if rule.scope is RuleScope.PREVIOUS_PERIOD else _over_the_year
        query = compile_rule(form, rule, plan)
        yield _rows(f"{form.key}.{rule.id}", "warning", rule.label_vi, rule.label_en, query)
    if form.rows_expected:
        yield _rows(
            f"{form.key}.agreement",
            "warning",
            "Hai cơ quan cùng báo cáo một địa bàn, một kỳ thì số liệu phải khớp nhau",
            "Where two bodies report on the same area and period their figures agree",
            _disagreeing(form, plan),
        )


def _of_columns(form: Form) -> Iterator[Expectation]:
    for column in form.columns.values():
        if column.code_list is not None:
            codes = [code.code for code in column.code_list.codes]
            label_vi = f"“{column.label_vi}” chỉ có mã của danh mục"
            label_en = f"“{column.key}” holds codes of its list alone"
            yield _in_set(f"{form.key}.{column.key}.codes", label_vi, label_en, column.key, codes)
    for measure in form.measures:
        if measure.is_number:
            yield Expectation(
                f"{form.key}.{measure.key}.range",
                "critical",
                "ExpectColumnValuesToBeBetween",
                f"“{measure.label_vi}” không âm và không quá lớn",
                f"“{measure.key}” is neither negative nor too large",
                {"column": measure.key, "min_value": 0, "max_value": measure.unit.max_value},
            )


def _in_set(name: str, vi: str, en: str, column: str, values: Sequence[str]) -> Expectation:
    asked = {"column": column, "value_set": list(values)}
    return Expectation(name, "critical", "ExpectColumnValuesToBeInSet", vi, en, asked)


def _rows(name: str, severity: Literal["critical", "warning"], vi: str, en: str, query: str) -> Expectation:
    bounded = f"SELECT * FROM ({query}) wrong LIMIT {_MAX_ROWS}"
    return Expectation(
        name, severity, "UnexpectedRowsExpectation", vi, en, {"unexpected_rows_query": bounded}
    )


def _row_keys(form: Form) -> list[str]:
    """The dimensions that identify a row next to body, period and area."""
    return [dimension.key for dimension in form.dimensions if not dimension.level]


def _used_columns(form: Form, rule: Rule) -> list[str]:
    """The columns of the form that a rule uses."""
    used = names(rule.expression) | (names(rule.condition) if rule.condition else frozenset())
    return sorted(name for name in used if name in form.columns)


def _violated(rule: Rule) -> str:
    """The condition of a row that violates a rule."""
    expression = _PREVIOUS.sub("previous_", to_sql(rule.expression))
    return f"NOT {expression}" + (f" AND {to_sql(rule.condition)}" if rule.condition else "")


def _against_previous(form: Form, rule: Rule, plan: Plan) -> str:
    """The rows that violate a rule about the same row of the previous period."""
    return render(
        "quality/expectations/against_previous",
        batch=_BATCH,
        relation=f"dw.current_{form.key}",
        keys=_row_keys(form),
        own=_used_columns(form, rule),
        previous=sorted(_PREVIOUS.sub("", name) for name in names(rule.expression) if _PREVIOUS.match(name)),
        plan_code=plan.code,
        violated=_violated(rule),
    )


def _over_the_year(form: Form, rule: Rule, plan: Plan) -> str:
    """The rows that violate a rule once flows are added up over the year to date."""
    flows = {measure.key for measure in form.measures if measure.kind is MeasureType.FLOW}
    used = _used_columns(form, rule)
    return render(
        "quality/expectations/over_the_year",
        batch=_BATCH,
        keys=_row_keys(form),
        flows=[name for name in used if name in flows],
        others=[name for name in used if name not in flows],
        plan_code=plan.code,
        violated=_violated(rule),
    )


def _disagreeing(form: Form, plan: Plan) -> str:
    """The areas for which two bodies report different figures; of forms that list every area."""
    return render(
        "quality/expectations/disagreeing_bodies",
        batch=_BATCH,
        relation=f"dw.current_{form.key}",
        keys=_row_keys(form),
        measures=[measure.key for measure in form.measures if measure.is_additive],
        plan_code=plan.code,
    )


def _submissions(plan: Plan) -> Suite:
    unknown_bodies = render(
        "quality/expectations/unknown_bodies",
        batch=_BATCH,
        plan_code=plan.code,
        bodies=[body.code for body in plan.all_bodies],
    )
    expectations = (
        _in_set(
            "submission.status",
            "Trạng thái thuộc danh mục",
            "The status is one of the list",
            "status",
            STATUSES,
        ),
        _rows(
            "submission.revisions",
            "critical",
            "Các lần nộp được đánh số liên tục từ 0",
            "Revisions are numbered from 0 without a gap",
            render("quality/expectations/revision_gaps", batch=_BATCH),
        ),
        _rows(
            "submission.findings",
            "critical",
            "Số lỗi và số cảnh báo đúng bằng số phát hiện đã lưu",
            "As many errors and warnings as findings are kept",
            render("quality/expectations/finding_counts", batch=_BATCH),
        ),
        _rows(
            "submission.bodies",
            "critical",
            "Mỗi lần nộp được chấp nhận là của một cơ quan trong kế hoạch",
            "Each accepted submission is of a body of the plan",
            unknown_bodies,
        ),
    )
    return Suite("audit.submission", "Các lần nộp", expectations)


def _targets() -> Suite:
    """The published figures; `recomputed_...` are those computed again from the facts at the checkpoint."""
    return Suite(
        "mart.target_indicator",
        "Bảng chỉ tiêu",
        (
            Expectation(
                "target_indicator.key",
                "critical",
                "ExpectCompoundColumnsToBeUnique",
                "Mỗi chỉ tiêu, địa bàn và kỳ chỉ có một số liệu",
                "One figure for each target, area and period",
                {"column_list": [*FIGURE_KEY]},
            ),
            *(
                Expectation(
                    f"target_indicator.{name}",
                    "critical",
                    "ExpectColumnPairValuesToBeEqual",
                    f"Tính lại từ dữ liệu gốc cho cùng {label_vi}",
                    f"Computed again from the facts the {label_en} is the same",
                    {
                        "column_A": name,
                        "column_B": f"recomputed_{name}",
                        "ignore_row_if": "both_values_are_missing",
                    },
                )
                for name, (label_vi, label_en) in RECOMPUTED.items()
            ),
        ),
    )
