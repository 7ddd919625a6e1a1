-- owed(form): reports owed for periods up to the end of the period.
{% import "macros/reports.sql" as reports %}
{{ reports.counted_reports(term, "count(*)") }}
