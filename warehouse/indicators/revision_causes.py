"""What a figure of a closed period moved with: noted when it moves, for later it takes long to find out."""

from datetime import datetime

from sqlalchemy import Connection, text

from plans.model import Plan
from warehouse.indicators.indicator_compiler import forms_of

# What is reported for an area may move the figures of all that it lies in, or came to lie in since, and of
# all that lies in it. Few figures against few reports: those that moved, and those that came.
_CAUSES = """
WITH moved AS MATERIALIZED (
    SELECT t.plan_code, t.target_code, t.area_code, t.period_code, t.window_end, drawn_on.form_code,
        a.ancestors, (e.payload ->> 'last_submission')::bigint AS last_submission
    FROM mart.target_indicator t
    JOIN audit.event e ON e.kind = 'close' AND e.payload ->> 'plan' = :plan AND e.subject = t.period_code
    JOIN unnest(CAST(:targets AS text[]), CAST(:forms AS text[])) AS drawn_on (target_code, form_code)
        USING (target_code)
    JOIN dw.dim_area a ON a.province_code = :province AND a.area_code = t.area_code
        AND a.valid_from <= t.window_end AND a.valid_to > t.window_end
    WHERE t.plan_code = :plan AND t.computed_at = :now
), came AS MATERIALIZED (
    SELECT x.submission_id, x.form_code, x.is_declared_correction, p.window_end, own.area_code,
        own.ancestors || ARRAY(SELECT DISTINCT up.code FROM dw.bridge_area s
            JOIN dw.dim_area l ON l.area_key = s.later_area_key, unnest(l.ancestors) AS up (code)
            WHERE s.area_key = own.area_key) AS ancestors
    FROM audit.submission x JOIN dw.dim_period p USING (period_code)
    JOIN dw.dim_body b ON b.province_code = :province AND b.body_code = x.body_code
        AND b.valid_from <= p.window_end AND b.valid_to > p.window_end
    JOIN dw.dim_area own ON own.area_key = b.area_key
    WHERE x.plan_code = :plan AND x.ingested_at = :now AND x.revision IS NOT NULL
)
INSERT INTO audit.revision_cause (
    plan_code, target_code, area_code, period_code, submission_id, is_declared_correction)
SELECT m.plan_code, m.target_code, m.area_code, m.period_code, c.submission_id, c.is_declared_correction
FROM moved m JOIN came c USING (form_code)
WHERE c.window_end <= m.window_end AND c.submission_id > m.last_submission
  AND (m.area_code = ANY(c.ancestors) OR c.area_code = ANY(m.ancestors))
ON CONFLICT DO NOTHING
"""


def record_revision_causes(connection: Connection, plan: Plan, now: datetime) -> None:
    """Note for each figure of a closed period that moved at `now` the submissions that it moved with.

    To be called once facts are loaded and figures reckoned, in the same transaction.
    """
    drawn_on = [(target.code, form) for target in plan.targets for form in sorted(forms_of(target))]
    asked = {
        "plan": plan.code,
        "province": plan.area,
        "now": now,
        "targets": [target for target, _ in drawn_on],
        "forms": [form for _, form in drawn_on],
    }
    connection.execute(text(_CAUSES), asked)
