{# The rows of a form's last report for each body and period, with the area they speak of. #}
{% macro in_force(form, area) %}
select f.*, {{ area }} as area, b.level as body_level
from (
    select *, max(submission) over (partition by body, period) as last_submission
    from {{ source('raw', form) }}
) f
join {{ source('raw', 'bodies') }} b on b.code = f.body
where f.submission = f.last_submission
{% endmacro %}
