-- received(form): valid reports received of those owed.
{% import "macros/reports.sql" as reports %}
{{ reports.counted_reports(term, "count(*) FILTER (WHERE b.is_in)", "count(*)") }}
