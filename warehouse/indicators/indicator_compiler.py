"""Targets as SQL: each target of the plan becomes one statement over the facts in force.

A statement gives, for every asked period and area, the numerator, the denominator, how many reports were
expected and are in, and the bounds of the numerator over all that silent areas may still say.
"""

from collections.abc import Iterable

from plans.model import LEVELS, Plan, Target
from plans.target_expressions import Term, target_terms
from schemas.forms import BY_KEY
from warehouse.indicators.evaluation_grid import CARRIED, KNOWN, OTHERS


def target_statement(plan: Plan, target: Target) -> str:
    """The SELECT of a target: area_key, period_key, numerator, denominator, expected, received, least, most.

    For the cells of the grid whose level is among :levels; also takes :province, :year_start and :year_end.
    `least` and `most` bound the numerator; null where nothing bounds it.
    """
    numerator, denominator = target_terms(target)
    terms = [*numerator, *denominator]
    parts = [_reports(plan, terms)]
    parts += [f"t{i} AS ({_term(plan, term)})" for i, term in enumerate(terms)]
    counted = [i for i, term in enumerate(numerator) if term.function == "count"]
    if counted:
        parts.append(_silent(plan, numerator[counted[0]]))
    above = _sum(range(len(numerator)), terms)
    below = _sum(range(len(numerator), len(terms)), terms)
    joins = "".join(f"\nLEFT JOIN t{i} USING (area_key, period_key)" for i in range(len(terms)))
    least, most = _bounds(numerator, denominator, above)
    silent = "\nLEFT JOIN silent USING (area_key, period_key)" if counted else ""
    return (
        f"WITH {','.join(parts)}\n"
        f"SELECT area_key, period_key, {above} AS numerator, {below or 'NULL::numeric'} AS denominator,"
        f" coalesce(r.expected, 0) AS expected, coalesce(r.received, 0) AS received,"
        f" {least} AS least, {most} AS most\n"
        f"FROM grid{joins}{silent}\n"
        "LEFT JOIN reports r USING (area_key, period_key)\nWHERE grid.area_level = ANY(:levels)"
    )


def forms_of(target: Target) -> frozenset[str]:
    """The codes of the forms that a target draws on."""
    return frozenset(BY_KEY[t.form].code for terms in target_terms(target) for t in terms if t.form)


def _sum(indexes: Iterable[int], terms: list[Term]) -> str:
    return " ".join(f"{'+' if terms[i].sign > 0 else '-'} t{i}.figure" for i in indexes).removeprefix("+ ")


def _bounds(numerator: tuple[Term, ...], denominator: tuple[Term, ...], above: str) -> tuple[str, str]:
    fixed = all(term.function == "areas" for term in denominator)
    functions = {term.function for term in numerator}
    if functions == {"count"} and len(numerator) == 1 and fixed:
        return "silent.surely", "silent.surely + silent.silent"
    if functions == {"sum"} and fixed and all(term.sign > 0 for term in numerator):
        return f"CASE WHEN r.expected > 0 THEN coalesce({above}, 0) END", "NULL::numeric"
    return "NULL::numeric", "NULL::numeric"


def text_array(names: Iterable[str]) -> str:
    """A text array; the names come from the plan's checked codes."""
    return "ARRAY[" + ", ".join("'" + name.replace("'", "''") + "'" for name in names) + "]::text[]"


def _bodies(plan: Plan, names: tuple[str, ...]) -> str:
    """Which bodies count, as a condition on b.body_code; a level stands for the bodies of its local areas."""
    if not names:
        return "TRUE"
    local = [body.code for body in plan.local_bodies if body.level in names]
    return f"b.body_code = ANY({text_array([*local, *(name for name in names if name not in LEVELS)])})"


