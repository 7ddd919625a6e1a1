"""The views, functions and triggers of the database, rendered from `warehouse/sql`.

Each object can be created again over an older version of itself. A migration drops what a later release no
longer has, and functions whose parameters or result changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Table

from schemas.form_catalog import FormCatalog
from schemas.linked_measures import SMALLEST_SHOWN
from warehouse.models.audit_tables import EVENT, FINDING, PLAN_DOCUMENT, PURGE, WITHDRAWAL
from warehouse.models.form_tables import fact_table
from warehouse.models.outlier_table import OUTLIER
from warehouse.models.submission_table import SUBMISSION
from warehouse.models.tables import LOAD
from warehouse.models.target_tables import (
    FIGURE_TABLES,
    PERSON_TOTAL,
    REVISION_CAUSE,
    TARGET_BREAKDOWN,
    TARGET_BREAKDOWN_HISTORY,
    TARGET_INDICATOR,
    TARGET_INDICATOR_HISTORY,
    TARGET_SNAPSHOT,
    mart_view,
    partitions,
)
from warehouse.sql_templates import render, template_names
from warehouse.views.form_context import FormContext, form_context

_ERASABLE = (SUBMISSION, FINDING)  # by a purge
APPEND_ONLY = (
    *(EVENT, LOAD, WITHDRAWAL, PURGE, PLAN_DOCUMENT, REVISION_CAUSE, *_ERASABLE),
    *(TARGET_SNAPSHOT, TARGET_INDICATOR_HISTORY, TARGET_BREAKDOWN_HISTORY, PERSON_TOTAL),
)
SHOWN_IN_MART = (*FIGURE_TABLES, PERSON_TOTAL, OUTLIER)  # tables of dw with a view of their name in mart
_TARGETS = (TARGET_INDICATOR, TARGET_BREAKDOWN)
_DROP_KNOWN_AT = "DROP FUNCTION IF EXISTS mart.target_indicator_as_of(timestamptz);\n" + (
    "DROP FUNCTION IF EXISTS mart.target_indicator_as_of(timestamptz, text, text);\n"
)
# Names of form views by template.
_FORM_VIEWS = {
    "form_views/dw.current": "dw.current_{}",
    "form_views/mart.readable": "mart.{}",
    "form_views/mart.by_area_today": "mart.{}_by_area_today",
}
_SUPPRESSION = "form_triggers/dw.keep_suppressed"


@dataclass(frozen=True, slots=True)
class SqlObject:
    """A database object, or a group of triggers, with the statements that create it.

    `drop` removes an older version where it cannot be replaced: a view may have lost a column.
    """

    name: str
    statements: str
    drop: str = ""

    @property
    def script(self) -> str:
        """The statements that replace an older version."""
        return f"{self.drop}{self.statements}"


@cache
def functions() -> tuple[SqlObject, ...]:
    """The functions that need no loaded plan. They come before the tables, whose triggers call them."""
    return tuple(SqlObject(_stem(name), render(name)) for name in template_names("functions"))


@lru_cache(maxsize=8)
def guards(catalog: FormCatalog) -> tuple[SqlObject, ...]:
    """Triggers and planner settings of the tables."""
    context = table_context(catalog)
    names = [*template_names("triggers"), "schemas/statistics"]
    of_forms = (
        SqlObject(
            f"dw.keep_suppressed_{form.key}", render(_SUPPRESSION, form=form, smallest_shown=SMALLEST_SHOWN)
        )
        for form in _forms(catalog)
        if form.suppressed_table
    )
    return (*(SqlObject(name, render(name, **context)) for name in names), *of_forms)


def suppressed_fills(catalog: FormCatalog) -> dict[str, str]:
    """For each suppressed table the statements that fill it from the facts."""
    return {
        form.suppressed_table: render("suppression/fill", form=form, smallest_shown=SMALLEST_SHOWN)
        for form in _forms(catalog)
        if form.suppressed_table
    }


@lru_cache(maxsize=8)
def views(catalog: FormCatalog) -> tuple[SqlObject, ...]:
    """The views that read tables: three per form, those of figures, then others. None reads another one."""
    return (*_form_views(catalog), *_figure_views(), *_other_views(catalog))


@lru_cache(maxsize=8)
def derived(catalog: FormCatalog) -> tuple[SqlObject, ...]:
    """The views and functions that read views of `views()`; they are created again with these."""
    derived_views = (
        _view(_stem(name), render(name, forms=_forms(catalog))) for name in template_names("derived_views")
    )
    functions_over_views = (
        SqlObject(_stem(name), render(name), _DROP_KNOWN_AT) for name in template_names("view_functions")
    )
    return (*derived_views, *functions_over_views)


def _view(name: str, statements: str) -> SqlObject:
    return SqlObject(name, statements, f"DROP VIEW IF EXISTS {name};\n")


@lru_cache(maxsize=8)
def declared_context(catalog: FormCatalog) -> str:
    """All values that the templates get, as text: with the templates it determines every statement."""
    return repr((_forms(catalog), _code_lists(catalog), table_context(catalog), SMALLEST_SHOWN))


def _form_views(catalog: FormCatalog) -> Iterator[SqlObject]:
    for form in _forms(catalog):
        for template, name in _FORM_VIEWS.items():
            statements = render(template, form=form, smallest_shown=SMALLEST_SHOWN)
            yield _view(name.format(form.key), statements)


def _figure_views() -> Iterator[SqlObject]:
    """Views of mart that show tables of dw: figures, sums of persons and outliers."""
    for table in SHOWN_IN_MART:
        view = {
            "name": table.name,
            "comment": table.comment,
            "columns": [(c.name, c.comment) for c in table.columns if c.name != "is_sensitive"],
            "is_partitioned": table in FIGURE_TABLES,
        }
        statements = render("figure_views/mart.figures", shown=view)
        yield _view(mart_view(table).fullname, statements)


def _other_views(catalog: FormCatalog) -> Iterator[SqlObject]:
    context = {
        "forms": _forms(catalog),
        "code_lists": _code_lists(catalog),
        "smallest_shown": SMALLEST_SHOWN,
    }
    for name in template_names("views"):
        yield _view(_stem(name), render(name, **context))


def _forms(catalog: FormCatalog) -> tuple[FormContext, ...]:
    return tuple(form_context(form) for form in catalog.forms)


def _code_lists(catalog: FormCatalog) -> tuple[str, ...]:
    return tuple(code_list.key for code_list in catalog.code_lists)


def table_context(catalog: FormCatalog) -> dict[str, tuple[Any, ...]]:
    """The tables that triggers are created on, by kind; target tables with their history."""
    return {
        "append_only_tables": tuple(t.fullname for t in APPEND_ONLY if t not in _ERASABLE),
        "erasable_tables": _names(_ERASABLE),
        "fact_tables": tuple(fact_table(form).fullname for form in catalog.forms),
        # A trigger of a table is not run where one of its partitions is changed directly.
        "target_tables": tuple(
            (name, f"{table.name}_history")
            for table in _TARGETS
            for name in (table.fullname, *partitions(table))
        ),
    }


def _names(tables: tuple[Table, ...]) -> tuple[str, ...]:
    return tuple(table.fullname for table in tables)


def _stem(template: str) -> str:
    return template.rpartition("/")[2]
