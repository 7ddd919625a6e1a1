"""The data dictionary: what stands in which table and view, from the database's own comments."""

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection, text

_RELATIONS = text(
    """
SELECT n.nspname AS schema, c.relname AS name, CASE WHEN c.relkind = 'v' THEN 'view' ELSE 'table' END AS kind,
    obj_description(c.oid) AS comment, a.attname AS column, format_type(a.atttypid, a.atttypmod) AS type,
    col_description(c.oid, a.attnum) AS told, NOT a.attnotnull AND c.relkind <> 'v' AS may_be_null,
    EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary
        AND a.attnum = ANY(i.indkey)) AS is_key
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE n.nspname = ANY(:schemas) AND c.relkind IN ('r', 'v', 'p') AND c.relname NOT LIKE 'alembic%'
ORDER BY array_position(:schemas, n.nspname::text), c.relname, a.attnum
"""
)
_MEASURES = text(
    """
SELECT f.form_name, m.measure_name, m.label_vi, m.group_vi, m.unit, m.kind, m.is_additive_over_areas,
    m.is_additive_over_time
FROM dw.dim_measure m JOIN dw.dim_form f USING (form_key) ORDER BY f.form_code, m.measure_key
"""
)
_HEAD = """# What stands in the warehouse

Made by `chitieu dictionary` from the comments in the database; a test holds it against them. BI tools
read `mart` (role `chitieu_bi`), auditors everything (`chitieu_auditor`).

**Pitfalls**

- A figure of `mart.target_indicator` is reckoned **up to the end of its period**, from the start of the
  plan year: do not add up the rows of several periods. Rows of a province and of its districts tell of
  the same things: choose one `area_level`.
- In `mart.<form>` each row is one row of a sheet, the last accepted revision of it. Flows add up over
  periods; stocks and open items do not (take the last period); flags and scores add up over nothing. The
  table of measures below says so, and `mart.measure` has it as data.
- Months, quarters, half-years and years overlap: a form is reported at one of these paces by a body, but
  two forms may have different ones. `window_start` and `window_end` are the days that a period covers,
  from the 15th to the 14th.
- Two bodies may tell of the same places (police and district of hotspots): choose a `body_code` before
  adding up.
- Null in a count about persons with `is_suppressed` means withheld (1 to 4, or tied to such a count),
  not nought and not unknown. `mart.suppression` says how many.
- `mart.target_indicator_history` has what was shown before: do not add it to what is known now.
  `mart.target_indicator_as_of(moment)` gives the rows of a moment, of both.
- `mart.year_on_year` tells no change where `is_like_for_like` is false: areas merged or were divided.
- `is_final` false: reports are missing, and `value_min`, `value_max` and `verdict` say what may still
  come.
"""


def dictionary(connection: Connection) -> str:
    """The dictionary as a page of Markdown: pitfalls, measures, then every table and view."""
    return "\n".join([_HEAD, *_measures(connection), *_relations(connection)]) + "\n"


def _measures(connection: Connection) -> Iterator[str]:
    yield "## Measures\n"
    yield "| Form | Measure | Label | Unit | Kind | Adds up over areas | over periods |"
    yield "|---|---|---|---|---|---|---|"
    for row in connection.execute(_MEASURES).mappings():
        label = f"{row['group_vi']}: {row['label_vi']}" if row["group_vi"] else row["label_vi"]
        adds = ("yes" if row[f"is_additive_over_{what}"] else "no" for what in ("areas", "time"))
        cells = (row["form_name"], row["measure_name"], label, row["unit"], row["kind"], *adds)
        yield f"| {' | '.join(cells)} |"
    yield ""


def _relations(connection: Connection) -> Iterator[str]:
    rows = connection.execute(_RELATIONS, {"schemas": ["mart", "dw", "audit"]}).mappings().all()
    for (schema, name), columns in groupby(rows, key=lambda row: (row["schema"], row["name"])):
        first, *others = columns
        yield f"## {schema}.{name} ({first['kind']})\n"
        yield f"{first['comment']}\n"
        yield "| Column | Type | |"
        yield "|---|---|---|"
        for row in (first, *others):
            key = " Key." if row["is_key"] else ""
            null = " May be null." if row["may_be_null"] else ""
            yield f"| `{row['column']}` | {row['type']} | {row['told']}{key}{null} |"
        yield ""
