"""What must hold in the warehouse, and between reports: derived from the plan and the forms.

Rules inside a sheet are not said again here: its schema and the tables' own checks hold those.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from plans.model import Plan
from schemas.declaration import Form, Measure, MeasureType, Rule, RuleScope
from schemas.expressions import names, to_sql
from schemas.forms import FORMS
from warehouse.models.tables import STATUSES
from warehouse.models.target_tables import TARGET_INDICATOR

_MOST_ROWS = 1000  # of what is wrong with one expectation
_PREVIOUS = re.compile(r"\bprevious\.")


@dataclass(frozen=True)
class Expectation:
    """One thing that must hold (critical) or should hold (warning) of a relation.

    `kind` is the name of an expectation of Great Expectations and `asked` what it takes; the kind
    UnexpectedRowsExpectation takes a query for the rows that should not be, where {batch} is the relation.
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


def suites(plan: Plan) -> tuple[Suite, ...]:
    """All suites of a plan: one per form, one for what came, one for the target table."""
    of_forms = (
        Suite(f"dw.current_{form.key}", f"{form.code} {form.title}", tuple(_of_form(form, plan)))
        for form in FORMS
    )
    return (*of_forms, _submissions(plan), _targets())


def _of_form(form: Form, plan: Plan) -> Iterator[Expectation]:
    keys = ["body_key", "period_key", "area_key", *(d.key for d in form.dimensions if not d.level)]
    yield Expectation(
        f"{form.key}.key",
        "critical",
        "ExpectCompoundColumnsToBeUnique",
        "Mỗi cơ quan, kỳ, địa bàn và mã chỉ có một dòng có hiệu lực",
        "One row in force for each body, period, area and code",
        {"column_list": keys},
    )
    yield from _of_columns(form)
    yield _rows(
        f"{form.key}.submission",
        "critical",
        "Mỗi dòng có hiệu lực thuộc lần nộp được chấp nhận mới nhất của đúng cơ quan và kỳ",
        "Each row in force belongs to the last accepted submission of its body and period",
        f"SELECT c.fact_id, c.submission_id, c.body_code, c.period_code FROM (SELECT * FROM {{batch}}) c"
        " LEFT JOIN audit.submission s USING (submission_id)"
        f" WHERE s.form_code IS DISTINCT FROM '{form.code}' OR s.body_code <> c.body_code"
        " OR s.period_code <> c.period_code OR s.revision IS NULL OR EXISTS (SELECT FROM audit.submission n"
        " WHERE n.plan_code = s.plan_code AND n.body_code = s.body_code AND n.form_code = s.form_code"
        " AND n.period_code = s.period_code AND n.revision > s.revision)",
    )
    for rule in form.rules_of(RuleScope.PREVIOUS_PERIOD, RuleScope.YEAR_TO_DATE):
        rows = _against_previous if rule.scope is RuleScope.PREVIOUS_PERIOD else _over_the_year
        yield _rows(f"{form.key}.{rule.id}", "warning", rule.label_vi, rule.label_en, rows(form, rule, plan))
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
            vi, en = (
                f"“{column.label_vi}” chỉ có mã của danh mục",
                f"“{column.key}” holds codes of its list alone",
            )
            yield _in_set(f"{form.key}.{column.key}.codes", vi, en, column.key, codes)
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
    bounded = f"SELECT * FROM ({query}) wrong LIMIT {_MOST_ROWS}"
    return Expectation(
        name, severity, "UnexpectedRowsExpectation", vi, en, {"unexpected_rows_query": bounded}
    )


def _of_plan(plan: Plan) -> str:
    """The rows in force of the plan's province and year, as a condition on b and p."""
    province = plan.area.replace("'", "''")
    return f"b.province_code = '{province}' AND p.year = {plan.year}"


def _same_row(form: Form) -> str:
    further = "".join(f" AND o.{d.key} = c.{d.key}" for d in form.dimensions if not d.level)
    return f"o.area_key = c.area_key{further}"


def _told(form: Form, rule: Rule) -> list[str]:
    """The columns of the form that a rule speaks of."""
    named = names(rule.expression) | (names(rule.condition) if rule.condition else frozenset())
    return sorted(name for name in named if name in form.columns)


def _violated(rule: Rule) -> str:
    holds = _PREVIOUS.sub("previous_", to_sql(rule.expression))
    return f"NOT {holds}" + (f" AND {to_sql(rule.condition)}" if rule.condition else "")


def _against_previous(form: Form, rule: Rule, plan: Plan) -> str:
    """The rows that do not agree with the same row of the period before."""
    before = sorted(_PREVIOUS.sub("", name) for name in names(rule.expression) if _PREVIOUS.match(name))
    own = "".join(f", c.{name}" for name in _told(form, rule))
    previous = "".join(f", o.{name} AS previous_{name}" for name in before)
    return (
        f"SELECT * FROM (SELECT c.body_code, c.period_code, c.area_code{own}{previous}"
        f" FROM (SELECT * FROM {{batch}}) c JOIN dw.dim_period p USING (period_key)"
        " JOIN dw.dim_body b USING (body_key)"
        " JOIN dw.dim_period q ON q.window_end = p.window_start - 1 AND q.period_kind = p.period_kind"
        f" JOIN dw.current_{form.key} o ON o.body_key = c.body_key AND o.period_key = q.period_key"
        f" AND {_same_row(form)} WHERE {_of_plan(plan)}) held WHERE {_violated(rule)}"
    )


