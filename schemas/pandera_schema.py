"""The Pandera schema of each form, made from its declaration.

The frame holds the rows of many submissions at once: one call validates them all. Text was turned into
numbers, codes and dates before, and what could not be turned has its finding; here null means "already found
faulty", so every check passes it by.
"""

import sys
from functools import lru_cache
from importlib import import_module

import pandas as pd
import pandera.pandas as pa

from schemas import expressions
from schemas.declaration import Dimension, Form, Measure, Rule, RuleScope

# Pandera loads Hypothesis, to make data up, at its first validation: a third of a second that nobody needs.
sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type]  # as if it were not installed
import_module("pandera.backends.pandas.builtin_checks")
if sys.modules["hypothesis"] is None:
    del sys.modules["hypothesis"]


@lru_cache
def frame_schema(form: Form) -> pa.DataFrameSchema:
    """The schema of the tidy frame of a form.

    Columns: submission (int), row (sheet row, int), window_start, window_end (datetime64), then the form's
    dimensions and measures by key. Check names are finding codes.
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


def _checks(column: Dimension | Measure, form: Form) -> list[pa.Check]:
    if column.code_list is not None:
        codes = [code.code for code in column.code_list.codes]
        return [pa.Check.isin(codes, name="VALUE-CODE", error="VALUE-CODE")]
    if not isinstance(column, Measure) or not column.is_number:
        return []
    replaced = {rule.replaces_check for rule in form.rules if rule.column == column.key}
    if "VALUE-RANGE" in replaced:
        return []
    largest, whole = column.unit.max_value, column.unit.whole
    return [
        pa.Check(lambda s: ~(s < 0), name="VALUE-NEGATIVE", error="VALUE-NEGATIVE"),
        pa.Check(
            lambda s: ~((s > largest) | (whole & (s % 1 != 0) & s.notna())),
            name="VALUE-RANGE",
            error="VALUE-RANGE",
        ),
    ]


def _rule_check(rule: Rule) -> pa.Check:
    return pa.Check(lambda frame: rule_holds(rule, frame), name=rule.id, error=rule.id)


def rule_holds(rule: Rule, frame: pd.DataFrame) -> "pd.Series[bool]":
    """For each row whether the rule holds; rows with a null in a column that the rule names pass."""
    named = expressions.names(rule.expression) | (
        expressions.names(rule.condition) if rule.condition else frozenset()
    )
    columns = {name: frame[name] for name in named}
    known = pd.concat(columns.values(), axis=1).notna().all(axis=1)
    subject = {name: series[known] for name, series in columns.items()}
    holds = expressions.evaluate(rule.expression, subject)
    if rule.condition:
        holds = holds | ~expressions.evaluate(rule.condition, subject).astype(bool)
    everywhere: pd.Series[bool] = holds.astype(bool).reindex(frame.index, fill_value=True)
    return everywhere