def facts_of(plan: Plan, term: Term) -> str:
    """The rows in force that a term looks at, of the plan year.

    Where some bodies report a form of their own accord beside those who owe it, a place is counted once for
    a period: what the owing body says goes first. `series` tells apart who continues whose reports.
    """
    form = BY_KEY[term.form]
    optional = any(o.optional for o in plan.obligations if o.form == form.code)
    base = (
        "SELECT f.submission_id, f.source_row, f.area_key, f.body_key, b.body_code, p.period_code,"
        " p.window_end, f.{measure}, {codes} AS counts"
        + (
            ", NOT EXISTS (SELECT FROM dw.reporting_obligation o WHERE o.plan_key = pl.plan_key"
            " AND o.body_key = f.body_key AND o.form_key = fo.form_key AND NOT o.is_optional)"
            " AS of_own_accord"
            if optional
            else ""
        )
        + " FROM dw.fact_{form} f JOIN dw.dim_period p USING (period_key) JOIN dw.dim_body b USING (body_key)"
        + (
            " JOIN dw.dim_plan pl ON pl.plan_code = :plan JOIN dw.dim_form fo ON fo.form_code = '{code}'"
            if optional
            else ""
        )
        + " WHERE {known} AND b.province_code = :province AND {bodies}"
        " AND p.window_end BETWEEN :year_start AND :year_end"
    )
    codes = " AND ".join(f"f.{key} = ANY({text_array(values)})" for key, values in term.codes) or "TRUE"
    rows = base.format(
        measure=term.measure,
        codes=codes,
        form=form.key,
        code=form.code,
        bodies=_bodies(plan, term.bodies),
        known=KNOWN,
    )
    if not optional:
        return f"SELECT *, body_code AS series FROM ({rows}) own"
    return (
        f"SELECT *, area_key AS series FROM (SELECT *, bool_and(of_own_accord) OVER"
        f" (PARTITION BY area_key, window_end) AS nobody_else FROM ({rows}) every) chosen"
        " WHERE of_own_accord = nobody_else"
    )


def _term(plan: Plan, term: Term) -> str:
    """The figure of a term for each place and period: reckoned for the areas told of, then added up."""
    if term.function == "areas":
        by_area = (
            "by_area AS (SELECT m.period_key, a.area_key, 1 AS figure FROM dw.dim_area a JOIN moments m"
            " ON a.valid_from <= m.window_end AND a.valid_to > m.window_end"
            f" WHERE a.province_code = :province AND a.area_level = '{term.level}')"
        )
    else:
        by_area = f"facts AS MATERIALIZED ({_figures(plan, term)}), {_BY_AREA[term.function]}"
    there = " AND i.is_there" if term.function == "count" else ""  # flags do not add up
    return (
        f"WITH {by_area} SELECT i.outer_key AS area_key, b.period_key, sum(b.figure)::numeric AS figure"
        " FROM by_area b JOIN inside i ON i.area_key = b.area_key AND i.period_key = b.period_key"
        f" AND i.outer_level = ANY(:levels){there} GROUP BY 1, 2"
    )


def _figures(plan: Plan, term: Term) -> str:
    """The term's rows added up by area, series and period; codes that do not count add nothing."""
    what = f"f.{term.measure}::int" if term.function == "count" else f"f.{term.measure}"
    return (
        f"SELECT area_key, series, window_end, sum(CASE WHEN f.counts THEN {what} ELSE 0 END) AS figure"
        f" FROM ({facts_of(plan, term)}) f GROUP BY 1, 2, 3"
    )


_OF_ONE_REPORT = (
    f"{OTHERS}, "
    "chosen AS MATERIALIZED (SELECT m.period_key, f.series, {end}(f.window_end) AS window_end FROM moments m"
    " JOIN (SELECT DISTINCT series, window_end FROM facts) f ON f.window_end <= m.window_end GROUP BY 1, 2),"
    # By itself: the planner may else join what was chosen with all that lies in each area, a million rows.
    " by_area AS MATERIALIZED (SELECT c.period_key, f.area_key, f.figure FROM chosen c"
    " JOIN facts f USING (series, window_end) JOIN moments m USING (period_key) WHERE {carried})"
)
_BY_AREA = {
    "sum": "by_area AS (SELECT m.period_key, f.area_key, sum(f.figure) AS figure FROM moments m"
    " JOIN facts f ON f.window_end <= m.window_end GROUP BY 1, 2)",
    **{
        function: _OF_ONE_REPORT.format(end=end, carried=CARRIED[function].format(end="m.window_end"))
        for function, end in (("first", "min"), ("last", "max"), ("count", "max"))
    },
}


