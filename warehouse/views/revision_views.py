"""Views of what was frozen, of what moved after that, and of who revises again and again."""

from warehouse.views.form_views import View

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

# Joined from the left: who only counts the figures that moved does not pay for what moved them.
REVISION_LOG: View = (
    "mart.revision_log",
    "Figures that are known otherwise now than they were frozen: one row per target, area and closed period.",
    f"""
SELECT s.plan_code, s.target_code, s.area_code, s.area_name, s.period_code, s.closed_at, c.chain_head,
    s.numerator AS frozen_numerator, s.denominator AS frozen_denominator, s.value AS frozen_value,
    s.target_value AS frozen_target_value, s.verdict AS frozen_verdict, t.numerator, t.denominator, t.value,
    t.target_value, t.verdict, s.verdict <> t.verdict AS verdict_changed, t.computed_at AS moved_at,
    m.submission_ids, m.is_declared_correction
FROM mart.target_snapshot s
JOIN mart.target_indicator t USING (plan_code, target_code, area_code, period_code)
LEFT JOIN ({_CLOSED}) c ON c.plan_code = s.plan_code AND c.period_code = s.snapshot_code
LEFT JOIN LATERAL (
    SELECT coalesce(array_agg(submission_id ORDER BY submission_id), '{{}}') AS submission_ids,
        coalesce(bool_and(is_declared_correction), FALSE) AS is_declared_correction
    FROM audit.revision_cause r
    WHERE (r.plan_code, r.target_code, r.area_code, r.period_code)
        = (s.plan_code, s.target_code, s.area_code, s.period_code)
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
        "verdict_changed": "Whether the verdict is another than the frozen one.",
        "moved_at": "When the figure came to be what it is now.",
        "submission_ids": "Submissions after the closing that the figure draws on and with which it moved.",
        "is_declared_correction": "Whether all of these call themselves corrections of earlier reports.",
    },
)

REVISION_STATISTICS: View = (
    "mart.revision_statistics",
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
