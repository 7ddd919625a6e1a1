"""Load what the plan and the declarations say into the dimensions: forms, areas, bodies, who owes what."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from psycopg.types.json import Jsonb
from sqlalchemy import Connection, text

from plans.model import Plan
from plans.reporting_calendar import Period, ad_hoc_periods, due_at, scheduled_periods, year_window
from plans.target_expressions import target_terms
from schemas.declaration import Measure
from schemas.forms import BY_KEY, CODE_LISTS, FORMS
from warehouse.bulk_copy import copy_rows, run_script
from warehouse.dimensions.keys import (
    read_keys,  # not from facts, which import pandas: half a second at each start
)
from warehouse.dimensions.scd2 import load_histories
from warehouse.history.as_of import create_as_of
from warehouse.integrity.events import append_event
from warehouse.privacy.suppression import linked_measures


def reference_is_current(connection: Connection, plan: Plan) -> bool:
    """Whether the plan is loaded as it is now: one query."""
    loaded = connection.scalar(
        text("SELECT definition_sha256 FROM dw.dim_plan WHERE plan_code = :plan"), {"plan": plan.code}
    )
    return bool(loaded == _hash(plan))


def load_reference(connection: Connection, plan: Plan) -> None:
    """Load or update the dimensions; safe to repeat.

    What another plan brought stays. Reports that this plan does not ask for any more go, waived ones stay.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('chitieu.reference'))"))
    if not reference_is_current(connection, plan) or not _document_is_kept(connection, plan):
        _note_change(connection, plan)
    _load_forms(connection)
    _load_periods(connection, plan)
    _load_plan(connection, plan)
    _load_person_targets(connection, plan)
    load_histories(connection, plan.area)
    _load_obligations(connection, plan)
    create_as_of(connection, plan)
    # The planner knows nothing of new tables until the server looks at them by itself, a minute later.
    tables = ", ".join(f"dw.dim_{name}" for name in ("area", "body", "period", "form", "plan"))
    run_script(
        connection,
        f"ANALYZE dw.reporting_obligation, dw.bridge_area, {tables}",
    )


def plan_when_closed(connection: Connection, plan: Plan, period_code: str) -> Plan:
    """The plan as it was loaded when a period was closed; as it is where that was not kept."""
    document = connection.scalar(
        text(
            "SELECT d.document FROM audit.event c JOIN audit.event p ON p.event_id < c.event_id"
            " AND p.kind = 'plan' AND p.subject = :plan"
            " JOIN audit.plan_document d ON d.plan_code = p.subject AND d.sha256 = p.payload ->> 'sha256'"
            " WHERE c.kind = 'close' AND c.subject = :period AND c.payload ->> 'plan' = :plan"
            " ORDER BY p.event_id DESC, d.recorded_at DESC LIMIT 1"
        ),
        {"plan": plan.code, "period": period_code},
    )
    return plan if document is None else Plan.model_validate_json(document)


def _hash(plan: Plan) -> str:
    return sha256((plan.model_dump_json() + repr(FORMS)).encode()).hexdigest()


def _document_is_kept(connection: Connection, plan: Plan) -> bool:
    """Whether what the plan says is kept: an older warehouse has a hash of it in the chain alone."""
    asked = text(
        "SELECT EXISTS (SELECT FROM audit.plan_document WHERE plan_code = :plan AND document = :document)"
    )
    return bool(connection.scalar(asked, {"plan": plan.code, "document": plan.model_dump_json()}))


def _note_change(connection: Connection, plan: Plan) -> None:
    """A plan or a form that is not as it was is an event of the audit chain: which, by their digests.

    What the plan says is kept beside it.
    """
    forms = {form.code: sha256(repr(form).encode()).hexdigest() for form in FORMS}
    document = plan.model_dump_json()
    digest = sha256(document.encode()).hexdigest()
    now = connection.execute(text("SELECT audit.present()")).scalar_one()
    payload = {"sha256": digest, "forms": forms, "document_kept": True}
    append_event(connection, "plan", plan.code, payload, now)
    connection.execute(
        text(
            "INSERT INTO audit.plan_document (plan_code, recorded_at, sha256, document)"
            " VALUES (:plan, :now, :sha256, :document) ON CONFLICT DO NOTHING"
        ),
        {"plan": plan.code, "now": now, "sha256": digest, "document": document},
    )


def _upsert(
    connection: Connection, table: str, columns: str, key: str, rows: Iterable[Sequence[object]]
) -> None:
    """Bring rows into a table by its natural key; what is there already as said stays untouched."""
    names = columns.split()
    others = [name for name in names if name not in key.split()]
    incoming = f"incoming_{table.replace('.', '_')}"
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {incoming} ON COMMIT DROP AS"
        f" SELECT {', '.join(names)} FROM {table} WITH NO DATA"
    )
    copy_rows(connection, incoming, names, rows)
    connection.exec_driver_sql(
        f"INSERT INTO {table} AS kept ({', '.join(names)}) SELECT * FROM {incoming}"
        f" ON CONFLICT ({', '.join(key.split())}) DO UPDATE SET"
        f" {', '.join(f'{name} = excluded.{name}' for name in others)}"
        f" WHERE ({', '.join(f'kept.{name}' for name in others)})"
        f" IS DISTINCT FROM ({', '.join(f'excluded.{name}' for name in others)});"
        f" DROP TABLE {incoming}"
    )


