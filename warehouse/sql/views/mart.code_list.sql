-- Code lists: one row per list and code, in the order of the form, and one unknown code per list.
CREATE VIEW mart.code_list AS
{% for code_list in code_lists %}
SELECT {{ code_list | literal }}::text AS list_name, code, label_vi, label_en, sort_order
FROM dw.dim_{{ code_list }}
UNION ALL
SELECT {{ code_list | literal }} AS list_name, 'unknown' AS code, 'Không xác định' AS label_vi, 'Unknown' AS label_en,
    999 AS sort_order
{{ 'UNION ALL' if not loop.last }}
{% else %}
SELECT NULL::text AS list_name, NULL::text AS code, NULL::text AS label_vi, NULL::text AS label_en,
    NULL::int AS sort_order
WHERE FALSE
{% endfor %};

COMMENT ON VIEW mart.code_list IS 'Codes of all code lists with their labels, and the code unknown in each list.';
COMMENT ON COLUMN mart.code_list.list_name IS 'Code list; the key column of a form has its name.';
COMMENT ON COLUMN mart.code_list.code IS 'Code.';
COMMENT ON COLUMN mart.code_list.label_vi IS 'Label in Vietnamese.';
COMMENT ON COLUMN mart.code_list.label_en IS 'Label in English.';
COMMENT ON COLUMN mart.code_list.sort_order IS 'Place in the list as the form has it.';
