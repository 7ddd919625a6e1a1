"""Seed the dimensions from the plan and the declarations, from forms to obligations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects.postgresql import insert

from plans.aggregation_functions import Additivity, weakest_additivity
from plans.model import Plan, Target
from plans.plan_years import all_periods, plan_periods, plan_window
from plans.reporting_calendar import Period, due_at
from plans.target_expressions import Term, all_terms, target_terms
from schemas.declaration import Form, Measure, MeasureType
from schemas.expressions import names
from schemas.form_catalog import FormCatalog
from schemas.form_set import FormSet
from schemas.linked_measures import ceilings, linked_measures
from warehouse.bulk_copy import copy_rows, run_script

# From keys and not from facts, which imports pandas: half a second at each start.
from warehouse.database import lock_in_transaction
from warehouse.dimensions.keys import Keys, read_keys
from warehouse.dimensions.plan_documents import (
    definition_digest,
    document_is_kept,
    record_plan_change,
    reference_is_current,
)
from warehouse.dimensions.scd2 import load_histories
from warehouse.form_catalog import catalog_of, form_set_of, record_form_sets
from warehouse.history.as_of import create_as_of
from warehouse.indicators.indicator_compiler import forms_of
from warehouse.integrity.reference import reference_digests, reference_state
from warehouse.models.form_tables import code_list_table
from warehouse.models.tables import (
    DIM_FORM,
    DIM_MEASURE,
    DIM_PERIOD,
    DIM_PLAN,
    REPORTING_OBLIGATION,
    SENSITIVE_TARGET,
)
from warehouse.models.target_tables import DIM_TARGET
from warehouse.sql_templates import render

Row = Mapping[str, object]


def load_reference(connection: Connection, plan: Plan) -> None:
    """Load or update the dimensions; safe to repeat.

    What another plan brought stays. Obligations that this plan no longer has are removed, waived ones stay.
    """
    lock_in_transaction(connection, "reference")
    before = reference_state(connection)
    is_new = not reference_is_current(connection, plan) or not document_is_kept(connection, plan)
    forms = form_set_of(connection, plan)
    _load_forms(connection)
    _merge(connection, DIM_PLAN, ["plan_code"], [_plan_row(plan, forms)])
    rows = [_period_row(plan, period) for period in all_periods(plan)]
    _merge(connection, DIM_PERIOD, ["plan_code", "period_code"], rows)
    targets = [_target_row(plan, forms, target) for target in plan.targets]
    _merge(connection, DIM_TARGET, ["plan_code", "target_code"], targets)
    _load_sensitive_targets(connection, plan, forms)
    load_histories(connection, plan.area)
    _load_obligations(connection, plan)
    create_as_of(connection, plan)
    # A later release may fill the dimensions from the same plan in another way.
    if is_new or (not before.changed and reference_digests(connection) != before.digests):
        record_plan_change(connection, plan, before)
    # The planner has no statistics of new tables until the server gathers them, a minute later.
    run_script(
        connection,
        "ANALYZE dw.reporting_obligation, dw.bridge_area, dw.dim_area, dw.dim_body, dw.dim_period,"
        " dw.dim_form, dw.dim_plan, dw.area_path",
    )


def _merge(connection: Connection, table: Table, key: Sequence[str], rows: Iterable[Row]) -> None:
    """Merge rows, which all have the same columns, into a table by its natural key."""
    rows = list(rows)
    if not rows:
        return
    columns = list(rows[0])
    incoming = f"incoming_{table.name}"
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {incoming} ON COMMIT DROP AS"
        f" SELECT {', '.join(columns)} FROM {table.fullname} WITH NO DATA"
    )
    copy_rows(connection, incoming, columns, (list(row.values()) for row in rows))
    statement = render(
        "dimensions/merge_rows",
        table=table.fullname,
        incoming=incoming,
        columns=columns,
        key=key,
        others=[name for name in columns if name not in key],
    )
    run_script(connection, f"{statement};\nDROP TABLE {incoming}")


def _load_forms(connection: Connection) -> None:
    catalog = catalog_of(connection)
    record_form_sets(connection)
    forms = [
        {
            "form_code": form.code,
            "form_name": form.key,
            "title_vi": form.title,
            "title_en": form.title_en,
            "is_sensitive": form.sensitive,
        }
        for form in catalog.forms
    ]
    _merge(connection, DIM_FORM, ["form_code"], forms)
    _merge(
        connection, DIM_MEASURE, ["form_key", "measure_name"], _measure_rows(catalog, _form_keys(connection))
    )
    for code_list in catalog.code_lists:
        codes = [
            {"code": code.code, "label_vi": code.label_vi, "label_en": code.label_en, "sort_order": number}
            for number, code in enumerate(code_list.codes, 1)
        ]
        _merge(connection, code_list_table(code_list), ["code"], codes)


def _measure_rows(catalog: FormCatalog, form_keys: dict[str, int]) -> Iterator[Row]:
    for form in catalog.forms:
        for measure in form.measures:
            yield {
                "form_key": form_keys[form.code],
                "measure_name": measure.key,
                "label_vi": measure.label_vi,
                "label_en": measure.label_en,
                "group_vi": measure.group,
                "unit": measure.unit.key,
                "kind": measure.kind.value,
                "is_additive_over_areas": measure.is_additive,
                "is_additive_over_time": measure.kind is MeasureType.FLOW,
                "is_additive_over_codes": _adds_up_over_codes(form, measure),
            }


def _adds_up_over_codes(form: Form, measure: Measure) -> bool:
    """Whether no code of the form counts again what another code counts: flows are counted once."""
    is_repeated = any(dimension.is_repeated_count for dimension in form.dimensions)
    return measure.is_additive and (measure.kind is MeasureType.FLOW or not is_repeated)


def _period_row(plan: Plan, period: Period) -> Row:
    return {
        "plan_code": plan.code,
        "period_code": period.code,
        "period_kind": period.kind,
        "year": period.year,
        "period_number": period.number,
        "window_start": period.window_start,
        "window_end": period.window_end,
        "name_vi": period.name_vi,
        "name_en": period.name_en,
    }


def _plan_row(plan: Plan, forms: FormSet) -> Row:
    year_start, year_end = plan_window(plan)
    return {
        "plan_code": plan.code,
        "title": plan.title,
        "year": plan.year,
        "province_code": plan.area,
        "year_start": year_start,
        "year_end": year_end,
        "definition_sha256": definition_digest(plan, forms),
        "document": Jsonb(plan.model_dump(mode="json")),
        "timezone": plan.calendar.timezone,
        "form_set_code": forms.code,
    }


def _target_row(plan: Plan, forms: FormSet, target: Target) -> Row:
    return {
        "plan_code": plan.code,
        "target_code": target.code,
        "additivity": _additivity(target).value,
        "form_codes": sorted(forms_of(plan, forms, target)),
        "factor": target.factor,
        "is_share": bool(target.denominator),
    }


def _terms(target: Target) -> tuple[Term, ...]:
    numerator, denominator = target_terms(target)
    return (*numerator, *denominator)


def _additivity(target: Target) -> Additivity:
    """How figures add up; those of the period alone are not parts of the year to date."""
    terms = _terms(target)
    weakest = weakest_additivity(term.function for term in terms)
    if weakest is Additivity.ADDITIVE and any(term.over != "year" for term in terms):
        return Additivity.SEMI_ADDITIVE
    return weakest


def _load_sensitive_targets(connection: Connection, plan: Plan, forms: FormSet) -> None:
    """Note which targets count persons: readers who may not see small counts see no figures of them.

    A code that once counted persons stays noted, because history and snapshots have its earlier figures.
    """
    counting = {
        target.code
        for target in plan.targets
        for term in all_terms(target, plan.targets_by_code)
        if term.measure and _counts_persons(forms, term.form, term.measure)
    }
    rows = [{"plan_code": plan.code, "target_code": code} for code in sorted(counting)]
    if rows:
        connection.execute(insert(SENSITIVE_TARGET).on_conflict_do_nothing(), rows)


def _counts_persons(forms: FormSet, form_key: str, measure_key: str) -> bool:
    """Whether a measure is a count of persons, an amount of one, or bounds one from above."""
    form = forms.by_key[form_key]
    column = form.columns[measure_key]
    counted = column.amount_of if isinstance(column, Measure) and column.amount_of else measure_key
    if any(measure_key in names(bound.expression) for bound in ceilings(form)):
        return True
    return any(measure.key == counted for group in linked_measures(form) for measure in group)


def _load_obligations(connection: Connection, plan: Plan) -> None:
    columns = REPORTING_OBLIGATION.columns
    plan_key = connection.execute(
        select(DIM_PLAN.c.plan_key).where(DIM_PLAN.c.plan_code == plan.code)
    ).scalar_one()
    connection.execute(
        delete(REPORTING_OBLIGATION).where(columns.plan_key == plan_key, columns.waived_at.is_(None))
    )
    rows = _obligation_rows(plan, plan_key, _form_keys(connection), read_keys(connection, plan))
    _merge(connection, REPORTING_OBLIGATION, ["plan_key", "body_key", "form_key", "period_key"], rows)


def _obligation_rows(plan: Plan, plan_key: int, form_keys: dict[str, int], keys: Keys) -> Iterator[Row]:
    by_kind: dict[str, list[Period]] = {}
    for period in plan_periods(plan):
        by_kind.setdefault(period.kind, []).append(period)
    for body, obligation in plan.obligation_pairs:
        for period in by_kind.get(obligation.frequency, []):
            day = period.window_end
            if body.exists(day, day) and obligation.exists(day, day):
                yield {
                    "plan_key": plan_key,
                    "body_key": keys.body(body.code, period.code),
                    "form_key": form_keys[obligation.form],
                    "period_key": keys.periods[period.code][0],
                    "due_at": due_at(period, body.level, plan.calendar),
                    "is_optional": obligation.optional,
                }


def _form_keys(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(DIM_FORM.c.form_code, DIM_FORM.c.form_key))
    return {row.form_code: row.form_key for row in rows}