def _load_forms(connection: Connection) -> None:
    _upsert(
        connection,
        "dw.dim_form",
        "form_code form_name title_vi is_sensitive",
        "form_code",
        ((form.code, form.key, form.title, form.sensitive) for form in FORMS),
    )
    keys = _keys(connection, "SELECT form_code, form_key FROM dw.dim_form")
    _upsert(
        connection,
        "dw.dim_measure",
        "form_key measure_name label_vi label_en group_vi unit kind is_additive_over_areas"
        " is_additive_over_time",
        "form_key measure_name",
        (
            (
                *(keys[f.code], m.key, m.label_vi, m.key.replace("_", " ").capitalize(), m.group, m.unit.key),
                *(m.kind.value, m.is_additive, m.kind == "flow"),
            )
            for f in FORMS
            for m in f.measures
        ),
    )
    for code_list in CODE_LISTS:
        _upsert(
            connection,
            f"dw.dim_{code_list.key}",
            "code label_vi label_en sort_order",
            "code",
            (
                (code.code, code.label_vi, code.label_en, number)
                for number, code in enumerate(code_list.codes, 1)
            ),
        )


def _load_periods(connection: Connection, plan: Plan) -> None:
    periods = (*scheduled_periods(plan.year, plan.calendar), *ad_hoc_periods(plan.year, plan.calendar))
    _upsert(
        connection,
        "dw.dim_period",
        "period_code period_kind year number window_start window_end name_vi name_en",
        "period_code",
        (
            (p.code, p.kind, p.year, p.number, p.window_start, p.window_end, p.name_vi, p.name_en)
            for p in periods
        ),
    )


def _load_plan(connection: Connection, plan: Plan) -> None:
    start, end = year_window(plan.year, plan.calendar)
    document, timezone = Jsonb(plan.model_dump(mode="json")), plan.calendar.timezone
    _upsert(
        connection,
        "dw.dim_plan",
        "plan_code title year province_code year_start year_end definition_sha256 document timezone",
        "plan_code",
        [(plan.code, plan.title, plan.year, plan.area, start, end, _hash(plan), document, timezone)],
    )


def _load_person_targets(connection: Connection, plan: Plan) -> None:
    """Note which targets count persons: who may not see small counts sees no figures of them.

    A code that once counted persons stays noted: what it told then is in the past and among what was frozen.
    """
    counting = {
        target.code
        for target in plan.targets
        for term in sum(target_terms(target), ())
        if term.form and BY_KEY[term.form].columns[term.measure] in _counts_of_persons(term.form)
    }
    connection.execute(
        text(
            "INSERT INTO dw.sensitive_target (plan_code, target_code)"
            " SELECT :plan, unnest(CAST(:codes AS text[])) ON CONFLICT DO NOTHING"
        ),
        {"plan": plan.code, "codes": sorted(counting)},
    )


def _counts_of_persons(form_key: str) -> list[Measure]:
    return [measure for group in linked_measures(BY_KEY[form_key]) for measure in group]


def _load_obligations(connection: Connection, plan: Plan) -> None:
    plan_key = _keys(connection, "SELECT plan_code, plan_key FROM dw.dim_plan")[plan.code]
    forms = _keys(connection, "SELECT form_code, form_key FROM dw.dim_form")
    keys = read_keys(connection, plan)
    by_kind: dict[str, list[Period]] = {}
    for period in scheduled_periods(plan.year, plan.calendar):
        by_kind.setdefault(period.kind, []).append(period)
    connection.execute(
        text("DELETE FROM dw.reporting_obligation WHERE plan_key = :plan AND waived_at IS NULL"),
        {"plan": plan_key},
    )
    _upsert(
        connection,
        "dw.reporting_obligation",
        "plan_key body_key form_key period_key due_at is_optional",
        "plan_key body_key form_key period_key",
        (
            (
                *(
                    plan_key,
                    keys.body(body.code, period.code),
                    forms[owed.form],
                    keys.periods[period.code][0],
                ),
                *(due_at(period, body.level, plan.calendar), owed.optional),
            )
            for body, owed in plan.obligation_pairs
            for period in by_kind.get(owed.frequency, [])
            if body.exists(period.window_end, period.window_end)
            and owed.exists(period.window_end, period.window_end)
        ),
    )


def _keys(connection: Connection, statement: str) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.exec_driver_sql(statement)}
