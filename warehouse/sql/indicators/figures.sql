-- The rows of a target table for one target, computed from the facts.
{% from "macros/classification.sql" import classification %}
{{ classification(c) }}

SELECT
    {{ columns | join(", ") }}
FROM classified