def _over_the_year(form: Form, rule: Rule, plan: Plan) -> str:
    """The rows that do not hold once flows are added up over the year so far."""
    columns = form.columns
    told = "".join(
        f", round(sum(c.{name}) OVER so_far, 6) AS {name}"
        if isinstance(measure := columns[name], Measure) and measure.kind is MeasureType.FLOW
        else f", c.{name}"
        for name in _told(form, rule)
    )
    keys = "".join(f", c.{d.key}" for d in form.dimensions if not d.level)
    return (
        f"SELECT * FROM (SELECT c.body_code, c.period_code, c.area_code{told}"
        f" FROM (SELECT * FROM {{batch}}) c JOIN dw.dim_period p USING (period_key)"
        f" JOIN dw.dim_body b USING (body_key) WHERE {_of_plan(plan)}"
        f" WINDOW so_far AS (PARTITION BY c.body_key, c.area_key{keys} ORDER BY p.window_end)) held"
        f" WHERE {_violated(rule)}"
    )


def _disagreeing(form: Form, plan: Plan) -> str:
    """The places that two bodies tell otherwise of; of forms that must tell of every place alone."""
    measures = [m.key for m in form.measures if m.is_additive]
    both = "".join(f", c.{key}, o.{key} AS other_{key}" for key in measures)
    differ = " OR ".join(f"c.{key} <> o.{key}" for key in measures)
    return (
        "SELECT c.period_code, c.area_code, c.body_code, o.body_code AS other_body_code"
        f"{both} FROM (SELECT * FROM {{batch}}) c JOIN dw.dim_period p USING (period_key)"
        f" JOIN dw.dim_body b USING (body_key) JOIN dw.current_{form.key} o"
        f" ON o.period_key = c.period_key AND o.body_key > c.body_key AND {_same_row(form)}"
        f" WHERE {_of_plan(plan)} AND ({differ})"
    )


# Of the submissions: id, in Vietnamese and English, the rows that should not be.
_OF_SUBMISSIONS = (
    (
        "revisions",
        "Các lần sửa đổi được đánh số liên tục từ 0",
        "Revisions are numbered from 0 without a gap",
        "SELECT body_code, form_code, period_code, count(*) AS accepted, max(revision) AS last_revision"
        " FROM (SELECT * FROM {batch}) s WHERE revision IS NOT NULL"
        " GROUP BY plan_code, body_code, form_code, period_code HAVING count(*) <> max(revision) + 1",
    ),
    (
        "findings",
        "Số lỗi và số cảnh báo đúng bằng số phát hiện đã lưu",
        "As many errors and warnings as findings are kept",
        "SELECT s.submission_id, s.error_count, s.warning_count FROM (SELECT * FROM {batch}) s"
        " LEFT JOIN audit.finding f USING (submission_id)"
        " GROUP BY s.submission_id, s.error_count, s.warning_count"
        " HAVING count(*) FILTER (WHERE f.severity = 'error') <> s.error_count"
        " OR count(*) FILTER (WHERE f.severity = 'warning') <> s.warning_count",
    ),
)


def _submissions(plan: Plan) -> Suite:
    bodies = ", ".join("'" + body.code.replace("'", "''") + "'" for body in plan.all_bodies)
    unknown = (
        "bodies",
        "Mỗi lần nộp được chấp nhận là của một cơ quan trong kế hoạch",
        "Each accepted submission is of a body of the plan",
        "SELECT submission_id, body_code FROM (SELECT * FROM {batch}) s"
        f" WHERE plan_code = '{plan.code}' AND revision IS NOT NULL AND body_code NOT IN ({bodies})",
    )
    told = ("Trạng thái thuộc danh mục", "The status is one of the list")
    queries = (
        _rows(f"submission.{name}", "critical", vi, en, query)
        for name, vi, en, query in (*_OF_SUBMISSIONS, unknown)
    )
    status = _in_set("submission.status", *told, "status", STATUSES)
    return Suite("audit.submission", "Các lần nộp", (status, *queries))


def _targets() -> Suite:
    """The published figures; `reckoned_...` are those reckoned again from the facts at the checkpoint."""
    key = [column.name for column in TARGET_INDICATOR.primary_key]
    pairs = ("numerator", "denominator")
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
                {"column_list": key},
            ),
            *(
                Expectation(
                    f"target_indicator.{name}",
                    "critical",
                    "ExpectColumnPairValuesToBeEqual",
                    f"Tính lại từ dữ liệu gốc cho cùng {what}",
                    f"Reckoned again from the facts the {name} is the same",
                    {
                        "column_A": name,
                        "column_B": f"reckoned_{name}",
                        "ignore_row_if": "both_values_are_missing",
                    },
                )
                for name, what in zip(pairs, ("tử số", "mẫu số"), strict=True)
            ),
        ),
    )
