"""Views of what was frozen, of what moved after that, and of who revises again and again."""

from warehouse.views import View

# Within other views as a query: a view that leaned on another could not be made again without it.
_CLOSED = """
SELECT payload ->> 'plan' AS plan_code, subject AS period_code, occurred_at AS closed_at,
    (payload ->> 'figures')::int AS figures, payload ->> 'sha256' AS sha256,
    payload ->> 'by' AS closed_by,
    (payload ->> 'last_submission')::bigint AS last_submission, encode(hash, 'hex') AS chain_head
FROM audit.event WHERE kind = 'close'
"""

CLOSED_PERIOD: View = (
    "mart.closed_period",
    "Each closing: what was frozen in mart.target_snapshot, and the head of the audit chain then.",
    _CLOSED,
    {
        "plan_code": "Plan of the period.",
        "period_code": "Period that was closed.",
        "closed_at": "When it was closed.",
        "figures": "How many figures were frozen.",
        "sha256": "Hash of the frozen figures, in hex.",
        "closed_by": "Account of the database that closed it.",
        "last_submission": "Number of the last submission that they can rest on.",
        "chain_head": "Head of the audit chain once it was closed, in hex.",
    },
)

# For each target what was accepted since a period was first closed, of the forms that it draws on, as arrays
# beside each other: looked through for every figure that moved, they cost a tenth of a join that the planner
# has to guess at.
_DRAWN_ON = f"""
    SELECT x.plan_code, u.target_code, array_agg(x.submission_id) AS submission_ids,
        array_agg(x.is_called_correction) AS corrections, array_agg(x.ingested_at) AS moments,
        array_agg(p.window_end) AS window_ends,
        array_agg(own.area_code) AS area_codes, array_agg(array_to_string(own.ancestors, ' ')) AS ancestors
    FROM audit.submission x JOIN dw.dim_period p USING (period_code) JOIN dw.dim_plan pl USING (plan_code)
    JOIN (
        SELECT plan_code, form_code, d ->> 'code' AS target_code
        FROM dw.dim_plan CROSS JOIN jsonb_array_elements(document -> 'targets') d JOIN dw.dim_form fo
            ON concat_ws(' ', d ->> 'numerator', d ->> 'denominator') ~ concat('\\m', fo.form_name, '\\.')
    ) u USING (plan_code, form_code)
    JOIN (SELECT plan_code, min(last_submission) AS last_submission FROM ({_CLOSED}) c GROUP BY 1) c
        ON c.plan_code = x.plan_code AND c.last_submission < x.submission_id
    JOIN dw.dim_body b ON b.body_code = x.body_code AND b.province_code = pl.province_code AND b.is_latest
    JOIN dw.dim_area own ON own.area_key = b.area_key
    WHERE x.revision IS NOT NULL
    GROUP BY x.plan_code, u.target_code
"""

