-- on_time(form): valid reports of those owed that were received by their due day.
{% import "macros/reports.sql" as reports %}
{{ reports.counted_reports(
    term,
    "count(*) FILTER (WHERE b.received_at <= b.due_at)",
    "count(*) FILTER (WHERE b.received_at <= b.due_at OR (NOT b.is_in AND b.due_at >= :now))"
) }}
