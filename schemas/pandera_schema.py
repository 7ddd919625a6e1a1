"""The Pandera schema of each form, made from its declaration.

The frame holds the rows of many submissions at once: one call validates them all. Text was turned into
numbers, codes and dates before, and what could not be turned has its finding; here null means "already found
faulty", so every check passes it by.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.api import extensions

from schemas import expressions
from schemas.declaration import Dimension, Form, Measure, Rule, RuleScope


@lru_cache
def frame_schema(form: Form) -> pa.DataFrameSchema:
    """Return the schema of the tidy frame of a form; see `build_schema`."""
    return build_schema(form)


def build_schema(form: Form) -> pa.DataFrameSchema:
    """Build the schema of the tidy frame of a form.

    Columns: submission (int), row (sheet row, int), window_start, window_end (datetime64), then the form's
    dimensions and measures by key. The failure cases name each check by its finding code. All checks are
    registered with Pandera, so that the schema can be written as YAML or Python.
    """
    columns = {
        column.key: pa.Column(checks=_checks(column, form), nullable=True) for column in form.columns.values()
    }
    return pa.DataFrameSchema(
        columns={"submission": pa.Column(int), "row": pa.Column(int), **columns},
        checks=[_rule_check(rule) for rule in form.rules_of(RuleScope.ROW)],
        strict=False,
        coerce=False,
    )


def not_below(values: "pd.Series[float]", *, min_value: float) -> "pd.Series[bool]":
    """Check that no figure is below `min_value`; nulls pass."""
    return ~(values < min_value)


def plausible(values: "pd.Series[float]", *, max_value: float, whole: bool) -> "pd.Series[bool]":
    """Check that figures are at most `max_value` and, if `whole`, have no fraction; nulls pass."""
    return ~((values > max_value) | (whole & (values % 1 != 0) & values.notna()))


def row_rule(frame: pd.DataFrame, *, expression: str, condition: str) -> "pd.Series[bool]":
    """Check a rule of a form, in the language of `schemas.expressions`; see `condition_holds`."""
    return condition_holds(expression, condition, frame)


_register: Callable[..., Any] = extensions.register_check_method
_register(not_below, statistics=["min_value"], supported_types=pd.Series)
_register(plausible, statistics=["max_value", "whole"], supported_types=pd.Series)
_register(row_rule, statistics=["expression", "condition"], supported_types=pd.DataFrame)


def _checks(column: Dimension | Measure, form: Form) -> list[pa.Check]:
    if column.code_list is not None:
        codes = [code.code for code in column.code_list.codes]
        return [pa.Check.isin(codes, error="VALUE-CODE")]
    if not isinstance(column, Measure) or not column.is_number:
        return []
    replaced = {rule.replaces_check for rule in form.rules if rule.column == column.key}
    if "VALUE-RANGE" in replaced:
        return []
    unit = column.unit
    return [
        pa.Check.not_below(min_value=0, error="VALUE-NEGATIVE"),
        pa.Check.plausible(max_value=unit.max_value, whole=unit.whole, error="VALUE-RANGE"),
    ]


def _rule_check(rule: Rule) -> pa.Check:
    check: pa.Check = pa.Check.row_rule(expression=rule.expression, condition=rule.condition, error=rule.id)
    return check


def condition_holds(expression: str, condition: str, frame: pd.DataFrame) -> "pd.Series[bool]":
    """Return for each row whether an expression holds.

    Rows outside the condition pass, as do rows with a null in a column that either of them names.
    """
    named = expressions.names(expression) | (expressions.names(condition) if condition else frozenset())
    columns = {name: frame[name] for name in named}
    known = pd.concat(columns.values(), axis=1).notna().all(axis=1)
    subject = {name: series[known] for name, series in columns.items()}
    holds = expressions.evaluate(expression, subject)
    if condition:
        holds = holds | ~expressions.evaluate(condition, subject).astype(bool)
    everywhere: pd.Series[bool] = holds.astype(bool).reindex(frame.index, fill_value=True)
    return everywhere