# Joined from the left: who only counts the figures that moved does not pay for what moved them.
REVISION_LOG: View = (
    "mart.revision_log",
    "Figures that are known otherwise now than they were frozen: one row per target, area and closed period.",
    f"""
WITH drawn_on AS MATERIALIZED ({_DRAWN_ON})
SELECT s.plan_code, s.target_code, s.area_code, s.area_name, s.period_code, s.closed_at, c.chain_head,
    s.numerator AS frozen_numerator, s.denominator AS frozen_denominator, s.value AS frozen_value,
    s.target_value AS frozen_target_value, s.verdict AS frozen_verdict, t.numerator, t.denominator, t.value,
    t.target_value, t.verdict,
    s.verdict <> t.verdict AS verdict_turned, t.computed_at AS moved_at, m.submission_ids,
    m.is_called_correction
FROM mart.target_snapshot s
JOIN mart.target_indicator t USING (plan_code, target_code, area_code, period_code)
LEFT JOIN ({_CLOSED}) c ON c.plan_code = s.plan_code AND c.period_code = s.snapshot_code
LEFT JOIN audit.told_period k ON k.plan_code = s.plan_code AND k.period_code = s.snapshot_code
LEFT JOIN LATERAL (
    SELECT coalesce(array_agg(v.computed_at), '{{}}') || t.computed_at AS moments
    FROM mart.target_indicator_past v
    WHERE (v.plan_code, v.period_code, v.target_code, v.area_code)
        = (s.plan_code, s.period_code, s.target_code, s.area_code) AND v.computed_at > s.closed_at
) moved ON TRUE
LEFT JOIN LATERAL (
    SELECT coalesce(array_agg(x.submission_id ORDER BY x.submission_id), '{{}}') AS submission_ids,
        coalesce(bool_and(x.is_called_correction), FALSE) AS is_called_correction
    FROM drawn_on d
    CROSS JOIN unnest(d.submission_ids, d.corrections, d.moments, d.window_ends, d.area_codes, d.ancestors)
        AS x (submission_id, is_called_correction, ingested_at, window_end, area_code, ancestors)
    WHERE d.plan_code = s.plan_code AND d.target_code = s.target_code
      AND x.submission_id > c.last_submission AND x.window_end <= s.window_end
      AND (x.ingested_at = ANY(moved.moments) OR x.ingested_at <= k.told_since)
      AND (s.area_code = ANY(string_to_array(x.ancestors, ' '))
        OR x.area_code = ANY((SELECT place.ancestors FROM dw.dim_area place JOIN dw.dim_plan pl
            ON pl.province_code = place.province_code AND pl.plan_code = s.plan_code
            WHERE place.area_code = s.area_code AND place.is_latest)::text[]))
) m ON TRUE
WHERE (s.numerator, s.denominator, s.value, s.target_value, s.verdict, s.is_final)
    IS DISTINCT FROM (t.numerator, t.denominator, t.value, t.target_value, t.verdict, t.is_final)
""",
    {
        "plan_code": "Plan of the target.",
        "target_code": "Code of the target.",
        "area_code": "Area that the figure is about.",
        "area_name": "Name of the area.",
        "period_code": "Period that was closed.",
        "closed_at": "When it was closed.",
        "chain_head": "Head of the audit chain at the closing, in hex.",
        "frozen_numerator": "Numerator as frozen.",
        "frozen_denominator": "Denominator as frozen.",
        "frozen_value": "Figure as frozen.",
        "frozen_target_value": "Figure to reach as frozen.",
        "frozen_verdict": "Verdict as frozen.",
        "numerator": "Numerator as known now.",
        "denominator": "Denominator as known now.",
        "value": "Figure as known now.",
        "target_value": "Figure to reach as the plan has it now.",
        "verdict": "Verdict as known now.",
        "verdict_turned": "Whether the verdict is another than the frozen one.",
        "moved_at": "When the figure came to be what it is now.",
        "submission_ids": "Submissions after the closing that the figure draws on and with which it moved.",
        "is_called_correction": "Whether all of these call themselves corrections of earlier reports.",
    },
)

REVISING_BODY: View = (
    "mart.revising_body",
    "How often each body revised its reports, and how often after a closing that they belong to.",
    # A closing freezes figures reckoned from the year's start: a month's report belongs to its quarter's too.
    f"""
WITH reported AS MATERIALIZED (
    SELECT DISTINCT plan_code, period_code FROM audit.submission WHERE revision IS NOT NULL
),
first_closing AS (
    SELECT r.plan_code, r.period_code, min(c.last_submission) AS last_submission
    FROM reported r JOIN dw.dim_plan pl USING (plan_code) JOIN dw.dim_period p USING (period_code)
    JOIN ({_CLOSED}) c USING (plan_code) JOIN dw.dim_period closing ON closing.period_code = c.period_code
    WHERE p.window_end BETWEEN pl.year_start AND closing.window_end
    GROUP BY r.plan_code, r.period_code
)
SELECT s.plan_code, s.body_code, count(*) FILTER (WHERE s.revision = 0) AS reports,
    count(*) FILTER (WHERE s.revision > 0) AS revisions,
    count(*) FILTER (WHERE s.submission_id > c.last_submission) AS after_close,
    max(s.revision) AS most_of_one_report
FROM audit.submission s
LEFT JOIN first_closing c USING (plan_code, period_code)
WHERE s.revision IS NOT NULL GROUP BY s.plan_code, s.body_code
""",
    {
        "plan_code": "Plan under which it reported.",
        "body_code": "Body that reported.",
        "reports": "Reports that were accepted.",
        "revisions": "Revisions of them.",
        "after_close": "Reports and revisions that came once their period, or a later one, had been closed.",
        "most_of_one_report": "Revisions of the report that was revised most.",
    },
)