def _owed(plan: Plan, terms: Iterable[Term]) -> str:
    """Which reports stand behind the terms: form by form, of the bodies that count; a condition on b."""
    wanted = {(BY_KEY[t.form].code, t.bodies) for t in terms if t.form}
    which = [f"(b.form_code = '{code}' AND {_bodies(plan, bodies)})" for code, bodies in sorted(wanted)]
    return " OR ".join(which) or "FALSE"


def _reports(plan: Plan, terms: list[Term]) -> str:
    """How many reports are expected for a place to date, and how many are in.

    Those of bodies inside the place, and of bodies whose own area it lies in, or what became it lay in.
    """
    return (
        f"behind AS MATERIALIZED (SELECT * FROM owed b WHERE {_owed(plan, terms)}),\n"
        "reports AS (SELECT area_key, period_key, count(*) AS expected,"
        " count(*) FILTER (WHERE is_in) AS received FROM ("
        "SELECT i.outer_key AS area_key, i.period_key, b.is_in FROM behind b"
        " JOIN inside i ON i.area_key = b.area_key AND i.outer_level = ANY(:levels)"
        " JOIN moments m ON m.period_key = i.period_key AND b.window_end <= m.window_end"
        # By equality, which can be hashed: with ANY each report would be held against each place.
        " UNION ALL SELECT g.area_key, g.period_key, b.is_in FROM grid g"
        " CROSS JOIN LATERAL (SELECT DISTINCT unnest(g.ancestors) AS area_code) up"
        " JOIN behind b ON b.area_code = up.area_code AND b.window_end <= g.window_end"
        " WHERE g.area_level = ANY(:levels) AND NOT EXISTS (SELECT FROM inside i"
        " WHERE i.outer_key = g.area_key AND i.period_key = g.period_key AND i.area_key = b.area_key)) told"
        " GROUP BY 1, 2)"
    )


def _silent(plan: Plan, term: Term) -> str:
    """For a count of areas: how many surely count, and how many are silent, their latest report missing."""
    level = next(d.level for d in BY_KEY[term.form].dimensions if d.level)
    return (
        f"said_facts AS MATERIALIZED ({facts_of(plan, term)}),\n"
        "due AS MATERIALIZED (SELECT m.period_key, d.area_key, max(b.window_end) AS window_end"
        " FROM (SELECT b.window_end, d.area_key FROM owed b"
        f" JOIN dw.dim_area d ON d.province_code = :province AND d.area_level = '{level}'"
        f" AND b.area_code = ANY(d.ancestors) AND ({_owed(plan, [term])})"
        # A place that came to be within the year is silent until it speaks, whatever it was before.
        " UNION ALL SELECT d.valid_from, d.area_key FROM dw.dim_area d WHERE d.province_code = :province"
        f" AND d.area_level = '{level}' AND d.valid_from > :year_start AND d.valid_from < d.valid_to) b"
        " JOIN dw.dim_area d USING (area_key) JOIN moments m ON b.window_end <= m.window_end"
        " AND d.valid_from <= m.window_end AND d.valid_to > m.window_end GROUP BY 1, 2),\n"
        "latest AS MATERIALIZED (SELECT DISTINCT ON (m.period_key, f.area_key) m.period_key, f.area_key,"
        f" f.window_end, f.counts AND f.{term.measure} AS yes"
        " FROM moments m JOIN said_facts f ON f.window_end <= m.window_end"
        " ORDER BY m.period_key, f.area_key, f.window_end DESC),\n"
        "said AS MATERIALIZED (SELECT period_key, area_key, coalesce(l.yes, FALSE) AS yes,"
        " coalesce(coalesce(l.window_end, '-infinity') < d.window_end, FALSE) AS is_silent"
        " FROM due d FULL JOIN latest l USING (period_key, area_key)),\n"
        "silent AS (SELECT i.outer_key AS area_key, s.period_key,"
        " count(*) FILTER (WHERE s.yes AND NOT s.is_silent) AS surely,"
        " count(*) FILTER (WHERE s.is_silent) AS silent"
        " FROM said s JOIN inside i ON i.area_key = s.area_key AND i.period_key = s.period_key AND i.is_there"
        " AND i.outer_level = ANY(:levels) GROUP BY 1, 2)"
    )
