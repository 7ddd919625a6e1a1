"""The SQL that the templates render, on its own: no database is needed to read it."""

from pathlib import Path

import pytest

from plans.reading import DEFAULT_PLAN, read_plan
from services.sql_text import rendered_sql, sql_names
from tests.support.forms import CATALOG
from warehouse import sql_templates
from warehouse.sql_templates import quote_identifier, quote_literal, render, sources_digest

PLAN = read_plan(DEFAULT_PLAN)
GOLDEN = Path(__file__).parents[2] / "data" / "sql"


@pytest.mark.parametrize("name", ["mart.commune_status", "mart.year_on_year"])
def test_intricate_views_render_as_in_the_golden_files(name: str) -> None:
    """After an intended change write the file again: chitieu sql NAME > tests/data/sql/NAME.sql"""
    expected = (GOLDEN / f"{name}.sql").read_text(encoding="utf-8")
    assert rendered_sql(PLAN, CATALOG, name) + "\n" == expected


def test_every_name_has_its_sql() -> None:
    names = sql_names(PLAN, CATALOG)
    assert len(names) == len(set(names))
    assert {"mart.area", "dw.current_enforcement", "audit.append_event", "dw.targets_of_plan", "T1"} <= {
        *names
    }
    for name in names:
        statement = rendered_sql(PLAN, CATALOG, name)
        assert "{{" not in statement, name
        assert "{%" not in statement, name
        assert name in statement or name.startswith(("triggers/", "policies/", "schemas/")), name


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("area_sucession", "mart.area_succession"), ("mart.calender", "mart.calendar"), ("zzzzzz", "")],
)
def test_an_unknown_name_gets_the_nearest_one(asked: str, hint: str) -> None:
    with pytest.raises(LookupError) as caught:
        rendered_sql(PLAN, CATALOG, asked)
    assert asked in str(caught.value)
    assert ("Did you mean" in str(caught.value)) == bool(hint)
    assert hint in str(caught.value)


def test_names_and_values_are_quoted() -> None:
    assert quote_identifier("dw.dim_area") == "dw.dim_area"
    assert quote_identifier('dw.or"der; DROP') == 'dw."or""der; DROP"'
    assert quote_identifier("select") == '"select"'
    assert quote_literal("o'clock") == "'o''clock'"
    assert quote_literal(None) == "NULL"


def test_a_template_fails_on_a_missing_value() -> None:
    with pytest.raises(Exception, match="append_only_tables"):
        render("triggers/append_only")


def test_the_digest_depends_on_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_templates, "SQL_FOLDER", tmp_path)
    digests = set()
    for name, content in (("a.sql", "1"), ("b.sql", "1"), ("b.sql", "2")):
        (tmp_path / name).write_text(content)
        sources_digest.cache_clear()
        digests.add(sources_digest())
    sources_digest.cache_clear()
    assert len(digests) == 3
