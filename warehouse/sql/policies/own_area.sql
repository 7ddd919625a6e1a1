-- Row policies: an account with an area role sees the rows of its areas only.
{% from 'macros/visibility.sql' import areas_seen %}
{% for table in area_tables %}
ALTER TABLE {{ table | ident }} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS own_area ON {{ table | ident }};
CREATE POLICY own_area ON {{ table | ident }} USING (
    {{ areas_seen() }} IS NULL OR area_code = ANY({{ areas_seen() }}::text[])
);
{% endfor %}
