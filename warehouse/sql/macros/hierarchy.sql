{# An area with its province, district and commune as columns of a form view. #}

{# Joined as `a`: the area of a row with the names of the last day of its window, whatever they became later. #}
{% macro area_of_window(row, window_end) -%}
dw.area_path AS a
    ON {{ row }}.area_key = a.area_key AND a.valid_from <= {{ window_end }} AND a.valid_to > {{ window_end }}
{%- endmacro %}

{% macro hierarchy_columns() -%}
a.area_key,
    a.area_name_en,
    a.province_code,
    a.province_name,
    a.province_name_en,
    a.district_code,
    a.district_name,
    a.district_name_en,
    a.commune_code,
    a.commune_name,
    a.commune_name_en
{%- endmacro %}

{% macro hierarchy_comments(view) -%}
COMMENT ON COLUMN {{ view }}.area_key IS
'Area as it was in the window: key of mart.area. A join on it does not multiply rows.';
COMMENT ON COLUMN {{ view }}.area_name_en IS 'Area: name in English.';
COMMENT ON COLUMN {{ view }}.province_code IS 'Province of the area: code.';
COMMENT ON COLUMN {{ view }}.province_name IS 'Province of the area: name in the window.';
COMMENT ON COLUMN {{ view }}.province_name_en IS 'Province of the area: name in English.';
COMMENT ON COLUMN {{ view }}.district_code IS 'District of the area, or the area itself: code.';
COMMENT ON COLUMN {{ view }}.district_name IS 'District of the area: name in the window.';
COMMENT ON COLUMN {{ view }}.district_name_en IS 'District of the area: name in English.';
COMMENT ON COLUMN {{ view }}.commune_code IS 'Code of the area where it is a commune.';
COMMENT ON COLUMN {{ view }}.commune_name IS 'Name of the area where it is a commune.';
COMMENT ON COLUMN {{ view }}.commune_name_en IS 'Name in English of the area where it is a commune.';
{%- endmacro %}
