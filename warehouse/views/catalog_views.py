"""Views that say what the codes of targets and measures mean, for readers who see mart alone."""

from warehouse.views.form_views import View

TARGET: View = (
    "mart.target",
    "Targets of the plans that are loaded: their names, what they are held to and how they are reckoned.",
    """
SELECT pl.plan_code, pl.year, d ->> 'code' AS target_code, d ->> 'section' AS section,
    d ->> 'label_vi' AS target_name, d ->> 'label_en' AS target_name_en,
    d ->> 'unit' AS unit, d ->> 'pace' AS pace,
    (d ->> 'at_least')::float8 AS at_least, (d ->> 'at_most')::float8 AS at_most,
    d ->> 'numerator' AS numerator_formula, nullif(d ->> 'denominator', '') AS denominator_formula,
    (d ->> 'valid_from')::date AS valid_from, (d ->> 'last_day')::date + 1 AS valid_to
FROM dw.dim_plan pl CROSS JOIN jsonb_array_elements(pl.document -> 'targets') d
""",
    {
        "plan_code": "Plan of the target.",
        "year": "Year of the plan.",
        "target_code": "Code of the target.",
        "section": "Where it stands in the plan's text.",
        "target_name": "Name of the target.",
        "target_name_en": "Name of the target in English; empty where the plan gives none.",
        "unit": "Unit of its figures.",
        "pace": "linear: expected in proportion to the year gone by; constant: in full at all times.",
        "at_least": "The figure to reach; areas may have their own, see target_value of the figure.",
        "at_most": "The figure not to exceed, where it is one of these.",
        "numerator_formula": "What is counted: an expression over measures.",
        "denominator_formula": "What it is held against, of a percentage.",
        "valid_from": "First day on which it applies; empty: from the plan's start.",
        "valid_to": "First day after it; empty: to the plan's end.",
    },
)

MEASURE: View = (
    "mart.measure",
    "Measures of the forms, their labels, and the arithmetic that each allows.",
    """
SELECT f.form_code, f.form_name, f.title_vi AS form_title, m.measure_name, m.label_vi, m.label_en, m.group_vi,
    m.unit, m.kind, m.is_additive_over_areas, m.is_additive_over_time
FROM dw.dim_measure m JOIN dw.dim_form f USING (form_key)
""",
    {
        "form_code": "Code of the form, as printed.",
        "form_name": "English key of the form: its view is mart. and this.",
        "form_title": "Title of the form.",
        "measure_name": "English key; the column of the form's view bears it.",
        "label_vi": "Label as printed.",
        "label_en": "Label in English.",
        "group_vi": "Label of the merged header cell above; empty where there is none.",
        "unit": "Unit of measure.",
        "kind": "flow, stock, open, flag or score: how it behaves over time.",
        "is_additive_over_areas": "Whether figures of several areas add up.",
        "is_additive_over_time": "Whether figures of several periods add up.",
    },
)
